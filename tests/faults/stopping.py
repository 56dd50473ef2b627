"""What must hold of every stop, and of a business that is at work meanwhile."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.faults.clients import Api, Live
from tests.faults.crowd import caught_up, gathered
from tests.faults.history import BrokenPromise, check_messages, check_stream
from tests.faults.load import Listener
from tests.faults.town import Actor, Town
from tests.running import Service

EXIT_SECONDS = 10.0


async def told_to_come_back(idle: list[Live]) -> None:
    codes = [await live.closed(seconds=1) for live in idle]
    if wrong := [code for code in codes if code != 1012]:
        raise BrokenPromise("G16", "sockets closed without 1012", wrong)


@asynccontextmanager
async def nothing_lost(server: Service, api: Api, town: Town) -> AsyncIterator[Actor]:
    """A business under load for the length of the block, by its owner; then all of it is checked."""
    crowd = await gathered(town, customers=8, agents=4)
    business = crowd.owner.business_id
    screen = Listener(crowd.owner, "the owner's screen")
    listening = asyncio.create_task(screen.run(server))
    await screen.ready.wait()
    quiet = await crowd.threads(api, crowd.owner.token)
    crowd.start(server, api)
    yield crowd.owner
    await crowd.settled()

    threads = await crowd.threads(api, crowd.owner.token)
    check_messages("G16", crowd.history.sends(), threads)
    before = {m["seq"] for thread in quiet.values() for m in thread}
    said = {m["seq"] for thread in threads.values() for m in thread} - before
    await caught_up(screen, business, max(said))
    listening.cancel()
    heard = [h for h in screen.of(business) if h.name == "message_posted"]
    check_stream("G16", screen.name, heard, dict.fromkeys(said, "message_posted"))
    assert not screen.resyncs


async def stopped_in_time(server: Service) -> None:
    try:
        status = await asyncio.to_thread(server.stop, EXIT_SECONDS)
    except subprocess.TimeoutExpired:
        raise BrokenPromise("G16", f"processes still there {EXIT_SECONDS} s after SIGTERM", [server]) from None
    if status != 0:
        raise BrokenPromise("G16", "stops with another exit status than 0", [status, server.log[-2000:]])
