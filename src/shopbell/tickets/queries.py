"""What the console reads: counts, the panel, one ticket, its history and notes."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from shopbell.conversations.items import AuthorItem
from shopbell.conversations.queries import seen_by
from shopbell.conversations.rules import Author, Side
from shopbell.kernel.clock import moment
from shopbell.kernel.database import Snapshot
from shopbell.kernel.errors import Forbidden, Invalid, NotFound
from shopbell.loop import store as members
from shopbell.signin.actors import Person
from shopbell.staff import store as colleagues
from shopbell.staff.actors import Staff
from shopbell.staff.rules import Right, require
from shopbell.tickets import store
from shopbell.tickets.events import note_item
from shopbell.tickets.items import HistoryItem, NoteItem, TicketItem, item
from shopbell.tickets.rules import Ticket


class DeskItem(msgspec.Struct, frozen=True):
    """How many tickets wait for a pull, and how many have no holder: those two make bubbles and bells."""

    waiting: int
    unclaimed: int
    cursor: str


class TicketDetail(TicketItem, frozen=True, kw_only=True):
    """A ticket with the feedback its closures got, newest first."""

    feedback: list["Feedback"]
    cursor: str


class Feedback(msgspec.Struct, frozen=True):
    rating: int
    comment: str | None
    at: datetime


class NotePage(msgspec.Struct, frozen=True):
    items: list[NoteItem]
    next: str | None
    cursor: str


class HistoryPage(msgspec.Struct, frozen=True):
    items: list[HistoryItem]
    next: str | None
    cursor: str


def desk(read: Snapshot, staff: Staff) -> DeskItem:
    require(staff.role, Right.READ_TICKETS)
    counters = store.counters(read, staff.business_id)
    return DeskItem(counters.waiting, counters.unclaimed, read.cursor(staff.business_id))


def ticket(read: Snapshot, staff: Staff, ticket_id: str) -> TicketDetail:
    found = _ticket(read, staff, ticket_id)
    rated = read.rows(
        "SELECT rating, comment, rated_at FROM ticket_closures"
        " WHERE ticket_id = :id AND business_id = :business_id AND rating IS NOT NULL ORDER BY seq DESC LIMIT 20",
        id=found.id, business_id=staff.business_id,
    )  # fmt: skip
    feedback = [Feedback(rating, comment, moment(at)) for rating, comment, at in rated]
    shown = msgspec.structs.asdict(item(found))
    return TicketDetail(**shown, feedback=feedback, cursor=read.cursor(staff.business_id))


def _ticket(read: Snapshot, staff: Staff, ticket_id: str) -> Ticket:
    require(staff.role, Right.READ_TICKETS)
    found = store.ticket(read, staff.business_id, ticket_id)
    if found is None:
        raise NotFound
    return found


def history(read: Snapshot, staff: Staff, ticket_id: str, *, limit: int, after: str | None) -> HistoryPage:
    """What was done with the ticket, oldest first."""
    found = _ticket(read, staff, ticket_id)
    rows = read.rows(
        "SELECT seq, name, at, by, body FROM ticket_history"
        " WHERE ticket_id = :id AND business_id = :business_id AND seq > :after ORDER BY seq LIMIT :limit",
        id=found.id, business_id=staff.business_id, after=number(after), limit=limit + 1,
    )  # fmt: skip
    items = [
        HistoryItem(
            name,
            moment(at),
            msgspec.json.decode(by, type=AuthorItem) if by else None,
            msgspec.Raw(body.encode()),
        )
        for _, name, at, by, body in rows[:limit]
    ]
    return HistoryPage(items, str(rows[limit - 1][0]) if len(rows) > limit else None, read.cursor(staff.business_id))


def notes(read: Snapshot, staff: Staff, ticket_id: str, *, limit: int, after: str | None) -> NotePage:
    """What staff said among themselves, oldest first."""
    found = _ticket(read, staff, ticket_id)
    page = store.notes_of(read, staff.business_id, found.id, number(after), limit + 1)
    items = [note_item(note, staff.id) for note in page[:limit]]
    return NotePage(items, str(items[-1].seq) if len(page) > limit else None, read.cursor(staff.business_id))


def number(after: str | None) -> int:
    """The event number behind a page's `next`, 0 for the first page. Raises Invalid for anything else."""
    if after is None:
        return 0
    if not after.isascii() or not after.isdigit() or len(after) > 18:
        raise Invalid("after", "Give the `next` of the page before this one.")
    return int(after)


def business_of_own(read: Snapshot, person: Person, ticket_id: str) -> str:
    """The business of one's own ticket. Raises NotFound for anybody else's."""
    found = store.business_of_own(read, person.id, ticket_id)
    if found is None:
        raise NotFound
    return found


def typist(read: Snapshot, actor: Person | Staff, conversation_id: str) -> Author:
    """Who is typing, if they may write there as things stand. Raises NotFound or Forbidden."""
    conversation = seen_by(read, actor, conversation_id)
    if isinstance(actor, Staff):
        staff = colleagues.present(read, actor)
        require(staff.role, Right.WRITE_TICKETS)
        return Author(Side.STAFF, staff.id, staff.full_name, staff.first_name)
    if members.blocked(read, conversation.business_id, [actor.id]):
        raise Forbidden
    return Author(Side.PERSON, actor.id, actor.full_name, actor.full_name)


class WaitingThere(msgspec.Struct, frozen=True):
    """How many wait in a business, as of the event with that number."""

    business_id: str
    waiting: int
    seq: int


def waiting_elsewhere(read: Snapshot, asking: Sequence[Staff]) -> list[list[WaitingThere]]:
    """How many wait in each other business that the login of each works for: for the house, as it is beyond theirs."""
    rows = read.rows(
        "SELECT s.login_id, s.business_id, COALESCE(d.waiting, 0), COALESCE(h.seq, 0) FROM staff s"
        " LEFT JOIN desk_counters d ON d.business_id = s.business_id"
        " LEFT JOIN event_heads h ON h.business_id = s.business_id"
        " WHERE s.login_id IN :logins AND s.deactivated_at IS NULL",
        logins=sorted({staff.login_id for staff in asking}),
    )  # fmt: skip
    working: dict[str, list[WaitingThere]] = {}
    for login_id, business_id, waiting, seq in rows:
        working.setdefault(login_id, []).append(WaitingThere(business_id, waiting, seq))
    return [
        [there for there in working.get(staff.login_id, ()) if there.business_id != staff.business_id]
        for staff in asking
    ]
