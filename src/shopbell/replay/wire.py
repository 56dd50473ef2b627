"""What the server says, as far as a replay listens."""

from typing import Generic, Literal, TypeVar

import msgspec

T = TypeVar("T")


class Problem(msgspec.Struct):
    """A refusal, as `application/problem+json` or in a `refused` frame."""

    status: int = 0
    title: str = ""
    detail: str | None = None

    def __str__(self) -> str:
        return f"{self.status} {self.detail or self.title}".strip()


class Frame(msgspec.Struct):
    """Any frame of the live connection; which fields are there depends on `type`."""

    type: str
    business_id: str | None = None
    cursor: str | None = None
    cursors: dict[str, str] | None = None
    name: str = ""
    seq: int = 0
    body: msgspec.Raw = msgspec.Raw(b"null")
    ref: str | None = None
    id: str | None = None
    problem: Problem | None = None


class Author(msgspec.Struct):
    side: Literal["person", "staff", "business"]


class Message(msgspec.Struct):
    """A message item of a thread, or the body of `message_posted`."""

    id: str
    seq: int
    kind: str
    author: Author
    text: str
    conversation_id: str | None = None
    ticket_id: str | None = None


class Posted(msgspec.Struct):
    id: str
    seq: int


class Holder(msgspec.Struct):
    id: str


class Ticket(msgspec.Struct):
    id: str
    conversation_id: str
    state: str
    holder: Holder | None
    outcome: str | None
    messages: int
    unread: int
    follow_up_of: str | None


UNCLAIMED = frozenset({"waiting", "pulled"})
"""The states of a ticket that nobody holds."""


class Pulled(msgspec.Struct):
    tickets: list[Ticket]


class Desk(msgspec.Struct):
    waiting: int
    unclaimed: int


class Page(msgspec.Struct, Generic[T]):
    """One page of a list; `next` asks for the following one."""

    items: list[T]
    next: str | int | None = None


class Business(msgspec.Struct):
    id: str
    name: str = ""


class Staff(msgspec.Struct):
    id: str
    business_id: str = ""


class Person(msgspec.Struct):
    id: str


class StaffSession(msgspec.Struct):
    token: str
    staff: Staff


class PersonSession(msgspec.Struct):
    token: str
    person: Person


class Conversation(msgspec.Struct):
    id: str
    unread: int = 0


class Conversations(msgspec.Struct):
    """A person's conversations and, by business, the cursors they were read at."""

    items: list[Conversation]
    cursors: dict[str, str] = {}


frames = msgspec.json.Decoder(Frame | list[Frame])
posted = msgspec.json.Decoder(Message)
