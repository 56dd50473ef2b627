"""What must hold of every stop."""

import asyncio
import subprocess

from tests.faults.clients import Live
from tests.faults.history import BrokenPromise
from tests.running import Service

EXIT_SECONDS = 10.0


async def told_to_come_back(idle: list[Live]) -> None:
    codes = [await live.closed(seconds=1) for live in idle]
    if wrong := [code for code in codes if code != 1012]:
        raise BrokenPromise("G16", "sockets closed without 1012", wrong)


async def stopped_in_time(server: Service) -> None:
    try:
        status = await asyncio.to_thread(server.stop, EXIT_SECONDS)
    except subprocess.TimeoutExpired:
        raise BrokenPromise("G16", f"processes still there {EXIT_SECONDS} s after SIGTERM", [server]) from None
    if status != 0:
        raise BrokenPromise("G16", "stops with another exit status than 0", [status, server.log[-2000:]])
