"""The pages: everything people see, and the one place that wires it."""

from litestar import Router
from litestar.handlers import HTTPRouteHandler

from shopbell.settings import Settings
from shopbell.web import assets, legal, look, portal, refusals, shells
from shopbell.web.assets import Assets
from shopbell.web.pages import Pages

HANDLERS: list[HTTPRouteHandler | Router] = [
    assets.asset,
    shells.root,
    shells.console,
    shells.member,
    shells.worker,
    shells.manifest,
    look.look,
    *legal.HANDLERS,
    *portal.ROUTERS,
]

# Pages are asked for by browsers: they refuse in HTML, and shrug at what a mail program adds to a link.
ROUTERS = [
    Router(
        "/",
        route_handlers=HANDLERS,
        include_in_schema=False,
        security=[],
        before_request=refusals.take_any_query,
        exception_handlers=refusals.exception_handlers,
    )
]


def means(settings: Settings) -> dict[str, object]:
    """What the pages of one process share, by the names they know it by. Raises CannotServe."""
    bundle = Assets()
    return {"assets": bundle, "pages": Pages(bundle, settings.base_url, dev=settings.dev)}
