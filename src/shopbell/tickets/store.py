"""Tables of tickets, notes, closures, history and the desk's counters. Each function names its business."""

from collections.abc import Iterable, Sequence

import msgspec

from shopbell.conversations.items import AuthorItem
from shopbell.conversations.rules import Conversation, Side
from shopbell.kernel.bloom import bloom
from shopbell.kernel.database import Insert, Match, Row, Snapshot, Update
from shopbell.kernel.transaction import Transaction
from shopbell.loop import store as contacts
from shopbell.signin.names import filed_words
from shopbell.tickets.events import Note, TicketEvent, TicketsPulled
from shopbell.tickets.rules import OF_RANK, RANK, Counters, Named, Outcome, State, Ticket

TICKET = """
    t.id, t.business_id, t.number, t.conversation_id, t.person_id, p.first_name || ' ' || p.last_name, t.state,
    t.holder_id, s.first_name || ' ' || s.last_name, t.priority, t.outcome, t.messages, t.read_messages,
    t.last_line, t.last_seq, t.waiting_since, t.updated_at, t.updated_seq, t.customer_seq, t.closed_at,
    t.follow_up_of"""

NAMES = "JOIN people p ON p.id = t.person_id LEFT JOIN staff s ON s.id = t.holder_id"
FROM_TICKETS = f"FROM tickets t {NAMES}"

SAVE = "state text, holder_id text, priority bigint, outcome text, messages bigint, read_messages bigint,"
SAVE += " last_line text, last_seq bigint, waiting_since bigint, updated_at bigint, updated_seq bigint,"
SAVE += " customer_seq bigint, closed_at bigint"
ADD_TICKETS = Insert(
    "tickets",
    f"{SAVE}, id text, business_id text, number bigint, conversation_id text, person_id text, name_bloom bigint,"
    " follow_up_of text",
)
SAVE_TICKETS = Update("tickets", SAVE, key="id text, business_id text")
# A message moves few columns: a statement of its own spares the others.
MOVE_TICKETS = Update(
    "tickets",
    "messages bigint, last_line text, last_seq bigint, updated_at bigint, updated_seq bigint, customer_seq bigint",
    key="id text, business_id text",
)
ADD_HISTORY = Insert(
    "ticket_history", "ticket_id text, seq bigint, business_id text, name text, at bigint, by text, body text"
)
NOTED_BEFORE = Match("notes n", "n.seq, n.created_at, n.text", key="n.nonce text, n.ticket_id text, n.author_id text")


def ticket_of(row: Row) -> Ticket:
    """The ticket of a row of `TICKET`."""
    (ticket_id, business_id, number, conversation_id, person_id, customer, state, holder_id, holder, rank, outcome,
     *rest) = row  # fmt: skip
    return Ticket(
        ticket_id, business_id, number, conversation_id, Named(person_id, customer), State(state),
        Named(holder_id, holder) if holder_id else None, OF_RANK[rank] if rank else None,
        Outcome(outcome) if outcome else None, *rest,
    )  # fmt: skip


def ticket(read: Snapshot, business_id: str, ticket_id: str) -> Ticket | None:
    row = read.row(
        f"SELECT {TICKET} {FROM_TICKETS} WHERE t.id = :id AND t.business_id = :business_id",
        id=ticket_id, business_id=business_id,
    )  # fmt: skip
    return ticket_of(row) if row else None


def business_of_own(read: Snapshot, person_id: str, ticket_id: str) -> str | None:
    """The business of a ticket of that person."""
    found: str | None = read.value(
        "SELECT business_id FROM tickets WHERE id = :id AND person_id = :person_id",
        id=ticket_id, person_id=person_id,
    )  # fmt: skip
    return found


def open_in(read: Snapshot, business_id: str, conversation_id: str) -> Ticket | None:
    """The open ticket of the conversation, of which there is at most one."""
    row = read.row(
        f"SELECT {TICKET} {FROM_TICKETS}"
        " WHERE t.conversation_id = :id AND t.state <> 'closed' AND t.business_id = :business_id",
        id=conversation_id, business_id=business_id,
    )  # fmt: skip
    return ticket_of(row) if row else None


def last_closed_in(read: Snapshot, business_id: str, conversation_id: str) -> str | None:
    """The id of the ticket that a new one follows up."""
    found: str | None = read.value(
        "SELECT id FROM tickets WHERE conversation_id = :id AND business_id = :business_id AND state = 'closed'"
        " ORDER BY closed_at DESC LIMIT 1",
        id=conversation_id, business_id=business_id,
    )  # fmt: skip
    return found


def newest_in(read: Snapshot, business_id: str, conversation_id: str) -> Ticket | None:
    row = read.row(
        f"SELECT {TICKET} {FROM_TICKETS} WHERE t.conversation_id = :id AND t.business_id = :business_id"
        " ORDER BY t.number DESC LIMIT 1",
        id=conversation_id, business_id=business_id,
    )  # fmt: skip
    return ticket_of(row) if row else None


def waiting(read: Snapshot, business_id: str, limit: int) -> list[Ticket]:
    """Those of the business's tickets that wait longest."""
    rows = read.rows(
        f"SELECT {TICKET} {FROM_TICKETS} WHERE t.business_id = :business_id AND t.state = 'waiting'"
        " ORDER BY t.updated_seq LIMIT :limit",
        business_id=business_id, limit=limit,
    )  # fmt: skip
    return [ticket_of(row) for row in rows]


def held_by(read: Snapshot, business_id: str, staff_id: str, limit: int) -> list[Ticket]:
    """What the colleague has in hand, the longest unmoved first."""
    rows = read.rows(
        f"SELECT {TICKET} {FROM_TICKETS} WHERE t.business_id = :business_id AND t.holder_id = :staff_id"
        " AND t.state = 'assigned' ORDER BY t.updated_seq LIMIT :limit",
        business_id=business_id, staff_id=staff_id, limit=limit,
    )  # fmt: skip
    return [ticket_of(row) for row in rows]


def _values(t: Ticket) -> Row:
    return (
        t.state, t.holder.id if t.holder else None, RANK[t.priority] if t.priority else None, t.outcome, t.messages,
        t.read_messages, t.last_line, t.last_seq, t.waiting_since, t.updated_at, t.updated_seq, t.customer_seq,
        t.closed_at, t.id, t.business_id,
    )  # fmt: skip


def add(tx: Transaction, tickets: Iterable[Ticket]) -> None:
    rows = [
        (
            *_values(t), t.number, t.conversation_id, t.customer.id, bloom(filed_words(t.customer.name)),
            t.follow_up_of,
        )
        for t in tickets
    ]  # fmt: skip
    tx.many(ADD_TICKETS, rows)


def save(tx: Transaction, tickets: Iterable[Ticket]) -> None:
    saved = list(tickets)
    tx.many(SAVE_TICKETS, [_values(t) for t in saved])
    newest = sorted((t for t in saved if t.state == State.CLOSED), key=lambda ticket: ticket.updated_seq)
    contacts.save_closed(tx, {(t.business_id, t.customer.id): t.updated_seq for t in newest})


def move(tx: Transaction, tickets: Iterable[Ticket]) -> None:
    """Save what a message changes."""
    rows = [
        (
            t.messages,
            t.last_line,
            t.last_seq,
            t.updated_at,
            t.updated_seq,
            t.customer_seq,
            t.id,
            t.business_id,
        )
        for t in tickets
    ]
    tx.many(MOVE_TICKETS, rows)


def counters(read: Snapshot, business_id: str) -> Counters:
    row = read.row("SELECT waiting, pulled, numbered FROM desk_counters WHERE business_id = :id", id=business_id)
    return Counters(*row) if row else Counters(0, 0, 0)


def save_counters(tx: Transaction, business_id: str, now: Counters) -> None:
    tx.run(
        "INSERT INTO desk_counters (business_id, waiting, pulled, numbered)"
        " VALUES (:id, :waiting, :pulled, :numbered)"
        " ON CONFLICT (business_id) DO UPDATE SET waiting = excluded.waiting, pulled = excluded.pulled,"
        " numbered = excluded.numbered",
        id=business_id, waiting=now.waiting, pulled=now.pulled, numbered=now.numbered,
    )  # fmt: skip


def remember(tx: Transaction, business_id: str, seq: int, event: TicketEvent) -> None:
    """Keep the event in the ticket's own history, which outlives the log."""
    _remember(tx, business_id, [(event.id, seq, event.name, event.by, event)])


def remember_pull(tx: Transaction, business_id: str, seq: int, event: TicketsPulled) -> None:
    _remember(tx, business_id, [(t.id, seq, event.name, event.by, t) for t in event.tickets])


def _remember(
    tx: Transaction, business_id: str, rows: list[tuple[str, int, str, AuthorItem | None, msgspec.Struct]]
) -> None:
    encode = msgspec.json.encode
    values = [
        (
            ticket_id,
            seq,
            business_id,
            name,
            tx.now,
            encode(by).decode() if by else None,
            encode(body).decode(),
        )
        for ticket_id, seq, name, by, body in rows
    ]
    tx.many(ADD_HISTORY, values)


def unread_by_ticket(read: Snapshot, conversation: Conversation, after: int, up_to: int) -> list[tuple[str, int]]:
    """How many customer messages of each ticket lie between two marks."""
    rows = read.rows(
        "SELECT ticket_id, count(*) FROM messages WHERE conversation_id = :id AND seq > :after AND seq <= :up_to"
        " AND side = 'person' AND business_id = :business_id AND ticket_id IS NOT NULL GROUP BY ticket_id",
        id=conversation.id, after=after, up_to=up_to, business_id=conversation.business_id,
    )  # fmt: skip
    return [(str(row[0]), int(row[1])) for row in rows]


def count_read(tx: Transaction, business_id: str, ticket_id: str, messages: int) -> int:
    """So many more of the ticket's messages have been seen; how many are left unread."""
    tx.run(
        "UPDATE tickets SET read_messages = read_messages + :messages WHERE id = :id AND business_id = :business_id",
        messages=messages, id=ticket_id, business_id=business_id,
    )  # fmt: skip
    unread: int = tx.value(
        "SELECT messages - read_messages FROM tickets WHERE id = :id AND business_id = :business_id",
        id=ticket_id, business_id=business_id,
    )  # fmt: skip
    return unread


def noted_before(read: Snapshot, ticket_id: str, author_id: str, nonce: str) -> Row | None:
    """Number, time and text of the note this author left under this nonce."""
    found = read.matches(NOTED_BEFORE, [(nonce, ticket_id, author_id)])
    return found[0] if found else None


def add_note(tx: Transaction, business_id: str, note: Note) -> None:
    tx.run(
        "INSERT INTO notes (ticket_id, seq, business_id, author_id, nonce, text, created_at)"
        " VALUES (:ticket_id, :seq, :business_id, :author_id, :nonce, :text, :created_at)",
        ticket_id=note.ticket_id, seq=note.seq, business_id=business_id, author_id=note.author.id,
        nonce=note.nonce, text=note.text, created_at=note.created_at,
    )  # fmt: skip


NOTE = "n.ticket_id, n.seq, n.author_id, s.first_name || ' ' || s.last_name, n.nonce, n.text, n.created_at"


def note_of(row: Row) -> Note:
    ticket_id, seq, author_id, name, nonce, text, created_at = row
    return Note(ticket_id, seq, AuthorItem(Side.STAFF, author_id, name), nonce, text, created_at)


def add_closure(tx: Transaction, closed: Ticket, seq: int, staff_id: str) -> None:
    tx.run(
        "INSERT INTO ticket_closures (ticket_id, seq, business_id, outcome, staff_id, closed_at)"
        " VALUES (:ticket_id, :seq, :business_id, :outcome, :staff_id, :closed_at)",
        ticket_id=closed.id, seq=seq, business_id=closed.business_id, outcome=closed.outcome, staff_id=staff_id,
        closed_at=closed.closed_at,
    )  # fmt: skip


def rate_last_closure(tx: Transaction, business_id: str, ticket_id: str, rating: int, comment: str | None) -> bool:
    """Keep the feedback with the newest closure; False when that has feedback already."""
    return tx.run(
        "UPDATE ticket_closures SET rating = :rating, comment = :comment, rated_at = :now"
        " WHERE ticket_id = :ticket_id AND business_id = :business_id AND rating IS NULL"
        " AND seq = (SELECT max(c.seq) FROM ticket_closures c WHERE c.ticket_id = :ticket_id)",
        rating=rating, comment=comment, now=tx.now, ticket_id=ticket_id, business_id=business_id,
    ) > 0  # fmt: skip


NOTES_AT = Match("notes n", NOTE, key="n.business_id text, n.seq bigint", rest="JOIN staff s ON s.id = n.author_id")


def notes_at(read: Snapshot, business_id: str, seqs: Sequence[int]) -> dict[int, Note]:
    """The business's notes with those event numbers."""
    found = (note_of(row) for row in read.matches(NOTES_AT, [(business_id, seq) for seq in seqs]))
    return {note.seq: note for note in found}


def notes_of(read: Snapshot, business_id: str, ticket_id: str, after: int, limit: int) -> list[Note]:
    """The notes of a ticket after an event number, rising."""
    rows = read.rows(
        f"SELECT {NOTE} FROM notes n JOIN staff s ON s.id = n.author_id"
        " WHERE n.ticket_id = :ticket_id AND n.business_id = :business_id AND n.seq > :after"
        " ORDER BY n.seq LIMIT :limit",
        ticket_id=ticket_id, business_id=business_id, after=after, limit=limit,
    )  # fmt: skip
    return [note_of(row) for row in rows]
