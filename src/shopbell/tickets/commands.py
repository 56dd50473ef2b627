"""The verbs of a ticket: load, decide, save, record."""

from shopbell.conversations import store as conversations
from shopbell.conversations.events import MessagePosted
from shopbell.conversations.items import AuthorItem, to_staff
from shopbell.conversations.rules import (
    Author,
    Kind,
    Message,
    Sent,
    Side,
    answer_again,
)
from shopbell.kernel import ids
from shopbell.kernel.errors import Conflict, Invalid, NotFound
from shopbell.kernel.transaction import Transaction
from shopbell.signin.actors import Person
from shopbell.staff import store as colleagues
from shopbell.staff.actors import Staff
from shopbell.staff.rules import Right, may, require
from shopbell.tickets import rules, store
from shopbell.tickets.events import (
    FeedbackGiven,
    FeedbackRecalled,
    FeedbackRequested,
    Note,
    NotePosted,
    TicketAssigned,
    TicketClosed,
    TicketEvent,
    TicketPrioritised,
    TicketReleased,
    TicketReopened,
    TicketsPulled,
    WaitingChanged,
)
from shopbell.tickets.items import item, signature
from shopbell.tickets.rules import Counters, Outcome, Priority, State, Ticket

# As many as one event tells, and as hold the writer for a few milliseconds.
PULLED_AT_ONCE = 100


def acting(tx: Transaction, staff: Staff, right: Right) -> Staff:
    """The colleague as they are now, with the right to go on. Raises Unauthenticated or Forbidden."""
    now = colleagues.present(tx, staff)
    require(now.role, right)
    return now


def pull(tx: Transaction, staff: Staff) -> int:
    """Bring the longest waiting tickets into the panel; how many, and that is PULLED_AT_ONCE if more may wait."""
    staff = acting(tx, staff, Right.WRITE_TICKETS)
    business_id = staff.business_id
    pulled = [rules.pulled(ticket) for ticket in store.waiting(tx, business_id, PULLED_AT_ONCE)]
    if pulled:
        store.save(tx, pulled)
        event = TicketsPulled(tickets=tuple(item(ticket) for ticket in pulled), by=signature(staff))
        store.remember_pull(tx, business_id, tx.record(business_id, event), event)
        before, count = store.counters(tx, business_id), len(pulled)
        _count(tx, business_id, Counters(before.waiting - count, before.pulled + count, before.numbered))
    return len(pulled)


def assign(
    tx: Transaction, staff: Staff, ticket_id: str, to_id: str | None, *, note: str | None, take_over: bool
) -> Ticket:
    """Claim (`to_id` None), transfer or take over a ticket, with an optional note for the new holder.

    Who names the present holder changes nothing, so that a transfer may be sent again.
    """
    staff = acting(tx, staff, Right.WRITE_TICKETS)
    ticket = _ticket(tx, staff, ticket_id)
    to = staff if to_id is None or to_id == staff.id else _colleague(tx, staff, to_id)
    held = rules.assigned(ticket, staff, to, take_over=take_over)
    if held is ticket:
        return ticket
    store.save(tx, [held])
    _tell(tx, TicketAssigned.of(held, signature(staff)), held, before=ticket.state)
    if note is not None:
        _noted(tx, held, staff, ids.new(), note)
    return _ticket(tx, staff, ticket_id)


def _colleague(tx: Transaction, staff: Staff, staff_id: str) -> Staff:
    to = colleagues.acting(tx, staff.business_id, [staff_id]).get(staff_id)
    if to is None:
        raise NotFound
    if not may(to.role, Right.WRITE_TICKETS):
        raise Invalid("staff_id", "A Marketer can't hold tickets. Choose an Owner, a Manager or an Agent.")
    return to


def release(tx: Transaction, staff: Staff, ticket_id: str) -> Ticket:
    """Give the ticket back to everybody."""
    staff = acting(tx, staff, Right.WRITE_TICKETS)
    ticket = _ticket(tx, staff, ticket_id)
    released = rules.released(ticket, staff)
    if released is not ticket:
        let_go(tx, ticket, signature(staff))
    return released


def let_go(tx: Transaction, ticket: Ticket, by: AuthorItem | None) -> None:
    """Save and record that nobody holds the ticket any more; `by` None when the holder left."""
    released = rules.let_go(ticket)
    store.save(tx, [released])
    _tell(tx, TicketReleased.of(released, by), released, before=ticket.state)


def prioritise(tx: Transaction, staff: Staff, ticket_id: str, priority: Priority | None) -> Ticket:
    staff = acting(tx, staff, Right.WRITE_TICKETS)
    ticket = _ticket(tx, staff, ticket_id)
    seq = tx.next_seq(staff.business_id)
    changed = rules.prioritised(ticket, staff, priority, at=tx.now, seq=seq)
    if changed is not ticket:
        store.save(tx, [changed])
        _tell(tx, TicketPrioritised.of(changed, signature(staff)), changed, before=ticket.state)
    return changed


def close(tx: Transaction, staff: Staff, ticket_id: str, outcome: Outcome, seen_seq: int | None) -> Ticket:
    """Close with one of two outcomes, and ask the customer for feedback.

    Raises Conflict `new_messages`, with the messages, when the customer wrote after `seen_seq`.
    """
    staff = acting(tx, staff, Right.WRITE_TICKETS)
    ticket = _ticket(tx, staff, ticket_id)
    seq = tx.next_seq(staff.business_id)
    closed = rules.closed(ticket, staff, outcome, at=tx.now, seq=seq)
    if seen_seq is not None and ticket.customer_seq > seen_seq:
        raise _new_messages(tx, staff, ticket, seen_seq)
    store.save(tx, [closed])
    store.add_closure(tx, closed, seq, staff.id)
    _tell(tx, TicketClosed.of(closed, signature(staff)), closed, before=ticket.state)
    _ask_for_feedback(tx, closed)
    return closed


def _new_messages(tx: Transaction, staff: Staff, ticket: Ticket, seen_seq: int) -> Conflict:
    newer = conversations.written_after(tx, staff.business_id, ticket.conversation_id, seen_seq)
    return Conflict(
        "The customer wrote meanwhile. Read it, then close again.",
        code="new_messages",
        messages=[to_staff(message, staff.id) for message in newer],
    )


def _ask_for_feedback(tx: Transaction, closed: Ticket) -> None:
    business_id, conversation_id, person_id = closed.business_id, closed.conversation_id, closed.customer.id
    name = conversations.business_name(tx, business_id)
    author = Author(Side.BUSINESS, business_id, name, name)
    request = Message(
        conversation_id, tx.next_seq(business_id), business_id, closed.id, Kind.FEEDBACK_REQUEST, author, None, "",
        tx.now,
    )  # fmt: skip
    conversations.save_messages(tx, [request])
    tx.record(business_id, MessagePosted(message=request), person_id=person_id, conversation_id=conversation_id)
    conversations.set_feedback_due(tx, business_id, conversation_id, closed.id)
    tx.record(
        business_id,
        FeedbackRequested(ticket_id=closed.id),
        person_id=person_id,
        conversation_id=conversation_id,
    )


def reopen(tx: Transaction, staff: Staff, ticket_id: str) -> Ticket:
    """Open again, held by the caller. Raises Conflict with the follow-up while one is open."""
    staff = acting(tx, staff, Right.WRITE_TICKETS)
    ticket = _ticket(tx, staff, ticket_id)
    seq = tx.next_seq(staff.business_id)
    reopened = rules.reopened(ticket, staff, at=tx.now, seq=seq)
    if follow_up := store.open_in(tx, staff.business_id, ticket.conversation_id):
        raise Conflict("A follow-up of this ticket is open.", code="follow_up_open", follow_up=item(follow_up))
    store.save(tx, [reopened])
    _tell(tx, TicketReopened.of(reopened, signature(staff)), reopened, before=ticket.state)
    _recall_feedback(tx, reopened)
    return reopened


def _recall_feedback(tx: Transaction, reopened: Ticket) -> None:
    business_id, conversation_id = reopened.business_id, reopened.conversation_id
    if conversations.clear_feedback_due(tx, business_id, conversation_id, reopened.id):
        tx.record(
            business_id,
            FeedbackRecalled(ticket_id=reopened.id),
            person_id=reopened.customer.id,
            conversation_id=conversation_id,
        )


def note(tx: Transaction, staff: Staff, ticket_id: str, nonce: str, text: str) -> Sent:
    """Say something among staff, on anybody's ticket."""
    staff = colleagues.present(tx, staff)
    ticket = _ticket(tx, staff, ticket_id)
    if before := store.noted_before(tx, ticket.id, staff.id, nonce):
        seq, created_at, first = before
        return answer_again(Sent(f"{ticket.id}.{seq}", seq, created_at), first, text)
    require(staff.role, Right.WRITE_TICKETS)
    posted = _noted(tx, ticket, staff, nonce, text)
    return Sent(posted.id, posted.seq, posted.created_at)


def _noted(tx: Transaction, ticket: Ticket, staff: Staff, nonce: str, text: str) -> Note:
    seq = tx.next_seq(ticket.business_id)
    posted = Note(ticket.id, seq, signature(staff), nonce, text, tx.now)
    store.add_note(tx, ticket.business_id, posted)
    store.save(tx, [rules.touched(ticket, tx.now, seq)])
    tx.record(ticket.business_id, NotePosted(note=posted), conversation_id=ticket.conversation_id)
    return posted


def give_feedback(
    tx: Transaction, person: Person, business_id: str, ticket_id: str, rating: int, comment: str | None
) -> None:
    """What the person thinks of a closed ticket, once for each closure; it never opens a ticket."""
    ticket = store.ticket(tx, business_id, ticket_id)
    if ticket is None or ticket.customer.id != person.id:
        raise NotFound
    if ticket.state != State.CLOSED:
        raise Conflict("This ticket is open again; feedback can be given once it is closed.", code="ticket_open")
    if not store.rate_last_closure(tx, business_id, ticket_id, rating, comment):
        raise Conflict("You gave feedback for this already.", code="feedback_given")
    conversations.clear_feedback_due(tx, business_id, ticket.conversation_id, ticket_id)
    tx.record(
        business_id, FeedbackGiven(ticket_id=ticket_id, rating=rating, comment=comment), person_id=person.id,
        conversation_id=ticket.conversation_id,
    )  # fmt: skip


def _ticket(tx: Transaction, staff: Staff, ticket_id: str) -> Ticket:
    ticket = store.ticket(tx, staff.business_id, ticket_id)
    if ticket is None:
        raise NotFound
    return ticket


def _tell(tx: Transaction, event: TicketEvent, ticket: Ticket, *, before: State) -> None:
    """Record the ticket's event, keep it in its history, and move the counters."""
    business_id = ticket.business_id
    seq = tx.record(business_id, event, conversation_id=ticket.conversation_id)
    store.remember(tx, business_id, seq, event)
    counters = store.counters(tx, business_id)
    moved = counters.moved(before, ticket.state)
    if moved != counters:
        _count(tx, business_id, moved)


def _count(tx: Transaction, business_id: str, now: Counters) -> None:
    store.save_counters(tx, business_id, now)
    tx.record(business_id, WaitingChanged(waiting=now.waiting, unclaimed=now.unclaimed))
