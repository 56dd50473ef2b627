"""The page that shows every component in every state, as the server draws it and as the browser does."""

from itertools import groupby

from litestar import get

from shopbell.kernel.errors import NotFound
from shopbell.kernel.http import ApiRequest, Given
from shopbell.settings import Settings
from shopbell.web.pages import Page, pages_of, render
from shopbell.web.specimens import SPECIMENS


@get("/dev/look")
async def look(request: ApiRequest, settings: Given[Settings]) -> Page:
    """For whoever works on Shopbell: refused unless the setting `dev` is on."""
    if not settings.dev:
        raise NotFound
    numbered = list(enumerate(SPECIMENS))
    kinds = [(name, list(each)) for name, each in groupby(numbered, key=lambda pair: pair[1].component)]
    return render("look.html", kinds=kinds, page={"base": pages_of(request).base, "specimens": SPECIMENS})
