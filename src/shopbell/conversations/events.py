"""What happens in a conversation."""

from datetime import datetime
from typing import ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from shopbell.businesses.rules import BusinessName
from shopbell.conversations.items import MessageItem, to_person, to_staff
from shopbell.conversations.rules import Message, Side
from shopbell.kernel.events import PersonEvent, SharedEvent


class ConversationOpened(PersonEvent, frozen=True, kw_only=True):
    """A new line in the person's list, also when another of their devices or the business began it."""

    id: str
    business: BusinessName
    created_at: datetime


class MessagePosted(SharedEvent, frozen=True, kw_only=True):
    """Logged without a body: its content is the message's own row."""

    own_table: ClassVar[bool] = True
    message: Message

    @property
    def author_id(self) -> str | None:
        return self.message.author.id if self.message.author.side == Side.STAFF else None

    def for_staff(self) -> MessageItem:
        return to_staff(self.message, None)

    def for_person(self) -> MessageItem:
        return to_person(self.message)

    def for_author(self) -> MessageItem:
        return to_staff(self.message, self.message.author.id)


class MessageWithdrawn(SharedEvent, frozen=True, kw_only=True):
    """`seq` is the message's own number."""

    conversation_id: str
    id: str
    seq: int
    withdrawn_at: datetime


class TicketUnread(msgspec.Struct, frozen=True):
    id: str
    unread: int


class MessagesRead(SharedEvent, frozen=True, kw_only=True):
    """One side has read up to `seq`; with what the same side has still unread: `unread` or, by ticket, `tickets`."""

    conversation_id: str
    side: Side
    seq: int
    unread: int | UnsetType = UNSET
    tickets: tuple[TicketUnread, ...] | UnsetType = UNSET

    def for_person(self) -> "MessagesRead":
        return msgspec.structs.replace(self, tickets=UNSET)


class MessagesDelivered(SharedEvent, frozen=True, kw_only=True):
    conversation_id: str
    side: Side
    seq: int
