"""An invented desk as rows of the server's tables."""

from collections.abc import Iterator

from bench.rig.bulk import Loader
from bench.rig.history import SEQ_STEP, Desk, Ticket
from bench.rig.words import line
from shopbell.kernel.bloom import bloom
from shopbell.signin.names import filed_words, sort_key

THREADS = 20_000
THREAD_MESSAGES = 4
LONG_THREAD_MESSAGES = 5_000

Rows = Iterator[tuple[object, ...]]


def load(loader: Loader, desk: Desk) -> Ticket:
    """Writes all of `desk`, the threads of its newest tickets, and one long thread: that one's ticket."""
    long = _lengthen(desk)
    loader.insert("people", "id, first_name, last_name, email, email_key, password_hash, created_at", _people(desk))
    loader.insert("contacts", "business_id, person_id, name_key, created_at, joined_at", _contacts(desk))
    loader.insert("contact_words", "business_id, word, person_id, closed_seq", _words(desk))
    loader.insert("conversations", "id, business_id, person_id, created_at", _conversations(desk))
    loader.insert(
        "tickets",
        "id, business_id, number, conversation_id, person_id, name_bloom, state, holder_id, priority, outcome,"
        " messages, read_messages, last_line, last_seq, waiting_since, updated_at, updated_seq, customer_seq,"
        " closed_at, follow_up_of",
        _tickets(desk),
    )
    loader.insert("ticket_closures", "ticket_id, seq, business_id, outcome, staff_id, closed_at", _closures(desk))
    messages = "conversation_id, seq, business_id, ticket_id, kind, side, author_id, nonce, text, created_at"
    for ticket in desk.tickets[-THREADS:-1]:
        seqs = range(ticket.updated_seq - THREAD_MESSAGES + 1, ticket.updated_seq + 1)
        loader.insert("messages", messages, _thread(desk, ticket, seqs))
    loader.insert("messages", messages, _thread(desk, long, _long_seqs(long)))
    _count(loader, desk)
    return long


def _lengthen(desk: Desk) -> Ticket:
    """The newest of the tickets somebody holds, moved to the top with room for a long thread."""
    long = next(ticket for ticket in reversed(desk.tickets) if ticket.state == "assigned")
    desk.tickets.remove(long)
    long.updated_seq = desk.head + SEQ_STEP + LONG_THREAD_MESSAGES
    long.updated_at = max(long.updated_at, desk.tickets[-1].updated_at)
    desk.tickets.append(long)
    return long


def _long_seqs(long: Ticket) -> range:
    return range(long.updated_seq - LONG_THREAD_MESSAGES + 1, long.updated_seq + 1)


def _count(loader: Loader, desk: Desk) -> None:
    """The counters, and an event log whose bodies have all grown too old to be kept."""
    loader.run(f"DELETE FROM desk_counters WHERE business_id = '{desk.business_id}'")
    counts = (desk.count("waiting"), desk.count("pulled"), len(desk.tickets))
    loader.insert("desk_counters", "business_id, waiting, pulled, numbered", [(desk.business_id, *counts)])
    loader.run(f"DELETE FROM event_log WHERE business_id = '{desk.business_id}'")
    loader.run(f"DELETE FROM event_heads WHERE business_id = '{desk.business_id}'")
    loader.insert("event_heads", "business_id, seq, floor", [(desk.business_id, desk.head, desk.head)])


def _people(desk: Desk) -> Rows:
    for place, customer in enumerate(desk.customers):
        address = f"customer-{place}@example.com"
        yield customer.id, customer.first_name, customer.last_name, address, address, "-", customer.since


def _contacts(desk: Desk) -> Rows:
    for customer in desk.customers:
        yield desk.business_id, customer.id, sort_key(customer.name), customer.since, customer.since


def _words(desk: Desk) -> Rows:
    newest_closed = {ticket.customer.id: ticket.updated_seq for ticket in desk.tickets if ticket.closed}
    for customer in desk.customers:
        for word in filed_words(customer.name):
            yield desk.business_id, word, customer.id, newest_closed.get(customer.id, 0)


def _conversations(desk: Desk) -> Rows:
    for customer in desk.customers:
        yield customer.conversation_id, desk.business_id, customer.id, customer.since


def _tickets(desk: Desk) -> Rows:
    for ticket in desk.tickets:
        customer, seq = ticket.customer, ticket.updated_seq
        read = ticket.messages if ticket.closed else 0
        last_line = line(ticket.number, f"#{ticket.number}")
        yield (
            *(ticket.id, desk.business_id, ticket.number, customer.conversation_id, customer.id),
            bloom(filed_words(customer.name)),
            *(ticket.state, ticket.holder_id, ticket.priority, ticket.outcome, ticket.messages),
            *(read, last_line, seq, ticket.opened_at, ticket.updated_at, seq, seq),
            *(ticket.updated_at if ticket.closed else None, ticket.follow_up_of),
        )


def _closures(desk: Desk) -> Rows:
    for ticket in desk.tickets:
        if ticket.closed:
            by, at = ticket.holder_id, ticket.updated_at
            yield ticket.id, ticket.updated_seq, desk.business_id, ticket.outcome, by, at


def _thread(desk: Desk, ticket: Ticket, seqs: range) -> Rows:
    """Customer and colleague take turns, a second apart, one message for each of `seqs`."""
    for turn, seq in enumerate(seqs):
        from_customer = turn % 2 == 0 or ticket.holder_id is None
        side, author = ("person", ticket.customer.id) if from_customer else ("staff", ticket.holder_id)
        at = ticket.updated_at - (seqs.stop - seq) * 1_000_000
        yield (
            *(ticket.customer.conversation_id, seq, desk.business_id, ticket.id, "text", side, author),
            *(f"{ticket.number}-{seq}", line(seq, f"#{seq}"), at),
        )
