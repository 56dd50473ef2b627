"""How a new session reaches its owner: as a token in the answer, or as a cookie for our own pages."""

from typing import TypeVar

import msgspec
from litestar import Response
from msgspec import UNSET, UnsetType

from shopbell.kernel.errors import Forbidden, Malformed
from shopbell.kernel.http import ApiRequest, is_own_origin
from shopbell.signin import cookies
from shopbell.signin.actors import Side
from shopbell.signin.policy import Policy


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """The base of what a sign-in answers; pages, which get a cookie, are not told the token."""

    token: str | UnsetType = UNSET


A = TypeVar("A", bound=SignedIn)


def check_page(request: ApiRequest, policy: Policy, side: Side) -> None:
    """Refuse a sign-in that another site's page sends, or that is for the other side than its page's."""
    named = cookies.named_side(request.headers.get(cookies.SIDE_HEADER))
    if named is None:
        return
    if named != side:
        raise Malformed(f"This signs in on the side {side}; {cookies.SIDE_HEADER} says {named}.")
    check_origin(request, policy)


def check_origin(request: ApiRequest, policy: Policy) -> None:
    """Raise Forbidden for a request that a cookie would answer for and that none of our pages sent."""
    headers = request.headers
    if not is_own_origin(headers.get("origin"), headers.get("host"), policy.base_url):
        raise Forbidden("This request did not come from a page of this site.", code="foreign_origin")


def signed_in(request: ApiRequest, policy: Policy, side: Side, token: str, answer: A) -> Response[A]:
    """The answer with its token, or for a page that names its side without it and with a cookie instead."""
    if request.headers.get(cookies.SIDE_HEADER) is None:
        return Response(msgspec.structs.replace(answer, token=token), status_code=201)
    return Response(answer, status_code=201, cookies=[cookies.signed_in(policy, side, token)])
