"""Every "no" to a browser as a page: what happened, and what to do."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import structlog
from litestar import Response
from litestar.exceptions import HTTPException, NotFoundException
from litestar.response import Redirect

from shopbell.kernel.errors import NotFound, Refusal, Unauthenticated
from shopbell.kernel.http import problem
from shopbell.kernel.http.requests import AnyRequest
from shopbell.web.pages import pages_of, render
from shopbell.web.texts import gettext as _

log = structlog.get_logger()


async def take_any_query(_request: AnyRequest) -> None:
    """Links come back with marks of mail programs and trackers on them; only an API must be exact."""


def refused(request: AnyRequest, refusal: Refusal) -> Response[Any]:
    if isinstance(refusal, Unauthenticated):
        return Redirect(pages_of(request).at(_sign_in(request)), status_code=303)
    again = refusal.extra.get("retry_after")
    headers = {} if again is None else {"Retry-After": str(again)}
    return _page(refusal.status, refusal.detail, title=title_of(refusal), headers=headers)


def title_of(refusal: Refusal) -> str:
    """What heads the page that says so."""
    # Nothing is wrong with who asks, only with the page it was asked from.
    return _("Load the page again") if refusal.code == "stale_form" else _title(refusal.status)


def _sign_in(request: AnyRequest) -> str:
    """Where to sign in and come back from to what was asked for."""
    if request.method != "GET":
        return "/sign-in"
    query = request.scope["query_string"].decode("latin-1")
    wanted = request.scope["path"] + (f"?{query}" if query else "")
    return f"/sign-in?next={quote(wanted, safe='/')}"


def _misspelled(request: AnyRequest, error: UnicodeDecodeError) -> Response[Any]:
    return _page(400)


def _refused_by_router(request: AnyRequest, error: HTTPException) -> Response[Any]:
    if error.status_code >= 500:
        return fault(request, error)
    return _page(error.status_code)


def fault(request: AnyRequest, error: Exception) -> Response[Any]:
    """A fault of ours: the log gets the trace, the reader only that it happened."""
    log.error("page_failed", exc_info=error, method=request.method, path=request.scope["path"])
    return _page(500)


def _page(
    status: int, detail: str = "", *, title: str | None = None, headers: dict[str, str] | None = None
) -> Response[Any]:
    return render("error.html", status=status, headers=headers, title=title or _title(status), detail=detail)


def _title(status: int) -> str:
    titles = {
        403: _("You may not see this page"),
        404: _("There is nothing at this address"),
        429: _("Too many requests"),
        503: _("Shopbell is restarting"),
    }
    fallback = _("That did not work") if status < 500 else _("Something went wrong on our side")
    return titles.get(status, fallback)


def not_found(request: AnyRequest, error: NotFoundException) -> Response[Any]:
    """For an address of nothing, which is nobody's: a page for a browser, a problem for a program."""
    by_browser = "text/html" in request.headers.get("accept", "")
    if by_browser and not request.scope["path"].startswith("/api/"):
        return _page(404)
    return problem(request, NotFound("There is nothing at this address."))


exception_handlers: dict[type[Exception] | int, Callable[[AnyRequest, Any], Response[Any]]] = {
    Refusal: refused,
    UnicodeDecodeError: _misspelled,
    HTTPException: _refused_by_router,
    Exception: fault,
}
