"""What screens read of conversations."""

from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from shopbell.conversations import store
from shopbell.conversations.items import MessageItem, to_person, to_staff
from shopbell.conversations.rules import Conversation, Message
from shopbell.kernel.clock import moment
from shopbell.kernel.cursors import cursor
from shopbell.kernel.database import Row, Snapshot
from shopbell.kernel.errors import Invalid, NotFound
from shopbell.signin.actors import Person
from shopbell.staff.actors import Staff


class MessagePage(msgspec.Struct, frozen=True):
    """Ascending by number; `next` is the number to give as `before`, or as `after` when `after` was given."""

    items: list[MessageItem]
    next: str | None
    cursor: str
    conversation: "Marks"


class Marks(msgspec.Struct, frozen=True):
    """How far each side has read and received."""

    id: str
    business_id: str
    person_read: int
    person_delivered: int
    staff_read: int
    staff_delivered: int


class BusinessName(msgspec.Struct, frozen=True):
    id: str
    name: str


class ConversationItem(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    business: BusinessName
    last_message: MessageItem | None
    unread: int
    feedback_due: str | None
    created_at: datetime


class ConversationPage(msgspec.Struct, frozen=True):
    items: list[ConversationItem]
    next: str | None
    cursors: dict[str, str] | UnsetType = UNSET


def seen_by(read: Snapshot, actor: Person | Staff, conversation_id: str) -> Conversation:
    """The conversation as its person or its business's staff may reach it; NotFound for everybody else."""
    if isinstance(actor, Staff):
        found = store.of_business(read, actor.business_id, conversation_id)
    else:
        found = store.of_person(read, actor.id, conversation_id)
    if found is None:
        raise NotFound
    return found


def page(
    read: Snapshot,
    actor: Person | Staff,
    conversation_id: str,
    *,
    limit: int,
    before: int | None,
    after: int | None,
) -> MessagePage:
    """A page of the thread. Two statements beside the rights."""
    conversation = seen_by(read, actor, conversation_id)
    messages = _page(read, conversation, limit + 1, before, after)
    more = len(messages) > limit
    if after is not None:
        messages = messages[:limit]
        following = messages[-1].seq if more else None
    else:
        messages = messages[:limit][::-1]
        following = messages[0].seq if more else None
    if isinstance(actor, Staff):
        items = [to_staff(message, actor.id) for message in messages]
    else:
        items = [to_person(message) for message in messages]
    return MessagePage(
        items,
        None if following is None else str(following),
        read.cursor(conversation.business_id),
        Marks(
            conversation.id, conversation.business_id, conversation.person_read, conversation.person_delivered,
            conversation.staff_read, conversation.staff_delivered,
        ),
    )  # fmt: skip


def _page(
    read: Snapshot, conversation: Conversation, limit: int, before: int | None, after: int | None
) -> list[Message]:
    """Rising after `after`; else falling from `before`, or from the newest."""
    select = f"SELECT {store.MESSAGE} {store.FROM_MESSAGES} WHERE m.conversation_id = :id"
    if after is not None:
        rows = read.rows(
            f"{select} AND m.seq > :after AND m.seq < :before ORDER BY m.seq LIMIT :limit",
            id=conversation.id, after=after, before=_far(before), limit=limit,
        )  # fmt: skip
    else:
        rows = read.rows(
            f"{select} AND m.seq < :before ORDER BY m.seq DESC LIMIT :limit",
            id=conversation.id, before=_far(before), limit=limit,
        )  # fmt: skip
    return [store.message(row) for row in rows]


def _far(before: int | None) -> int:
    return 2**62 if before is None else before


LATEST = f"""
    SELECT c.id, c.business_id, named.name, c.feedback_due, c.created_at,
           COALESCE(m.created_at, c.created_at) AS moved_at, h.seq,
           (SELECT count(*) FROM messages u WHERE u.conversation_id = c.id AND u.seq > c.person_read
            AND u.side <> 'person' AND u.kind <> 'feedback_request') AS unread,
           {store.MESSAGE}
    FROM conversations c
    JOIN businesses named ON named.id = c.business_id
    JOIN event_heads h ON h.business_id = c.business_id
    LEFT JOIN messages m ON m.conversation_id = c.id
         AND m.seq = (SELECT max(seq) FROM messages newest WHERE newest.conversation_id = c.id)
    {store.AUTHORS}
    WHERE c.person_id = :person_id
      AND (COALESCE(m.created_at, c.created_at), c.id) < (:moved_at, :id)
    ORDER BY moved_at DESC, c.id DESC
    LIMIT :limit"""


def conversations(read: Snapshot, person: Person, *, limit: int, after: str | None) -> ConversationPage:
    """The person's conversations, the one with the newest message first.

    A person writes to some dozens of businesses: all are looked at to find their order by time. One statement.
    """
    moved_at, last_id = _place(after)
    rows = read.rows(LATEST, person_id=person.id, moved_at=moved_at, id=last_id, limit=limit + 1)
    shown = rows[:limit]
    cursors = {row[1]: cursor(read.epoch, row[1], row[6]) for row in shown}
    following = f"{shown[-1][5]}.{shown[-1][0]}" if len(rows) > limit else None
    return ConversationPage([_conversation(row) for row in shown], following, cursors)


def _conversation(row: Row) -> ConversationItem:
    conversation_id, business_id, name, feedback_due, created_at, _, _, unread, *newest = row
    return ConversationItem(
        id=conversation_id,
        business=BusinessName(business_id, name),
        last_message=to_person(store.message(tuple(newest))) if newest[0] else None,
        unread=unread,
        feedback_due=feedback_due,
        created_at=moment(created_at),
    )


def _place(after: str | None) -> tuple[int, str]:
    """The time and id behind a page's `next`. Raises Invalid for anything else."""
    if after is None:
        return 2**62, ""
    moved_at, dot, conversation_id = after.partition(".")
    if not dot or not moved_at.isascii() or not moved_at.isdigit() or len(moved_at) > 18 or "\0" in after:
        raise Invalid("after", "Give the `next` of the page before this one.")
    return int(moved_at), conversation_id
