"""What may become of a ticket. State and time in, state out; what may not be is raised as a refusal."""

from enum import StrEnum

import msgspec
from msgspec.structs import replace

from shopbell.conversations.rules import Message, line
from shopbell.kernel.errors import Conflict, Forbidden
from shopbell.staff.actors import Staff
from shopbell.staff.rules import Right, may


class State(StrEnum):
    WAITING = "waiting"
    PULLED = "pulled"
    ASSIGNED = "assigned"
    CLOSED = "closed"


class Outcome(StrEnum):
    RESOLVED = "resolved"
    ABANDONED = "abandoned"


class Priority(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


RANK = {Priority.HIGH: 3, Priority.MEDIUM: 2, Priority.LOW: 1}
OF_RANK = {rank: priority for priority, rank in RANK.items()}


class Named(msgspec.Struct, frozen=True):
    id: str
    name: str


class Ticket(msgspec.Struct, frozen=True):
    """Times in microseconds. `messages` counts the customer's own, `read_messages` those the holder has seen;
    `updated_seq`, `last_seq` and `customer_seq` number the event that last moved the row, the newest message,
    and the customer's newest one."""

    id: str
    business_id: str
    number: int
    conversation_id: str
    customer: Named
    state: State
    holder: Named | None
    priority: Priority | None
    outcome: Outcome | None
    messages: int
    read_messages: int
    last_line: str
    last_seq: int
    waiting_since: int
    updated_at: int
    updated_seq: int
    customer_seq: int
    closed_at: int | None
    follow_up_of: str | None

    @property
    def unread(self) -> int:
        return self.messages - self.read_messages


class Counters(msgspec.Struct, frozen=True):
    """How many tickets of a business wait, how many are pulled and unheld, and the last ticket number given."""

    waiting: int
    pulled: int
    numbered: int

    @property
    def unclaimed(self) -> int:
        return self.waiting + self.pulled

    def moved(self, before: State | None, after: State) -> "Counters":
        """The counters once a ticket went from one state to another; None for a ticket that is new."""
        return Counters(
            self.waiting - (before == State.WAITING) + (after == State.WAITING),
            self.pulled - (before == State.PULLED) + (after == State.PULLED),
            self.numbered + (before is None),
        )


class HeldByColleague(Conflict):
    code = "held_by_colleague"
    title = "A colleague has this ticket."

    def __init__(self, holder: Named) -> None:
        super().__init__(f"{holder.name} has this ticket.", holder=msgspec.to_builtins(holder))


def is_holder(ticket: Ticket, staff: Staff) -> bool:
    return ticket.holder is not None and ticket.holder.id == staff.id


def opened(
    ticket_id: str, number: int, conversation_id: str, business_id: str, customer: Named, *, at: int, seq: int,
    holder: Named | None, follow_up_of: str | None,
) -> Ticket:  # fmt: skip
    """A new ticket: held by the colleague who writes first, else waiting."""
    return Ticket(
        id=ticket_id, business_id=business_id, number=number, conversation_id=conversation_id, customer=customer,
        state=State.ASSIGNED if holder else State.WAITING, holder=holder, priority=None, outcome=None,
        messages=0, read_messages=0, last_line="", last_seq=0, waiting_since=at, updated_at=at, updated_seq=seq,
        customer_seq=0, closed_at=None, follow_up_of=follow_up_of,
    )  # fmt: skip


def with_customer_message(ticket: Ticket, message: Message) -> Ticket:
    return replace(
        ticket, messages=ticket.messages + 1, last_line=line(message), last_seq=message.seq,
        customer_seq=message.seq, updated_at=message.created_at, updated_seq=message.seq,
    )  # fmt: skip


def with_reply(ticket: Ticket, message: Message) -> Ticket:
    return replace(
        ticket, last_line=line(message), last_seq=message.seq, updated_at=message.created_at,
        updated_seq=message.seq,
    )  # fmt: skip


def touched(ticket: Ticket, at: int, seq: int) -> Ticket:
    """The ticket moved to the top of the panel."""
    return replace(ticket, updated_at=at, updated_seq=seq)


def check_reply(ticket: Ticket, staff: Staff) -> None:
    """Replying is for the holder; a ticket nobody holds may be claimed by replying. Raises HeldByColleague."""
    if ticket.holder is not None and ticket.holder.id != staff.id:
        raise HeldByColleague(ticket.holder)


def pulled(ticket: Ticket) -> Ticket:
    """A waiting ticket in the panel; the row does not move for it."""
    return replace(ticket, state=State.PULLED)


def assigned(ticket: Ticket, by: Staff, to: Staff, *, take_over: bool) -> Ticket:
    """The ticket in the hands of `to`. Raises Forbidden, HeldByColleague, or Conflict when it is closed."""
    if take_over and not may(by.role, Right.MANAGE_TICKETS):
        raise Forbidden("Only an Owner or a Manager may take over a colleague's ticket.")
    if ticket.state == State.CLOSED:
        raise Conflict("This ticket is closed. Re-open it first.", code="ticket_closed")
    if ticket.holder is not None and ticket.holder.id == to.id:
        return ticket
    if ticket.holder is not None and ticket.holder.id != by.id and not take_over:
        raise HeldByColleague(ticket.holder)
    return replace(ticket, state=State.ASSIGNED, holder=Named(to.id, to.full_name))


def released(ticket: Ticket, by: Staff) -> Ticket:
    """Back to pulled, waiting since when it always was."""
    if ticket.state == State.CLOSED:
        raise Conflict("This ticket is closed.", code="ticket_closed")
    _check_mine(ticket, by)
    return let_go(ticket)


def let_go(ticket: Ticket) -> Ticket:
    """Unheld, whoever held it; a waiting ticket stays waiting."""
    return ticket if ticket.holder is None else replace(ticket, state=State.PULLED, holder=None)


def closed(ticket: Ticket, by: Staff, outcome: Outcome, *, at: int, seq: int) -> Ticket:
    """Closed; one that nobody held was claimed by closing it."""
    if ticket.state == State.CLOSED:
        raise Conflict("This ticket is closed already.", code="ticket_closed")
    _check_mine(ticket, by)
    holder = ticket.holder or Named(by.id, by.full_name)
    return replace(
        ticket,
        state=State.CLOSED,
        outcome=outcome,
        holder=holder,
        closed_at=at,
        updated_at=at,
        updated_seq=seq,
    )


def reopened(ticket: Ticket, by: Staff, *, at: int, seq: int) -> Ticket:
    """Open again and held by whoever re-opened it."""
    if ticket.state != State.CLOSED:
        raise Conflict("This ticket is open.", code="ticket_open")
    return replace(
        ticket, state=State.ASSIGNED, outcome=None, holder=Named(by.id, by.full_name), closed_at=None,
        updated_at=at, updated_seq=seq,
    )  # fmt: skip


def prioritised(ticket: Ticket, by: Staff, priority: Priority | None, *, at: int, seq: int) -> Ticket:
    """With that priority, moved to the top; as it was, if it had that."""
    _check_mine(ticket, by)
    if ticket.priority == priority:
        return ticket
    return replace(ticket, priority=priority, updated_at=at, updated_seq=seq)


def _check_mine(ticket: Ticket, by: Staff) -> None:
    """What only the holder may do, or an Owner or Manager for them; anyone who may work, when nobody holds it."""
    if ticket.holder is not None and ticket.holder.id != by.id and not may(by.role, Right.MANAGE_TICKETS):
        raise HeldByColleague(ticket.holder)
