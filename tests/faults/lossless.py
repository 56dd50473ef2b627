"""A business at work while something happens to its server, and what must hold of it afterwards."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from tests.faults.clients import Api
from tests.faults.crowd import Crowd, caught_up
from tests.faults.history import check_messages, check_stream
from tests.faults.load import Listener
from tests.running import Service


@asynccontextmanager
async def nothing_lost(
    promise: str, server: Service, api: Api, crowd: Crowd, screens: Sequence[Listener] = ()
) -> AsyncIterator[None]:
    """The crowd under load for the length of the block; then all it said stands once, and was heard once in order.

    Without `screens`, which are the owner's, one that stays open is listened to.
    """
    screens = screens or [Listener(crowd.owner, "the owner's screen")]
    listening = [asyncio.create_task(screen.run(server)) for screen in screens]
    await asyncio.gather(*(screen.ready.wait() for screen in screens))
    quiet = await crowd.threads(api, crowd.owner.token)
    crowd.start(server, api)
    yield
    await crowd.settled()

    threads = await crowd.threads(api, crowd.owner.token)
    check_messages(promise, crowd.history.sends(), threads)
    before = {m["seq"] for thread in quiet.values() for m in thread}
    said = {m["seq"] for thread in threads.values() for m in thread} - before
    for screen in screens:
        await caught_up(screen, crowd.owner.business_id, max(said))
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    for screen in screens:
        heard = [h for h in screen.of(crowd.owner.business_id) if h.name == "message_posted"]
        check_stream(promise, screen.name, heard, dict.fromkeys(said, "message_posted"))
        assert not screen.resyncs
