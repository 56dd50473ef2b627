"""When a colleague leaves the desk: the verbs that may end claims, so that no ticket waits on empty hands."""

import msgspec

from shopbell.kernel.transaction import Transaction
from shopbell.kernel.writer import in_turn
from shopbell.signin import commands as signin
from shopbell.signin import store as logins
from shopbell.signin.actors import Person, Session, Side
from shopbell.staff import commands as staffing
from shopbell.staff import store as colleagues
from shopbell.staff.actors import Staff
from shopbell.staff.rules import Right, Role, may
from shopbell.staff.store import Member
from shopbell.tickets import store
from shopbell.tickets.commands import let_go

STAFF_LEFT = "staff_left"
# As many as hold the writer for some milliseconds; hardly anybody has more in hand.
LET_GO_AT_ONCE = 100


class StaffLeft(msgspec.Struct, frozen=True):
    """The job that looks whether somebody is still there, in a business of its own stream."""

    business_id: str
    staff_id: str
    login_id: str


# Both count the sessions of a login: each of two that end at once would take the other for one that goes on.
@in_turn(lambda actor: [actor.login_id if isinstance(actor, Staff) else actor.id])
def sign_out(tx: Transaction, actor: Person | Staff) -> None:
    """End the session that asks; with a login's last session its claims end too."""
    signin.end_session(tx, actor.session)
    if isinstance(actor, Staff) and not logins.live_sessions(tx, actor.login_id):
        _let_go(tx, StaffLeft(actor.business_id, actor.id, actor.login_id))
        _look_after(tx, actor.login_id, but=actor.business_id)


def change_staff(tx: Transaction, staff: Staff, staff_id: str, role: Role | None, active: bool | None) -> Member:
    """Change a colleague's role or standing; who may work on tickets no more holds none."""
    member = staffing.change(tx, staff, staff_id, role, active)
    if not member.active or not may(member.staff.role, Right.WRITE_TICKETS):
        _let_go(tx, StaffLeft(staff.business_id, staff_id, member.staff.login_id))
    return member


def set_password(tx: Transaction, token: str, password_hash: str) -> Side:
    """Spend a mailed token, which ends every session of its owner; the side they are on."""
    subject = signin.set_password(tx, token, password_hash)
    if subject.side == Side.STAFF:
        _look_after(tx, subject.id, but=None)
    return subject.side


def end_expired(tx: Transaction) -> int:
    """Clear away some sessions whose time is up; how many there were."""
    ended: list[Session] = signin.end_expired(tx)
    for login_id in sorted({session.subject_id for session in ended if session.side == Side.STAFF}):
        _look_after(tx, login_id, but=None)
    return len(ended)


@in_turn(lambda left: [left.login_id])
def staff_left(tx: Transaction, left: StaffLeft) -> None:
    """End the claims of somebody who is signed in nowhere or may not have them; who came back meanwhile keeps them."""
    staff = colleagues.acting(tx, left.business_id, [left.staff_id]).get(left.staff_id)
    may_hold = staff is not None and may(staff.role, Right.WRITE_TICKETS)
    if not may_hold or not logins.live_sessions(tx, left.login_id):
        _let_go(tx, left)


def _look_after(tx: Transaction, login_id: str, *, but: str | None) -> None:
    """Leave a job for each business the login works for: each has a stream of its own, so a command of its own."""
    for position in colleagues.positions(tx, login_id):
        if position.business_id != but:
            _look_again(tx, StaffLeft(position.business_id, position.id, login_id))


def _let_go(tx: Transaction, left: StaffLeft) -> None:
    """Give back what they hold; of a great many some at once, the others by a job."""
    held = store.held_by(tx, left.business_id, left.staff_id, LET_GO_AT_ONCE + 1)
    for ticket in held[:LET_GO_AT_ONCE]:
        let_go(tx, ticket, None)
    if len(held) > LET_GO_AT_ONCE:
        _look_again(tx, left)


def _look_again(tx: Transaction, left: StaffLeft) -> None:
    tx.job(STAFF_LEFT, msgspec.structs.asdict(left))
