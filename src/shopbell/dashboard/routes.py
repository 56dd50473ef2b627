"""The figures of a shop over a period."""

from datetime import date
from typing import Annotated

from litestar import Router, get
from litestar.params import QueryParameter

from shopbell.dashboard import queries
from shopbell.dashboard.queries import Dashboard
from shopbell.kernel.desk import Desk
from shopbell.kernel.http import Given
from shopbell.signin.security import STAFF
from shopbell.staff.actors import Staff


@get("/dashboard", summary="How the shop has been doing", security=STAFF)
async def dashboard(
    desk: Given[Desk],
    staff: Given[Staff],
    first: Annotated[date | None, QueryParameter(name="from")] = None,
    last: Annotated[date | None, QueryParameter(name="to")] = None,
) -> Dashboard:
    """Over the days from `from` to `to`, both counted, in the shop's time zone; of today without them.

    An Agent sees their own figures.
    """
    return await desk.read(queries.dashboard, staff, first, last, desk.clock())


router = Router(path="/", route_handlers=[dashboard])
