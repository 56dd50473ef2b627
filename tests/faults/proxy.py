"""A TCP proxy that delays, cuts, swallows or blackholes, each connection by its own plan."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

CHUNK_BYTES = 4096


@dataclass(frozen=True)
class Fault:
    """What befalls one connection; byte counts are from its start, `None` is never.

    `cut_up` and `cut_down` cut both directions hard after so many bytes towards the server or the client;
    `hole_up` and `hole_down` leave the connection open and pass nothing more either way;
    `drop_down` passes requests on and swallows what the server answers.
    """

    delay_seconds: float = 0.0
    cut_up: int | None = None
    cut_down: int | None = None
    hole_up: int | None = None
    hole_down: int | None = None
    drop_down: int | None = None


HEALTHY = Fault()


class CuttingProxy:
    """Listens on a free loopback port and forwards to `target_port` under the faults of `plan`.

    `plan` is asked once for every connection, with its number from 0.
    """

    def __init__(self, target_port: int, plan: Callable[[int], Fault] = lambda _: HEALTHY) -> None:
        self.target_port = target_port
        self.plan = plan
        self.port = 0
        self.cuts = 0
        self._numbers = itertools.count()
        self._connections: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self.cut_all()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def cut_all(self) -> None:
        """Cut every connection that stands now."""
        for connection in self._connections:
            connection.cancel()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            await self._join(self.plan(next(self._numbers)), reader, writer)
        except (OSError, asyncio.CancelledError):
            self.cuts += 1
        finally:
            self._connections.discard(task)

    async def _join(self, fault: Fault, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with _hard_closed(writer):
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.target_port)
            async with _hard_closed(up_writer):
                hole = asyncio.Event()
                await _first_end(
                    _pass(reader, up_writer, fault, fault.cut_up, fault.hole_up, None, hole),
                    _pass(up_reader, writer, fault, fault.cut_down, fault.hole_down, fault.drop_down, hole),
                )


@asynccontextmanager
async def _hard_closed(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    try:
        yield
    finally:
        writer.transport.abort()


async def _first_end(*directions: Coroutine[Any, Any, None]) -> None:
    tasks = [asyncio.ensure_future(direction) for direction in directions]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _pass(
    source: asyncio.StreamReader,
    sink: asyncio.StreamWriter,
    fault: Fault,
    cut: int | None,
    hole_at: int | None,
    drop: int | None,
    hole: asyncio.Event,
) -> None:
    passed = 0
    while data := await source.read(CHUNK_BYTES):
        if fault.delay_seconds:
            await asyncio.sleep(fault.delay_seconds)
        limit = min((n for n in (cut, hole_at, drop) if n is not None), default=None)
        kept = data if limit is None else data[: max(0, limit - passed)]
        passed += len(data)
        if kept and not hole.is_set():
            sink.write(kept)
            await sink.drain()
        if cut is not None and passed >= cut:
            with contextlib.suppress(OSError):
                await sink.drain()
            raise ConnectionResetError
        if hole_at is not None and passed >= hole_at:
            hole.set()
        if hole.is_set():
            break
    if hole.is_set():
        await asyncio.Event().wait()
    # An orderly end of one side is passed on as one, so a close handshake is not taken for a cut.
    if sink.can_write_eof():
        sink.write_eof()
        await asyncio.sleep(1)
