"""The pages before the door: signing in, having a link mailed, and choosing a password."""

from typing import Annotated, Any

from litestar import get, post
from litestar.params import QueryParameter
from litestar.response import Redirect
from msgspec import Meta

from shopbell.kernel import ids
from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import Refusal, Unauthenticated
from shopbell.kernel.http import ApiRequest, Body, Email, Given, Password, Token
from shopbell.kernel.http.fields import NO_NUL
from shopbell.kernel.scope import HOUSE
from shopbell.signin import cookies
from shopbell.signin import store as accounts
from shopbell.signin.actors import Side
from shopbell.signin.passwords import Passwords
from shopbell.signin.policy import Policy
from shopbell.signin.routes import ResetRequest, have_link_mailed
from shopbell.signin.throttle import Throttle
from shopbell.staff.door import Door
from shopbell.staff.entering import StaffCredentials, begin_work
from shopbell.staff.registering import is_still_open
from shopbell.tickets.leaving_routes import NewPassword, spend_link
from shopbell.web import forms
from shopbell.web.forms import Form
from shopbell.web.pages import Page, pages_of, render
from shopbell.web.portal import notices
from shopbell.web.portal.ways import own_path
from shopbell.web.shells import staff_of
from shopbell.web.texts import gettext as _

SIGN_IN = "/sign-in"
# Where each side signs in.
DOORS = {Side.STAFF: SIGN_IN, Side.PERSON: "/app/sign-in"}

NextQuery = Annotated[str | None, QueryParameter(name="next")]
TokenQuery = Annotated[str | None, QueryParameter(name="token")]


class SignIn(Body, frozen=True):
    """A password of any length: that one is too short to be right is for no stranger to hear."""

    email: Email
    password: Annotated[str, Meta(min_length=1, max_length=256, pattern=NO_NUL)]
    next: str = ""


class Forgotten(Body, frozen=True):
    email: Email


class Chosen(Body, frozen=True):
    token: Token
    password: Password


def open_page(
    request: ApiRequest,
    policy: Policy,
    template: str,
    *,
    form: Form[Any] | None = None,
    status: int = 200,
    **values: Any,
) -> Page:
    """A page before the door, with what its forms carry; `form` says how it is answered."""
    form_token, set_cookies = forms.prepared(request, policy)
    page = render(
        template, form.status if form else status, headers=form.headers if form else None, form=form,
        form_token=form_token, notice=notices.shown(request, policy), page={"base": pages_of(request).base}, **values,
    )  # fmt: skip
    page.cookies.extend(set_cookies)
    return notices.seen(request, policy, page)


def signed_in(request: ApiRequest, policy: Policy, token: str, path: str, notice: str = "") -> Redirect:
    """Through the door, to that page of ours."""
    answer = notices.on_to(request, policy, path, notice)
    answer.cookies.append(cookies.signed_in(policy, Side.STAFF, token))
    return answer


@get(SIGN_IN)
async def sign_in_page(
    request: ApiRequest, desk: Given[Desk], door: Given[Door], policy: Given[Policy], after: NextQuery = None
) -> Page | Redirect:
    """Who is signed in already goes on to where they were going."""
    try:
        await staff_of(request, door)
    except Unauthenticated:
        return await _sign_in(request, desk, policy, forms.blank(SignIn, next=after or ""))
    return notices.on_to(request, policy, own_path(after))


async def _sign_in(request: ApiRequest, desk: Desk, policy: Policy, form: Form[SignIn]) -> Page:
    may_register = policy.registration_open or await desk.read_for(HOUSE, is_still_open)
    return open_page(request, policy, "portal/sign_in.html", form=form, may_register=may_register)


@post(SIGN_IN)
async def sign_in(
    request: ApiRequest,
    desk: Given[Desk],
    passwords: Given[Passwords],
    throttle: Given[Throttle],
    policy: Given[Policy],
) -> Page | Redirect:
    form = await forms.read(request, policy, SignIn)
    try:
        given = form.checked()
        credentials = StaffCredentials(email=given.email, password=given.password)
        token, _staff = await begin_work(request, desk, passwords, throttle, credentials)
    except Refusal as refusal:
        return await _sign_in(request, desk, policy, form.refused(refusal, beside={"unauthenticated": "password"}))
    return signed_in(request, policy, token, own_path(given.next))


@get("/forgotten")
async def forgotten_page(request: ApiRequest, policy: Given[Policy]) -> Page:
    return _forgotten(request, policy, forms.blank(Forgotten))


def _forgotten(request: ApiRequest, policy: Policy, form: Form[Forgotten], sent_to: str = "") -> Page:
    return open_page(request, policy, "portal/forgotten.html", form=form, sent_to=sent_to)


@post("/forgotten")
async def forgotten(
    request: ApiRequest, desk: Given[Desk], throttle: Given[Throttle], policy: Given[Policy]
) -> Page | Redirect:
    """Says the same whether or not the address is anybody's."""
    form = await forms.read(request, policy, Forgotten)
    try:
        given = form.checked()
        await have_link_mailed(request, desk, throttle, ResetRequest(given.email, Side.STAFF))
    except Refusal as refusal:
        return _forgotten(request, policy, form.refused(refusal))
    return notices.on_to(request, policy, "/forgotten/sent", given.email)


@get("/forgotten/sent")
async def sent_page(request: ApiRequest, policy: Given[Policy]) -> Page:
    """The notice is the address; without one, as after a reload, it is asked for again."""
    sent_to = notices.shown(request, policy)
    return _forgotten(request, policy, forms.blank(Forgotten, email=sent_to), sent_to)


@get("/password")
async def password_page(
    request: ApiRequest, desk: Given[Desk], policy: Given[Policy], mailed: TokenQuery = None
) -> Page:
    """Where the links in mails lead, on both sides."""
    return await _password(request, desk, policy, forms.blank(Chosen, token=mailed or ""))


async def _password(request: ApiRequest, desk: Desk, policy: Policy, form: Form[Chosen]) -> Page:
    """The form; where the link is no good any more, what to do instead."""
    side = await desk.read_for(HOUSE, accounts.reset_side, ids.hashed(form.typed.get("token", "")), desk.clock())
    if side is None:
        return open_page(request, policy, "portal/link_expired.html", status=410)
    return open_page(request, policy, "portal/password.html", form=form, side=side)


@post("/password")
async def choose_password(
    request: ApiRequest,
    desk: Given[Desk],
    passwords: Given[Passwords],
    throttle: Given[Throttle],
    policy: Given[Policy],
) -> Page | Redirect:
    form = await forms.read(request, policy, Chosen)
    try:
        given = form.checked()
        side = await spend_link(request, desk, passwords, throttle, NewPassword(given.token, given.password))
    except Refusal as refusal:
        return await _password(request, desk, policy, form.refused(refusal))
    return notices.on_to(request, policy, DOORS[side], _("Your new password holds. Sign in with it."))


HANDLERS = [sign_in_page, sign_in, forgotten_page, forgotten, sent_page, password_page, choose_password]
