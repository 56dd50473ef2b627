"""Live sockets that cost the load's core little: a Cython WebSocket, frames built by joining bytes."""

import asyncio
import time
from collections.abc import Sequence
from itertools import cycle
from typing import TypeVar

import msgspec
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from bench.rig.authors import Author
from bench.rig.entry import Entry
from bench.rig.wire import POSTED, Acknowledged, Item, Live, NotDone, Ready, Resync, decode

CONNECTING_AT_ONCE = 32
READY_SECONDS = 20.0


class Listener(WSListener):
    """Keeps every posted message it hears, with the moment of its frame."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.heard: list[Live] = []
        self.heard_at: list[float] = []
        self.frames = 0
        self.resyncs = 0
        self.closed_with: int | None = None
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport
        if self.entry.hello:
            self._send(self.entry.hello)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        now = time.perf_counter()
        if frame.msg_type == WSMsgType.TEXT:
            self.frames += 1
            got = decode(frame.get_payload_as_memoryview())
            if type(got) is list:
                for item in got:
                    self.take(item, now)
            else:
                self.take(got, now)
        elif frame.msg_type == WSMsgType.CLOSE:
            self.closed_with = int(frame.get_close_code().value)

    def take(self, item: Item, now: float) -> None:
        if type(item) is Live:
            if item.name == POSTED:
                self.heard.append(item)
                self.heard_at.append(now)
        elif type(item) is Ready:
            self.ready.set_result(None)
        elif type(item) is Resync:
            self.resyncs += 1

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        if not self.ready.done():
            self.ready.set_exception(ConnectionResetError(f"closed with {self.closed_with} before ready"))
        if self.closed_with is None:
            self.closed_with = 1006

    def close(self) -> None:
        self.transport.disconnect()

    def _send(self, frame: bytes) -> None:
        self.transport.send(WSMsgType.TEXT, frame)


class Sender(Listener):
    """A customer on a socket; while `pressing`, each acknowledgement lets the next message go."""

    def __init__(self, entry: Entry, author: Author) -> None:
        super().__init__(entry)
        self.author = author
        self.pressing = False
        head = msgspec.json.encode({"type": "post_message", "conversation_id": author.conversation_id})
        self._head = head[:-1]

    def press(self, window: int) -> None:
        """Keeps `window` messages unacknowledged until `pressing` is taken back."""
        self.pressing = True
        for _ in range(window):
            self.post(time.perf_counter())

    def post(self, due: float) -> None:
        author = self.author
        number = author.write(due)
        nonce = author.nonce(number)
        rest = f',"ref":"{number}","nonce":"{nonce}","text":"{author.text(number)}"}}'
        self._send(self._head + rest.encode())

    def take(self, item: Item, now: float) -> None:
        if type(item) is Acknowledged:
            self.author.acknowledge(int(item.ref), item.id, item.seq, now)
            if self.pressing:
                self.post(now)
        elif type(item) is NotDone:
            self.author.tally.refuse(bytes(item.problem).decode())
        else:
            super().take(item, now)


AnyListener = TypeVar("AnyListener", bound=Listener)


async def open_all(ws_urls: Sequence[str], listeners: Sequence[AnyListener]) -> None:
    """Connects every listener, the addresses taking turns, and waits until each stream has started."""
    gate = asyncio.Semaphore(CONNECTING_AT_ONCE)

    async def connect(ws_url: str, listener: AnyListener) -> None:
        async with gate:
            await ws_connect(lambda: listener, ws_url, extra_headers=listener.entry.headers)
            await asyncio.wait_for(asyncio.shield(listener.ready), READY_SECONDS)

    await asyncio.gather(*map(connect, cycle(ws_urls), listeners))
