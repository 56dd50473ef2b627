"""SIGKILL at random moments under load, and a restart over the same data."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Iterator

from tests.running import Service


class Killer:
    """Kills a process of one service again and again; the moments come from a seed, so a run can be repeated."""

    def __init__(self, service: Service, *, seed: int = 0) -> None:
        self._service = service
        self._random = random.Random(seed)
        self.kills = 0

    async def run(self, kills: int, *, least_seconds: float, most_seconds: float) -> None:
        """Kill and start again that often, each time after a random stretch of service."""
        async for _ in self.deaths(kills, least_seconds=least_seconds, most_seconds=most_seconds):
            pass

    async def deaths(self, kills: int, *, least_seconds: float, most_seconds: float) -> AsyncIterator[int]:
        """As `run`, giving each kill's number once the process is up again."""
        for number in range(kills):
            await asyncio.sleep(self._random.uniform(least_seconds, most_seconds))
            await asyncio.to_thread(self._service.kill)
            self.kills += 1
            await asyncio.to_thread(self._service.start)
            yield number


@contextlib.contextmanager
def mortal(service: Service) -> Iterator[Service]:
    """The service, not yet started; gone after the block, in whatever state that leaves it."""
    with contextlib.ExitStack() as stack:
        stack.push(service.__exit__)
        stack.callback(end_all, service)
        yield service


def end_all(service: Service) -> None:
    """SIGKILL to every process that is left."""
    for process in service.processes:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
