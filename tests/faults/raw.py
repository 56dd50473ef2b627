"""Sockets by hand, for what a well-behaved client library will not do."""

import asyncio
import base64
import os
import socket
import struct
import time
from typing import Self
from urllib.parse import urlsplit

import msgspec

from tests.faults.clients import PREFIX, Endpoint

RECEIVE_BUFFER_BYTES = 4096
TEXT, BINARY, CLOSE, PING = 0x1, 0x2, 0x8, 0x9


def frame(payload: bytes, *, opcode: int = TEXT, final: bool = True, masked: bool = True) -> bytes:
    """One client frame (RFC 6455, section 5.2); the mask is zero, so the payload stays readable."""
    first = (0x80 if final else 0) | opcode
    mask = 0x80 if masked else 0
    if len(payload) < 126:
        head = struct.pack("!BB", first, mask | len(payload))
    elif len(payload) < 1 << 16:
        head = struct.pack("!BBH", first, mask | 126, len(payload))
    else:
        head = struct.pack("!BBQ", first, mask | 127, len(payload))
    return head + (bytes(4) if masked else b"") + payload


class RawLive:
    """A live socket below the protocol: bytes are read only when asked for, from a tiny kernel buffer."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self.rest = b""

    @classmethod
    async def upgraded(cls, endpoint: Endpoint) -> Self:
        """Connect and upgrade; nothing is said yet, and whatever comes stays unread."""
        address = urlsplit(endpoint.url)
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        sock.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(sock, (address.hostname, address.port))
        raw = cls(sock)
        key = base64.b64encode(os.urandom(16)).decode()
        await raw.send(
            f"GET {PREFIX}/live HTTP/1.1\r\nHost: {address.netloc}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        while b"\r\n\r\n" not in raw.rest:
            raw.rest += await asyncio.wait_for(loop.sock_recv(sock, 1024), 10)
        head, raw.rest = raw.rest.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.split(b"\r\n", 1)[0]:
            raise ConnectionError(head.decode(errors="replace"))
        return raw

    @classmethod
    async def open(cls, endpoint: Endpoint, token: str, **hello: object) -> Self:
        """Connect, upgrade and say hello."""
        raw = await cls.upgraded(endpoint)
        await raw.send(frame(msgspec.json.encode({"type": "hello", "token": token, **hello})))
        return raw

    async def send(self, data: bytes) -> None:
        await asyncio.get_running_loop().sock_sendall(self._socket, data)

    async def ended(self, *, seconds: float) -> int | None:
        """Read to the end; the code of the close frame, 1006 when the end came without one.

        Raises TimeoutError when the connection is still open after `seconds`.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                data = self._socket.recv(1 << 18)
            except BlockingIOError:
                await asyncio.sleep(0.005)
                continue
            except OSError:
                return 1006
            self.rest += data
            while (found := _first_frame(self.rest)) is not None:
                opcode, payload, self.rest = found
                if opcode == CLOSE:
                    return int.from_bytes(payload[:2], "big") if payload else 1005
            if not data:
                return 1006
            await asyncio.sleep(0)
        raise TimeoutError

    def close(self) -> None:
        self._socket.close()


def _first_frame(data: bytes) -> tuple[int, bytes, bytes] | None:
    """The opcode, the payload and what follows of an unmasked server frame, None while it is incomplete."""
    if len(data) < 2:
        return None
    length, start = data[1] & 0x7F, 2
    if length == 126:
        length, start = int.from_bytes(data[2:4], "big"), 4
    elif length == 127:
        length, start = int.from_bytes(data[2:10], "big"), 10
    if len(data) < start + length:
        return None
    return data[0] & 0x0F, data[start : start + length], data[start + length :]
