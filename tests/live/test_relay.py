"""Screens of one business come and go while its stream is only being found: whoever came last still hears of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import TypeVar

from shopbell.kernel.database import Snapshot, open_database
from shopbell.kernel.desk import READERS, Desk
from shopbell.kernel.scope import HOUSE
from shopbell.kernel.transaction import Transaction
from shopbell.live.hub import Hub
from shopbell.live.relay import Relay
from shopbell.tickets.events import WaitingChanged
from tests.cluster import Nats
from tests.desk_world import found

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
async def two_processes(url: str, nats: Nats) -> AsyncIterator[tuple[Desk, Relay, Hub, Desk]]:
    """A desk that changes things and tells nobody, and another process that has to find out."""
    silent, desk = Desk(open_database(url)), Desk(open_database(url))
    hub = Hub(desk.epoch)
    relay = Relay(desk, hub, nats.url, met=lambda *_: None, looking=look, presence=lambda *_: None)
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
