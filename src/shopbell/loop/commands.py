"""Joining and leaving a Loop, and being kept out of a conversation."""

from shopbell.businesses import store as businesses
from shopbell.businesses.rules import BusinessName
from shopbell.kernel.clock import moment
from shopbell.kernel.errors import NotFound
from shopbell.kernel.transaction import Transaction
from shopbell.loop import store
from shopbell.loop.events import MemberBlocked, MemberJoined, MemberLeft, MemberUnblocked
from shopbell.loop.rules import Contact
from shopbell.signin import store as signin
from shopbell.signin.actors import Person
from shopbell.signin.items import PersonItem
from shopbell.staff import store as staff_table
from shopbell.staff.actors import Staff
from shopbell.staff.rules import Right, require


def meet(tx: Transaction, business_id: str, person_id: str) -> Contact:
    """The person as the business knows them, from now on if not before. NotFound for an id of nobody."""
    if found := store.contact(tx, business_id, person_id):
        return found
    person = signin.person(tx, person_id)
    if person is None or businesses.business(tx, business_id) is None:
        raise NotFound
    store.add(tx, business_id, person_id, person.first_name, person.last_name)
    return Contact(business_id, person_id, None, None)


def join(tx: Transaction, person: Person, business_id: str) -> None:
    """Make the person a member; joining twice changes nothing."""
    contact = meet(tx, business_id, person.id)
    if contact.is_member:
        return
    store.save_joined(tx, business_id, person.id, tx.now)
    joined = MemberJoined(business=_business(tx, business_id), person=_name(tx, person.id), joined_at=moment(tx.now))
    tx.record(business_id, joined, person_id=person.id)
    if contact.is_blocked:
        tx.record(business_id, MemberBlocked(person=joined.person))


def leave(tx: Transaction, person: Person, business_id: str) -> None:
    """End the membership; the business stays acquainted. Who is no member has left already."""
    contact = store.contact(tx, business_id, person.id)
    if contact is None:
        _business(tx, business_id)
        return
    if not contact.is_member:
        return
    store.save_joined(tx, business_id, person.id, None)
    left = MemberLeft(business=_business(tx, business_id), person=_name(tx, person.id), left_at=moment(tx.now))
    tx.record(business_id, left, person_id=person.id)


def block(tx: Transaction, staff: Staff, person_id: str) -> None:
    """The person may no longer write to the business. NotFound for whom the business does not know."""
    if not _decided(tx, staff, person_id).is_blocked:
        store.save_blocked(tx, staff.business_id, person_id, tx.now)
        tx.record(staff.business_id, MemberBlocked(person=_name(tx, person_id)))


def unblock(tx: Transaction, staff: Staff, person_id: str) -> None:
    """The person may write again."""
    if _decided(tx, staff, person_id).is_blocked:
        store.save_blocked(tx, staff.business_id, person_id, None)
        tx.record(staff.business_id, MemberUnblocked(person=_name(tx, person_id)))


def _decided(tx: Transaction, staff: Staff, person_id: str) -> Contact:
    require(staff_table.present(tx, staff).role, Right.WRITE_LOOP)
    contact = store.contact(tx, staff.business_id, person_id)
    if contact is None:
        raise NotFound
    return contact


def _business(tx: Transaction, business_id: str) -> BusinessName:
    business = businesses.business(tx, business_id)
    if business is None:
        raise NotFound
    return BusinessName(business.id, business.name)


def _name(tx: Transaction, person_id: str) -> PersonItem:
    person = signin.person(tx, person_id)
    if person is None:
        raise NotFound
    return PersonItem.of(person)
