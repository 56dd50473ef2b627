"""Pages of the panel, walked index by index, against all tickets sorted in one piece."""

from collections.abc import AsyncIterator, Callable, Iterator
from itertools import product
from random import Random
from typing import Any, NamedTuple

import pytest

from shopbell.kernel import ids
from shopbell.kernel.database import open_database
from shopbell.kernel.desk import Desk
from shopbell.kernel.transaction import Transaction
from shopbell.loop import commands as joining
from shopbell.loop import store as contacts
from shopbell.signin import commands as signin
from shopbell.staff.actors import Staff
from shopbell.tickets import panel, search, store
from shopbell.tickets.panel import SHOWN, Filters, Shown, Sort
from shopbell.tickets.rules import RANK, Named, Outcome, Priority, State, Ticket
from tests.desk_world import ANN, BOB, World, address, found

pytestmark = pytest.mark.anyio

TICKETS = 160
PEOPLE = 24
PAGE = 7
# How many people a word may have to be few.
COMMONNESS = {"few": PEOPLE, "common": 0}
THRESHOLDS = ("FEW_PEOPLE", "FEW_FILTERED_PEOPLE", "FEW_NEWEST_FIRST")


class Shop(NamedTuple):
    desk: Desk
    world: World
    tickets: list[Ticket]

    def found(self, asked: Filters, ann: Staff) -> list[str]:
        """The ids that pages of these filters hold, by looking at every ticket."""
        shown = [ticket for ticket in self.tickets if _shown(ticket, asked, ann)]
        return [ticket.id for ticket in sorted(shown, key=ORDERS[asked.sort])]


ORDERS: dict[Sort, Callable[[Ticket], Any]] = {
    Sort.UPDATED: lambda ticket: -ticket.updated_seq,
    Sort.WAITING: lambda ticket: (
        (True, -ticket.updated_seq) if ticket.state == "closed" else (False, ticket.waiting_since, ticket.id)
    ),
    Sort.PRIORITY: lambda ticket: (-RANK[ticket.priority] if ticket.priority else 0, -ticket.updated_seq),
}


def _shown(ticket: Ticket, asked: Filters, ann: Staff) -> bool:
    holder = ticket.holder.id if ticket.holder else "none"
    wanted = ann.id if asked.holder == "me" else asked.holder
    # What is closed is in nobody's hands, and yet not up for anybody to take.
    apart = asked.holder == "none" or (asked.holder == "me" and asked.state is None)
    in_hand = ticket.state != State.CLOSED or not apart
    words = ticket.customer.name.lower().split()
    return (
        ticket.state in SHOWN[asked.state]
        and (wanted is None or holder == wanted)
        and in_hand
        and (asked.priority is None or ticket.priority == asked.priority)
        and all(any(word.startswith(start) for word in words) for start in (asked.q or "").split())
    )


def _filled(tx: Transaction, world: World) -> list[Ticket]:
    """Tickets of every kind, most of them closed, whose orders by update, wait and priority all differ."""
    random = Random(7)
    people = [
        signin.sign_up(tx, f"Pia{at % 3}", f"Person{at % 5}", address(), "hash", ids.hashed(ids.token()))
        for at in range(PEOPLE)
    ]
    for person in people:
        joining.join(tx, person, world.business_id)
    seqs = random.sample(range(1_000, 9_000), TICKETS)
    tickets = [_ticket(random, world, at, random.choice(people), seqs[at]) for at in range(TICKETS)]
    store.add(tx, tickets)
    store.save(tx, tickets)
    # As after a ticket was opened again that had been closed last.
    contacts.save_closed(tx, {(world.business_id, person.id): random.randrange(9_000, 9_100) for person in people[::4]})
    return tickets


def _ticket(random: Random, world: World, at: int, person: Any, seq: int) -> Ticket:
    state = random.choice([*State, State.CLOSED, State.CLOSED, State.CLOSED])
    held = state == State.ASSIGNED or (state == State.CLOSED and random.random() < 0.8)
    holder = world.staff[random.choice((ANN, BOB))]
    return Ticket(
        ids.new(), world.business_id, at + 1, ids.new(), Named(person.id, f"{person.first_name} {person.last_name}"),
        state, Named(holder.id, holder.full_name) if held else None, random.choice([None, None, *Priority]),
        Outcome.RESOLVED if state == State.CLOSED else None, 1, 0, "Hello", seq,
        # Few moments for many tickets: the id has to decide.
        random.randrange(20), seq, seq, seq, seq if state == State.CLOSED else None, None,
    )  # fmt: skip


@pytest.fixture
async def shop(database_url: str) -> AsyncIterator[Shop]:
    desk = Desk(open_database(database_url))
    desk.start()
    world = await desk.do(None, found)
    yield Shop(desk, world, await desk.do(world.business_id, _filled, world))
    await desk.stop()


def every_filter(shop: Shop, queries: tuple[str | None, ...]) -> Iterator[Filters]:
    colleague = shop.world.staff[BOB].id
    for state, holder, priority, q, sort in product(
        (None, *Shown), (None, "me", "none", colleague), (None, Priority.HIGH), queries, Sort
    ):
        yield Filters(state=state, holder=holder, priority=priority, q=q, sort=sort)


async def pages(shop: Shop, asked: Filters, ann: Staff) -> list[str]:
    shown: list[str] = []
    after = None
    while True:
        page = await shop.desk.read(panel.page, ann, asked, limit=PAGE, after=after)
        assert page.next is None or len(page.items) == PAGE
        shown += [item.id for item in page.items]
        if page.next is None:
            return shown
        after = page.next


async def test_all_pages_together_are_all_tickets_in_order(shop: Shop) -> None:
    ann = shop.world.staff[ANN]
    for asked in every_filter(shop, (None,)):
        assert await pages(shop, asked, ann) == shop.found(asked, ann), asked


@pytest.mark.parametrize("commonness", COMMONNESS)
async def test_a_search_finds_the_same_however_common_its_words_are(
    shop: Shop, commonness: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for few in THRESHOLDS:
        monkeypatch.setattr(search, few, COMMONNESS[commonness])
    monkeypatch.setattr(search, "HELPINGS", (1, 3))
    ann = shop.world.staff[ANN]
    for asked in every_filter(shop, ("pia1", "pia2 person3", "nobody")):
        assert await pages(shop, asked, ann) == shop.found(asked, ann), asked
