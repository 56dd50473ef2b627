"""What the dashboard reads: one statement for each kind of thing that happened."""

from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from shopbell.businesses.queries import profile
from shopbell.dashboard import figures, periods
from shopbell.dashboard.figures import Closure, Day, FeedbackFigures, FirstReply, LoopFigures, Opening, Rating
from shopbell.dashboard.periods import Period
from shopbell.kernel.database import Snapshot
from shopbell.staff.actors import Staff
from shopbell.staff.rules import Right, may, require
from shopbell.tickets.rules import Outcome

# Looked up, since a busy shop has tens of thousands in a period.
OUTCOMES = {outcome.value: outcome for outcome in Outcome}


class TicketFigures(msgspec.Struct, frozen=True, kw_only=True):
    """`new` were opened in the period, `resolved` and `abandoned` closed in it, `reopened` opened again in it.

    `open` and `unheld` are as it is now. One closed, re-opened and closed again was closed twice.
    """

    new: int
    new_before: int
    open: int
    unheld: int
    resolved: int
    abandoned: int
    reopened: int


class Dashboard(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of the days from `from` to `to`, both counted, in the time zone of the business.

    In the scope `own` they are of the tickets this colleague holds or held last, of the first replies they wrote
    and the tickets they closed, and there is no `loop`. What ends in `before` is of as many days before; while the
    last day goes on, up to the same time of day.
    """

    first: date = msgspec.field(name="from")
    last: date = msgspec.field(name="to")
    time_zone: str
    scope: Literal["business", "own"]
    tickets: TicketFigures
    first_reply: FirstReply
    feedback: FeedbackFigures
    loop: LoopFigures | None
    days: list[Day]
    cursor: str


def dashboard(read: Snapshot, staff: Staff, first: date | None, last: date | None, now: int) -> Dashboard:
    """The figures of those days, of today where none is named; `now` in microseconds.

    Raises Forbidden, and Invalid for days that are no period.
    """
    require(staff.role, Right.READ_OWN_FIGURES)
    business = profile(read, staff.business_id)
    zone = ZoneInfo(business.time_zone)
    last = last or periods.today(now, zone)
    shown = periods.period(first or last, last, zone)
    earlier = periods.before(shown, zone)
    as_far = periods.as_far(earlier, shown, now, zone)
    own = None if may(staff.role, Right.READ_DASHBOARD) else staff.id

    found = openings(read, staff.business_id, earlier.begins, shown.ends)
    opened = [each for each in found if own in (None, each.holder_id)]
    replied = [each for each in found if own in (None, each.replied_by)]
    closed = [each for each in closures(read, staff.business_id, shown) if own in (None, each.staff_id)]
    rated = [each for each in ratings(read, staff.business_id, shown) if own in (None, each.staff_id)]
    open_now, unheld, held = _open_now(read, staff)
    return Dashboard(
        first=shown.first,
        last=shown.last,
        time_zone=business.time_zone,
        scope="own" if own else "business",
        tickets=TicketFigures(
            new=len(_since(opened, shown)),
            new_before=len(_until(opened, as_far)),
            open=held if own else open_now,
            unheld=unheld,
            resolved=sum(each.outcome == Outcome.RESOLVED for each in closed),
            abandoned=sum(each.outcome == Outcome.ABANDONED for each in closed),
            reopened=_reopened(read, staff.business_id, shown, own),
        ),
        first_reply=figures.first_reply(_since(replied, shown), _until(replied, as_far)),
        feedback=figures.feedback(closed, rated),
        loop=None if own else _loop(read, staff.business_id, shown),
        days=figures.days(shown, _since(opened, shown), _since(replied, shown)),
        cursor=read.cursor(staff.business_id),
    )


def _since(openings: list[Opening], shown: Period) -> list[Opening]:
    return [opening for opening in openings if opening.at >= shown.begins]


def _until(openings: list[Opening], end: int) -> list[Opening]:
    return [opening for opening in openings if opening.at < end]


# The first staff message after a ticket was opened answers it, unless it belongs to a later ticket of the thread.
OPENINGS = """
    SELECT o.at, o.outcome, o.holder_id, o.by, r.created_at, r.author_id
    FROM (
        SELECT h.at, h.by, t.id, t.conversation_id, t.outcome, t.holder_id,
            (SELECT m.seq FROM messages m WHERE m.conversation_id = t.conversation_id AND m.seq > h.seq
                AND m.side = 'staff' ORDER BY m.seq LIMIT 1) AS replied
        FROM ticket_history h JOIN tickets t ON t.id = h.ticket_id
        WHERE h.business_id = :business_id AND h.name IN ('ticket_opened', 'ticket_reopened')
            AND h.name = 'ticket_opened' AND h.at >= :begins AND h.at < :ends
    ) o
    LEFT JOIN messages r ON r.conversation_id = o.conversation_id AND r.seq = o.replied AND r.ticket_id = o.id"""


def openings(read: Snapshot, business_id: str, begins: int, ends: int) -> list[Opening]:
    """The tickets opened from the one instant until before the other."""
    rows = read.rows(OPENINGS, business_id=business_id, begins=begins, ends=ends)
    return [
        Opening(
            at,
            OUTCOMES.get(outcome),
            holder_id,
            # Staff who write first let nobody wait.
            replied_at - at if replied_at is not None and by is None else None,
            author_id if by is None else None,
        )
        for at, outcome, holder_id, by, replied_at, author_id in rows
    ]


def closures(read: Snapshot, business_id: str, shown: Period) -> list[Closure]:
    """Every closure of the period."""
    rows = read.rows(
        "SELECT closed_at, outcome, staff_id FROM ticket_closures"
        " WHERE business_id = :business_id AND closed_at >= :begins AND closed_at < :ends",
        business_id=business_id, begins=shown.begins, ends=shown.ends,
    )  # fmt: skip
    return [Closure(at, OUTCOMES[outcome], staff_id) for at, outcome, staff_id in rows]


def ratings(read: Snapshot, business_id: str, shown: Period) -> list[Rating]:
    """What customers gave in the period, whenever the ticket was closed."""
    rows = read.rows(
        "SELECT c.rated_at, c.rating, c.comment, c.staff_id, p.first_name, t.number FROM ticket_closures c"
        " JOIN tickets t ON t.id = c.ticket_id JOIN people p ON p.id = t.person_id"
        " WHERE c.business_id = :business_id AND c.rated_at IS NOT NULL"
        " AND c.rated_at >= :begins AND c.rated_at < :ends",
        business_id=business_id, begins=shown.begins, ends=shown.ends,
    )  # fmt: skip
    return [Rating(*row) for row in rows]


def _open_now(read: Snapshot, staff: Staff) -> tuple[int, int, int]:
    """How many tickets are open, how many of them nobody holds, and how many this colleague holds."""
    row = read.rows(
        "SELECT count(*), count(*) - count(t.holder_id), count(CASE WHEN t.holder_id = :staff_id THEN 1 END)"
        " FROM tickets t WHERE t.business_id = :business_id AND t.state <> 'closed'",
        business_id=staff.business_id, staff_id=staff.id,
    )[0]  # fmt: skip
    return int(row[0]), int(row[1]), int(row[2])


def _reopened(read: Snapshot, business_id: str, shown: Period, own: str | None) -> int:
    rows = read.rows(
        "SELECT h.by FROM ticket_history h"
        " WHERE h.business_id = :business_id AND h.name IN ('ticket_opened', 'ticket_reopened')"
        " AND h.name = 'ticket_reopened' AND h.at >= :begins AND h.at < :ends",
        business_id=business_id, begins=shown.begins, ends=shown.ends,
    )  # fmt: skip
    return len([by for (by,) in rows if own is None or (by and msgspec.json.decode(by)["id"] == own)])


def _loop(read: Snapshot, business_id: str, shown: Period) -> LoopFigures:
    members = read.value(
        "SELECT count(*) FROM contacts WHERE business_id = :business_id AND joined_at IS NOT NULL",
        business_id=business_id,
    )
    rows = read.rows(
        "SELECT at, name FROM event_log WHERE business_id = :business_id"
        " AND name IN ('member_joined', 'member_left') AND at >= :begins",
        business_id=business_id, begins=shown.begins,
    )  # fmt: skip
    return figures.loop(shown, int(members), [(at, 1 if name == "member_joined" else -1) for at, name in rows])


def longest_waiting(read: Snapshot, staff: Staff) -> tuple[str, int] | None:
    """The first name of who has waited longest for a pull, and since when; None where nobody waits."""
    require(staff.role, Right.READ_TICKETS)
    # SQLite sees that the index of open tickets fits only where it is told that the ticket is open.
    return read.row(
        "SELECT p.first_name, t.waiting_since FROM tickets t JOIN people p ON p.id = t.person_id"
        " WHERE t.business_id = :business_id AND t.state <> 'closed' AND t.state = 'waiting'"
        " ORDER BY t.waiting_since LIMIT 1",
        business_id=staff.business_id,
    )  # fmt: skip
