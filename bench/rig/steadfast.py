"""Writers who repeat a message with its nonce until it is acknowledged, whatever becomes of the server meanwhile."""

import asyncio
import time
from collections.abc import Iterator
from itertools import cycle
from random import Random

import msgspec

from bench.rig.authors import Author
from bench.rig.posters import decode
from bench.rig.rest import Connection, connect, exchange, request
from bench.rig.server import Server

SEED = 11
AGAIN_SECONDS = 0.1
TOO_MUCH_OF_IT = 500

Writer = tuple[str, Author]


class Steadfast:
    """Some connections that write for many customers in turn, each of whom has one message on its way at most."""

    def __init__(self, server: Server, writers: list[Writer], *, connections: int, per_second: float) -> None:
        self._server = server
        self._connections = connections
        self._pause = connections / per_second
        self._random = Random(SEED)
        shuffled = writers.copy()
        self._random.shuffle(shuffled)
        self._turns: Iterator[Writer] = cycle(shuffled)
        self._resting = False
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        self._tasks = [asyncio.create_task(self._write_on()) for _ in range(self._connections)]

    async def rest(self) -> None:
        """Begin no other message, and return once every one that was begun is acknowledged."""
        self._resting = True
        await asyncio.gather(*self._tasks)

    async def _write_on(self) -> None:
        connection: Connection | None = None
        while not self._resting:
            connection = await self._write(connection, *next(self._turns))
            await asyncio.sleep(self._random.expovariate(1 / self._pause))
        if connection is not None:
            connection.close()

    async def _write(self, connection: Connection | None, token: str, author: Author) -> Connection:
        number = author.write(time.perf_counter())
        body = msgspec.json.encode({"nonce": author.nonce(number), "text": author.text(number)})
        sent = request(self._server, "POST", f"/conversations/{author.conversation_id}/messages", token, body)
        while True:
            try:
                connection = connection or await connect(self._server)
                status, answer = await exchange(connection, sent)
            except OSError:
                connection = None
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            if status < 400:
                message = decode(answer)
                author.acknowledge(number, message.id, message.seq, time.perf_counter())
                return connection
            if status < TOO_MUCH_OF_IT:
                author.tally.refuse(f"{status} {answer.decode(errors='replace')}")
                return connection
            await asyncio.sleep(AGAIN_SECONDS)
