"""Screens of one business come and go while its stream is only being found: whoever came last still hears of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Self, TypeVar

from shopbell.conversations import commands as conversing
from shopbell.kernel.database import Snapshot, open_database
from shopbell.kernel.desk import READERS, Desk
from shopbell.kernel.scope import HOUSE
from shopbell.kernel.transaction import Transaction
from shopbell.kernel.writer import Interrupted
from shopbell.live.hub import Hub
from shopbell.live.relay import Relay
from shopbell.loop import commands as loop
from shopbell.signin.actors import Person
from shopbell.tickets.events import WaitingChanged
from tests.cluster import Nats
from tests.desk_world import found
from tests.statements import WatchedDatabase

SECONDS = 10
MOMENT = 0.1

T = TypeVar("T")


class Screen:
    """What a listener of one business was told, by number."""

    actor_id = ""

    def __init__(self) -> None:
        self.told: dict[str, int] = {}
        self.numbers: list[int] = []

    def hear(self, business_id: str, seq: int, frame: bytes) -> None:
        self.numbers.append(seq)

    def hear_now(self, frame: bytes) -> None: ...

    def flush(self) -> None: ...


async def until(screen: Screen, seq: int) -> None:
    async with asyncio.timeout(SECONDS):
        while seq not in screen.numbers:
            await asyncio.sleep(0.01)


def happen(tx: Transaction, business_id: str) -> int:
    return tx.record(business_id, WaitingChanged(waiting=1, unclaimed=1))


async def look(in_doubt: bool) -> None: ...


@asynccontextmanager
async def two_processes(
    url: str, nats: Nats, looking: Callable[[bool], Awaitable[None]] = look
) -> AsyncIterator[tuple[Desk, Relay, Hub, Desk]]:
    """A desk that changes things and tells nobody, and another process that has to find out."""
    silent, desk = Desk(open_database(url)), Desk(WatchedDatabase(open_database(url)))
    hub = Hub(desk.epoch)
    relay = Relay(desk, hub, nats.url, met=lambda *_: None, looking=looking, presence=lambda *_: None)
    silent.start()
    desk.start()
    relay.start()
    try:
        yield silent, relay, hub, desk
    finally:
        await relay.stop()
        await desk.stop()
        await silent.stop()


async def test_who_follows_while_another_leaves_misses_nothing_that_happens_from_then_on(
    postgres_url: str, nats: Nats
) -> None:
    async with two_processes(postgres_url, nats) as (silent, relay, hub, desk):
        business_id = (await silent.do(None, found)).business_id
        while relay.failing:
            await asyncio.sleep(MOMENT)
        # The leaver's look at the log is over well before the one that the next screen waits for.
        first = await busy(desk)
        leaver = await begun(relay.follow([business_id]))
        then = await busy(desk)
        leaver.cancel()
        relay.unfollow([business_id])
        follower = await begun(relay.follow([business_id]))
        await first
        screen = Screen()
        hub.add_staff(business_id, screen)
        await relay.follow([business_id])
        # Only the log tells of it, and only to who knows where the stream stood before.
        await until(screen, await silent.do(business_id, happen, business_id))
        await asyncio.gather(then, follower)


async def busy(desk: Desk) -> "asyncio.Future[list[None]]":
    """Keep all readers of the desk busy for a while."""
    return await begun(asyncio.gather(*(desk.read_for(HOUSE, nap) for _ in range(READERS))))


def nap(read: Snapshot) -> None:
    read.value("SELECT pg_sleep(:seconds)", seconds=4 * MOMENT)


async def begun(work: Awaitable[T]) -> "asyncio.Future[T]":
    """The work, as far as it gets within a moment."""
    begun = asyncio.ensure_future(work)
    await asyncio.sleep(MOMENT)
    return begun


async def test_where_the_last_screen_leaves_nothing_is_brought_any_more(postgres_url: str, nats: Nats) -> None:
    async with two_processes(postgres_url, nats) as (silent, relay, hub, _):
        business_id = (await silent.do(None, found)).business_id
        screen = Screen()
        hub.add_staff(business_id, screen)
        await relay.follow([business_id, business_id])
        relay.unfollow([business_id])
        await until(screen, await silent.do(business_id, happen, business_id))
        relay.unfollow([business_id])
        await silent.do(business_id, happen, business_id)
        await relay.follow([business_id])
        await until(screen, await silent.do(business_id, happen, business_id))
        assert len(screen.numbers) == 2


async def test_what_nobody_told_is_found_however_long_looking_around_takes(postgres_url: str, nats: Nats) -> None:
    async with two_processes(postgres_url, nats, looking=for_ever) as (silent, relay, hub, _):
        business_id = (await silent.do(None, found)).business_id
        screen = Screen()
        hub.add_staff(business_id, screen)
        await relay.follow([business_id])
        for _ in range(2):
            await until(screen, await silent.do(business_id, happen, business_id))


async def for_ever(in_doubt: bool) -> None:
    await asyncio.Event().wait()


async def test_who_knows_many_businesses_costs_few_reads(postgres_url: str, nats: Nats) -> None:
    async with two_processes(postgres_url, nats) as (silent, relay, _, desk):
        business_ids = [(await silent.do(None, found)).business_id for _ in range(12)]
        while relay.failing:
            await asyncio.sleep(MOMENT)
        assert isinstance(desk.database, WatchedDatabase)
        with desk.database.watched() as asked:
            await relay.follow(business_ids)
        heads = [statement for statement, _ in asked if "FROM event_heads" in str(statement)]
        assert len(heads) <= len(business_ids) / 2


class Peer:
    """A process, each time it looked around, whether it was in doubt, and who came to a business after which number."""

    def __init__(self, url: str, bus_url: str) -> None:
        self.desk = Desk(open_database(url))
        self.looks: list[bool] = []
        self.met: list[tuple[str, str, int]] = []
        self.relay = Relay(
            self.desk, Hub(self.desk.epoch), bus_url, met=self._meet, looking=self._look, presence=lambda *_: None
        )

    def _meet(self, *met: Any) -> None:
        self.met.append(met)

    async def _look(self, in_doubt: bool) -> None:
        self.looks.append(in_doubt)

    async def calm(self) -> None:
        """Wait until it looked around without a doubt."""
        await self.looked(False)

    async def looked(self, in_doubt: bool) -> None:
        self.looks.clear()
        async with asyncio.timeout(SECONDS):
            while in_doubt not in self.looks:
                await asyncio.sleep(0.01)

    async def __aenter__(self) -> Self:
        self.desk.start()
        self.relay.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.relay.stop()
        await self.desk.stop()


def meet(tx: Transaction, business_id: str, person: Person) -> int:
    """Something between the two that both hear of; its number."""
    conversing.open_as_person(tx, person, business_id)
    return tx.heads[business_id]


async def test_after_a_break_on_one_side_the_other_side_looks_for_what_it_was_not_told(postgres_url: str) -> None:
    with Nats(breaks="one", stays="two") as nats:
        async with (
            Peer(postgres_url, nats.url_of("breaks", "one")) as breaks,
            Peer(postgres_url, nats.url_of("stays", "two")) as stays,
        ):
            world = await breaks.desk.do(None, found)
            await breaks.calm()
            await stays.calm()
            nats.rotate(breaks="another", stays="two")
            await breaks.looked(True)
            assert True not in stays.looks
            await breaks.desk.do(world.business_id, meet, world.business_id, world.people[-1])
            nats.rotate(breaks="one", stays="two")
            await stays.looked(True)
            await stays.calm()
            await breaks.calm()


async def test_an_unsettled_commit_has_every_process_look_around(postgres_url: str, nats: Nats) -> None:
    async with Peer(postgres_url, nats.url) as here, Peer(postgres_url, nats.url) as there:
        await here.calm()
        await there.calm()
        here.desk.signalled(Interrupted())
        async with asyncio.TaskGroup() as looking:
            looking.create_task(here.looked(True))
            looking.create_task(there.looked(True))


async def test_who_leaves_and_comes_again_is_made_known_each_time(postgres_url: str, nats: Nats) -> None:
    async with Peer(postgres_url, nats.url) as here, Peer(postgres_url, nats.url) as there:
        world = await here.desk.do(None, found)
        person, business_id = world.people[-1], world.business_id
        await here.calm()
        await there.calm()
        here.met.clear()
        there.met.clear()
        heads = [await here.desk.do(business_id, step, person, business_id) for step in (join, leave, join)]
        came = [(person.id, business_id, head - 1) for head in (heads[0], heads[2])]
        async with asyncio.timeout(SECONDS):
            while len(there.met) < len(came):
                await asyncio.sleep(0.01)
        assert (here.met, there.met) == (came, came)


def join(tx: Transaction, person: Person, business_id: str) -> int:
    loop.join(tx, person, business_id)
    return tx.heads[business_id]


def leave(tx: Transaction, person: Person, business_id: str) -> int:
    loop.leave(tx, person, business_id)
    return tx.heads[business_id]
