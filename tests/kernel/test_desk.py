"""What callers of the desk may rely on: refusals, faults, order, one instant, and a clean end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import apsw
import psycopg
import pytest

from shopbell.kernel import ids
from shopbell.kernel.database import Snapshot, open_database
from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import Conflict, Stopping
from shopbell.kernel.events import Recorded
from shopbell.kernel.scope import HOUSE, of_business
from shopbell.kernel.sqlite import Sqlite, SqliteConnection
from shopbell.kernel.transaction import Transaction
from tests.engines import Postgres
from tests.kernel.notches import (
    ENOUGH,
    Felled,
    cut,
    cut_many,
    found_business,
    held_up,
    make_table,
    open_desk,
    spoil,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    async with open_desk(database_url) as opened:
        yield opened


@pytest.fixture
async def shop(desk: Desk) -> str:
    return await founded(desk)


async def founded(desk: Desk) -> str:
    business_id = ids.new()
    await desk.do(business_id, found_business, business_id)
    return business_id


def sent(desk: Desk, business_id: str, command: Callable[..., Any], *args: Any) -> "asyncio.Future[Any]":
    """The outcome to come, an exception as a value."""
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    desk.send(business_id, command, *args, done=future.set_result)
    return future


def log_of(read: Snapshot, business_id: str) -> list[Any]:
    return read.rows("SELECT seq, name, body FROM event_log WHERE business_id = :id ORDER BY seq", id=business_id)


def sticks_of(read: Snapshot, business_id: str) -> list[Any]:
    return read.rows("SELECT stick, cut FROM notches WHERE business_id = :id ORDER BY stick, cut", id=business_id)


def head_of(read: Snapshot, business_id: str) -> int:
    return read.head(business_id)


def jobs_waiting(read: Snapshot) -> int:
    return int(read.value("SELECT count(*) FROM jobs"))


async def test_numbers_of_a_business_have_no_gaps_and_no_say_in_anothers(desk: Desk) -> None:
    one, other = await founded(desk), await founded(desk)
    for at in range(4):
        await desk.do(one, cut, one, f"stick {at}")
    await desk.do(other, cut, other, "stick")
    assert [row[0] for row in await desk.read_for(of_business(one), log_of, one)] == [1, 2, 3, 4]
    assert [row[0] for row in await desk.read_for(of_business(other), log_of, other)] == [1]


async def test_a_refusal_undoes_its_rows_its_events_its_jobs_and_its_signals(desk: Desk, shop: str) -> None:
    signals: list[Felled] = []
    desk.hear_signal(Felled, signals.append)
    for _ in range(ENOUGH):
        await desk.do(shop, cut, shop, "full")
    with pytest.raises(Conflict):
        await desk.do(shop, cut, shop, "full")
    await desk.do(shop, cut, shop, "fresh")
    sticks = await desk.read_for(of_business(shop), sticks_of, shop)
    assert sticks == [("fresh", 1), ("full", 1), ("full", 2), ("full", 3)]
    assert [row[0] for row in await desk.read_for(of_business(shop), log_of, shop)] == [1, 2, 3, 4]
    assert await desk.read_for(of_business(shop), head_of, shop) == ENOUGH + 1
    assert await desk.read_for(HOUSE, jobs_waiting) == ENOUGH + 1
    assert len(signals) == ENOUGH + 1


async def test_a_refusal_in_a_batch_leaves_its_neighbours_alone(desk: Desk, shop: str) -> None:
    with held_up(desk):
        outcomes = [sent(desk, shop, cut, shop, "full") for _ in range(ENOUGH + 1)]
        outcomes.append(sent(desk, shop, cut, shop, "fresh"))
    *numbers, refused, fresh = [await outcome for outcome in outcomes]
    assert numbers == [1, 2, 3]
    assert isinstance(refused, Conflict)
    assert fresh == 1
    assert [row[0] for row in await desk.read_for(of_business(shop), log_of, shop)] == [1, 2, 3, 4]


async def test_a_command_that_breaks_the_database_refuses_nobody_else(desk: Desk, shop: str) -> None:
    heard: list[Recorded] = []
    desk.hear(heard.extend)
    with held_up(desk):
        before = sent(desk, shop, cut, shop, "before")
        poison = sent(desk, shop, spoil, shop)
        after = sent(desk, shop, cut, shop, "after")
    assert await before == 1
    assert isinstance(await poison, (apsw.ConstraintError, psycopg.IntegrityError))
    assert await after == 1
    assert [row[0] for row in await desk.read_for(of_business(shop), log_of, shop)] == [1, 2]
    assert [recorded.seq for recorded in heard] == [1, 2]


async def test_a_fault_in_a_set_refuses_only_the_call_that_has_it(desk: Desk, shop: str) -> None:
    with held_up(desk):
        outcomes = [sent(desk, shop, cut_many, pair) for pair in ((shop, "a"), (shop, "nul\x00" * 2), (shop, "a"))]
    first, broken, last = [await outcome for outcome in outcomes]
    # SQLite takes the character NUL where PostgreSQL refuses it; either way the neighbours are served.
    assert (first, last) == (1, 2)
    assert broken == 1 or isinstance(broken, psycopg.DataError)


class CommitsBadly(SqliteConnection):
    """Fails to commit as often as it is told, saying that somebody else writes."""

    failures = 0

    def commit(self) -> None:
        if CommitsBadly.failures:
            CommitsBadly.failures -= 1
            raise apsw.BusyError("database is locked")
        super().commit()


class BadlyCommitting(Sqlite):
    def writer(self) -> SqliteConnection:
        return CommitsBadly(self.path, begin="BEGIN IMMEDIATE", cache_kib=1_024)


async def test_a_failed_commit_is_run_again_from_the_beginning(sqlite_url: str) -> None:
    make_table(sqlite_url)
    desk = Desk(BadlyCommitting(sqlite_url.removeprefix("sqlite:///")))
    desk.start()
    try:
        shop = await founded(desk)
        heard: list[Recorded] = []
        desk.hear(heard.extend)
        CommitsBadly.failures = 2
        with held_up(desk):
            outcomes = [sent(desk, shop, cut, shop, "stick") for _ in range(ENOUGH + 1)]
        *numbers, refused = [await outcome for outcome in outcomes]
        assert CommitsBadly.failures == 0
        assert numbers == [1, 2, 3]
        assert isinstance(refused, Conflict)
        assert [recorded.seq for recorded in heard] == [1, 2, 3]
        assert [row[0] for row in await desk.read_for(of_business(shop), log_of, shop)] == [1, 2, 3]
        assert await desk.read_for(HOUSE, jobs_waiting) == ENOUGH
    finally:
        await desk.stop()


async def test_a_connection_lost_in_the_middle_is_replaced_and_the_batch_run_again(postgres_url: str) -> None:
    async with open_desk(postgres_url) as desk:
        shop = await founded(desk)
        runs: list[int] = []

        def cut_off(tx: Transaction) -> int:
            """Has its own connection ended by the server, the first time."""
            number = cut(tx, shop, "stick")
            runs.append(number)
            if len(runs) == 1:
                tx.rows("SELECT pg_terminate_backend(pg_backend_pid())")
            return number

        assert await desk.do(shop, cut_off) == 1
        assert runs == [1, 1]
        assert await desk.read_for(of_business(shop), sticks_of, shop) == [("stick", 1)]
        assert [row[0] for row in await desk.read_for(of_business(shop), log_of, shop)] == [1]


async def test_a_database_that_restarted_costs_neither_readers_nor_writers_an_answer(
    postgres: Postgres, postgres_url: str
) -> None:
    async with open_desk(postgres_url) as desk:
        shop = await founded(desk)
        # More at once than there are readers, so that each of them has a connection that breaks.
        await asyncio.gather(*(desk.read_for(of_business(shop), head_of, shop) for _ in range(20)))
        postgres.cut(postgres_url)
        assert set(await asyncio.gather(*(desk.read_for(of_business(shop), head_of, shop) for _ in range(20)))) == {0}
        assert await desk.do(shop, cut, shop, "stick") == 1


async def test_callers_are_answered_after_signals_and_events_come_in_order(desk: Desk, shop: str) -> None:
    told: list[str] = []
    desk.hear_signal(Felled, lambda signal: told.append("signal"))
    desk.hear(lambda events: told.extend(f"event {recorded.seq}" for recorded in events))
    with held_up(desk):
        for stick in ("a", "b"):
            desk.send(shop, cut, shop, stick, done=lambda outcome: told.append("answer"))
        last = sent(desk, shop, cut, shop, "c")
    await last
    await asyncio.sleep(0)
    assert told == ["signal"] * 3 + ["answer"] * 2 + ["event 1", "event 2", "event 3"]


async def test_all_answers_of_a_read_are_of_one_instant(desk: Desk, shop: str) -> None:
    await desk.do(shop, cut, shop, "stick")
    loop = asyncio.get_running_loop()

    def twice(read: Snapshot) -> tuple[int, int]:
        before = read.head(shop)
        asyncio.run_coroutine_threadsafe(desk.do(shop, cut, shop, "stick"), loop).result()
        return before, read.head(shop)

    assert await desk.read_for(of_business(shop), twice) == (1, 1)
    assert await desk.read_for(of_business(shop), head_of, shop) == 2


async def test_bulk_work_waits_until_nobody_is_waiting(desk: Desk, shop: str) -> None:
    order: list[str] = []
    with held_up(desk):
        desk.send(shop, cut, shop, "bulk", done=lambda outcome: order.append("bulk"), bulk=True)
        desk.send(shop, cut, shop, "person", done=lambda outcome: order.append("person"))
        last = sent(desk, shop, cut, shop, "person")
    await last
    await desk.do(shop, cut, shop, "end")
    assert order == ["person", "bulk"]


async def test_stopping_finishes_what_is_queued_and_refuses_what_comes(database_url: str) -> None:
    make_table(database_url)
    desk = Desk(open_database(database_url))
    desk.start()
    shop = await founded(desk)
    with held_up(desk):
        queued = [sent(desk, shop, cut, shop, f"stick {at}") for at in range(20)]
        stopping = asyncio.create_task(desk.stop())
        await asyncio.sleep(0)
        with pytest.raises(Stopping):
            await desk.do(shop, cut, shop, "late")
    await stopping
    assert [await outcome for outcome in queued] == [1] * 20


async def test_a_caller_who_gave_up_disturbs_nobody(desk: Desk, shop: str) -> None:
    with held_up(desk):
        given_up = asyncio.create_task(desk.do(shop, cut, shop, "stick"))
        await asyncio.sleep(0)
        given_up.cancel()
        patient = sent(desk, shop, cut, shop, "stick")
    # Nobody learns what became of it, so it is left out; what has begun is done.
    assert await patient == 1
    assert given_up.cancelled() or await asyncio.wait([given_up])


async def test_time_never_stands_still_or_runs_backwards_in_the_log(database_url: str) -> None:
    readings = iter([5_000_000, 9_000_000, 1_000_000, 1_000_000])
    async with open_desk(database_url, clock=partial(next, readings, 1_000_000)) as desk:
        shop = await founded(desk)
        for stick in ("a", "b", "c"):
            await desk.do(shop, cut, shop, stick)

        def times(read: Snapshot) -> list[int]:
            rows = read.rows("SELECT at FROM event_log WHERE business_id = :id ORDER BY seq", id=shop)
            return [row[0] for row in rows]

        at = await desk.read_for(of_business(shop), times)
        assert at == sorted(set(at))
        assert at[0] > 9_000_000
