"""The pages that hold the live apps; everything in them is drawn by their scripts."""

from typing import Any

from litestar import Response, get
from litestar.response import Redirect

from shopbell.kernel.errors import Unauthenticated
from shopbell.kernel.http import ApiRequest, Given
from shopbell.signin.actors import Side
from shopbell.staff.actors import Staff
from shopbell.staff.door import Door
from shopbell.web.assets import answered, bundle_of
from shopbell.web.pages import Page, pages_of, render

# Asked for anew each time, since its name is fixed; the browser may keep what it has while that is current.
CHECKED = "no-cache"
ICONS = (
    ("app-192.png", "192x192", "image/png", "any"),
    ("app-512.png", "512x512", "image/png", "any"),
    ("app-maskable-512.png", "512x512", "image/png", "maskable"),
    ("logo-still.svg", "any", "image/svg+xml", "any"),
)


async def staff_of(request: ApiRequest, door: Door) -> Staff:
    """The staff member whose cookie the page's request carries. Raises Unauthenticated.

    A page that is navigated to names no side, so the page's own side is what counts.
    """
    actor = await door.by_cookies(request.headers.get("cookie", ""), Side.STAFF)
    if not isinstance(actor, Staff):
        raise Unauthenticated
    return actor


@get("/")
async def root(request: ApiRequest, door: Given[Door]) -> Redirect:
    try:
        await staff_of(request, door)
    except Unauthenticated:
        return Redirect(pages_of(request).at("/sign-in"), status_code=303)
    return Redirect(pages_of(request).at("/portal"), status_code=303)


@get(["/console", "/console/t/{ticket:str}"])
async def console(request: ApiRequest, door: Given[Door]) -> Page:
    """The console itself finds the ticket its address names."""
    staff = await staff_of(request, door)
    pages = pages_of(request)
    icons = {"ringing": pages.asset("logo.svg"), "still": pages.asset("logo-still.svg")}
    return render("console.html", page={**_page(request), "actor": staff.id, "icons": icons})


@get(["/app", "/app/{view:path}"])
async def member(request: ApiRequest) -> Page:
    return render("app.html", page=_page(request))


@get("/app/worker.js")
async def worker(request: ApiRequest) -> Response[bytes]:
    """The member app's service worker; it may look after `/app` itself too, not only what lies below."""
    answer = answered(request, bundle_of(request).named("worker.js"), keep=CHECKED)
    answer.headers["Service-Worker-Allowed"] = pages_of(request).at("/app")
    # A worker keeps to the policy it came with, not to that of the page it works for.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; connect-src 'self'"
    return answer


@get("/app/manifest.webmanifest")
async def manifest(request: ApiRequest) -> Response[dict[str, Any]]:
    """What a phone needs to put the member app on its home screen."""
    pages, assets = pages_of(request), bundle_of(request)
    icons = [
        {"src": pages.asset(name), "sizes": sizes, "type": kind, "purpose": purpose}
        for name, sizes, kind, purpose in ICONS
        if assets.has(name)
    ]
    described = {
        "id": pages.at("/app"),
        "name": "Shopbell",
        "short_name": "Shopbell",
        "start_url": pages.at("/app"),
        "scope": pages.at("/app"),
        "display": "standalone",
        "background_color": "#f6f4f0",
        "theme_color": "#0b6264",
        "icons": icons,
    }
    return Response(described, media_type="application/manifest+json", headers={"Cache-Control": CHECKED})


def _page(request: ApiRequest) -> dict[str, Any]:
    """What a live app is told by its page."""
    return {"base": pages_of(request).base}
