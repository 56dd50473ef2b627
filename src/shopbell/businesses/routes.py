"""The public directory and the profile of a business: open to everybody."""

from litestar import Router, get

from shopbell.businesses import queries
from shopbell.businesses.queries import BusinessItem
from shopbell.businesses.rules import Business
from shopbell.kernel.desk import Desk
from shopbell.kernel.http import (
    DEFAULT_LIMIT,
    AfterQuery,
    Given,
    LimitQuery,
    Page,
    PathId,
    SearchQuery,
    checked_id,
)
from shopbell.kernel.scope import HOUSE


@get("/businesses", summary="Find businesses", security=[])
async def find(
    desk: Given[Desk], q: SearchQuery = None, limit: LimitQuery = DEFAULT_LIMIT, after: AfterQuery = None
) -> Page[BusinessItem]:
    """By the beginnings of words of their name, trade or town; without `q` all, by name."""
    if q is None:
        return await desk.read_for(HOUSE, queries.directory, limit=limit, after=after)
    return await desk.read_for(HOUSE, queries.search, q, limit=limit, after=after)


@get("/businesses/{business_id:str}", summary="The public profile of a business", security=[])
async def profile(desk: Given[Desk], business_id: PathId) -> Business:
    return await desk.read_for(HOUSE, queries.profile, checked_id(business_id))


router = Router(path="/", route_handlers=[find, profile])
