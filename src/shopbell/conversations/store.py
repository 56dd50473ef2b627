"""Tables of conversations and messages. Every function names the business or the person it reads for."""

from collections.abc import Iterable, Sequence

from shopbell.conversations import attachments
from shopbell.conversations.rules import Author, Conversation, Kind, Message, Side
from shopbell.kernel.database import Insert, Match, Row, Snapshot
from shopbell.kernel.transaction import Transaction

CONVERSATION = (
    "id, business_id, person_id, created_at, person_read, person_delivered, staff_read, staff_delivered, feedback_due"
)

MESSAGE = """
    m.conversation_id, m.seq, m.business_id, m.ticket_id, m.kind, m.side, m.author_id,
    COALESCE(s.first_name || ' ' || s.last_name, p.first_name || ' ' || p.last_name, b.name),
    COALESCE(s.first_name, p.first_name || ' ' || p.last_name, b.name),
    m.nonce, m.text, m.created_at, m.withdrawn_at, m.fingerprint, m.attachments"""

AUTHORS = """
    LEFT JOIN staff s ON m.side = 'staff' AND s.id = m.author_id
    LEFT JOIN people p ON m.side = 'person' AND p.id = m.author_id
    LEFT JOIN businesses b ON m.side = 'business' AND b.id = m.author_id"""

FROM_MESSAGES = f"FROM messages m {AUTHORS}"

SAVE_MESSAGES = Insert(
    "messages",
    "conversation_id text, seq bigint, business_id text, ticket_id text, kind text, side text, author_id text,"
    " nonce text, text text, created_at bigint, fingerprint text, attachments text",
)

SENT_BEFORE = Match(
    "messages m",
    "m.nonce, m.conversation_id, m.author_id, m.seq, m.created_at, m.fingerprint",
    key="m.nonce text, m.conversation_id text, m.author_id text",
)

Key = tuple[str, str, str]


def message(row: Row) -> Message:
    """The message of a row of `MESSAGE`."""
    (conversation_id, seq, business_id, ticket_id, kind, side, author_id, name, short, nonce, text, created_at,
     withdrawn_at, mark, attached) = row  # fmt: skip
    return Message(
        conversation_id, seq, business_id, ticket_id, Kind(kind), Author(Side(side), author_id, name, short), nonce,
        text, created_at, withdrawn_at, mark, attachments.decode(attached) if attached else (),
    )  # fmt: skip


def of_person(read: Snapshot, person_id: str, conversation_id: str) -> Conversation | None:
    row = read.row(
        f"SELECT {CONVERSATION} FROM conversations WHERE id = :id AND person_id = :person_id",
        id=conversation_id, person_id=person_id,
    )  # fmt: skip
    return Conversation(*row) if row else None


def of_business(read: Snapshot, business_id: str, conversation_id: str) -> Conversation | None:
    row = read.row(
        f"SELECT {CONVERSATION} FROM conversations WHERE id = :id AND business_id = :business_id",
        id=conversation_id, business_id=business_id,
    )  # fmt: skip
    return Conversation(*row) if row else None


def between(read: Snapshot, business_id: str, person_id: str) -> Conversation | None:
    """The one conversation of that person with that business."""
    row = read.row(
        f"SELECT {CONVERSATION} FROM conversations WHERE person_id = :person_id AND business_id = :business_id",
        person_id=person_id, business_id=business_id,
    )  # fmt: skip
    return Conversation(*row) if row else None


def sides(read: Snapshot, conversation_id: str) -> Row | None:
    """Business and person of any conversation: for the door alone, which decides about rights by it."""
    return read.row("SELECT business_id, person_id FROM conversations WHERE id = :id", id=conversation_id)


def held_by(read: Snapshot, person_ids: Sequence[str]) -> set[tuple[str, str]]:
    """The conversations those people have, as pairs of person and business."""
    rows = read.rows("SELECT person_id, business_id FROM conversations WHERE person_id IN :ids", ids=list(person_ids))
    return {(person_id, business_id) for person_id, business_id in rows}


def people_of(read: Snapshot, business_id: str, conversation_ids: Sequence[str]) -> dict[str, str]:
    """Whose those conversations of the business are, by conversation."""
    rows = read.rows(
        "SELECT id, person_id FROM conversations WHERE id IN :ids AND business_id = :business_id",
        ids=list(conversation_ids), business_id=business_id,
    )  # fmt: skip
    return {conversation_id: person_id for conversation_id, person_id in rows}


MESSAGES_AT = Match("messages m", MESSAGE, key="m.conversation_id text, m.seq bigint", rest=AUTHORS)


def messages_at(read: Snapshot, business_id: str, places: Sequence[tuple[str, int]]) -> dict[int, Message]:
    """The business's messages at those places (conversation, number), by number."""
    found = (message(row) for row in read.matches(MESSAGES_AT, places))
    return {m.seq: m for m in found if m.business_id == business_id}


def messages_after(read: Snapshot, person_id: str, conversation_id: str, after: int, limit: int) -> list[Message]:
    """The messages of that person's conversation after a number, rising."""
    rows = read.rows(
        f"SELECT {MESSAGE} {FROM_MESSAGES} JOIN conversations c ON c.id = m.conversation_id"
        " WHERE m.conversation_id = :id AND c.person_id = :person_id AND m.seq > :after ORDER BY m.seq LIMIT :limit",
        id=conversation_id, person_id=person_id, after=after, limit=limit,
    )  # fmt: skip
    return [message(row) for row in rows]


def add(tx: Transaction, conversation: Conversation) -> None:
    tx.run(
        "INSERT INTO conversations (id, business_id, person_id, created_at)"
        " VALUES (:id, :business_id, :person_id, :created_at)",
        id=conversation.id, business_id=conversation.business_id, person_id=conversation.person_id,
        created_at=conversation.created_at,
    )  # fmt: skip


def sent_before(read: Snapshot, keys: Sequence[Key]) -> dict[Key, tuple[int, int, str]]:
    """By (nonce, conversation, author) what was stored under it: number, time, fingerprint. One statement."""
    return {(n, c, a): (seq, at, mark) for n, c, a, seq, at, mark in read.matches(SENT_BEFORE, keys)}


def save_messages(tx: Transaction, messages: Iterable[Message]) -> None:
    rows = [
        (
            m.conversation_id, m.seq, m.business_id, m.ticket_id, m.kind, m.author.side, m.author.id, m.nonce,
            m.text, m.created_at, m.fingerprint,
            attachments.encode(m.attachments).decode() if m.attachments else None,
        )
        for m in messages
    ]  # fmt: skip
    tx.many(SAVE_MESSAGES, rows)


def message_at(read: Snapshot, business_id: str, conversation_id: str, seq: int) -> Message | None:
    row = read.row(
        f"SELECT {MESSAGE} {FROM_MESSAGES}"
        " WHERE m.conversation_id = :conversation_id AND m.seq = :seq AND m.business_id = :business_id",
        conversation_id=conversation_id, seq=seq, business_id=business_id,
    )  # fmt: skip
    return message(row) if row else None


def withdraw(tx: Transaction, business_id: str, conversation_id: str, seq: int) -> None:
    tx.run(
        "UPDATE messages SET text = '', attachments = NULL, withdrawn_at = :now"
        " WHERE conversation_id = :conversation_id AND seq = :seq AND business_id = :business_id",
        now=tx.now, conversation_id=conversation_id, seq=seq, business_id=business_id,
    )  # fmt: skip


def written_after(read: Snapshot, business_id: str, conversation_id: str, seq: int) -> list[Message]:
    """What the person wrote after that number, at most a hundred messages."""
    rows = read.rows(
        f"SELECT {MESSAGE} {FROM_MESSAGES} WHERE m.conversation_id = :id AND m.seq > :seq AND m.side = 'person'"
        " AND m.business_id = :business_id ORDER BY m.seq LIMIT 100",
        id=conversation_id, seq=seq, business_id=business_id,
    )  # fmt: skip
    return [message(row) for row in rows]


def business_name(read: Snapshot, business_id: str) -> str:
    return str(read.value("SELECT name FROM businesses WHERE id = :id", id=business_id))


def person_wrote(read: Snapshot, business_id: str, conversation_id: str) -> bool:
    """Whether the person ever said something in this conversation."""
    return read.value(
        "SELECT 1 FROM tickets WHERE conversation_id = :id AND business_id = :business_id AND customer_seq > 0 LIMIT 1",
        id=conversation_id, business_id=business_id,
    ) is not None  # fmt: skip


def last_seq(read: Snapshot, business_id: str, conversation_id: str) -> int:
    """The number of the newest message, 0 in an empty conversation."""
    found: int | None = read.value(
        "SELECT max(seq) FROM messages WHERE conversation_id = :id AND business_id = :business_id",
        id=conversation_id, business_id=business_id,
    )  # fmt: skip
    return found or 0


def unread_by_person(read: Snapshot, business_id: str, conversation_id: str, after: int) -> int:
    """How many messages after that number the person has not read; requests for feedback do not count."""
    count: int = read.value(
        "SELECT count(*) FROM messages WHERE conversation_id = :id AND seq > :after AND business_id = :business_id"
        " AND side <> 'person' AND kind <> 'feedback_request'",
        id=conversation_id, after=after, business_id=business_id,
    )  # fmt: skip
    return count


# One statement for each mark, since a column's name can't be a parameter.
MARK = {
    (side, what): f"UPDATE conversations SET {side}_{what} = :seq"
    f" WHERE id = :id AND business_id = :business_id AND {side}_{what} < :seq"
    for side in ("person", "staff")
    for what in ("read", "delivered")
}


def mark(tx: Transaction, business_id: str, conversation_id: str, side: Side, what: str, seq: int) -> bool:
    """Move a mark forward; False when it stood there or further already."""
    return tx.run(MARK[side, what], id=conversation_id, business_id=business_id, seq=seq) > 0


def set_feedback_due(tx: Transaction, business_id: str, conversation_id: str, ticket_id: str) -> None:
    tx.run(
        "UPDATE conversations SET feedback_due = :ticket_id WHERE id = :id AND business_id = :business_id",
        ticket_id=ticket_id, id=conversation_id, business_id=business_id,
    )  # fmt: skip


def clear_feedback_due(tx: Transaction, business_id: str, conversation_id: str, ticket_id: str) -> bool:
    """Expect no more feedback for that ticket; False when none was, as a later one may wait for its own."""
    return tx.run(
        "UPDATE conversations SET feedback_due = NULL"
        " WHERE id = :id AND business_id = :business_id AND feedback_due = :ticket_id",
        id=conversation_id, business_id=business_id, ticket_id=ticket_id,
    ) > 0  # fmt: skip
