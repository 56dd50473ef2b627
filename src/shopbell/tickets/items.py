"""How tickets, notes and their history look to staff."""

from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from shopbell.conversations.items import AuthorItem
from shopbell.conversations.rules import Side
from shopbell.kernel.clock import moment
from shopbell.staff.actors import Staff
from shopbell.tickets.rules import Named, Outcome, Priority, State, Ticket


class TicketItem(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the panel; with `by`, the body of a `ticket_*` event."""

    id: str
    number: int
    conversation_id: str
    customer: Named
    state: State
    holder: Named | None
    priority: Priority | None
    outcome: Outcome | None
    messages: int
    unread: int
    last_line: str
    last_seq: int
    waiting_since: datetime
    updated_at: datetime
    updated_seq: int
    closed_at: datetime | None
    follow_up_of: str | None


def item(ticket: Ticket) -> TicketItem:
    return TicketItem(**fields(ticket))


def fields(ticket: Ticket) -> dict[str, Any]:
    """The item's fields, for the item itself and for the events that carry it whole."""
    return {
        "id": ticket.id,
        "number": ticket.number,
        "conversation_id": ticket.conversation_id,
        "customer": ticket.customer,
        "state": ticket.state,
        "holder": ticket.holder,
        "priority": ticket.priority,
        "outcome": ticket.outcome,
        "messages": ticket.messages,
        "unread": ticket.unread,
        "last_line": ticket.last_line,
        "last_seq": ticket.last_seq,
        "waiting_since": moment(ticket.waiting_since),
        "updated_at": moment(ticket.updated_at),
        "updated_seq": ticket.updated_seq,
        "closed_at": None if ticket.closed_at is None else moment(ticket.closed_at),
        "follow_up_of": ticket.follow_up_of,
    }


class NoteItem(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    seq: int
    ticket_id: str
    text: str
    author: AuthorItem
    nonce: str | UnsetType = UNSET
    created_at: datetime


class HistoryItem(msgspec.Struct, frozen=True):
    name: str
    at: datetime
    by: AuthorItem | None
    body: msgspec.Raw


def signature(staff: Staff) -> AuthorItem:
    """The colleague who did it."""
    return AuthorItem(Side.STAFF, staff.id, staff.full_name)
