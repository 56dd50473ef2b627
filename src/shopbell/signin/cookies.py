"""Session cookies: one for each side, so that one browser may be staff here and a customer there."""

from litestar.datastructures import Cookie

from shopbell.kernel.clock import SECOND
from shopbell.kernel.errors import Malformed
from shopbell.signin.actors import Side
from shopbell.signin.policy import Policy
from shopbell.signin.rules import PERSON_MOST, STAFF_MOST

SIDE_HEADER = "Shopbell-Side"
MOST = {Side.STAFF: STAFF_MOST, Side.PERSON: PERSON_MOST}


def cookie_name(policy: Policy, side: Side) -> str:
    """The `__Host-` prefix makes a browser refuse a cookie that another host or plain http planted."""
    return f"__Host-shopbell-{side}" if policy.secure_cookies else f"shopbell-{side}"


def signed_in(policy: Policy, side: Side, token: str) -> Cookie:
    """The cookie that carries a new session."""
    return _cookie(policy, side, token, MOST[side] // SECOND)


def signed_out(policy: Policy, side: Side) -> Cookie:
    """What makes a browser forget the session."""
    return _cookie(policy, side, "", 0)


def _cookie(policy: Policy, side: Side, value: str, max_age: int) -> Cookie:
    return Cookie(
        key=cookie_name(policy, side), value=value, max_age=max_age, path="/", secure=policy.secure_cookies,
        httponly=True, samesite="lax",
    )  # fmt: skip


def named_side(header: str | None) -> Side | None:
    """The side a page names by `Shopbell-Side`. Raises Malformed for anything but the two."""
    if header is None:
        return None
    try:
        return Side(header)
    except ValueError:
        raise Malformed(f"{SIDE_HEADER} must be staff or person.") from None


def session_cookie(policy: Policy, header: str, side: Side | None) -> tuple[Side, str] | None:
    """Side and token of the one session a `Cookie` header means. Raises Malformed when it could be either."""
    pairs = dict(pair.strip().split("=", 1) for pair in header.split(";") if "=" in pair)
    carried = {each: pairs[name] for each in Side if (name := cookie_name(policy, each)) in pairs}
    if side is None and len(carried) > 1:
        raise Malformed(f"You are signed in on both sides; say which is meant by {SIDE_HEADER}.", code="which_side")
    for each, token in carried.items():
        if side in (None, each):
            return each, token
    return None
