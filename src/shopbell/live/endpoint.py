"""The address of the socket: its handshake, and its life as ASGI sees it."""

from typing import Any

from shopbell.kernel.http import is_own_origin
from shopbell.live.room import Room
from shopbell.live.socket import Socket
from shopbell.live.wire import EXTENSION, Wire


class Live:
    """The ASGI application behind `GET /api/v1/live`."""

    def __init__(self, room: Room, base_url: str) -> None:
        self._room = room
        self._base_url = base_url

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        origin = headers.get("origin")
        # Programs send no origin; a browser always does, and its cookies count for our own pages only.
        if origin is not None and not is_own_origin(origin, headers.get("host"), self._base_url):
            await send({"type": "websocket.close", "code": 1008})
            return
        await send({"type": "websocket.accept"})
        wire: Wire = scope["extensions"][EXTENSION]
        socket = Socket(self._room, wire, headers)
        wire.take(socket.heard, socket.written)
        try:
            while (await receive())["type"] != "websocket.disconnect":
                pass
        finally:
            socket.left()
