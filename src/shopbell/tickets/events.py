"""What happens to tickets; only feedback is ever heard outside the shop."""

from typing import ClassVar

import msgspec
from msgspec import UNSET

from shopbell.conversations.items import AuthorItem
from shopbell.kernel.clock import moment
from shopbell.kernel.events import PersonEvent, SharedEvent, StaffEvent
from shopbell.tickets.items import NoteItem, TicketItem, fields
from shopbell.tickets.rules import Ticket


class TicketEvent(StaffEvent, TicketItem, frozen=True, kw_only=True):
    """The base of the events that carry the whole ticket."""

    by: AuthorItem | None = None

    @classmethod
    def of(cls, ticket: Ticket, by: AuthorItem | None) -> "TicketEvent":
        return cls(by=by, **fields(ticket))


class TicketOpened(TicketEvent, frozen=True, kw_only=True):
    pass


class TicketAssigned(TicketEvent, frozen=True, kw_only=True):
    """Claimed, transferred or taken over."""


class TicketReleased(TicketEvent, frozen=True, kw_only=True):
    """Back to pulled: by its holder (`by`), or because the holder left."""


class TicketPrioritised(TicketEvent, frozen=True, kw_only=True):
    pass


class TicketClosed(TicketEvent, frozen=True, kw_only=True):
    pass


class TicketReopened(TicketEvent, frozen=True, kw_only=True):
    pass


class TicketsPulled(StaffEvent, frozen=True, kw_only=True):
    """Some waiting tickets were brought into the panel; a large pull is told in several of these."""

    tickets: tuple[TicketItem, ...]
    by: AuthorItem


class WaitingChanged(StaffEvent, frozen=True, kw_only=True):
    waiting: int
    unclaimed: int


class Note(msgspec.Struct, frozen=True):
    """What staff say among themselves about a ticket; time in microseconds."""

    ticket_id: str
    seq: int
    author: AuthorItem
    nonce: str
    text: str
    created_at: int

    @property
    def id(self) -> str:
        return f"{self.ticket_id}.{self.seq}"


def note_item(note: Note, reader_id: str | None) -> NoteItem:
    """The note as that colleague sees it; None for what all of them see alike."""
    return NoteItem(
        id=note.id,
        seq=note.seq,
        ticket_id=note.ticket_id,
        text=note.text,
        author=note.author,
        nonce=note.nonce if note.author.id == reader_id else UNSET,
        created_at=moment(note.created_at),
    )


class NotePosted(StaffEvent, frozen=True, kw_only=True):
    """Logged without a body: its content is the note's own row."""

    own_table: ClassVar[bool] = True
    note: Note

    @property
    def author_id(self) -> str | None:
        return self.note.author.id

    def for_staff(self) -> NoteItem:
        return note_item(self.note, None)

    def for_author(self) -> NoteItem:
        return note_item(self.note, self.note.author.id)


class FeedbackRequested(PersonEvent, frozen=True, kw_only=True):
    ticket_id: str


class FeedbackRecalled(PersonEvent, frozen=True, kw_only=True):
    """The ticket is open again: what was asked for at its closure is no longer wanted."""

    ticket_id: str


class FeedbackGiven(SharedEvent, frozen=True, kw_only=True):
    ticket_id: str
    rating: int
    comment: str | None
