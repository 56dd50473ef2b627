"""How messages look from outside, to each side."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from shopbell.conversations.attachments import MOST_IN_A_MESSAGE, Attached, AttachmentKind
from shopbell.conversations.rules import Author, Kind, Message, Side
from shopbell.kernel.clock import moment
from shopbell.kernel.http import API, Id

# Those a message is to be posted with, by id.
Attachments = Annotated[tuple[Id, ...], Meta(max_length=MOST_IN_A_MESSAGE)]


class AuthorItem(msgspec.Struct, frozen=True):
    side: Side
    id: str
    name: str


class AttachmentItem(msgspec.Struct, frozen=True, kw_only=True):
    """An attachment as one side gets it: `url` names that side, and answers under the reader's rights."""

    id: str
    kind: AttachmentKind
    name: str
    size: int
    url: str
    caption: str | UnsetType = UNSET


class MessageItem(msgspec.Struct, frozen=True, kw_only=True):
    """A message of a page or of an event; `nonce` for its author only, `ticket_id` for staff only."""

    id: str
    seq: int
    kind: Kind
    author: AuthorItem
    text: str
    attachments: tuple[AttachmentItem, ...] = ()
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
    return _item(message, full(message.author), message.nonce if mine else None, message.ticket_id, Side.STAFF)


def to_person(message: Message) -> MessageItem:
    """The message as the person of the conversation sees it."""
    own = message.author.side == Side.PERSON
    return _item(message, short(message.author), message.nonce if own else None, UNSET, Side.PERSON)


def attachment_item(attached: Attached, side: str) -> AttachmentItem:
    """The attachment as that side gets it."""
    return AttachmentItem(
        id=attached.id,
        kind=attached.kind,
        name=attached.name,
        size=attached.size,
        url=f"{API}/attachments/{attached.id}?side={side}",
        caption=attached.caption or UNSET,
    )


def _item(
    message: Message, author: AuthorItem, nonce: str | None, ticket_id: str | UnsetType | None, reader: Side
) -> MessageItem:
    return MessageItem(
        id=message.id,
        seq=message.seq,
        kind=message.kind,
        author=author,
        text=message.text,
        attachments=tuple(attachment_item(attached, reader) for attached in message.attachments),
        nonce=UNSET if nonce is None else nonce,
        created_at=moment(message.created_at),
        withdrawn_at=UNSET if message.withdrawn_at is None else moment(message.withdrawn_at),
        conversation_id=message.conversation_id,
        ticket_id=ticket_id,
    )
