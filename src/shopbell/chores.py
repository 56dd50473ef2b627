"""What the clock asks for, again and again; each chore looks for itself whether there is anything to do."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from shopbell.conversations import attaching
from shopbell.kernel import discarding, trim
from shopbell.kernel.errors import Refusal
from shopbell.kernel.scope import HOUSE, of_business
from shopbell.reactions import Means
from shopbell.tickets import leaving

log = structlog.get_logger()

MINUTE_SECONDS = 60
HOUR_SECONDS = 3_600
BUSINESSES_AT_ONCE = 100


async def end_expired_sessions(means: Means) -> None:
    """Sign out whose time is up, and give back what they held."""
    while await means.desk.do(None, leaving.end_expired):
        pass


async def trim_logs(means: Means) -> None:
    """Forget the bodies of old events, business by business, behind everything people wait for."""
    desk, after = means.desk, ""
    while logging := await desk.read_for(HOUSE, trim.logging, after, BUSINESSES_AT_ONCE):
        for business_id in await desk.read_for(of_business(*logging), trim.overdue, logging, desk.clock()):
            while await desk.do_later(business_id, trim.trim, business_id):
                pass
        after = logging[-1]


async def clear_files(means: Means) -> None:
    """Remove what nothing names any more: where a job gave up, and where a process died between bytes and row."""
    await discarding.remove_overdue(means.desk, means.files)
    await attaching.sweep(means.desk, means.files)


CHORES: tuple[tuple[float, Callable[[Means], Awaitable[None]]], ...] = (
    (MINUTE_SECONDS, end_expired_sessions),
    (HOUR_SECONDS, trim_logs),
    (HOUR_SECONDS, clear_files),
)


def begin(means: Means) -> list["asyncio.Task[None]"]:
    """Start every chore on its clock; cancel the tasks to stop."""
    return [asyncio.create_task(_again_and_again(means, seconds, chore)) for seconds, chore in CHORES]


async def _again_and_again(means: Means, seconds: float, chore: Callable[[Means], Awaitable[None]]) -> None:
    while True:
        try:
            await chore(means)
        except Refusal as refusal:
            log.info("chore_put_off", chore=chore.__name__, reason=refusal.code)
        except Exception as error:
            log.error("chore_failed", chore=chore.__name__, exc_info=error)
        await asyncio.sleep(seconds)
