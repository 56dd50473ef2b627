"""Signing out, a new password, and a changed colleague: what may end claims, over HTTP."""

from litestar import Response, Router, delete, post, put

from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import Invalid
from shopbell.kernel.http import ApiRequest, Body, Given, JSONBody, Password, PathId, Token, checked_id
from shopbell.signin import cookies
from shopbell.signin.actors import Person, Side
from shopbell.signin.passwords import Passwords
from shopbell.signin.policy import Policy
from shopbell.signin.rules import SPEND_FROM
from shopbell.signin.security import ANYONE, STAFF
from shopbell.signin.throttle import Throttle
from shopbell.staff.actors import Staff
from shopbell.staff.door import side_of
from shopbell.staff.items import StaffItem, full
from shopbell.staff.rules import Role
from shopbell.tickets import leaving


class NewPassword(Body, frozen=True):
    """The token is the one of the mailed link."""

    token: Token
    password: Password


class StaffChange(Body, frozen=True):
    role: Role | None = None
    active: bool | None = None


@delete("/session", summary="Sign out", security=ANYONE)
async def sign_out(
    request: ApiRequest, desk: Given[Desk], anyone: Given[Person | Staff], policy: Given[Policy]
) -> Response[None]:
    """Ends the session that asks, and closes its sockets."""
    business_id = anyone.business_id if isinstance(anyone, Staff) else None
    await desk.do(business_id, leaving.sign_out, anyone)
    forget = [] if "authorization" in request.headers else [cookies.signed_out(policy, side_of(anyone))]
    return Response(None, status_code=204, cookies=forget)


@post("/password", status_code=204, summary="Set a new password by a mailed link", security=[])
async def set_password(
    request: ApiRequest,
    desk: Given[Desk],
    passwords: Given[Passwords],
    throttle: Given[Throttle],
    data: JSONBody[NewPassword],
) -> None:
    """Ends every session of the login or person."""
    await spend_link(request, desk, passwords, throttle, data)


async def spend_link(
    request: ApiRequest, desk: Desk, passwords: Passwords, throttle: Throttle, given: NewPassword
) -> Side:
    """Set the password, whatever the request looks like; the side it is for."""
    # Hashing is costly, so nobody may have it done again and again for tokens that are none.
    await throttle.count((SPEND_FROM, throttle.network_of(request)))
    return await desk.do(None, leaving.set_password, given.token, await passwords.hashed(given.password))


@put(
    "/staff/{staff_id:str}",
    summary="Change a colleague's role, let them go, or take them back",
    security=STAFF,
)
async def change_staff(
    desk: Given[Desk], staff: Given[Staff], staff_id: PathId, data: JSONBody[StaffChange]
) -> StaffItem:
    if data.role is None and data.active is None:
        raise Invalid("role", "Give a role, or whether they are active.")
    changed = await desk.do(
        staff.business_id, leaving.change_staff, staff, checked_id(staff_id), data.role, data.active
    )
    return full(changed)


router = Router(path="/", route_handlers=[sign_out, set_password, change_staff])
