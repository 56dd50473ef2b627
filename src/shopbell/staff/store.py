"""The table of staff: logins at work in a business."""

from collections.abc import Sequence

import msgspec

from shopbell.kernel.database import Row, Snapshot
from shopbell.kernel.errors import Unauthenticated
from shopbell.kernel.transaction import Transaction
from shopbell.staff.actors import Staff
from shopbell.staff.rules import Role

STAFF = "s.id, s.business_id, s.role, s.login_id, s.first_name, s.last_name"


# More businesses than anybody works for.
POSITIONS = 100


class Member(msgspec.Struct, frozen=True):
    """A colleague with what only those who run the staff see; `email` is the login's."""

    staff: Staff
    email: str
    active: bool
    on_duty: bool


def acting(read: Snapshot, business_id: str, staff_ids: Sequence[str]) -> dict[str, Staff]:
    """Those of the given staff who are active now, by id. One statement."""
    rows = read.rows(
        f"SELECT {STAFF} FROM staff s"
        " WHERE s.id IN :ids AND s.business_id = :business_id AND s.deactivated_at IS NULL",
        business_id=business_id, ids=list(staff_ids),
    )  # fmt: skip
    return {row[0]: _staff(row) for row in rows}


def present(read: Snapshot, staff: Staff) -> Staff:
    """The one who asks, as the table has them now. Raises Unauthenticated if deactivated meanwhile."""
    found = acting(read, staff.business_id, [staff.id]).get(staff.id)
    if found is None:
        raise Unauthenticated("You no longer work here.")
    return found


def of_login(read: Snapshot, login_id: str, business_id: str) -> Staff | None:
    """The login at work in that business, if it is and is active."""
    row = read.row(
        f"SELECT {STAFF} FROM staff s"
        " WHERE s.login_id = :login_id AND s.business_id = :business_id AND s.deactivated_at IS NULL",
        login_id=login_id, business_id=business_id,
    )  # fmt: skip
    return _staff(row) if row else None


def positions(read: Snapshot, login_id: str) -> list[Staff]:
    """Everywhere the login is at work, the oldest business first."""
    rows = read.rows(
        f"SELECT {STAFF} FROM staff s WHERE s.login_id = :login_id AND s.deactivated_at IS NULL"
        " ORDER BY s.business_id LIMIT :limit",
        login_id=login_id, limit=POSITIONS,
    )  # fmt: skip
    return [_staff(row) for row in rows]


def member(read: Snapshot, business_id: str, staff_id: str) -> Member | None:
    """That staff member of the business, active or not."""
    row = read.row(
        f"SELECT {MEMBER} WHERE s.id = :id AND s.business_id = :business_id",
        id=staff_id, business_id=business_id,
    )  # fmt: skip
    return of_row(row) if row else None


MEMBER = f"""{STAFF}, l.email, s.deactivated_at IS NULL, s.off_duty_at IS NULL
    FROM staff s JOIN logins l ON l.id = s.login_id"""


def of_row(row: Row) -> Member:
    """The staff member of a row of `MEMBER`."""
    *staff, email, active, on_duty = row
    return Member(_staff(tuple(staff)), email, bool(active), bool(active and on_duty))


def active_owners(read: Snapshot, business_id: str) -> int:
    return int(read.value(
        "SELECT count(*) FROM staff"
        " WHERE business_id = :business_id AND role = 'owner' AND deactivated_at IS NULL",
        business_id=business_id,
    ))  # fmt: skip


def works_or_worked(read: Snapshot, login_id: str, business_id: str) -> bool:
    """Whether the login is staff of the business, active or not."""
    return read.value(
        "SELECT 1 FROM staff WHERE login_id = :login_id AND business_id = :business_id",
        login_id=login_id, business_id=business_id,
    ) is not None  # fmt: skip


def add(tx: Transaction, added: Staff, mobile: str | None) -> None:
    tx.run(
        "INSERT INTO staff (id, business_id, login_id, role, first_name, last_name, mobile, created_at)"
        " VALUES (:id, :business_id, :login_id, :role, :first_name, :last_name, :mobile, :now)",
        id=added.id, business_id=added.business_id, login_id=added.login_id, role=added.role.value,
        first_name=added.first_name, last_name=added.last_name, mobile=mobile, now=tx.now,
    )  # fmt: skip


def save_change(tx: Transaction, changed: Staff, deactivated_at: int | None) -> None:
    tx.run(
        "UPDATE staff SET role = :role, deactivated_at = :deactivated_at"
        " WHERE id = :id AND business_id = :business_id",
        role=changed.role.value, deactivated_at=deactivated_at, id=changed.id,
        business_id=changed.business_id,
    )  # fmt: skip


def _staff(row: Row) -> Staff:
    id_, business_id, role, login_id, first_name, last_name = row
    return Staff(id_, business_id, Role(role), login_id, first_name, last_name)
