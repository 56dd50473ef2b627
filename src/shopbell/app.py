"""The whole product as one ASGI app; the only file that knows every feature."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Response, Router, get
from litestar.di import Provide
from litestar.enums import ScopeType
from litestar.types import ASGIApp, LifeSpanScope, Receive, Scope, Send

import shopbell
from shopbell import health
from shopbell.channels.email import mailbox
from shopbell.kernel.desk import Desk
from shopbell.kernel.http import BODY_BYTES, ApiRequest, exception_handlers, refuse_unknown_query
from shopbell.kernel.http.envelope import Envelope
from shopbell.kernel.http.openapi import document
from shopbell.kernel.jobs import Worker
from shopbell.reactions import HANDLERS, Means
from shopbell.settings import Settings

API = "/api/v1"
LIVE = f"{API}/live"


class Shopbell:
    """HTTP goes through the routes, the socket straight to `live`."""

    def __init__(self, routes: Litestar, live: ASGIApp) -> None:
        self.routes = routes
        self._http = Envelope(routes)
        self._live = live

    async def __call__(self, scope: Scope | LifeSpanScope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            await self._http(scope, receive, send)
        elif scope["type"] == ScopeType.WEBSOCKET:
            live = self._live if scope["path"] == LIVE else refuse
            await live(scope, receive, send)
        else:
            await self.routes(scope, receive, send)


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Turn away a handshake at an address where there is no socket."""
    await receive()
    await send({"type": "websocket.close", "code": 1008, "reason": "There is no socket at this address."})


@get("/openapi.json", summary="This API as an OpenAPI 3.1 document")
async def openapi(request: ApiRequest) -> Response[dict[str, Any]]:
    described = await asyncio.to_thread(document, request.app, version=shopbell.__version__)
    return Response(described, media_type="application/json")


def build(settings: Settings, desk: Desk) -> Shopbell:
    """The app over an unstarted desk; its lifespan starts and stops the desk and everything beside it."""
    worker = Worker(desk, HANDLERS, Means(desk, mailbox(settings), settings.base_url))

    @asynccontextmanager
    async def running(_: Litestar) -> AsyncIterator[None]:
        desk.start()
        worker.start()
        try:
            yield
        finally:
            await worker.stop()
            await desk.stop()

    api = Router(API, route_handlers=[openapi])
    routes = Litestar(
        [health.router, api],
        request_class=ApiRequest,
        before_request=refuse_unknown_query,
        request_max_body_size=BODY_BYTES,
        exception_handlers=exception_handlers,
        dependencies={
            "desk": Provide(lambda: desk, sync_to_thread=False),
            "settings": Provide(lambda: settings, sync_to_thread=False),
        },
        lifespan=[running],
        openapi_config=None,
        logging_config=None,
    )
    return Shopbell(routes, refuse)
