"""Who said what: messages, their authors, and what may be done with them."""

import hashlib
from enum import StrEnum

import msgspec

from shopbell.conversations.attachments import Attached
from shopbell.kernel.errors import Forbidden, Invalid

LINE_CHARACTERS = 140


class Side(StrEnum):
    PERSON = "person"
    STAFF = "staff"
    BUSINESS = "business"


class Kind(StrEnum):
    TEXT = "text"
    OFFER = "offer"
    BLAST = "blast"
    FEEDBACK_REQUEST = "feedback_request"
    LOCATION = "location"
    SYSTEM = "system"


class Author(msgspec.Struct, frozen=True):
    """Who speaks; `short` is the name a customer sees of a colleague."""

    side: Side
    id: str
    name: str
    short: str


class Conversation(msgspec.Struct, frozen=True):
    """The thread and how far each side has read (`*_read`) and received (`*_delivered`), as message numbers."""

    id: str
    business_id: str
    person_id: str
    created_at: int
    person_read: int
    person_delivered: int
    staff_read: int
    staff_delivered: int
    feedback_due: str | None


class Message(msgspec.Struct, frozen=True):
    """One message; times in microseconds. `nonce` and `fingerprint` are None for what no author sent."""

    conversation_id: str
    seq: int
    business_id: str
    ticket_id: str | None
    kind: Kind
    author: Author
    nonce: str | None
    text: str
    created_at: int
    withdrawn_at: int | None = None
    fingerprint: str | None = None
    attachments: tuple[Attached, ...] = ()

    @property
    def id(self) -> str:
        """Unique everywhere, and enough to find the row: its conversation and its number there."""
        return f"{self.conversation_id}.{self.seq}"


class Sent(msgspec.Struct, frozen=True):
    """What the sender of a message or a note learns; `repeated` when the nonce had been seen before."""

    id: str
    seq: int
    created_at: int
    repeated: bool = False


def fingerprint(text: str, attachments: tuple[str, ...] = ()) -> str:
    """What a retry is compared with: 128 bits of the body's digest."""
    body = text if not attachments else "\0".join((text, *attachments))
    return hashlib.blake2b(body.encode(), digest_size=16).hexdigest()


def answer_again(sent: Sent, first: str | None, now: str) -> Sent:
    """The first answer to a nonce once more. Raises Invalid when the body differs from the first one."""
    if first != now:
        raise Invalid("nonce", "This nonce was used for another message. Use a new nonce for a new message.")
    return msgspec.structs.replace(sent, repeated=True)


def line(message: Message) -> str:
    """The message as one line for a list: its text, or else what its attachments are called.

    Empty for what was withdrawn only; a text of separators alone stands as it is.
    """
    text = message.text or ", ".join(attached.name for attached in message.attachments)
    return (" ".join(text[: 4 * LINE_CHARACTERS].split()) or text)[:LINE_CHARACTERS]


def check_withdrawal(message: Message, by_person: str | None, by_staff: str | None, any_staff_message: bool) -> None:
    """A message is withdrawn by its author; a colleague's also by who may. Raises Forbidden."""
    author = message.author
    if author.side == Side.PERSON and author.id == by_person:
        return
    if author.side == Side.STAFF and by_staff and (author.id == by_staff or any_staff_message):
        return
    raise Forbidden("Only its author, or for staff messages an Owner or a Manager, may withdraw a message.")


def message_place(message_id: str) -> tuple[str, int] | None:
    """The conversation and number a message id stands for; None when it has not the form of one."""
    conversation_id, dot, number = message_id.partition(".")
    if not dot or not number.isascii() or not number.isdigit() or len(number) > 18:
        return None
    return conversation_id, int(number)
