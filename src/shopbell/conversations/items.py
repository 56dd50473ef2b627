"""How messages look from outside, to each side."""

from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from shopbell.conversations.rules import Author, Kind, Message, Side
from shopbell.kernel.clock import moment


class AuthorItem(msgspec.Struct, frozen=True):
    side: Side
    id: str
    name: str


class MessageItem(msgspec.Struct, frozen=True, kw_only=True):
    """A message of a page or of an event; `nonce` for its author only, `ticket_id` for staff only."""

    id: str
    seq: int
    kind: Kind
    author: AuthorItem
    text: str
    attachments: tuple[str, ...] = ()
    nonce: str | UnsetType = UNSET
    created_at: datetime
    withdrawn_at: datetime | UnsetType = UNSET
    conversation_id: str | UnsetType = UNSET
    ticket_id: str | UnsetType | None = UNSET


def full(author: Author) -> AuthorItem:
    """The author as staff see them."""
    return AuthorItem(author.side, author.id, author.name)


def short(author: Author) -> AuthorItem:
    """The author as customers see them: colleagues by first name."""
    return AuthorItem(author.side, author.id, author.short)


def to_staff(message: Message, reader_id: str | None) -> MessageItem:
    """The message as that staff member sees it; None for what all of them see alike."""
    mine = message.nonce is not None and message.author.id == reader_id
    return _item(message, full(message.author), message.nonce if mine else None, message.ticket_id)


def to_person(message: Message) -> MessageItem:
    """The message as the person of the conversation sees it."""
    own = message.author.side == Side.PERSON
    return _item(message, short(message.author), message.nonce if own else None, UNSET)


def _item(message: Message, author: AuthorItem, nonce: str | None, ticket_id: str | UnsetType | None) -> MessageItem:
    return MessageItem(
        id=message.id,
        seq=message.seq,
        kind=message.kind,
        author=author,
        text=message.text,
        nonce=UNSET if nonce is None else nonce,
        created_at=moment(message.created_at),
        withdrawn_at=UNSET if message.withdrawn_at is None else moment(message.withdrawn_at),
        conversation_id=message.conversation_id,
        ticket_id=ticket_id,
    )
