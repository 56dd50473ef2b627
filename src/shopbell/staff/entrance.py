"""Who a session is: read in one statement for all who ask at once and are not remembered."""

from collections.abc import Sequence
from typing import Any

from shopbell.kernel.database import Snapshot
from shopbell.signin.actors import Person, Session, Side
from shopbell.staff.actors import Staff
from shopbell.staff.rules import Role

FROM = """
    FROM sessions e
    LEFT JOIN staff s ON e.side = 'staff' AND s.login_id = e.subject_id AND s.business_id = e.business_id
        AND s.deactivated_at IS NULL
    LEFT JOIN people p ON e.side = 'person' AND p.id = e.subject_id
    WHERE e.expires_at > :now"""

WHO = f"""
    SELECT e.key, e.side, e.subject_id, e.business_id, e.created_at, e.seen_at, e.expires_at,
           s.id, s.role, s.first_name, s.last_name, p.id, p.first_name, p.last_name
    {FROM} AND e.key IN :keys"""

ACTING = f"SELECT e.key, COALESCE(s.id, p.id) {FROM} AND e.key IN :keys"


Found = tuple[Staff | Person, Session]


def who(read: Snapshot, asked: Sequence[tuple[str, int]]) -> list[Found | None]:
    """Whose session each key is at the moment given with it; None when nobody may act in it."""
    rows = read.rows(WHO, keys=sorted({key for key, _ in asked}), now=min(now for _, now in asked))
    known = {row[0]: _known(*row) for row in rows}
    return [found if (found := known.get(key)) and found[1].expires_at > now else None for key, now in asked]


def _known(*row: Any) -> Found | None:
    session = Session(row[0], Side(row[1]), *row[2:7])
    staff_id, role, *staff_name, person_id, first_name, last_name = row[7:]
    if staff_id is not None and session.business_id is not None:
        first_name, last_name = staff_name
        staff = Staff(staff_id, session.business_id, Role(role), session.subject_id, first_name, last_name, session.key)
        return staff, session
    if person_id is not None:
        return Person(person_id, first_name, last_name, session.key), session
    return None


def acting(read: Snapshot, keys: list[str], now: int) -> dict[str, str | None]:
    """Who may act in each of the sessions at that moment, a staff member or a person; no entry or None for nobody."""
    return {key: actor_id for key, actor_id in read.rows(ACTING, keys=keys, now=now)}
