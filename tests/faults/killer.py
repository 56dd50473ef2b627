"""SIGKILL at random moments under load, and a restart over the same data."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Iterator

from tests.running import Server


class Killer:
    """Kills one server again and again; the moments come from a seed, so a run can be repeated."""

    def __init__(self, server: Server, *, seed: int = 0) -> None:
        self._server = server
        self._random = random.Random(seed)
        self.kills = 0

    async def run(self, kills: int, *, least_seconds: float, most_seconds: float) -> None:
        """Kill and restart that often, each time after a random stretch of service."""
        async for _ in self.deaths(kills, least_seconds=least_seconds, most_seconds=most_seconds):
            pass

    async def deaths(self, kills: int, *, least_seconds: float, most_seconds: float) -> AsyncIterator[int]:
        """As `run`, giving each kill's number once the server is up again."""
        for number in range(kills):
            await asyncio.sleep(self._random.uniform(least_seconds, most_seconds))
            await asyncio.to_thread(self._server.kill)
            self.kills += 1
            await asyncio.to_thread(self._server.start)
            yield number


@contextlib.contextmanager
def mortal(server: Server) -> Iterator[Server]:
    """The server, not yet started; gone after the block, in whatever state that leaves it."""
    with contextlib.ExitStack() as stack:
        stack.push(server.__exit__)
        stack.callback(_killed, server)
        yield server


def _killed(server: Server) -> None:
    with contextlib.suppress(ProcessLookupError):
        server.kill()
