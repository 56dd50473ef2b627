"""The cutting proxy itself."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.faults.proxy import HEALTHY, CuttingProxy, Fault


@pytest.fixture
async def echo() -> AsyncIterator[int]:
    """The port of a server that sends back what it gets."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1024):
            writer.write(data)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


async def _told(port: int, fault: Fault, *said: bytes) -> tuple[bytes, str]:
    """What a client hears through the proxy, and whether it ended by a cut, an end, or silence."""
    async with CuttingProxy(port, lambda _: fault) as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        heard = b""
        try:
            for part in said:
                writer.write(part)
                heard += await asyncio.wait_for(reader.read(1024), 0.3)
            writer.write_eof()
            while data := await asyncio.wait_for(reader.read(1024), 0.3):
                heard += data
        except TimeoutError:
            return heard, "silence"
        except OSError:
            return heard, "cut"
        finally:
            writer.transport.abort()
        return heard, "end"


@pytest.mark.parametrize(
    ("fault", "heard", "end"),
    [
        (HEALTHY, b"abcdef", "end"),
        (Fault(delay_seconds=0.02), b"abcdef", "end"),
        (Fault(cut_down=4), b"abcd", "cut"),
        (Fault(cut_up=3), b"abc", "cut"),
        (Fault(hole_down=4), b"abcd", "silence"),
        (Fault(hole_up=3), b"", "silence"),
        (Fault(drop_down=3), b"abc", "silence"),
    ],
)
async def test_a_connection_meets_the_fault_of_its_plan(echo: int, fault: Fault, heard: bytes, end: str) -> None:
    got, how = await _told(echo, fault, b"abc", b"def")
    assert heard.startswith(got) and (got == heard or end == "cut")
    assert how == end or (end == "cut" and how == "end")


async def test_a_cut_of_all_ends_every_connection(echo: int) -> None:
    async with CuttingProxy(echo) as proxy:
        pairs = [await asyncio.open_connection("127.0.0.1", proxy.port) for _ in range(3)]
        for reader, writer in pairs:
            writer.write(b"x")
            assert await reader.read(1) == b"x"
        proxy.cut_all()
        for reader, writer in pairs:
            assert await _ended(reader.read)
            writer.transport.abort()
        assert proxy.cuts == 3


async def _ended(read: Callable[[int], Awaitable[bytes]]) -> bool:
    try:
        return await read(1) == b""
    except ConnectionResetError:
        return True
