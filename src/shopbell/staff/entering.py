"""The routes by which one comes to work: opening a business, signing in, changing to another business."""

import msgspec
from litestar import Response, post, put
from litestar.params import JSONBody

from shopbell.businesses.rules import Business, TimeZone, check_time_zone
from shopbell.kernel import ids
from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import Conflict, Unauthenticated
from shopbell.kernel.http import ApiRequest, Body, BusinessName, Email, Given, Id, Name, Password
from shopbell.kernel.scope import HOUSE
from shopbell.signin import commands as signin
from shopbell.signin import store as logins
from shopbell.signin.actors import Side
from shopbell.signin.answers import SignedIn, check_page, signed_in
from shopbell.signin.passwords import Passwords
from shopbell.signin.policy import Policy
from shopbell.signin.rules import REGISTER_FROM, SIGN_IN_FROM, SIGN_IN_TO_ADDRESS, check_email, email_key
from shopbell.signin.security import STAFF
from shopbell.signin.store import Login
from shopbell.signin.throttle import Throttle, Try
from shopbell.staff import queries, registering
from shopbell.staff.actors import Staff
from shopbell.staff.items import AskingStaff, asking
from shopbell.staff.queries import Workplace
from shopbell.staff.registering import Founding


class Owner(Body, frozen=True):
    first_name: Name
    last_name: Name
    email: Email
    password: Password


class NewBusiness(Body, frozen=True):
    name: BusinessName
    time_zone: TimeZone
    owner: Owner


class StaffCredentials(Body, frozen=True):
    """`code` is for two-factor sign-in, which no login has yet: leave it out or send null."""

    email: Email
    password: Password
    code: None = None
    business_id: Id | None = None


class OtherBusiness(Body, frozen=True):
    business_id: Id


class Registered(SignedIn, frozen=True, kw_only=True):
    business: Business
    staff: AskingStaff


class StaffSignedIn(SignedIn, frozen=True, kw_only=True):
    staff: AskingStaff
    businesses: list[Workplace]


class Switched(msgspec.Struct, frozen=True):
    staff: AskingStaff


@post("/businesses", summary="Register a business with its first Owner", security=[])
async def register(
    request: ApiRequest,
    desk: Given[Desk],
    passwords: Given[Passwords],
    throttle: Given[Throttle],
    policy: Given[Policy],
    data: JSONBody[NewBusiness],
) -> Response[Registered]:
    """Who has a staff login already gives its password. Closed after the first business, unless opened."""
    check_page(request, policy, Side.STAFF)
    token, business, staff = await open_business(request, desk, passwords, throttle, policy, data)
    return signed_in(request, policy, Side.STAFF, token, Registered(business=business, staff=asking(staff)))


async def open_business(
    request: ApiRequest, desk: Desk, passwords: Passwords, throttle: Throttle, policy: Policy, new: NewBusiness
) -> tuple[str, Business, Staff]:
    """Register the business, whatever the request looks like; the first is the token of its Owner's session."""
    check_email(new.owner.email, "owner.email")
    check_time_zone(new.time_zone, "time_zone")
    await throttle.count((REGISTER_FROM, throttle.network_of(request)))
    if not policy.registration_open:
        # Before anything is looked up: a closed door says nothing about who is inside.
        await desk.read_for(HOUSE, registering.check_still_open)
    login = await desk.read_for(HOUSE, logins.login_by_email, new.owner.email)
    if login is None:
        password_hash = await passwords.hashed(new.owner.password)
    else:
        await _verify_owner(request, passwords, throttle, login, new.owner)
        password_hash = ""
    owner = new.owner
    founding = Founding(new.name, new.time_zone, owner.first_name, owner.last_name, owner.email, password_hash, login)
    command = registering.register if policy.registration_open else registering.register_first
    token = ids.token()
    business, staff = await desk.do(None, command, founding, ids.hashed(token))
    return token, business, staff


async def _verify_owner(
    request: ApiRequest, passwords: Passwords, throttle: Throttle, login: Login, owner: Owner
) -> None:
    tries = _tries(request, throttle, owner.email)
    await throttle.count(*tries)
    if not await passwords.match(owner.password, login.password_hash):
        raise Conflict("There is a login with this e-mail address; give its password.", code="email_taken")
    await throttle.forgive(*tries)


@post("/staff/sessions", summary="Sign in as staff", security=[])
async def sign_in(
    request: ApiRequest,
    desk: Given[Desk],
    passwords: Given[Passwords],
    throttle: Given[Throttle],
    policy: Given[Policy],
    data: JSONBody[StaffCredentials],
) -> Response[StaffSignedIn]:
    """For the named business, else the one worked for last."""
    check_page(request, policy, Side.STAFF)
    token, staff = await begin_work(request, desk, passwords, throttle, data)
    businesses = await desk.read_for(staff.scope, queries.workplaces, staff.login_id)
    answer = StaffSignedIn(staff=asking(staff), businesses=businesses)
    return signed_in(request, policy, Side.STAFF, token, answer)


async def begin_work(
    request: ApiRequest, desk: Desk, passwords: Passwords, throttle: Throttle, given: StaffCredentials
) -> tuple[str, Staff]:
    """Sign in, whatever the request looks like; the first is the token of the session."""
    tries = _tries(request, throttle, given.email)
    await throttle.count(*tries)
    login = await desk.read_for(HOUSE, logins.login_by_email, given.email)
    matches = await passwords.match(given.password, login.password_hash if login else None)
    if login is None or not matches:
        raise Unauthenticated(signin.WRONG)
    await throttle.forgive(*tries)
    token = ids.token()
    return token, await desk.do(None, registering.sign_in, login, given.business_id, ids.hashed(token))


def _tries(request: ApiRequest, throttle: Throttle, email: str) -> tuple[Try, Try]:
    return (SIGN_IN_TO_ADDRESS, f"staff {email_key(email)}"), (SIGN_IN_FROM, throttle.network_of(request))


@put(
    "/session/business",
    summary="Work for another business of this login",
    security=STAFF,
)
async def switch(desk: Given[Desk], staff: Given[Staff], data: JSONBody[OtherBusiness]) -> Switched:
    """The session's open sockets close with 1008, to come back for the other business."""
    return Switched(asking(await desk.do(None, registering.switch, staff, data.business_id)))
