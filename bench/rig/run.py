"""One run of the chat bench: a fresh server, a crowd at work, a measured stretch, and the verdict on it."""

import asyncio
import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import uvloop

from bench.rig.arrivals import arrive
from bench.rig.crowd import Crowd, assembled
from bench.rig.deployments import Deployment
from bench.rig.disk import Fsync, probe
from bench.rig.figures import milliseconds
from bench.rig.verdict import Verdict
from bench.rig.window import Stretch, between, mark

SHOPS = 10
CUSTOMERS = 20
AGENTS = 2
WARM_SECONDS = 2.0
WORST_FSYNC_MS = 5.0
TRIES = 4

Start = Callable[[Path], AbstractContextManager[Deployment]]


class Load(Protocol):
    async def drive(self, crowd: Crowd, seconds: float) -> None:
        """Puts `crowd` to work for `seconds`, or until it is told to rest."""


@dataclass(frozen=True)
class Saturation:
    """Every customer keeps `window` messages unacknowledged on the socket."""

    window: int

    async def drive(self, crowd: Crowd, seconds: float) -> None:
        crowd.press(self.window)


@dataclass(frozen=True)
class Arrivals:
    """Messages leave at `per_second`, whatever the server does."""

    per_second: float

    async def drive(self, crowd: Crowd, seconds: float) -> None:
        await arrive(crowd.senders, self.per_second, seconds)


class Posting:
    """Every customer posts over REST, one request at a time, and hears the events on the socket."""

    async def drive(self, crowd: Crowd, seconds: float) -> None:
        for poster in crowd.posters:
            poster.press()


@dataclass(frozen=True)
class Run:
    stretch: Stretch
    verdict: Verdict
    delivered: list[float]
    acknowledged: list[float]
    late: list[float]
    refused: int
    problems: list[str]
    fsync: tuple[Fsync, Fsync]
    tries: int

    @property
    def messages_per_second(self) -> float:
        return self.stretch.messages_per_second

    @property
    def server_cpu_ms(self) -> float:
        return self.stretch.server_cpu_ms_per_message

    @property
    def database_cpu_ms(self) -> float:
        return self.stretch.database_cpu_ms_per_message

    @property
    def bus_cpu_ms(self) -> float:
        return self.stretch.bus_cpu_ms_per_message

    @property
    def faults(self) -> int:
        return self.verdict.faults + self.refused

    def delivered_ms(self, figure: str) -> float:
        return milliseconds(self.delivered).get(figure, float("inf"))

    def json(self) -> dict[str, Any]:
        return {
            **self.stretch.json(),
            "sent_to_delivered": milliseconds(self.delivered),
            "sent_to_acknowledged": milliseconds(self.acknowledged),
            "written_late": milliseconds(self.late),
            "deliveries": asdict(self.verdict),
            "refused": self.refused,
            "problems": self.problems,
            "fsync": {"before": asdict(self.fsync[0]), "after": asdict(self.fsync[1])},
            "disk_was_slow": disk_was_slow(self.fsync),
            "tries": self.tries,
        }


def run(load: Load, start: Start, *, seconds: float, parent: Path) -> Run:
    """Measures `load` for `seconds` on what `start` begins in an empty folder; repeats while the disk is slow.

    A few times at most; then it says so.
    """
    for tries in count(1):
        with TemporaryDirectory(prefix="shopbell-bench-", dir=parent) as folder:
            before = probe(parent)
            with start(Path(folder)) as deployment:
                result = uvloop.run(_measure(deployment, load, seconds, tries, before, parent))
        gc.collect()
        if tries == TRIES or not disk_was_slow(result.fsync):
            return result
    raise AssertionError("counting has no end")


def disk_was_slow(fsync: tuple[Fsync, Fsync]) -> bool:
    return max(one.p99_ms for one in fsync) > WORST_FSYNC_MS


async def _measure(deployment: Deployment, load: Load, seconds: float, tries: int, before: Fsync, parent: Path) -> Run:
    shops = await deployment.open_shops(shops=SHOPS, customers=CUSTOMERS, agents=AGENTS)
    async with assembled(deployment, shops) as crowd:
        with uncollected():
            driving = asyncio.create_task(load.drive(crowd, WARM_SECONDS + seconds))
            await asyncio.sleep(WARM_SECONDS)
            first = mark(deployment, crowd.tally)
            await asyncio.sleep(seconds)
            last = mark(deployment, crowd.tally)
            crowd.rest()
            await driving
            await crowd.drain()
        delays = crowd.delays(first.at, last.at)
        return Run(
            stretch=between(first, last),
            verdict=crowd.verdict(),
            delivered=delays.delivered,
            acknowledged=delays.acknowledged,
            late=delays.late,
            refused=crowd.tally.refused,
            problems=crowd.tally.problems,
            fsync=(before, probe(parent)),
            tries=tries,
        )


@contextmanager
def uncollected() -> Iterator[None]:
    """Keeps the load's own garbage collector from stopping it in the middle of a measurement."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
