"""Events: what happened, in the past tense, numbered without gaps for each business.

An event's base class says who may ever hear of it, so that a note cannot be addressed to a customer. The
fields are the body. An event whose content stands in a table of its own is logged without a body and read
back from there, so that a message is written to the disk once.
"""

import re
from enum import StrEnum
from typing import Any, ClassVar, Self

import msgspec

from shopbell.kernel.clock import moment
from shopbell.kernel.cursors import cursor
from shopbell.kernel.database import Insert, Row, Snapshot

_WORD = re.compile(r"(?<!^)(?=[A-Z])")


class Audience(StrEnum):
    STAFF = "staff"
    PERSON = "person"
    BOTH = "both"


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """The base of every event; derive from `StaffEvent`, `PersonEvent` or `SharedEvent`."""

    name: ClassVar[str]
    audience: ClassVar[Audience]
    own_table: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        cls.name = _WORD.sub("_", cls.__name__).lower()

    @property
    def author_id(self) -> str | None:
        """The staff or person whose own screens get `for_author` instead."""
        return None

    def for_staff(self) -> msgspec.Struct:
        """The body as staff see it."""
        return self

    def for_person(self) -> msgspec.Struct:
        """The body as the person sees it."""
        return self

    def for_author(self) -> msgspec.Struct:
        """The body as its author alone sees it."""
        return self


class StaffEvent(Event, frozen=True, kw_only=True):
    audience: ClassVar[Audience] = Audience.STAFF


class PersonEvent(Event, frozen=True, kw_only=True):
    audience: ClassVar[Audience] = Audience.PERSON


class SharedEvent(Event, frozen=True, kw_only=True):
    audience: ClassVar[Audience] = Audience.BOTH


class Recorded(msgspec.Struct, frozen=True):
    """An event with its place in the business's stream; `at` in microseconds."""

    business_id: str
    seq: int
    at: int
    event: Event
    person_id: str | None
    conversation_id: str | None

    def log_row(self) -> Row:
        event = self.event
        body = None if event.own_table else msgspec.json.encode(event).decode()
        # What stands in its own table is found there by conversation; only the rest needs the person's index.
        indexed = None if event.own_table else self.person_id
        return (
            self.business_id, self.seq, event.name, event.audience.value, indexed, self.conversation_id, body, self.at
        )  # fmt: skip


APPEND = Insert(
    "event_log",
    "business_id text, seq bigint, name text, audience text, person_id text, conversation_id text, body text,"
    " at bigint",
)


class Logged(msgspec.Struct, frozen=True):
    """A row of the log as it is read back.

    `person_id` and `body` are None where the content stands in a table of its own.
    """

    seq: int
    name: str
    audience: Audience
    person_id: str | None
    conversation_id: str | None
    body: str | None
    at: int


def logged_for_staff(read: Snapshot, business_id: str, after: int, limit: int) -> list[Logged]:
    """The business's events after the given number, in order, whoever they are for."""
    rows = read.rows(
        "SELECT seq, name, audience, person_id, conversation_id, body, at FROM event_log"
        " WHERE business_id = :business_id AND seq > :after ORDER BY seq LIMIT :limit",
        business_id=business_id, after=after, limit=limit,
    )  # fmt: skip
    return [_logged(row) for row in rows]


def logged_for_person(read: Snapshot, business_id: str, person_id: str, after: int, limit: int) -> list[Logged]:
    """The events of that business for that person, except those that stand in a table of their own."""
    rows = read.rows(
        "SELECT seq, name, audience, person_id, conversation_id, body, at FROM event_log"
        " WHERE business_id = :business_id AND person_id = :person_id AND seq > :after"
        " ORDER BY seq LIMIT :limit",
        business_id=business_id, person_id=person_id, after=after, limit=limit,
    )  # fmt: skip
    return [_logged(row) for row in rows]


def _logged(row: Row) -> Logged:
    seq, name, audience, person_id, conversation_id, body, at = row
    return Logged(seq, name, Audience(audience), person_id, conversation_id, body, at)


class Frame(msgspec.Struct, frozen=True):
    """An event as it travels."""

    type: str
    cursor: str
    seq: int
    business_id: str
    name: str
    at: Any
    body: Any

    @classmethod
    def of(cls, epoch: str, recorded: Recorded, body: msgspec.Struct) -> Self:
        return cls(
            "event", cursor(epoch, recorded.business_id, recorded.seq), recorded.seq, recorded.business_id,
            recorded.event.name, moment(recorded.at), body,
        )  # fmt: skip

    @classmethod
    def again(cls, epoch: str, business_id: str, logged: Logged) -> Self:
        """The frame of an event whose body was kept in the log."""
        return cls.anew(epoch, business_id, logged, msgspec.Raw((logged.body or "{}").encode()))

    @classmethod
    def anew(cls, epoch: str, business_id: str, logged: Logged, body: Any) -> Self:
        """The frame of a logged event with that body."""
        return cls(
            "event", cursor(epoch, business_id, logged.seq), logged.seq, business_id, logged.name, moment(logged.at),
            body,
        )  # fmt: skip
