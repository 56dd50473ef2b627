"""The whole product as one ASGI app; the only file that knows every feature."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import msgspec
from litestar import Litestar, Response, Router, get
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.types import LifeSpanScope, Receive, Scope, Send

import shopbell
from shopbell import chores, health, web
from shopbell.businesses import routes as businesses
from shopbell.channels.email import mailbox
from shopbell.conversations import attaching_routes as attaching
from shopbell.conversations import routes as conversations
from shopbell.conversations.allowance import Allowance
from shopbell.conversations.places import Places
from shopbell.dashboard import routes as dashboard
from shopbell.kernel.desk import Desk
from shopbell.kernel.files import DiskFiles, Files
from shopbell.kernel.http import API, BODY_BYTES, ApiRequest, Given, exception_handlers, refuse_unexpected
from shopbell.kernel.http.envelope import Envelope
from shopbell.kernel.http.given import always, for_request
from shopbell.kernel.http.openapi import document
from shopbell.kernel.jobs import Worker
from shopbell.kernel.rates import Rates
from shopbell.live.endpoint import Live
from shopbell.live.room import Room
from shopbell.loop import routes as loop
from shopbell.reactions import HANDLERS, Means
from shopbell.settings import Settings
from shopbell.signin import routes as signin
from shopbell.signin.actors import Side
from shopbell.signin.cookies import SIDE_HEADER, cookie_name
from shopbell.signin.passwords import FULL, LINE, LOW, Passwords
from shopbell.signin.policy import Policy
from shopbell.signin.throttle import Throttle
from shopbell.staff import routes as staff
from shopbell.staff.door import Door
from shopbell.tickets import leaving_routes as leaving
from shopbell.tickets import routes as tickets
from shopbell.tickets import talking

LIVE = f"{API}/live"
FEATURES = (signin, businesses, staff, loop, conversations, attaching, tickets, talking, leaving, dashboard)
INFO = {
    "title": "Shopbell",
    "version": shopbell.__version__,
    "description": "The API of a local business's customer-chat desk. The live stream is a WebSocket at"
    f" `{LIVE}`, described in the project's `docs/protocol.md`.",
}
# What one actor may post in the long run, and at once.
MESSAGES_PER_SECOND = 10
MESSAGES_AT_ONCE = 60


class Shopbell:
    """HTTP goes through the routes; `live` takes the sockets, which never come this way."""

    def __init__(self, routes: Litestar, live: Live) -> None:
        self.routes = routes
        self.live = live
        self._http = Envelope(routes)

    async def __call__(self, scope: Scope | LifeSpanScope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.routes(scope, receive, send)
        else:
            await self._http(scope, receive, send)


@get("/openapi.json", summary="This API as an OpenAPI 3.1 document")
async def openapi(request: ApiRequest, policy: Given[Policy]) -> Response[dict[str, Any]]:
    below = urlsplit(policy.base_url).path or "/"
    described = await asyncio.to_thread(document, request.app, INFO, _security(policy), below=below)
    return Response(described, media_type="application/json")


def build(settings: Settings, desk: Desk) -> Shopbell:
    """The app over an unstarted desk; its lifespan starts and stops the desk and everything beside it."""
    policy = Policy(
        base_url=settings.base_url,
        secure_cookies=settings.secure_cookies,
        registration_open=settings.registration_open,
    )
    door = Door(desk, policy)
    room = Room(
        desk, door, Places(desk), Rates(MESSAGES_PER_SECOND, MESSAGES_AT_ONCE, enforced=settings.rate_limits),
        limited=settings.rate_limits, nats_url=settings.nats_url,
    )  # fmt: skip
    post = mailbox(settings.smtp_url, settings.data / "mail", settings.sender)
    files = _files(settings)
    means = Means(desk, post, files, settings.base_url)
    worker = Worker(desk, HANDLERS, means)

    @asynccontextmanager
    async def running(_: Litestar) -> AsyncIterator[None]:
        files.open()
        desk.start()
        room.open()
        worker.start()
        running_chores = chores.begin(means)
        try:
            yield
        finally:
            for chore in running_chores:
                chore.cancel()
            await worker.stop()
            await room.close()
            await desk.stop()
            # Last, so that the others hear of what was committed to the end.
            await room.neighbours.stop()

    hot = {"desk": desk, "places": room.places, "rates": room.rates}
    seldom = {
        "settings": settings,
        "neighbours": room.neighbours,
        "policy": policy,
        "door": door,
        "files": files,
        "allowance": Allowance(desk, enforced=settings.rate_limits),
        "throttle": Throttle(desk, on=settings.rate_limits, proxies=settings.trusted_proxies),
        "passwords": Passwords(FULL if settings.costly_passwords else LOW, line=LINE if settings.rate_limits else None),
    }
    askers = {"staff": door.staff, "person": door.person, "anyone": door.anyone}
    routes = Litestar(
        [health.router, Router(API, route_handlers=[openapi, *(feature.router for feature in FEATURES)]), *web.ROUTERS],
        state=State(web.means(settings)),
        request_class=ApiRequest,
        before_request=refuse_unexpected,
        request_max_body_size=BODY_BYTES,
        exception_handlers={**exception_handlers, NotFoundException: web.refusals.not_found},
        dependencies={**always({**hot, **seldom}), **for_request(askers, after="rates")},
        lifespan=[running],
        openapi_config=None,
        logging_config=None,
    )
    return Shopbell(routes, Live(room, settings.base_url, LIVE))


def _files(settings: Settings) -> Files:
    folder = settings.data / "files"
    if settings.s3 is None:
        return DiskFiles(folder)
    # Imported on demand: its library costs memory that a shop with its files on disk need not spend.
    from shopbell.kernel.bucket import BucketFiles  # noqa: PLC0415

    return BucketFiles(folder / "incoming", **msgspec.structs.asdict(settings.s3))


def _security(policy: Policy) -> dict[str, Any]:
    """The two ways to prove who one is, for each side."""
    schemes: dict[str, Any] = {}
    for side in Side:
        schemes[f"{side}Bearer"] = {"type": "http", "scheme": "bearer"}
        schemes[f"{side}Cookie"] = {
            "type": "apiKey",
            "in": "cookie",
            "name": cookie_name(policy, side),
            "description": f"Set by a sign-in with the header `{SIDE_HEADER}: {side}`, which then answers no `token`."
            " Changes need an `Origin` of this site; requests that carry the cookies of both sides need that header.",
        }
    return schemes
