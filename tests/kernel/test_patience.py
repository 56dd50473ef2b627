"""Storage that falls silent keeps nobody waiting, and what a stopped process left open ends by itself."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator

import pytest

from shopbell.kernel import ids, patience, postgres
from shopbell.kernel.database import Snapshot
from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import StorageDown, StorageUnsettled
from shopbell.kernel.scope import HOUSE
from shopbell.migrations import migrate
from tests.engines import Postgres
from tests.kernel.notches import cut, found_business, held_up, open_desk

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def quiet_postgres() -> Iterator[Postgres]:
    """A PostgreSQL that may be stopped without keeping other tests waiting."""
    with Postgres() as server:
        yield server


@pytest.fixture
async def desk(quiet_postgres: Postgres) -> AsyncIterator[Desk]:
    url = quiet_postgres.create(f"silent_{ids.new()}")
    migrate(url)
    async with open_desk(url) as opened:
        yield opened


def one(read: Snapshot) -> object:
    return read.value("SELECT 1")


def slowly(read: Snapshot) -> object:
    return read.value("SELECT 1 FROM pg_sleep(0.5)")


async def test_who_asks_silent_storage_is_told_in_time_and_all_goes_on_with_it(
    desk: Desk, quiet_postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "PATIENCE_SECONDS", 0.2)
    shop = ids.new()
    await desk.do(shop, found_business, shop)
    async with asyncio.timeout(10):
        with quiet_postgres.silent():
            # More than there are readers, so that some wait for their turn as well.
            reads = (desk.read_for(HOUSE, one) for _ in range(8))
            begun = asyncio.create_task(desk.do(shop, cut, shop, "oak"))
            await asyncio.sleep(0.05)
            waiting = (desk.do(shop, cut, shop, "oak") for _ in range(3))
            refused = await asyncio.gather(*reads, begun, *waiting, return_exceptions=True)
            assert [type(refusal) for refusal in refused] == [StorageDown] * 8 + [StorageUnsettled] * 4
            # By now it is known, and nobody has to wait to learn it.
            for asked in (desk.read_for(HOUSE, one), desk.do(shop, cut, shop, "oak")):
                with pytest.raises(StorageDown):
                    await asyncio.wait_for(asked, 0.1)
            seen_through = asyncio.create_task(desk.see_through(shop, cut, shop, "oak"))
            await asyncio.sleep(0.5)
        # The one that was begun is done; those whose callers have left by their turn are not.
        assert await seen_through == 2
        assert await desk.do(shop, cut, shop, "oak") == 3
        assert await desk.read_for(HOUSE, one) == 1


async def test_a_writer_that_hangs_keeps_nobody_waiting_though_readers_are_answered(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "PATIENCE_SECONDS", 0.2)
    shop = ids.new()
    await desk.do(shop, found_business, shop)
    with held_up(desk):
        waiting = asyncio.create_task(desk.do(shop, cut, shop, "oak"))
        async with asyncio.timeout(5):
            while not waiting.done():
                await desk.read_for(HOUSE, one)
        assert type(waiting.exception()) is StorageUnsettled


async def test_who_waits_while_others_are_answered_goes_on_waiting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PATIENCE_SECONDS", 0.1)
    slow = asyncio.create_task(desk.read_for(HOUSE, slowly))
    while not slow.done():
        await desk.read_for(HOUSE, one)
    assert await slow == 1


async def test_a_process_that_was_stopped_itself_leaves_storage_time_to_answer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "PATIENCE_SECONDS", 0.1)
    slow = asyncio.create_task(desk.read_for(HOUSE, slowly))
    await asyncio.sleep(0.05)
    time.sleep(0.2)  # nothing of the process runs meanwhile
    assert await slow == 1


async def test_a_transaction_that_stands_still_is_ended_and_its_work_done_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "BEGIN_SESSION", postgres.BEGIN_SESSION.replace(postgres.IDLE_TIMEOUT, "100ms"))
    reader = desk.database.reader()
    reader.begin(HOUSE)
    assert reader.rows("SELECT 1", {}) == [(1,)]
    await asyncio.sleep(0.5)
    with pytest.raises(Exception) as raised:  # which of the driver's errors is what matters below
        reader.rows("SELECT 1", {})
    assert desk.database.is_transient(raised.value)
    reader.rollback()
    reader.begin(HOUSE)
    assert reader.rows("SELECT 1", {}) == [(1,)]
    reader.close()
