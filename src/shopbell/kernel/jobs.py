"""Work that follows a commit and exists only by it: claimed, tried again, buried when hopeless."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Generic, TypeVar

import msgspec
import structlog

from shopbell.kernel.clock import HOUR, SECOND
from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import Refusal
from shopbell.kernel.transaction import Transaction

log = structlog.get_logger()

AT_ONCE = 4
LEASE = 90 * SECOND
RUN_SECONDS = 60
FIRST_PAUSE = 2 * SECOND
LONGEST_PAUSE = HOUR
TRIES = 12
ERROR_LENGTH = 200
# However the clock jumps, the worker looks again after this long.
LONGEST_SLEEP_SECONDS = 30.0
DOWN_SECONDS = 2.0

C = TypeVar("C")
P = TypeVar("P", bound=msgspec.Struct)


class Job(msgspec.Struct, frozen=True):
    """A claimed row; `attempts` counts this one."""

    id: str
    kind: str
    payload: str
    attempts: int


class Handler(msgspec.Struct, Generic[C], frozen=True):
    """What to do for one kind of job, with the work's context and the payload's fields."""

    run: Callable[[C, str], Awaitable[None]]


def handler(payload: type[P], work: Callable[[C, P], Awaitable[None]]) -> Handler[C]:
    """A handler given its payload as that struct. It may run again after a crash: work must bear that."""
    decoder = msgspec.json.Decoder(payload)

    async def run(context: C, text: str) -> None:
        await work(context, decoder.decode(text))

    return Handler(run)


class Claim(msgspec.Struct, frozen=True):
    """Jobs taken, and the microseconds until the next one is due: None when there is none."""

    jobs: list[Job]
    wait: int | None


def claim(tx: Transaction, kinds: Sequence[str], limit: int, held: Sequence[str] = ()) -> Claim:
    """Take due jobs for the length of the lease; a job whose holder died comes back when its lease ends.

    Jobs of other than these kinds wait: a process of a newer version beside this one knows what to do with them.
    `held` are those still being done here: their lease goes on, even if the clock jumped past its end.
    """
    tx.run(
        "UPDATE jobs SET run_at = :until, claimed_until = :until WHERE id IN :held AND run_at <= :now",
        held=list(held), now=tx.now, until=tx.now + LEASE,
    )  # fmt: skip
    due = tx.rows(
        "SELECT id, kind, payload, attempts + 1 FROM jobs"
        " WHERE buried_at IS NULL AND run_at <= :now AND kind IN :kinds"
        " ORDER BY run_at LIMIT :limit" + tx.skip_locked,
        now=tx.now, kinds=list(kinds), limit=limit,
    )  # fmt: skip
    jobs = [Job(*row) for row in due]
    tx.run(
        "UPDATE jobs SET run_at = :until, claimed_until = :until, attempts = attempts + 1 WHERE id IN :ids",
        ids=[job.id for job in jobs], until=tx.now + LEASE,
    )  # fmt: skip
    following = tx.value(
        "SELECT run_at FROM jobs WHERE buried_at IS NULL AND kind IN :kinds ORDER BY run_at LIMIT 1", kinds=list(kinds)
    )
    return Claim(jobs, None if following is None else max(0, following - tx.now))


def finish(tx: Transaction, id: str) -> None:
    tx.run("DELETE FROM jobs WHERE id = :id", id=id)


def put_off(tx: Transaction, job: Job, error: str) -> None:
    """Try again later, or bury the job for the operator to see."""
    tx.run(
        "UPDATE jobs SET claimed_until = NULL, last_error = :error, run_at = :run_at, buried_at = :buried_at"
        " WHERE id = :id",
        id=job.id, error=error, run_at=tx.now + pause(job.attempts),
        buried_at=tx.now if job.attempts >= TRIES else None,
    )  # fmt: skip


def pause(attempts: int) -> int:
    """Microseconds to wait after so many attempts: doubling, up to an hour."""
    return min(FIRST_PAUSE << min(attempts - 1, 30), LONGEST_PAUSE)


def release(tx: Transaction) -> None:
    """Make the jobs of a dead process due now; only where this process has the database to itself."""
    tx.run(
        "UPDATE jobs SET run_at = :now, claimed_until = NULL WHERE claimed_until IS NOT NULL AND buried_at IS NULL",
        now=tx.now,
    )


class Worker(Generic[C]):
    """Runs the jobs of one process, a few at once. Lives on the desk's event loop, from `start` to `stop`."""

    def __init__(self, desk: Desk, handlers: Mapping[str, Handler[C]], context: C) -> None:
        self._desk = desk
        self._handlers = handlers
        self._context = context
        self._running: dict[str, asyncio.Task[None]] = {}
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._loop = asyncio.create_task(self._work())

    async def stop(self) -> None:
        """Begin nothing more, and cut off what runs: it is not finished, so it comes back."""
        tasks = [task for task in (self._loop, *self._running.values()) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self) -> None:
        alone = not self._desk.database.locks_rows
        while True:
            # Cleared before looking, so that what is left while we look wakes us again.
            self._desk.jobs_left.clear()
            try:
                if alone:
                    await self._desk.do(None, release)
                    alone = False
                seconds = await self._begin_due()
            except Refusal:
                seconds = DOWN_SECONDS
            except Exception as error:
                log.error("worker_failed", exc_info=error)
                seconds = DOWN_SECONDS
            # Not wait_for, which before Python 3.12 can lose a cancellation that meets the timeout.
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._desk.jobs_left.wait()

    async def _begin_due(self) -> float:
        """Begin what is due, as far as hands are free; the seconds until it is worth looking again."""
        free = AT_ONCE - len(self._running)
        if not free:
            return LONGEST_SLEEP_SECONDS
        # Jobs that are claimed for nobody would lie until their lease ends.
        claimed = await self._desk.see_through(None, claim, list(self._handlers), free, list(self._running))
        for job in claimed.jobs:
            self._running[job.id] = task = asyncio.create_task(self._try(job))
            task.add_done_callback(partial(self._ended, job.id))
        if claimed.wait is None:
            return LONGEST_SLEEP_SECONDS
        return min(claimed.wait / SECOND, LONGEST_SLEEP_SECONDS)

    def _ended(self, id: str, task: asyncio.Task[None]) -> None:
        del self._running[id]
        self._desk.jobs_left.set()

    async def _try(self, job: Job) -> None:
        try:
            async with asyncio.timeout(RUN_SECONDS):
                await self._handlers[job.kind].run(self._context, job.payload)
        except Exception as error:
            log.warning("job_failed", kind=job.kind, attempts=job.attempts, exc_info=error)
            await self._settle(put_off, job, f"{type(error).__name__}: {error}"[:ERROR_LENGTH])
        else:
            await self._settle(finish, job.id)

    async def _settle(self, command: Callable[..., None], *args: object) -> None:
        # If even this cannot be stored, the lease ends by itself and the job is tried again.
        with suppress(Refusal):
            await self._desk.do(None, command, *args)
