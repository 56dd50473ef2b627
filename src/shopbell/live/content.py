"""The content of logged events that stands in tables of its own."""

from collections.abc import Sequence
from typing import Final

import structlog

from shopbell.conversations import store as conversations
from shopbell.conversations.events import MessagePosted
from shopbell.kernel.database import Snapshot
from shopbell.kernel.events import Event, Logged
from shopbell.tickets import store as tickets
from shopbell.tickets.events import NotePosted

log = structlog.get_logger()

KEPT_APART: Final = frozenset({MessagePosted.name, NotePosted.name})


def contents(read: Snapshot, business_id: str, logged: Sequence[Logged]) -> dict[int, Event]:
    """The messages and notes among the events, as they were recorded, by number.

    One whose row is gone is left out: nobody is told of it, and everybody of what follows.
    """
    said = [(one.conversation_id or "", one.seq) for one in logged if one.name == MessagePosted.name]
    noted = [one.seq for one in logged if one.name == NotePosted.name]
    messages = conversations.messages_at(read, business_id, said)
    notes = tickets.notes_at(read, business_id, noted)
    found: dict[int, Event] = {seq: MessagePosted(message=message) for seq, message in messages.items()}
    found |= {seq: NotePosted(note=note) for seq, note in notes.items()}
    if missing := sorted({seq for _, seq in said}.union(noted) - found.keys()):
        log.warning("events_without_content", business_id=business_id, numbers=missing)
    return found
