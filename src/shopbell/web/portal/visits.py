"""Somebody signed in who looks at a page: who it is, and what every page does for them."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import msgspec
from litestar import Litestar, Response
from litestar.response import Redirect
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from shopbell.kernel.database import Snapshot
from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import Refusal, Unauthenticated
from shopbell.kernel.http import ApiRequest, Given
from shopbell.kernel.http.requests import AnyRequest
from shopbell.signin.policy import Policy
from shopbell.staff.actors import Staff
from shopbell.staff.door import Door
from shopbell.staff.rules import Right, require
from shopbell.web import forms, refusals
from shopbell.web.forms import Form
from shopbell.web.pages import Page, pages_of, render
from shopbell.web.portal import notices, rights
from shopbell.web.portal.destinations import CHAT_SUPPORT
from shopbell.web.portal.frame import frame
from shopbell.web.refusals import title_of
from shopbell.web.shells import staff_of

F = TypeVar("F", bound=msgspec.Struct)
FORBIDDEN, NOT_FOUND = 403, 404


class Visit(msgspec.Struct, frozen=True):
    """One request of a page behind the door."""

    request: ApiRequest
    desk: Desk
    policy: Policy
    staff: Staff

    def require(self, right: Right) -> None:
        require(self.staff.role, right)

    async def show(
        self, template: str, *, here: str, form: Form[Any] | None = None, status: int = 200,
        query: Callable[[Snapshot], dict[str, Any]] | None = None, **values: Any,
    ) -> Page:  # fmt: skip
        """The page in the portal's frame. `here` is the key of the destination it belongs to, `form` what it answers.

        What `query` reads and the frame are of one instant.
        """
        around, found = await self.desk.read_for(
            self.staff.scope, lambda read: (frame(read, self.staff), query(read) if query is not None else {})
        )
        told = {
            "base": pages_of(self.request).base,
            "console": pages_of(self.request).at(CHAT_SUPPORT.path),
            "login_id": self.staff.login_id,
            "business_id": around.business.id,
            "cursor": around.cursor,
            "waiting": around.waiting,
        }
        page = render(
            template, form.status if form else status, headers=form.headers if form else None, form=form,
            frame=around, here=here, page=told, notice=self.notice,
            form_token=forms.token(self.request, self.policy, self.staff.business_id), role_name=rights.name_of,
            **found, **values,
        )  # fmt: skip
        return notices.seen(self.request, self.policy, page)

    @property
    def notice(self) -> str:
        return notices.shown(self.request, self.policy)

    async def form(self, kind: type[F]) -> Form[F]:
        """The form that was sent. Raises Forbidden and Malformed."""
        return await forms.read(self.request, self.policy, kind, self.staff.business_id)

    async def done(
        self,
        form: Form[F],
        act: Callable[[F], Coroutine[Any, Any, Redirect]],
        again: Callable[[Form[F]], Coroutine[Any, Any, Page]],
        beside: dict[str, str] | None = None,
    ) -> Page | Redirect:
        """Do what the form asks, or show it `again` with what was refused; `beside` is as in `Form.refused`."""
        try:
            return await act(form.checked())
        except Unauthenticated:
            # The session ended meanwhile: there is nobody to show the form to.
            raise
        except Refusal as refusal:
            return await again(form.refused(refusal, beside=beside))

    def on_to(self, path: str, notice: str = "") -> Redirect:
        """To that page of ours, with a notice there."""
        return notices.on_to(self.request, self.policy, path, notice)


async def visit(request: ApiRequest, desk: Given[Desk], door: Given[Door], policy: Given[Policy]) -> Visit:
    """Who asks. Raises Unauthenticated."""
    found = Visit(request, desk, policy, await staff_of(request, door))
    request.state.visit = found
    return found


class RefusedVisit(ASGIResponse):
    """What somebody signed in may not see or will not find, said within the portal, so that they are not lost."""

    def __init__(self, visit: Visit, refusal: Refusal) -> None:
        super().__init__()
        self._visit = visit
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        page = await self._page()
        await page.to_asgi_response(None, self._visit.request)(scope, receive, send)

    async def _page(self) -> Response[Any]:
        refusal, request = self._refusal, self._visit.request
        try:
            return await self._visit.show(
                "portal/refused.html", here="", status=refusal.status, title=title_of(refusal), detail=refusal.detail
            )
        except Refusal:
            # The database is away, and the portal's frame with it. Nothing would catch what is raised from here.
            return refusals.refused(request, refusal)
        except Exception as error:
            return refusals.fault(request, error)


class Refused(Response[None]):
    """A refusal on its way: what stands around it is read when it is sent, which alone can wait for a read."""

    def __init__(self, visit: Visit, refusal: Refusal) -> None:
        super().__init__(None, status_code=refusal.status)
        self._answer = RefusedVisit(visit, refusal)

    def to_asgi_response(self, app: Litestar | None, request: AnyRequest, **how: Any) -> ASGIResponse:
        return self._answer


def refused(request: AnyRequest, refusal: Refusal) -> Response[Any]:
    found: Visit | None = request.state.get("visit")
    if found is None or refusal.status not in (FORBIDDEN, NOT_FOUND):
        return refusals.refused(request, refusal)
    return Refused(found, refusal)
