"""Clients that come back with their cursors whenever they are cut off, all at once and without any patience."""

import asyncio
from collections import defaultdict

import msgspec
from picows import WSError, WSTransport, ws_connect

from bench.rig.entry import by_token
from bench.rig.sockets import Listener
from bench.rig.wire import CursorMoved, Item, Live, Ready

AGAIN_SECONDS = 0.5
HANDSHAKE_SECONDS = 30.0


class Returning(Listener):
    """Keeps every event it hears, over all its connections, as (business, seq, name).

    `business_id` is where the token's owner works; a person has none.
    """

    def __init__(self, ws_url: str, token: str, business_id: str = "") -> None:
        super().__init__(by_token(token))
        self.cursors: dict[str, str] = {}
        self.stream: list[tuple[str, int, str]] = []
        self.is_welcome = False
        self.welcomed_at = 0.0
        self.hellos = 0
        self._ws_url = ws_url
        self._token = token
        self._business_id = business_id
        self._leaves = False
        self._coming: asyncio.Task[None] | None = None

    def anew(self, cursors: dict[str, str]) -> "Returning":
        """The same client, as if it had heard nothing after those cursors."""
        again = Returning(self._ws_url, self._token, self._business_id)
        again.cursors = cursors
        return again

    def come(self) -> None:
        """Connect, as soon as it can be."""
        self._coming = asyncio.get_running_loop().create_task(self._come())

    async def _come(self) -> None:
        while True:
            try:
                await ws_connect(lambda: self, self._ws_url, websocket_handshake_timeout=HANDSHAKE_SECONDS)
                return
            except (OSError, WSError):
                await asyncio.sleep(AGAIN_SECONDS)

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport
        self.hellos += 1
        self._send(msgspec.json.encode({"type": "hello", "token": self._token, "cursors": self.cursors}))

    def take(self, item: Item, now: float) -> None:
        if type(item) is Ready:
            self.is_welcome, self.welcomed_at = True, now
            self.cursors |= item.cursors or {self._business_id: item.cursor}
            return
        if type(item) is Live:
            self.stream.append((item.business_id, item.seq, item.name))
            self.cursors[item.business_id] = item.cursor
        elif type(item) is CursorMoved:
            self.cursors[item.business_id] = item.cursor
        super().take(item, now)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.is_welcome = False
        if not self._leaves:
            self.come()

    def leave(self) -> None:
        self._leaves = True
        self.close()


def by_business(stream: list[tuple[str, int, str]]) -> dict[str, list[tuple[int, str]]]:
    """The events of each business, in the order they were heard."""
    heard = defaultdict(list)
    for business_id, seq, name in stream:
        heard[business_id].append((seq, name))
    return heard
