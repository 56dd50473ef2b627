"""What the clock asks for, again and again; each chore looks for itself whether there is anything to do."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from shopbell.kernel import trim
from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import Refusal
from shopbell.tickets import leaving

log = structlog.get_logger()

MINUTE_SECONDS = 60
HOUR_SECONDS = 3_600
BUSINESSES_AT_ONCE = 100


async def end_expired_sessions(desk: Desk) -> None:
    """Sign out whose time is up, and give back what they held."""
    while await desk.do(None, leaving.end_expired):
        pass


async def trim_logs(desk: Desk) -> None:
    """Forget the bodies of old events, business by business, behind everything people wait for."""
    after = ""
    while overdue := await desk.read(trim.overdue, after, desk.clock(), BUSINESSES_AT_ONCE):
        for business_id in overdue:
            while await desk.do_later(business_id, trim.trim, business_id):
                pass
        after = overdue[-1]


CHORES: tuple[tuple[float, Callable[[Desk], Awaitable[None]]], ...] = (
    (MINUTE_SECONDS, end_expired_sessions),
    (HOUR_SECONDS, trim_logs),
)


def begin(desk: Desk) -> list["asyncio.Task[None]"]:
    """Start every chore on its clock; cancel the tasks to stop."""
    return [asyncio.create_task(_again_and_again(desk, seconds, chore)) for seconds, chore in CHORES]


async def _again_and_again(desk: Desk, seconds: float, chore: Callable[[Desk], Awaitable[None]]) -> None:
    while True:
        try:
            await chore(desk)
        except Refusal as refusal:
            log.info("chore_put_off", chore=chore.__name__, reason=refusal.code)
        except Exception as error:
            log.error("chore_failed", chore=chore.__name__, exc_info=error)
        await asyncio.sleep(seconds)
