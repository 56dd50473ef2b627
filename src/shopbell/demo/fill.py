"""Writes the plan of a town into an empty database: the product's own commands, at the times of the plan."""

from collections.abc import Callable, Iterator
from functools import partial

import msgspec

from shopbell.businesses import rules as profile
from shopbell.businesses import store as businesses
from shopbell.businesses.rules import Business
from shopbell.demo.plan import Membership, Shop, StaffMember, Town
from shopbell.demo.thread import Thread
from shopbell.kernel import ids
from shopbell.kernel.desk import Desk
from shopbell.kernel.transaction import Transaction
from shopbell.loop import commands as loop
from shopbell.signin import commands as signin
from shopbell.signin import store as logins
from shopbell.signin.actors import Person
from shopbell.staff import commands as employing
from shopbell.staff import registering
from shopbell.staff.actors import Staff
from shopbell.staff.commands import Newcomer
from shopbell.staff.registering import Founding
from shopbell.tickets import commands as working

Happening = tuple[int, Callable[[Transaction], object]]


async def fill(desk: Desk, town: Town, password_hash: str) -> None:
    """Make everything of the plan exist; everybody signs in with the password of that hash.

    Raises a Refusal when the database was not empty or the plan asks for what may not be.
    """
    filling = Filling(town, password_hash)
    for shop in town.shops:
        await desk.do(None, filling.open_shop, shop)
    await desk.do(None, filling.sign_up)
    for shop in town.shops:
        await desk.do(filling.businesses[shop.text.trade], filling.live, shop)


class Filling:
    """Three commands, and what exists so far by the names the plan gives it.

    Each sets the time of its transaction to that of the plan, so what it writes is as old as it says.
    """

    def __init__(self, town: Town, password_hash: str) -> None:
        self.businesses: dict[str, str] = {}
        self._town = town
        self._password_hash = password_hash
        self._staff: dict[tuple[str, str], Staff] = {}
        self._founders: dict[str, Staff] = {}
        self._people: dict[str, Person] = {}

    def open_shop(self, tx: Transaction, shop: Shop) -> None:
        """Register the shop with its Owner and profile, and take on its staff."""
        owner, *others = (one for one in self._town.staff if one.shop == shop.text.trade)
        tx.now = shop.opened_at
        session = ids.hashed(ids.token())
        business, founder = registering.register(tx, self._founding(shop, owner), session)
        signin.end_session(tx, session)
        self.businesses[shop.text.trade] = business.id
        self._founders[business.id] = founder
        self._staff[shop.text.trade, owner.email] = founder
        _describe(tx, business, shop, self._town)
        for one in others:
            tx.now = one.added_at
            self._staff[one.shop, one.email] = self._hired(tx, founder, one)

    def sign_up(self, tx: Transaction) -> None:
        """Let everybody sign up; nobody stays signed in."""
        for person in self._town.people:
            tx.now = person.signed_up_at
            session = ids.hashed(ids.token())
            self._people[person.email] = signin.sign_up(
                tx, person.first_name, person.last_name, person.email, self._password_hash, session
            )
            signin.end_session(tx, session)

    def live(self, tx: Transaction, shop: Shop) -> None:
        """Let everything happen that the plan has for the shop, in the order of time."""
        for at, happen in sorted(self._happenings(shop.text.trade), key=lambda happening: happening[0]):
            tx.now = at
            happen(tx)

    def _founding(self, shop: Shop, owner: StaffMember) -> Founding:
        return Founding(
            name=shop.text.name,
            time_zone=self._town.text.time_zone,
            first_name=owner.person.first_name,
            last_name=owner.person.last_name,
            email=owner.email,
            password_hash=self._password_hash,
            login=None,
        )

    def _hired(self, tx: Transaction, founder: Staff, one: StaffMember) -> Staff:
        """Take the newcomer on, who sets a password by the invitation unless their login has one."""
        person = one.person
        newcomer = Newcomer(person.role, person.first_name, person.last_name, one.email, one.mobile)
        staff = employing.add(tx, founder, newcomer).staff
        login = logins.login(tx, staff.login_id)
        if login and login.password_hash is None:
            token = ids.token()
            employing.issue_invitation(tx, staff.business_id, staff.id, ids.hashed(token))
            signin.set_password(tx, token, self._password_hash)
        return staff

    def _happenings(self, trade: str) -> Iterator[Happening]:
        """Everything that happens in the shop, in no order."""
        town, staff = self._town, {email: one for (shop, email), one in self._staff.items() if shop == trade}
        for membership in town.memberships:
            if membership.shop == trade:
                yield from self._membership(membership)
        for pull in town.pulls:
            if pull.shop == trade:
                yield pull.at, partial(working.pull, staff=staff[pull.by])
        for one in town.staff:
            if one.shop == trade and one.left_at is not None:
                yield one.left_at, partial(self._let_go, one=staff[one.email])
        for conversation in town.conversations:
            if conversation.shop == trade:
                thread = Thread(self.businesses[trade], self._people[conversation.email], staff)
                for episode in conversation.episodes:
                    yield from ((step.at, partial(thread.take, step=step)) for step in episode.steps)

    def _membership(self, membership: Membership) -> Iterator[Happening]:
        person, business_id = self._people[membership.email], self.businesses[membership.shop]
        yield membership.joined_at, partial(loop.join, person=person, business_id=business_id)
        if membership.left_at is not None:
            yield membership.left_at, partial(loop.leave, person=person, business_id=business_id)

    def _let_go(self, tx: Transaction, one: Staff) -> None:
        employing.change(tx, self._founders[one.business_id], one.id, active=False)


def _describe(tx: Transaction, business: Business, shop: Shop, town: Town) -> None:
    """Give the business the profile that its customers see."""
    text = shop.text
    described = msgspec.structs.replace(
        business,
        category=text.category,
        description=text.description,
        phone=text.phone,
        email=text.email,
        website=text.website,
        street=text.street,
        postcode=text.postcode,
        city=town.text.name,
        country=town.text.country,
        latitude=text.latitude,
        longitude=text.longitude,
        hours=text.hours,
        holidays=list(town.text.holiday),
    )
    profile.check(described)
    businesses.save(tx, described)
