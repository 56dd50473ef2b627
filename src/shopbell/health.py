"""Whether the process lives, and whether it can do its work."""

import asyncio

import msgspec
from litestar import Router, get

from shopbell.kernel.database import Snapshot
from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import Refusal
from shopbell.kernel.files import Files
from shopbell.kernel.http import Given
from shopbell.kernel.scope import HOUSE
from shopbell.kernel.transaction import Transaction
from shopbell.live.neighbours import Neighbours
from shopbell.settings import Settings

ANSWER_SECONDS = 3


class Alive(msgspec.Struct, frozen=True):
    status: str = "alive"


class Ready(msgspec.Struct, frozen=True):
    """`failing` names parts that are down while the rest goes on.

    `weakened` lists settings that take protection away, as only tests may; `warnings` what to put right.
    """

    failing: list[str]
    weakened: list[str]
    warnings: list[str]
    status: str = "ready"


class NotReady(Refusal):
    status = 503
    code = "not_ready"
    title = "Not ready."


@get("/live", summary="Whether the process runs")
async def live() -> Alive:
    return Alive()


@get("/ready", summary="Whether the database answers and can be written to")
async def ready(
    desk: Given[Desk], neighbours: Given[Neighbours], files: Given[Files], settings: Given[Settings]
) -> Ready:
    """Answers 503 and names the part that fails, `database` or `writer`, if it is not."""
    part = "database"
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await desk.read_for(HOUSE, _answers)
            part = "writer"
            await desk.do(None, _answers)
    except (Refusal, TimeoutError) as error:
        raise NotReady(f"The {part} does not answer.", part=part, retry_after=2) from error
    failing = neighbours.failing if await _reachable(files) else [*neighbours.failing, "files"]
    return Ready(failing, settings.weakened, settings.warnings)


async def _reachable(files: Files) -> bool:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await files.check()
    except (Refusal, TimeoutError):
        return False
    return True


def _answers(read: Snapshot | Transaction) -> None:
    read.value("SELECT 1")


router = Router("/health", route_handlers=[live, ready], security=[])
