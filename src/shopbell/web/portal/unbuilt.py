"""The destinations that are not built yet: each says so, what it will be, and what to do until then."""

from litestar import get
from litestar.params import FromPath

from shopbell.kernel.errors import NotFound
from shopbell.kernel.http import Given
from shopbell.web.pages import Page
from shopbell.web.portal import destinations
from shopbell.web.portal.visits import Visit
from shopbell.web.texts import gettext as _

UNBUILT = {each.key: each for each in destinations.unbuilt()}


@get("/portal/{rest:path}")
async def unbuilt(visit: Given[Visit], rest: FromPath[str]) -> Page:
    destination = UNBUILT.get(rest.removeprefix("/"))
    if destination is None:
        raise NotFound(_("The address may be misspelt, or what was there is gone."))
    if destination.right is not None:
        visit.require(destination.right)
    return await visit.show("portal/unbuilt.html", here=destination.key, destination=destination)


HANDLERS = [unbuilt]
