"""A TCP balancer, run as `python -m tests.balancer`: each connection goes to the next process that takes it.

It prints its port, then reads from its input, line by line, the ports of all processes; it ends with its input.
"""

import asyncio
import itertools
import sys
import threading
from typing import cast

import uvloop

HOST = "127.0.0.1"
BACKLOG = 2_048


class Joined(asyncio.Protocol):
    """One side of a connection: what it reads goes to the other side, and it ends with it."""

    def __init__(self) -> None:
        self.other: Joined | None = None
        self._early: list[bytes] = []
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none of asyncio's classes.
        self._transport = cast(asyncio.Transport, transport)

    def join(self, other: "Joined") -> None:
        self.other, other.other = other, self
        for side in (self, other):
            for data in side._early:
                side.data_received(data)

    def data_received(self, data: bytes) -> None:
        if self.other is None:
            self._early.append(data)
        else:
            self.other._transport.write(data)

    def pause_writing(self) -> None:
        if self.other is not None:
            self.other._transport.pause_reading()

    def resume_writing(self) -> None:
        if self.other is not None and not self.other._transport.is_closing():
            self.other._transport.resume_reading()

    def connection_lost(self, error: Exception | None) -> None:
        if self.other is not None:
            self.other._transport.close()

    def cut(self) -> None:
        self._transport.abort()

    @property
    def is_gone(self) -> bool:
        return self._transport.is_closing()


class Balancer:
    """Gives connections out in turn, past processes that refuse them."""

    def __init__(self) -> None:
        self.ports: list[int] = []
        self._turns = itertools.count()
        self._joining: set[asyncio.Task[None]] = set()

    def accept(self) -> Joined:
        client = Joined()
        joining = asyncio.get_running_loop().create_task(self._join(client))
        self._joining.add(joining)
        joining.add_done_callback(self._joining.discard)
        return client

    async def _join(self, client: Joined) -> None:
        first = next(self._turns)
        for turn in range(len(self.ports)):
            port = self.ports[(first + turn) % len(self.ports)]
            try:
                _, process = await asyncio.get_running_loop().create_connection(Joined, HOST, port)
            except OSError:
                continue
            if client.is_gone:
                process.cut()
            else:
                client.join(process)
            return
        client.cut()


async def balance() -> None:
    balancer = Balancer()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(balancer.accept, HOST, 0, backlog=BACKLOG)
    print(server.sockets[0].getsockname()[1], flush=True)
    ended = asyncio.Event()

    def read() -> None:
        for line in sys.stdin:
            balancer.ports = [int(port) for port in line.split()]
        loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=read, daemon=True).start()
    await ended.wait()


if __name__ == "__main__":
    uvloop.run(balance())
