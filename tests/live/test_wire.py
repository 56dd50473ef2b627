"""The WebSocket itself: what browsers send at the door, messages in pieces, pings, and readers that are slow."""

import asyncio
import base64
import os
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from tests.shop import Shop

SECONDS = 5
TEXT, CLOSE, PING, PONG, CONTINUATION = 1, 8, 9, 10, 0


class Raw:
    """A client that speaks frame by frame."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self._writer = writer

    async def send(self, kind: int, payload: bytes = b"", *, fin: bool = True, reserved: int = 0) -> None:
        size = len(payload)
        short = bytes([128 | size]) if size < 126 else bytes([128 | 126]) + struct.pack(">H", size)
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))
        self._writer.write(bytes([128 * fin | reserved | kind]) + short + mask + masked)
        await self._writer.drain()

    async def hear(self) -> tuple[int, bytes]:
        """The next frame: its kind and what it carries."""
        async with asyncio.timeout(SECONDS):
            first, second = await self.reader.readexactly(2)
            size = second & 127
            if size == 126:
                (size,) = struct.unpack(">H", await self.reader.readexactly(2))
            elif size == 127:
                (size,) = struct.unpack(">Q", await self.reader.readexactly(8))
            return first & 15, await self.reader.readexactly(size)

    async def closed(self) -> int:
        """The code it is closed with."""
        while True:
            kind, payload = await self.hear()
            if kind == CLOSE:
                return int.from_bytes(payload[:2], "big")


@asynccontextmanager
async def connected(shop: Shop, **headers: str) -> AsyncIterator[Raw]:
    address = urlsplit(shop.server.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    key = base64.b64encode(os.urandom(16)).decode()
    sent = {
        "Host": address.netloc, "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": key, **headers,
    }  # fmt: skip
    lines = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
    writer.write(f"GET /api/v1/live HTTP/1.1\r\n{lines}\r\n".encode("latin-1"))
    answer = await reader.readuntil(b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 101 "), answer
    try:
        yield Raw(reader, writer)
    finally:
        writer.close()


def hello(token: str | None = None) -> bytes:
    frame: dict[str, Any] = {"type": "hello"}
    return msgspec.json.encode({**frame, "token": token} if token else frame)


async def test_firefox_names_two_things_in_its_connection_header(shop: Shop) -> None:
    async with connected(shop, Connection="keep-alive, Upgrade") as raw:
        await raw.send(TEXT, hello(shop.ann.token))
        kind, payload = await raw.hear()
        assert (kind, msgspec.json.decode(payload)["type"]) == (TEXT, "ready")


async def test_a_message_may_come_in_pieces_with_a_ping_in_between(shop: Shop) -> None:
    async with connected(shop) as raw:
        said = hello(shop.ann.token)
        await raw.send(TEXT, said[:5], fin=False)
        await raw.send(CONTINUATION, b"", fin=False)
        await raw.send(PING, b"there?")
        await raw.send(CONTINUATION, said[5:])
        assert await raw.hear() == (PONG, b"there?")
        kind, payload = await raw.hear()
        assert (kind, msgspec.json.decode(payload)["type"]) == (TEXT, "ready")


@pytest.mark.parametrize(
    "frames", [[(CONTINUATION, True)], [(TEXT, False), (TEXT, True)], [(TEXT, False), (TEXT, False)]]
)
async def test_pieces_that_do_not_fit_together_close_the_socket(shop: Shop, frames: list[tuple[int, bool]]) -> None:
    async with connected(shop) as raw:
        for kind, fin in frames:
            await raw.send(kind, b"{", fin=fin)
        assert await raw.closed() == 1002


async def test_an_extension_that_nobody_agreed_on_closes_the_socket(shop: Shop) -> None:
    async with connected(shop) as raw:
        await raw.send(TEXT, b"{}", reserved=64)
        assert await raw.closed() == 1002


async def test_all_pieces_of_a_message_together_are_bounded(shop: Shop) -> None:
    async with connected(shop) as raw:
        await raw.send(TEXT, b"x" * 60_000, fin=False)
        for _ in range(4):
            await raw.send(CONTINUATION, b"x" * 60_000, fin=False)
        assert await raw.closed() == 1009


async def test_a_cookie_of_odd_bytes_is_no_sign_in_and_no_fault(shop: Shop) -> None:
    told = len(shop.server.log)
    async with connected(shop, Cookie="__Host-shopbell-staff=\xff\xfe; shopbell-staff=\xff") as raw:
        await raw.send(TEXT, hello())
        assert await raw.closed() == 1008
    assert "socket_failed" not in shop.server.log[told:]


async def test_who_pings_without_reading_costs_no_memory(shop: Shop) -> None:
    async with connected(shop) as raw:
        await raw.send(TEXT, hello(shop.ann.token))
        await raw.hear()
        transport = raw._writer.transport
        transport.set_write_buffer_limits(high=1 << 20)
        before = resident(shop.server.pid)
        ping = bytes([128 | PING, 128 | 125]) + bytes(4) + bytes(125)
        for _ in range(300):
            raw._writer.write(ping * 1_000)
            await raw._writer.drain()
        assert resident(shop.server.pid) - before < 20 * 1024


def resident(pid: int) -> int:
    """KiB of memory in use."""
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


async def test_a_slow_reader_gets_every_long_frame_whole(shop: Shop) -> None:
    case = await shop.case()
    async with connected(shop) as raw:
        await raw.send(TEXT, hello(case.person.token))
        await raw.hear()
        texts = [f"{number} " + "long " * 1_590 for number in range(120)]
        for number, text in enumerate(texts):
            body = {"nonce": f"n{number}", "text": text}
            await shop.done(case.person, "POST", f"/conversations/{case.conversation}/messages", body)
        heard: list[str] = []
        while len(heard) < len(texts):
            kind, payload = await raw.hear()
            if kind == TEXT:
                found = msgspec.json.decode(payload)
                events = found if isinstance(found, list) else [found]
                heard += [each["body"]["text"] for each in events if each.get("name") == "message_posted"]
        assert heard == texts
