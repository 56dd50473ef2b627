"""The destinations that are not built yet: each says so, what it will be, and what to do until then."""

from litestar import get

from shopbell.kernel.errors import NotFound
from shopbell.kernel.http import Given, PathId
from shopbell.web.pages import Page
from shopbell.web.portal import destinations
from shopbell.web.portal.visits import Visit

UNBUILT = {each.key: each for each in destinations.unbuilt()}


@get("/portal/{key:str}")
async def unbuilt(visit: Given[Visit], key: PathId) -> Page:
    destination = UNBUILT.get(key)
    if destination is None:
        raise NotFound
    if destination.right is not None:
        visit.require(destination.right)
    return await visit.show("portal/unbuilt.html", here=key, destination=destination)


HANDLERS = [unbuilt]
