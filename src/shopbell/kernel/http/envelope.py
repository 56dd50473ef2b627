"""What every answer carries, whoever gave it: the time it took, and headers that keep browsers careful."""

from time import perf_counter

from litestar.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
]


class Envelope:
    """An ASGI app around another. `Server-Timing` is in milliseconds, up to the answer's first byte.

    An answer that carries one of the headers already, as a page does its own policy, keeps what it carries.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = perf_counter()

        async def stamped(message: Message) -> None:
            if message["type"] == "http.response.start":
                spent = f"app;dur={(perf_counter() - start) * 1_000:.2f}".encode()
                carried = list(message["headers"])
                names = {name.lower() for name, _ in carried}
                ours = [header for header in HEADERS if header[0] not in names]
                message["headers"] = [*carried, *ours, (b"server-timing", spent)]
            await send(message)

        await self._app(scope, receive, stamped)
