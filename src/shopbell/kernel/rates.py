"""How often somebody may do something, by token buckets in memory, and how much of it at once."""

import asyncio
import math
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from shopbell.kernel.errors import TooMany

REMEMBERED = 20_000


class Rates:
    """Each key may act `burst` times at once, and `per_second` times a second in the long run."""

    def __init__(self, per_second: float, burst: int, *, enforced: bool) -> None:
        self._per_second = per_second
        self._burst = burst
        self._enforced = enforced
        self._buckets: dict[str, tuple[float, float]] = {}

    def check(self, key: str) -> None:
        """Count one act. Raises TooMany, with the seconds to wait, when the key has none left."""
        if not self._enforced:
            return
        now = time.monotonic()
        left, since = self._buckets.pop(key, (float(self._burst), now))
        left = min(self._burst, left + (now - since) * self._per_second)
        if left < 1:
            self._buckets[key] = (left, now)
            raise TooMany("Too fast. Wait a moment, then go on.", retry_after=math.ceil((1 - left) / self._per_second))
        self._buckets[key] = (left - 1, now)
        if len(self._buckets) > REMEMBERED:
            del self._buckets[next(iter(self._buckets))]


class AtOnce:
    """Each key may have so many of one thing under way; `detail` tells who has too many."""

    def __init__(self, most: int, detail: str, *, enforced: bool) -> None:
        self._most = most
        self._detail = detail
        self._enforced = enforced
        self._under_way: Counter[str] = Counter()

    @contextmanager
    def one(self, key: str) -> Iterator[None]:
        """For the time of one more. Raises TooMany."""
        if self._enforced and self._under_way[key] >= self._most:
            raise TooMany(self._detail, retry_after=5)
        self._under_way[key] += 1
        try:
            yield
        finally:
            self._under_way[key] -= 1
            if not self._under_way[key]:
                del self._under_way[key]


class InTurn:
    """Each key may have so many of one thing under way, and more of it waits for some seconds.

    `detail` tells who waited in vain.
    """

    def __init__(self, most: int, seconds: float, detail: str, *, enforced: bool) -> None:
        self._most = most
        self._seconds = seconds
        self._detail = detail
        self._enforced = enforced
        self._places: dict[str, asyncio.Semaphore] = {}
        self._asking: Counter[str] = Counter()

    @asynccontextmanager
    async def one(self, key: str) -> AsyncIterator[None]:
        """For the time of one more, as soon as there is a place. Raises TooMany."""
        if not self._enforced:
            yield
            return
        places = self._places.setdefault(key, asyncio.Semaphore(self._most))
        self._asking[key] += 1
        try:
            await self._taken(places)
            try:
                yield
            finally:
                places.release()
        finally:
            self._asking[key] -= 1
            if not self._asking[key]:
                del self._asking[key], self._places[key]

    async def _taken(self, places: asyncio.Semaphore) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await places.acquire()
        except TimeoutError as error:
            raise TooMany(self._detail, retry_after=5) from error
