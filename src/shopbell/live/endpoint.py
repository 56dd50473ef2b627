"""The address of the socket: who may open one."""

from collections.abc import Mapping

from shopbell.kernel.http import is_own_origin
from shopbell.live.room import Room
from shopbell.live.socket import Socket
from shopbell.live.wire import Wire


class Live:
    """What answers handshakes; there is a socket at `path` only."""

    def __init__(self, room: Room, base_url: str, path: str) -> None:
        self._room = room
        self._base_url = base_url
        self._path = path

    def refuses(self, path: str, headers: Mapping[str, str]) -> bool:
        """Programs send no origin; a browser always does, and its cookies count for our own pages only."""
        origin = headers.get("origin")
        is_foreign = origin is not None and not is_own_origin(origin, headers.get("host"), self._base_url)
        return path != self._path or is_foreign

    def opened(self, wire: Wire, headers: Mapping[str, str]) -> Socket:
        # picows hands over raw bytes as surrogates, which no hash takes.
        cookies = headers.get("cookie", "").encode("ascii", "surrogateescape").decode("latin-1")
        return Socket(self._room, wire, cookies)
