"""Taking on staff, and changing what they may do."""

import msgspec

from shopbell.businesses import store as businesses
from shopbell.kernel import ids
from shopbell.kernel.errors import Conflict, NotFound
from shopbell.kernel.transaction import Transaction
from shopbell.kernel.writer import in_turn
from shopbell.signin import commands as signin
from shopbell.signin import store as logins
from shopbell.signin.commands import Addressee
from shopbell.signin.rules import email_key
from shopbell.staff import events, signals, store
from shopbell.staff.actors import Staff
from shopbell.staff.items import in_event, signature
from shopbell.staff.rules import Right, Role, require
from shopbell.staff.store import Member


class Invitation(msgspec.Struct, frozen=True):
    """What the mail to a newcomer says."""

    to: Addressee
    business_name: str


class Newcomer(msgspec.Struct, frozen=True):
    """Somebody to be taken on."""

    role: Role
    first_name: str
    last_name: str
    email: str
    mobile: str | None


@in_turn(lambda staff, newcomer: [email_key(newcomer.email)])
def add(tx: Transaction, staff: Staff, newcomer: Newcomer) -> Member:
    """Take somebody on; a login with that e-mail address is used as it is, password and all.

    Raises Conflict for who is on the staff already, active or not.
    """
    by = _deciding(tx, staff)
    login = signin.login_for(tx, newcomer.email)
    if store.works_or_worked(tx, login.id, by.business_id):
        raise Conflict("Somebody with this e-mail address is on your staff already.", code="already_staff")
    added = Staff(ids.new(), by.business_id, newcomer.role, login.id, newcomer.first_name, newcomer.last_name)
    store.add(tx, added, newcomer.mobile)
    member = Member(added, login.email, active=True, on_duty=True)
    tx.record(by.business_id, events.StaffAdded(staff=in_event(member), by=signature(by)))
    return member


def invite(tx: Transaction, staff: Staff, staff_id: str) -> None:
    """Have a link mailed by which the colleague sets a password."""
    by = _deciding(tx, staff)
    member = _member(tx, by.business_id, staff_id)
    if not member.active:
        raise Conflict("They no longer work here; make them active first.", code="not_active")
    tx.job("mail_invitation", {"business_id": by.business_id, "staff_id": staff_id})


def issue_invitation(tx: Transaction, business_id: str, staff_id: str, token_key: str) -> Invitation | None:
    """Let the token with that key set the password; None when they left before the mail went out."""
    member = store.member(tx, business_id, staff_id)
    business = businesses.business(tx, business_id)
    login = logins.login(tx, member.staff.login_id) if member and member.active else None
    if member is None or business is None or login is None:
        return None
    return Invitation(signin.issue_to_login(tx, login, member.staff.first_name, token_key), business.name)


def change(
    tx: Transaction, staff: Staff, staff_id: str, role: Role | None = None, active: bool | None = None
) -> Member:
    """Give a colleague another role, let them go or take them back. Conflict for the last active Owner."""
    by = _deciding(tx, staff)
    member = _member(tx, by.business_id, staff_id)
    changed = msgspec.structs.replace(member.staff, role=role or member.staff.role)
    stays = member.active if active is None else active
    if changed == member.staff and stays == member.active:
        return member
    store.save_change(tx, changed, None if stays else tx.now)
    if store.active_owners(tx, by.business_id) == 0:
        raise Conflict("A business keeps at least one active Owner; make somebody else an Owner first.",
                       code="last_owner")  # fmt: skip
    if not stays:
        signin.end_sessions_at(tx, changed.login_id, by.business_id)
    after = _member(tx, by.business_id, staff_id)
    tx.record(by.business_id, events.StaffChanged(staff=in_event(after), by=signature(by)))
    tx.signal(signals.StaffChanged(by.business_id, staff_id))
    return after


def _deciding(tx: Transaction, staff: Staff) -> Staff:
    """The one who asks, if they may still decide about staff."""
    present = store.present(tx, staff)
    require(present.role, Right.WRITE_STAFF)
    return present


def _member(tx: Transaction, business_id: str, staff_id: str) -> Member:
    member = store.member(tx, business_id, staff_id)
    if member is None:
        raise NotFound
    return member
