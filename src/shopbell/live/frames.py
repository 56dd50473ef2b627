"""The frames of the socket that are not events: what clients send, and what they are answered."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType, field

from shopbell.conversations.items import Attachments, AuthorItem
from shopbell.kernel.http import Id, Nonce, Seq, TextOrNone

Ref = Annotated[str, Meta(min_length=1, max_length=64)] | int
Cursor = Annotated[str, Meta(max_length=100)]


class Hello(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="hello"):
    token: Annotated[str, Meta(max_length=200)] | None = None
    side: Literal["staff", "person"] | None = field(name="as", default=None)
    actor: Annotated[str, Meta(max_length=64)] | None = None
    cursors: Annotated[dict[str, Cursor], Meta(max_length=1_000)] = field(default_factory=dict)
    cursor: Cursor | None = None


class PostMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="post_message"):
    ref: Ref
    conversation_id: Id
    nonce: Nonce
    text: TextOrNone
    attachments: Attachments = ()


class MarkRead(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="mark_read"):
    ref: Ref
    conversation_id: Id
    seq: Seq


class MarkDelivered(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="mark_delivered"):
    ref: Ref
    conversation_id: Id
    seq: Seq


class TypingCommand(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="typing"):
    conversation_id: Id


class PresenceCommand(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="presence", kw_only=True
):
    """The ticket that the screen shows now; None for none."""

    ticket_id: Id | None


ClientFrame = Hello | PostMessage | MarkRead | MarkDelivered | TypingCommand | PresenceCommand


class Loose(msgspec.Struct, frozen=True):
    """As much of a frame that is wrong as it takes to answer it."""

    ref: Ref | None = None


class Ready(msgspec.Struct, frozen=True, tag_field="type", tag="ready"):
    """`cursor` for staff, `cursors` by business for a person: where the stream starts."""

    cursor: str | UnsetType = UNSET
    cursors: dict[str, str] | UnsetType = UNSET


class Resync(msgspec.Struct, frozen=True, tag_field="type", tag="resync"):
    business_id: str
    cursor: str


class CursorFrame(msgspec.Struct, frozen=True, tag_field="type", tag="cursor"):
    business_id: str
    cursor: str


class OtherWaiting(msgspec.Struct, frozen=True, tag_field="type", tag="other_waiting"):
    business_id: str
    waiting: int


class Typing(msgspec.Struct, frozen=True, tag_field="type", tag="typing"):
    """Somebody of the conversation is typing; never stored, and gone after a few seconds."""

    conversation_id: str
    author: AuthorItem


class PresenceFrame(msgspec.Struct, frozen=True, tag_field="type", tag="presence"):
    """A colleague came, went, or looks at other tickets; never stored, and told anew to each new screen."""

    staff: AuthorItem
    online: bool
    ticket_ids: tuple[str, ...]


class Ok(msgspec.Struct, frozen=True, tag_field="type", tag="ok"):
    ref: Ref
    id: str | UnsetType = UNSET
    seq: int | UnsetType = UNSET
    created_at: datetime | UnsetType = UNSET


class Refused(msgspec.Struct, frozen=True, tag_field="type", tag="refused"):
    ref: Ref
    problem: dict[str, Any]


encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(ClientFrame).decode
decode_loosely = msgspec.json.Decoder(Loose).decode
