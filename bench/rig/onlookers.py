"""A great many staff sockets in a process of their own, too polite to disturb who measures beside it."""

import asyncio
import multiprocessing
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection

import uvloop

from bench.rig.entry import by_token
from bench.rig.server import prepare_load
from bench.rig.sockets import Listener, open_all

POLITENESS = 15
CONNECT_SECONDS = 120.0
LINGER_SECONDS = 10.0


@dataclass(frozen=True)
class Heard:
    """Of each message in turn, when the last of the sockets had it (`time.perf_counter`); and the totals."""

    last_at: list[float]
    deliveries: int
    closed: int


@dataclass(frozen=True)
class Onlookers:
    pipe: Connection

    async def heard(self, messages: int) -> Heard:
        """What they heard once every socket had `messages` of them, or had waited long enough."""
        self.pipe.send(messages)
        answer: Heard = await asyncio.to_thread(self.pipe.recv)
        return answer


@asynccontextmanager
async def onlookers(ws_url: str, tokens: list[str], sockets: int) -> AsyncIterator[Onlookers]:
    """Opens that many sockets, the tokens taking turns; they only listen."""
    here, there = multiprocessing.Pipe()
    spawning = multiprocessing.get_context("spawn")
    process = spawning.Process(target=_stand, args=(ws_url, tokens, sockets, there), daemon=True)
    process.start()
    try:
        if not await asyncio.to_thread(here.poll, CONNECT_SECONDS):
            raise TimeoutError(f"{sockets} sockets did not connect")
        here.recv()
        yield Onlookers(here)
    finally:
        process.kill()
        process.join()


def _stand(ws_url: str, tokens: list[str], sockets: int, pipe: Connection) -> None:
    prepare_load()
    os.nice(POLITENESS)
    uvloop.run(_listen(ws_url, tokens, sockets, pipe))


async def _listen(ws_url: str, tokens: list[str], sockets: int, pipe: Connection) -> None:
    listeners = [Listener(by_token(tokens[number % len(tokens)])) for number in range(sockets)]
    await open_all([ws_url], listeners)
    pipe.send("ready")
    messages = await asyncio.to_thread(pipe.recv)
    deadline = time.monotonic() + LINGER_SECONDS
    while time.monotonic() < deadline and any(len(listener.heard) < messages for listener in listeners):
        await asyncio.sleep(0.01)
    pipe.send(
        Heard(
            last_at=[max(at) for at in zip(*(listener.heard_at for listener in listeners), strict=False)],
            deliveries=sum(len(listener.heard) for listener in listeners),
            closed=sum(listener.closed_with is not None for listener in listeners),
        )
    )
