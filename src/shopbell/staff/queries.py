"""What screens read of staff, and of oneself."""

from typing import Literal

import msgspec

from shopbell.businesses.queries import profile
from shopbell.businesses.rules import Business
from shopbell.kernel import ids
from shopbell.kernel.database import Snapshot
from shopbell.kernel.errors import Invalid, NotFound
from shopbell.kernel.http import Page
from shopbell.signin import store as accounts
from shopbell.signin.actors import Person
from shopbell.signin.items import PersonItem
from shopbell.staff import store
from shopbell.staff.actors import Staff
from shopbell.staff.items import AskingStaff, StaffItem, asking, full, short
from shopbell.staff.rules import GRID, Right, Role, may, require


class Workplace(msgspec.Struct, frozen=True):
    """A business a login works for, and as what."""

    id: str
    name: str
    slug: str
    staff_id: str
    role: Role


class StaffMe(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks from the staff side; `rights` are those of the role in the business worked for at present."""

    side: Literal["staff"] = "staff"
    login_id: str
    staff: AskingStaff
    email: str
    businesses: list[Workplace]
    rights: list[Right]


class PersonMe(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks from the consumer side."""

    side: Literal["person"] = "person"
    person: PersonItem
    email: str


class BusinessProfile(Business, frozen=True, kw_only=True):
    """The business one works for, with where its live stream goes on after this."""

    cursor: str


def workplaces(read: Snapshot, login_id: str) -> list[Workplace]:
    """The businesses the login works for, the oldest first."""
    rows = read.rows(
        "SELECT b.id, b.name, b.slug, s.id, s.role FROM staff s JOIN businesses b ON b.id = s.business_id"
        " WHERE s.login_id = :login_id AND s.deactivated_at IS NULL ORDER BY s.business_id LIMIT :limit",
        login_id=login_id, limit=store.POSITIONS,
    )  # fmt: skip
    return [Workplace(id_, name, slug, staff_id, Role(role)) for id_, name, slug, staff_id, role in rows]


def me(read: Snapshot, actor: Staff | Person) -> StaffMe | PersonMe:
    """Who asks, and what they may do."""
    if isinstance(actor, Person):
        account = accounts.person(read, actor.id)
        return PersonMe(person=PersonItem.of(actor), email=account.email if account else "")
    login = accounts.login(read, actor.login_id)
    return StaffMe(
        login_id=actor.login_id,
        staff=asking(actor),
        email=login.email if login else "",
        businesses=workplaces(read, actor.login_id),
        rights=[right for right in Right if right in GRID[actor.role]],
    )


def team(read: Snapshot, staff: Staff, *, limit: int, after: str | None) -> Page[StaffItem]:
    """The staff in the order they came: all of it for those who may read it, else the active, in short."""
    if after is not None and not ids.is_id(after):
        raise Invalid("after", "Give what the page before said as next.")
    reads_all = may(staff.role, Right.READ_STAFF)
    only = "" if reads_all else " AND s.deactivated_at IS NULL"
    rows = read.rows(
        f"SELECT {store.MEMBER} WHERE s.business_id = :business_id AND s.id > :after{only}"
        " ORDER BY s.id LIMIT :limit",
        business_id=staff.business_id, after=after or "", limit=limit + 1,
    )  # fmt: skip
    members = [store.of_row(row) for row in rows[:limit]]
    return Page(
        [full(member) if reads_all else short(member) for member in members],
        members[-1].staff.id if len(rows) > limit else None,
        cursor=read.cursor(staff.business_id),
    )


def colleague(read: Snapshot, staff: Staff, staff_id: str) -> StaffItem:
    """One of the staff, for those who may read all of it. Raises Forbidden and NotFound."""
    require(staff.role, Right.READ_STAFF)
    found = store.member(read, staff.business_id, staff_id)
    if found is None:
        raise NotFound
    return full(found)


def without_password(read: Snapshot, business_id: str, staff_ids: list[str]) -> set[str]:
    """Those of the staff who have not chosen a password yet."""
    rows = read.rows(
        "SELECT s.id FROM staff s JOIN logins l ON l.id = s.login_id"
        " WHERE s.id IN :ids AND s.business_id = :business_id AND l.password_hash IS NULL",
        ids=staff_ids, business_id=business_id,
    )  # fmt: skip
    return {row[0] for row in rows}


def own_profile(read: Snapshot, staff: Staff) -> BusinessProfile:
    """The profile of the business one works for."""
    found = profile(read, staff.business_id)
    return BusinessProfile(**msgspec.structs.asdict(found), cursor=read.cursor(staff.business_id))
