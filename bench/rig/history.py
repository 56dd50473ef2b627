"""A million tickets of one business, invented as they would have come to be over the years."""

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from bench.rig.names import people
from shopbell.signin.names import filed_words

SEED = 20
DAY = 86_400 * 1_000_000
YEARS = 3
CUSTOMERS_PER_TICKET = 0.4
OPEN_SHARE = 0.01
WAITING = 400
PULLED = 1_600
# Open tickets are among the newest, but for what somebody forgot.
RECENT_SHARE = 0.06
PRIORITIES = (None, 1, 2, 3)
PRIORITY_WEIGHTS = (70, 10, 10, 10)
ABANDONED_EVERY = 8
# The seqs of each ticket's last messages lie in a gap of its own.
SEQ_STEP = 10


@dataclass(frozen=True)
class Customer:
    id: str
    first_name: str
    last_name: str
    since: int
    conversation_id: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass
class Ticket:
    """`opened_at`, `updated_at` in microseconds; `updated_seq` is the ticket's place among all, by update."""

    id: str
    number: int
    customer: Customer
    opened_at: int
    updated_at: int
    state: str
    holder_id: str | None
    priority: int | None
    messages: int
    follow_up_of: str | None
    updated_seq: int = 0

    @property
    def closed(self) -> bool:
        return self.state == "closed"

    @property
    def outcome(self) -> str | None:
        if not self.closed:
            return None
        return "abandoned" if self.number % ABANDONED_EVERY == 0 else "resolved"


@dataclass
class Desk:
    """The newest updated ticket is the last of `tickets`; `words` counts customers by filed word."""

    business_id: str
    customers: list[Customer]
    tickets: list[Ticket]
    words: Counter[str] = field(default_factory=Counter)

    @property
    def head(self) -> int:
        return self.tickets[-1].updated_seq

    def count(self, state: str) -> int:
        return sum(ticket.state == state for ticket in self.tickets)


def invent(business_id: str, staff_ids: list[str], tickets: int, now: int) -> Desk:
    """`tickets` of about 0.4 times as many customers, over the three years until `now` (microseconds)."""
    random = Random(SEED)
    desk = Desk(business_id, [], [])
    named = people(random)
    newest: dict[str, Ticket] = {}
    moments = sorted(random.randrange(now - YEARS * 365 * DAY, now - DAY // 24) for _ in range(tickets))
    for number, opened_at in enumerate(moments, start=1):
        if not desk.customers or random.random() < CUSTOMERS_PER_TICKET:
            first_name, last_name = next(named)
            ids = _id(random, opened_at), _id(random, opened_at)
            desk.customers.append(Customer(ids[0], first_name, last_name, opened_at, ids[1]))
            customer = desk.customers[-1]
        else:
            customer = random.choice(desk.customers)
        before = newest.get(customer.id)
        if before:
            # The one before was closed when this one began.
            before.updated_at = min(before.updated_at, opened_at - 1)
        newest[customer.id] = Ticket(
            id=_id(random, opened_at),
            number=number,
            customer=customer,
            opened_at=opened_at,
            updated_at=min(now, opened_at + int(random.expovariate(1 / (DAY // 4)))),
            state="closed",
            holder_id=random.choice(staff_ids),
            priority=random.choices(PRIORITIES, PRIORITY_WEIGHTS)[0],
            messages=1 + int(random.expovariate(1 / 3)),
            follow_up_of=before.id if before else None,
        )
        desk.tickets.append(newest[customer.id])
    _leave_some_open(random, desk, list(newest.values()))
    desk.tickets.sort(key=lambda ticket: (ticket.updated_at, ticket.number))
    for place, ticket in enumerate(desk.tickets, start=1):
        ticket.updated_seq = place * SEQ_STEP
    for customer in desk.customers:
        desk.words.update(filed_words(customer.name))
    return desk


def _leave_some_open(random: Random, desk: Desk, last_ones: list[Ticket]) -> None:
    """Opens 1 % of all: only the newest ticket of a conversation can be open."""
    last_ones.sort(key=lambda ticket: ticket.number)
    recent = last_ones[-int(len(desk.tickets) * RECENT_SHARE) :]
    wanted = int(len(desk.tickets) * OPEN_SHARE)
    waiting, pulled = (int(share * wanted / 10_000) for share in (WAITING, PULLED))
    for place, ticket in enumerate(random.sample(recent, wanted)):
        if place < waiting:
            ticket.state, ticket.holder_id = "waiting", None
        elif place < waiting + pulled:
            ticket.state, ticket.holder_id = "pulled", None
        else:
            ticket.state = "assigned"


def _id(random: Random, micros: int) -> str:
    """A UUIDv7 of that moment, as the server writes it (RFC 9562, 5.7)."""
    noise = random.getrandbits(74)
    value = (micros // 1000) << 80 | 0x7 << 76 | (noise >> 62) << 64 | 0b10 << 62 | noise & (1 << 62) - 1
    return f"{value:032x}"
