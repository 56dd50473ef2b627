"""What is done again and again as long as the process runs."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from shopbell.kernel.errors import Refusal

log = structlog.get_logger()


async def every(seconds: float, work: Callable[[], Awaitable[None] | None], *, missed: str) -> None:
    """Do the work until cancelled, with a pause before each time; `missed` is what the log says when it failed."""
    while True:
        await asyncio.sleep(seconds)
        try:
            if (doing := work()) is not None:
                await doing
        except Refusal as refusal:
            log.info(missed, reason=refusal.code)
        except Exception as error:
            log.error(missed, exc_info=error)
