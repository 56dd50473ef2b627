"""The way to a NATS on which messages get lost: a proxy that knows where each of them begins and ends."""

import asyncio
import contextlib
import random
import threading
from types import TracebackType
from typing import Self


class LosingBus:
    """Passes everything on but a `share` of the messages, from 0 to 1; `lost` counts those.

    It lives on a thread of its own, so that it serves processes that start while the test waits for them.
    """

    def __init__(self, target_port: int, *, seed: int = 0) -> None:
        self.share = 0.0
        self.lost = 0
        self._target = target_port
        self._random = random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        opening = asyncio.start_server(self._accept, "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(opening, self._loop).result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        with contextlib.suppress(OSError, EOFError, asyncio.CancelledError):
            bus_reader, bus_writer = await asyncio.open_connection("127.0.0.1", self._target)
            ends = {
                asyncio.create_task(self._lose(reader, bus_writer)),
                asyncio.create_task(pass_on(bus_reader, writer)),
            }
            try:
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for end in ends:
                    end.cancel()
                await asyncio.gather(*ends, return_exceptions=True)
                bus_writer.transport.abort()
        writer.transport.abort()
        self._connections.discard(task)

    async def _lose(self, reader: asyncio.StreamReader, bus: asyncio.StreamWriter) -> None:
        """What a process says, line by line; `PUB subject size` is followed by a message of that many bytes."""
        while True:
            said = await reader.readuntil(b"\r\n")
            if said.startswith((b"PUB ", b"HPUB ")):
                said += await reader.readexactly(int(said.split()[-1]) + len(b"\r\n"))
                if self._random.random() < self.share:
                    self.lost += 1
                    continue
            bus.write(said)
            await bus.drain()


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(64 * 1024):
        writer.write(data)
        await writer.drain()
