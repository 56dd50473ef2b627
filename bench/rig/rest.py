"""A keep-alive HTTP/1.1 client that costs next to nothing: one request in flight on each connection."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import msgspec

from bench.rig.server import Server

LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
HEAD_END = b"\r\n\r\n"
NO_CONTENT = 204

Answered = Callable[[int, bytes], None]


class Refused(Exception):
    """An answer of 400 or more, where the bench needed the thing done."""


class Connection(asyncio.Protocol):
    """Sends one request, calls back with status and body, and is free for the next one.

    `head` holds the status line and headers of the last answer.
    """

    def __init__(self) -> None:
        self.head = b""
        self._received = b""
        self._answered: Answered | None = None
        self._lost: Callable[[], None] = lambda: None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports have the methods, not the class.
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._lost()

    def send(self, request: bytes, answered: Answered, lost: Callable[[], None] = lambda: None) -> None:
        self._answered = answered
        self._lost = lost
        if self._transport.is_closing():
            lost()
        else:
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        if self._received:
            data = self._received + data
        end = data.find(HEAD_END)
        status = int(data[9:12]) if end > 0 else 0
        self.head = data[: end + 2]
        length = self._length(self.head, status) if end > 0 else 0
        if end < 0 or len(data) < end + len(HEAD_END) + length:
            self._received = data
            return
        self._received = b""
        answered, self._answered = self._answered, None
        assert answered is not None, "an answer nobody asked for"
        answered(status, data[end + len(HEAD_END) :])

    def _length(self, head: bytes, status: int) -> int:
        if found := LENGTH.search(head):
            return int(found[1])
        assert status == NO_CONTENT, "answers come with a length; chunks are not understood here"
        return 0

    def close(self) -> None:
        self._lost = lambda: None
        self._transport.close()


async def connect(server: Server) -> Connection:
    _, connection = await asyncio.get_running_loop().create_connection(Connection, server.host, server.port)
    return connection


def request(server: Server, method: str, path: str, token: str | None, body: bytes) -> bytes:
    """One request of the API at `path`, which is relative to `/api/v1`."""
    bearer = f"Authorization: Bearer {token}\r\n" if token else ""
    head = (
        f"{method} /api/v1{path} HTTP/1.1\r\nHost: {server.host}:{server.port}\r\n{bearer}"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@dataclass
class Client:
    """Asks the API over a few connections at once."""

    server: Server
    free: asyncio.Queue[Connection]

    async def ask(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> Any:
        """The decoded answer, None when it is empty; raises `Refused`."""
        content = b"" if body is None else msgspec.json.encode(body)
        status, answer = await self.exchange(request(self.server, method, path, token, content))
        if status >= 400:
            raise Refused(f"{method} {path}: {status} {answer.decode(errors='replace')}")
        return msgspec.json.decode(answer) if answer else None

    async def exchange(self, sent: bytes) -> tuple[int, bytes]:
        connection = await self.free.get()
        try:
            return await exchange(connection, sent)
        finally:
            self.free.put_nowait(connection)

    def close(self) -> None:
        while not self.free.empty():
            self.free.get_nowait().close()


async def exchange(connection: Connection, sent: bytes) -> tuple[int, bytes]:
    """Status and body of the answer. Raises ConnectionResetError when the server hangs up before."""
    answer: asyncio.Future[tuple[int, bytes]] = asyncio.get_running_loop().create_future()

    def hung_up() -> None:
        if not answer.done():
            answer.set_exception(ConnectionResetError("the server hung up"))

    connection.send(sent, lambda status, body: answer.set_result((status, body)), hung_up)
    return await answer


async def client(server: Server, connections: int) -> Client:
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(connections):
        free.put_nowait(await connect(server))
    return Client(server, free)
