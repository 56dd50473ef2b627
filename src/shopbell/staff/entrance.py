"""Who a session is: read in one statement at every request that is not remembered."""

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
    {FROM} AND e.key = :key"""

ACTING = f"SELECT e.key, COALESCE(s.id, p.id) {FROM} AND e.key IN :keys"


def who(read: Snapshot, key: str, now: int) -> tuple[Staff | Person, Session] | None:
    """Whose session has that key at that moment; None when nobody may act in it."""
    row = read.row(WHO, key=key, now=now)
    if row is None:
        return None
    session = Session(row[0], Side(row[1]), *row[2:7])
    staff_id, role, *staff_name, person_id, first_name, last_name = row[7:]
    if staff_id is not None and session.business_id is not None:
        first_name, last_name = staff_name
        return (
            Staff(staff_id, session.business_id, Role(role), session.subject_id, first_name, last_name, key),
            session,
        )
    if person_id is not None:
        return Person(person_id, first_name, last_name, key), session
    return None


def acting(read: Snapshot, keys: list[str], now: int) -> dict[str, str | None]:
    """Who may act in each of the sessions at that moment, a staff member or a person; no entry or None for nobody."""
    return {key: actor_id for key, actor_id in read.rows(ACTING, keys=keys, now=now)}
