"""What a page says once about what was just done: carried over the redirect by a cookie, so no link can forge it."""

from urllib.parse import quote, unquote

from litestar.datastructures import Cookie
from litestar.response import Redirect

from shopbell.kernel.http import ApiRequest
from shopbell.signin.policy import Policy
from shopbell.web.pages import Page, pages_of

SHOWN_WITHIN_SECONDS = 60


def cookie_name(policy: Policy) -> str:
    return "__Host-shopbell-notice" if policy.secure_cookies else "shopbell-notice"


def shown(request: ApiRequest, policy: Policy) -> str:
    """The notice to show on this page; empty where there is none."""
    return unquote(request.cookies.get(cookie_name(policy), ""))


def seen(request: ApiRequest, policy: Policy, page: Page) -> Page:
    """The page, after which the notice is gone."""
    if cookie_name(policy) in request.cookies:
        page.cookies.append(_cookie(policy, "", 0))
    return page


def on_to(request: ApiRequest, policy: Policy, path: str, notice: str = "") -> Redirect:
    """To the page at that path of ours, by GET, with a notice there."""
    cookies = [_cookie(policy, quote(notice, safe=""), SHOWN_WITHIN_SECONDS)] if notice else []
    return Redirect(pages_of(request).at(path), status_code=303, cookies=cookies)


def _cookie(policy: Policy, value: str, max_age: int) -> Cookie:
    return Cookie(
        key=cookie_name(policy), value=value, max_age=max_age, path="/", secure=policy.secure_cookies,
        httponly=True, samesite="lax",
    )  # fmt: skip
