"""The line between a browser and the server, which can be cut while a test looks on."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from playwright.sync_api import Page, WebSocketRoute

from tests.faults.proxy import HEALTHY, CuttingProxy, Fault

T = TypeVar("T")

# What a browser says of a line that breaks.
BROKEN = r"WebSocket connection|ERR_|Failed to load resource|Failed to fetch|An unknown error occurred"
SECONDS = 10.0
DEAD = Fault(cut_up=0)


class Line:
    """A proxy in front of a server. Its loop runs in a thread of its own, since the browser's takes the test's."""

    def __init__(self, proxy: CuttingProxy, run: Callable[[Coroutine[Any, Any, None]], None]) -> None:
        self._proxy = proxy
        self._run = run
        self.url = f"http://127.0.0.1:{proxy.port}"

    def cut(self, after: Fault = HEALTHY) -> None:
        """Break every connection; new ones may be made, and that is what befalls them."""
        self._run(self._cut(after))

    def down(self) -> None:
        """Break every connection, and each new one as it comes."""
        self._run(self._cut(DEAD))

    def up(self) -> None:
        """Let new connections through."""
        self._proxy.plan = lambda _: HEALTHY

    async def _cut(self, after: Fault) -> None:
        self._proxy.plan = lambda _: after
        self._proxy.cut_all()


class OwnLine:
    """The socket of one tab alone, which can hear nothing while it stands, and be broken."""

    def __init__(self, page: Page) -> None:
        self._state: Literal["whole", "silent", "down"] = "whole"
        self._lines: list[WebSocketRoute] = []
        page.route_web_socket("**/api/v1/live", self._opened)

    def silence(self) -> None:
        self._state = "silent"

    def down(self) -> None:
        """Break it, and each new one as it comes."""
        self._state = "down"
        self._lines[-1].close(code=1012)

    def up(self) -> None:
        self._state = "whole"

    def _opened(self, line: WebSocketRoute) -> None:
        if self._state == "down":
            return line.close(code=1012)
        self._lines.append(line)
        server = line.connect_to_server()
        server.on_message(lambda said: line.send(said) if self._state == "whole" else None)


@contextmanager
def line_to(url: str) -> Iterator[Line]:
    """A healthy line to the server at that address."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def run(work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, loop).result(SECONDS)

    proxy = CuttingProxy(urlsplit(url).port or 0)
    run(proxy.__aenter__())
    try:
        yield Line(proxy, run)
    finally:
        run(proxy.__aexit__(None, None, None))
        loop.call_soon_threadsafe(loop.stop)
        thread.join(SECONDS)
        loop.close()
