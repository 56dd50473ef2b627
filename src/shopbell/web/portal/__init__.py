"""The Business Portal: pages that work without a script, and the doors to it."""

from litestar import Router
from litestar.di import Provide

from shopbell.kernel.errors import Refusal
from shopbell.web.portal import dashboard, entering, leaving, registering, unbuilt, users
from shopbell.web.portal.visits import refused, visit

ROUTERS = [
    Router(
        "/",
        route_handlers=[
            *entering.HANDLERS,
            *registering.HANDLERS,
            *leaving.HANDLERS,
            *dashboard.HANDLERS,
            *users.HANDLERS,
            *unbuilt.HANDLERS,
        ],
        dependencies={"visit": Provide(visit)},
        exception_handlers={Refusal: refused},
    )
]
