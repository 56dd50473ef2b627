"""Jobs: there only by their commit, done at least once, tried with patience, buried when hopeless."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from functools import partial

import msgspec
import pytest
from structlog.testing import capture_logs

from shopbell.kernel import jobs
from shopbell.kernel.clock import HOUR, SECOND
from shopbell.kernel.database import Row, Snapshot, open_database
from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import Conflict
from shopbell.kernel.jobs import AT_ONCE, LEASE, TRIES, Handler, Worker, handler, pause
from shopbell.kernel.scope import HOUSE
from shopbell.kernel.transaction import Transaction

pytestmark = pytest.mark.anyio

PATIENCE_SECONDS = 20


class Parcel(msgspec.Struct, frozen=True):
    to: str


class Clock:
    """A clock that stands still until it is put forward."""

    def __init__(self) -> None:
        self.now = 1_000_000 * SECOND

    def __call__(self) -> int:
        return self.now


class Post:
    """Delivers parcels; fails as often as it is told before the first success."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.tried = 0
        self.delivered: list[str] = []
        self.happened = asyncio.Event()

    async def deliver(self, parcel: Parcel) -> None:
        self.tried += 1
        self.happened.set()
        if self.failures:
            self.failures -= 1
            raise ConnectionError("nobody at home")
        self.delivered.append(parcel.to)


async def deliver(post: Post, parcel: Parcel) -> None:
    await post.deliver(parcel)


HANDLERS: Mapping[str, Handler[Post]] = {"deliver": handler(Parcel, deliver)}


def leave(tx: Transaction, to: str, at: int | None = None) -> None:
    tx.job("deliver", {"to": to}, at=at)


def leave_and_refuse(tx: Transaction) -> None:
    tx.job("deliver", {"to": "nobody"})
    raise Conflict("No.")


def rows(read: Snapshot) -> list[Row]:
    return read.rows("SELECT kind, attempts, buried_at, last_error FROM jobs ORDER BY id")


async def put_forward(desk: Desk, clock: Clock, micros: int) -> None:
    clock.now += micros
    desk.jobs_left.set()


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Failures are what is tried here; drawing their traces costs more than the tests."""
    with capture_logs():
        yield


async def until(
    desk: Desk, wanted: Callable[[list[Row]], bool], act: Callable[[], Awaitable[None]] | None = None
) -> list[Row]:
    """The table of jobs once it is as wanted; `act` is done again and again before looking."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            if act:
                await act()
            found = await desk.read_for(HOUSE, rows)
            if wanted(found):
                return found


@asynccontextmanager
async def working(url: str, post: Post, clock: Clock) -> AsyncIterator[Desk]:
    desk = Desk(open_database(url), clock=clock)
    desk.start()
    worker = Worker(desk, HANDLERS, post)
    worker.start()
    try:
        yield desk
    finally:
        await worker.stop()
        await desk.stop()


async def test_a_job_is_done_once_its_command_committed_and_then_gone(database_url: str) -> None:
    post = Post()
    async with working(database_url, post, Clock()) as desk:
        await desk.do(None, leave, "Ada")
        await until(desk, lambda left: not left)
        assert post.delivered == ["Ada"]


async def test_a_refused_command_leaves_no_job(database_url: str) -> None:
    post = Post()
    async with working(database_url, post, Clock()) as desk:
        with pytest.raises(Conflict):
            await desk.do(None, leave_and_refuse)
        await desk.do(None, leave, "Ada")
        await until(desk, lambda left: not left)
        assert post.delivered == ["Ada"]


async def test_a_job_waits_for_its_time(database_url: str) -> None:
    post, clock = Post(), Clock()
    async with working(database_url, post, clock) as desk:
        await desk.do(None, leave, "later", clock.now + HOUR)
        await desk.do(None, leave, "now")
        await until(desk, lambda left: len(left) == 1)
        assert post.delivered == ["now"]
        clock.now += HOUR
        desk.jobs_left.set()
        await until(desk, lambda left: not left)
        assert post.delivered == ["now", "later"]


async def test_a_failure_is_tried_again_after_a_pause_that_doubles(database_url: str) -> None:
    post, clock = Post(failures=2), Clock()
    async with working(database_url, post, clock) as desk:
        await desk.do(None, leave, "Ada")
        failed = await until(desk, lambda left: left[0][3] is not None)
        assert failed[0][:3] == ("deliver", 1, None)
        assert "nobody at home" in failed[0][3]

        await until(desk, lambda left: not left, partial(put_forward, desk, clock, SECOND))
        assert post.tried == 3
        assert post.delivered == ["Ada"]


def test_pauses_double_up_to_an_hour() -> None:
    pauses = [pause(attempts) for attempts in range(1, 100)]
    assert pauses[:3] == [2 * SECOND, 4 * SECOND, 8 * SECOND]
    assert pauses == sorted(pauses)
    assert pauses[-1] == HOUR


async def test_a_hopeless_job_is_buried_with_its_last_error_and_disturbs_no_other(database_url: str) -> None:
    post, clock = Post(failures=TRIES), Clock()
    async with working(database_url, post, clock) as desk:
        await desk.do(None, leave, "nobody")

        buried = await until(desk, lambda left: left[0][2] is not None, partial(put_forward, desk, clock, HOUR))
        assert buried[0][1] == TRIES
        assert "nobody at home" in buried[0][3]
        await desk.do(None, leave, "Ada")
        await until(desk, lambda left: len(left) == 1)
        await put_forward(desk, clock, HOUR)
        await desk.do(None, leave, "Bea")
        await until(desk, lambda left: len(left) == 1)
        assert (post.tried, post.delivered) == (TRIES + 2, ["Ada", "Bea"])


async def test_a_kind_of_another_version_waits_for_who_knows_it_and_holds_up_no_other(database_url: str) -> None:
    def leave_unknown(tx: Transaction) -> None:
        for _ in range(AT_ONCE + 1):
            tx.job("juggle", {"to": "Ada"})

    clock = Clock()
    async with working(database_url, Post(), clock) as desk:
        await desk.do(None, leave_unknown)
        await desk.do(None, leave, "Bea")
        left = await until(desk, lambda left: len(left) == AT_ONCE + 1)
        assert {(kind, attempts) for kind, attempts, _, _ in left} == {("juggle", 0)}
    knowing = Post()
    desk = Desk(open_database(database_url), clock=clock)
    desk.start()
    worker = Worker(desk, {"juggle": HANDLERS["deliver"]}, knowing)
    worker.start()
    await until(desk, lambda left: not left)
    assert knowing.delivered == ["Ada"] * (AT_ONCE + 1)
    await worker.stop()
    await desk.stop()


async def test_the_job_of_a_process_that_died_comes_back(database_url: str) -> None:
    clock = Clock()
    died = Desk(open_database(database_url), clock=clock)
    died.start()
    await died.do(None, leave, "Ada")
    claimed = await died.do(None, jobs.claim, list(HANDLERS), 10)
    assert [job.kind for job in claimed.jobs] == ["deliver"]
    await died.stop()

    post = Post()
    if died.database.locks_rows:
        # Another process may be at it still, so here it comes back only when the lease ends.
        clock.now += LEASE
    async with working(database_url, post, clock) as desk:
        await until(desk, lambda left: not left)
        assert post.delivered == ["Ada"]


async def test_a_job_is_claimed_by_one_worker_only(database_url: str) -> None:
    clock = Clock()
    one, other = (Desk(open_database(database_url), clock=clock) for _ in range(2))
    one.start()
    other.start()
    for at in range(20):
        await one.do(None, leave, str(at))
    clock.now += SECOND
    both = [one, other] * 10
    claims = await asyncio.gather(*(desk.do(None, jobs.claim, list(HANDLERS), 3) for desk in both))
    claimed = [job.id for found in claims for job in found.jobs]
    assert len(claimed) == len(set(claimed)) == 20
    await one.stop()
    await other.stop()


async def test_a_worker_can_be_stopped_at_any_moment(sqlite_url: str) -> None:
    clock = Clock()
    desk = Desk(open_database(sqlite_url), clock=clock)
    desk.start()
    # Due a moment ahead of a clock that stands still: the worker wakes and sleeps as fast as it can.
    await desk.do(None, leave, "later", clock.now + 10 * SECOND)
    clock.now += 10 * SECOND - 200
    for pauses in range(150):
        worker = Worker(desk, HANDLERS, Post())
        worker.start()
        for _ in range(pauses):
            await asyncio.sleep(0)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await worker.stop()
    await desk.stop()


async def test_a_clock_that_jumps_past_a_lease_does_not_run_a_job_twice_at_once(database_url: str) -> None:
    clock, begun, may_end, runs = Clock(), asyncio.Event(), asyncio.Event(), []

    async def slow(_: None, parcel: Parcel) -> None:
        runs.append(parcel.to)
        begun.set()
        await may_end.wait()

    desk = Desk(open_database(database_url), clock=clock)
    desk.start()
    worker = Worker(desk, {"deliver": handler(Parcel, slow)}, None)
    worker.start()
    await desk.do(None, leave, "Ada")
    await begun.wait()
    for _ in range(3):
        await put_forward(desk, clock, LEASE + HOUR)
        await desk.do(None, leave, "later", clock.now + 24 * HOUR)
    may_end.set()
    await until(desk, lambda left: len(left) == 3)
    assert runs == ["Ada"]
    await worker.stop()
    await desk.stop()
