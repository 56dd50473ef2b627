"""A socket of the staff, for what only goes over one."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.sync.client import ClientConnection, connect

SECONDS = 10.0

Json = dict[str, Any]


class Hearing:
    """Frames come in order; those that are not waited for are passed over."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._frames: list[Json] = []

    def send(self, frame: Json) -> None:
        self._socket.send(json.dumps(frame))

    def until(self, kind: str) -> Json:
        """The next frame of that type. Raises TimeoutError."""
        while True:
            while self._frames:
                frame = self._frames.pop(0)
                if frame["type"] == kind:
                    return frame
            came = json.loads(self._socket.recv(timeout=SECONDS))
            self._frames = came if isinstance(came, list) else [came]


@contextmanager
def hearing(url: str, token: str) -> Iterator[Hearing]:
    """Say hello, and hear the business from now on."""
    address = url.replace("http", "ws", 1) + "/api/v1/live"
    with connect(address, compression=None, proxy=None) as socket:
        heard = Hearing(socket)
        heard.send({"type": "hello", "token": token})
        heard.until("ready")
        yield heard
