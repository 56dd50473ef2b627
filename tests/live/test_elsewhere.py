"""Who works for several businesses is told how many wait in the others: the newest count, and only while they do."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import msgspec
import pytest

from shopbell.kernel.database import open_database
from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import StorageDown
from shopbell.kernel.transaction import Transaction
from shopbell.live.elsewhere import Count, Elsewhere
from shopbell.live.hub import Hub
from shopbell.live.neighbours import Nobody
from shopbell.migrations import migrate
from shopbell.staff import commands as staffing
from shopbell.staff.actors import Staff
from shopbell.staff.commands import Newcomer
from shopbell.staff.rules import Role
from shopbell.staff.signals import StaffChanged
from shopbell.tickets import store
from shopbell.tickets.events import WaitingChanged
from shopbell.tickets.rules import Counters
from tests.desk_world import OWNER, World, address, found
from tests.engines import Postgres
from tests.statements import WatchedDatabase

SECONDS = 10
SCREENS = 25


class Screen:
    """What a screen was told, in order."""

    def __init__(self) -> None:
        self.counts: list[int] = []

    async def follow(self, business_ids: Sequence[str]) -> None: ...

    def hear_now(self, frame: bytes) -> None:
        self.counts.append(msgspec.json.decode(frame)["waiting"])

    async def told(self, count: int) -> None:
        async with asyncio.timeout(SECONDS):
            while self.counts[-1:] != [count]:
                await asyncio.sleep(0.01)


class Two:
    """Two shops of one desk, and what is told of the second to those who sit in the first."""

    def __init__(self, desk: Desk, here: World, there: World) -> None:
        self.desk = desk
        self.here, self.there = here, there
        hub = Hub(desk.epoch)
        Nobody(desk, hub).start()
        self.elsewhere = Elsewhere(desk, hub)
        desk.hear_signal(StaffChanged, self.elsewhere.look_again)

    async def colleague(self) -> tuple[Staff, Staff]:
        """Somebody who works in both, as they are known in each."""
        newcomer = Newcomer(Role.AGENT, "Bea", "Both", address(), None)
        here = await self.desk.do(self.here.business_id, staffing.add, self.here.staff[OWNER], newcomer)
        there = await self.desk.do(self.there.business_id, staffing.add, self.there.staff[OWNER], newcomer)
        return here.staff, there.staff

    async def wait(self, waiting: int) -> None:
        """So many wait in the second shop from now on."""
        await self.desk.do(self.there.business_id, count, self.there.business_id, waiting)


def count(tx: Transaction, business_id: str, waiting: int) -> None:
    store.save_counters(tx, business_id, Counters(waiting, 0, waiting))
    tx.record(business_id, WaitingChanged(waiting=waiting, unclaimed=waiting))


@asynccontextmanager
async def two(desk: Desk) -> AsyncIterator[Two]:
    desk.start()
    shops = Two(desk, await desk.do(None, found), await desk.do(None, found))
    try:
        yield shops
    finally:
        await shops.elsewhere.close()
        await desk.stop()


def frame(waiting: int) -> bytes:
    return msgspec.json.encode({"waiting": waiting})


def test_a_count_that_was_read_before_a_newer_event_came_is_not_told_after_it() -> None:
    screen = Screen()
    count = Count(screen.hear_now)
    count.hear(7, frame(3))
    count.confirm(6, frame(2))
    count.hear(5, frame(1))
    assert screen.counts == [3]


def test_a_count_in_doubt_is_told_once_the_doubt_is_over() -> None:
    screen = Screen()
    count = Count(screen.hear_now)
    count.confirm(1, frame(1))
    count.doubt()
    count.hear(2, frame(2))
    assert screen.counts == [1]
    count.confirm(2, frame(2))
    assert screen.counts == [1, 2]


async def test_all_screens_together_are_looked_after_by_one_read(database_url: str) -> None:
    database = WatchedDatabase(open_database(database_url))
    async with two(Desk(database)) as shops:
        screens = [Screen() for _ in range(SCREENS)]
        for screen in screens:
            await shops.elsewhere.enter(screen, (await shops.colleague())[0])
        with database.watched() as asked:
            await shops.elsewhere.look_around()
        assert len(asked) == 1
        await shops.wait(2)
        for screen in screens:
            await screen.told(2)


async def test_who_was_let_go_unheard_is_found_by_looking_around(database_url: str) -> None:
    async with two(Desk(open_database(database_url))) as shops:
        screen, stays = Screen(), Screen()
        here, there = await shops.colleague()
        await shops.elsewhere.enter(screen, here)
        await shops.elsewhere.enter(stays, (await shops.colleague())[0])
        await shops.desk.do(there.business_id, let_go, there.id)
        await shops.elsewhere.look_around()
        await shops.wait(1)
        await stays.told(1)
        assert screen.counts == [0]


def let_go(tx: Transaction, staff_id: str) -> None:
    tx.run("UPDATE staff SET deactivated_at = 1 WHERE id = :id", id=staff_id)


async def test_who_stays_is_told_again_after_a_staff_change_that_came_while_the_database_was_away() -> None:
    with Postgres() as postgres:
        url = postgres.create("away")
        migrate(url)
        async with two(Desk(open_database(url))) as shops:
            screen = Screen()
            here, there = await shops.colleague()
            await shops.elsewhere.enter(screen, here)
            postgres.stop()
            shops.desk.signalled(StaffChanged(there.business_id, there.id))
            with pytest.raises(StorageDown):
                await shops.elsewhere.look_around()
            postgres.start()
            await shops.wait(3)
            await screen.told(3)
