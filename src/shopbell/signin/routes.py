"""Signing up and in as a person, and asking for a new password."""

import msgspec
from litestar import Response, Router, post
from litestar.params import JSONBody

from shopbell.kernel import ids
from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import Unauthenticated
from shopbell.kernel.http import ApiRequest, Body, Email, Given, Name, Password
from shopbell.kernel.scope import HOUSE
from shopbell.signin import commands, store
from shopbell.signin.actors import Side
from shopbell.signin.answers import SignedIn, check_page, signed_in
from shopbell.signin.items import PersonItem
from shopbell.signin.passwords import Passwords
from shopbell.signin.policy import Policy
from shopbell.signin.rules import (
    RESET_FROM,
    RESET_TO_ADDRESS,
    SIGN_IN_FROM,
    SIGN_IN_TO_ADDRESS,
    SIGN_UP_FROM,
    check_email,
    email_key,
)
from shopbell.signin.throttle import Throttle


class SignUp(Body, frozen=True):
    first_name: Name
    last_name: Name
    email: Email
    password: Password


class Credentials(Body, frozen=True):
    email: Email
    password: Password


class ResetRequest(Body, frozen=True):
    email: Email
    side: Side


class PersonSignedIn(SignedIn, frozen=True, kw_only=True):
    person: PersonItem


class Accepted(msgspec.Struct, frozen=True):
    """Will be done; whether there was anything to do is not told."""

    accepted: bool = True


@post("/people", summary="Sign up as a person", security=[])
async def sign_up(
    request: ApiRequest,
    desk: Given[Desk],
    passwords: Given[Passwords],
    throttle: Given[Throttle],
    policy: Given[Policy],
    data: JSONBody[SignUp],
) -> Response[PersonSignedIn]:
    check_page(request, policy, Side.PERSON)
    check_email(data.email, "email")
    await throttle.count((SIGN_UP_FROM, throttle.network_of(request)))
    password_hash = await passwords.hashed(data.password)
    token = ids.token()
    person = await desk.do(
        None, commands.sign_up, data.first_name, data.last_name, data.email, password_hash, ids.hashed(token)
    )
    return signed_in(request, policy, Side.PERSON, token, PersonSignedIn(person=PersonItem.of(person)))


@post("/people/sessions", summary="Sign in as a person", security=[])
async def sign_in(
    request: ApiRequest,
    desk: Given[Desk],
    passwords: Given[Passwords],
    throttle: Given[Throttle],
    policy: Given[Policy],
    data: JSONBody[Credentials],
) -> Response[PersonSignedIn]:
    check_page(request, policy, Side.PERSON)
    tries = (SIGN_IN_TO_ADDRESS, f"person {email_key(data.email)}"), (SIGN_IN_FROM, throttle.network_of(request))
    await throttle.count(*tries)
    account = await desk.read_for(HOUSE, store.person_by_email, data.email)
    matches = await passwords.match(data.password, account.password_hash if account else None)
    if account is None or not matches:
        raise Unauthenticated(commands.WRONG)
    token = ids.token()
    person = await desk.do(None, commands.sign_in_person, account, ids.hashed(token))
    await throttle.forgive(*tries)
    return signed_in(request, policy, Side.PERSON, token, PersonSignedIn(person=PersonItem.of(person)))


@post("/password/resets", status_code=202, summary="Have a link mailed for a new password", security=[])
async def ask_reset(
    request: ApiRequest, desk: Given[Desk], throttle: Given[Throttle], data: JSONBody[ResetRequest]
) -> Accepted:
    """Answers the same, and as fast, whether or not the address is anybody's."""
    await have_link_mailed(request, desk, throttle, data)
    return Accepted()


async def have_link_mailed(request: ApiRequest, desk: Desk, throttle: Throttle, asked: ResetRequest) -> None:
    """The same, whatever the request looks like."""
    await throttle.count((RESET_FROM, throttle.network_of(request)))
    if await throttle.allows((RESET_TO_ADDRESS, f"{asked.side} {email_key(asked.email)}")):
        await desk.do(None, commands.ask_reset, asked.email, asked.side)


router = Router(path="/", route_handlers=[sign_up, sign_in, ask_reset])
