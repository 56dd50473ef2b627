"""How long a session lives, and what of it is stored."""

from typing import Any

import pytest

from shopbell.kernel import ids
from shopbell.kernel.clock import DAY, HOUR, MINUTE
from shopbell.kernel.database import Snapshot
from shopbell.kernel.errors import Unauthenticated
from shopbell.kernel.scope import HOUSE, Scope
from shopbell.signin import commands, store
from shopbell.signin.actors import Side
from shopbell.staff import entrance, registering
from tests.signin.asking import Api


async def status(api: Api, token: str) -> int:
    return (await api.ask("GET", "/me", token=token)).status_code


async def written(api: Api) -> None:
    """Wait for what requests left to the writer: it is done in order."""
    await api.desk.do(None, lambda tx: None)


async def test_an_unused_staff_session_ends_after_twelve_hours(api: Api) -> None:
    token = (await api.register())["token"]
    api.clock.ahead += 12 * HOUR - MINUTE
    assert await status(api, token) == 200
    api.clock.ahead += 12 * HOUR + MINUTE
    assert await status(api, token) == 401


async def test_a_staff_session_in_use_ends_after_thirty_days_all_the_same(api: Api) -> None:
    token = (await api.register())["token"]
    for _ in range(72):
        api.clock.ahead += 10 * HOUR - MINUTE
        assert await status(api, token) == 200
        await written(api)
    api.clock.ahead += 3 * HOUR
    assert await status(api, token) == 401


async def test_a_persons_session_lives_ninety_days_used_or_not(api: Api) -> None:
    token = (await api.sign_up())["token"]
    api.clock.ahead += 90 * DAY - MINUTE
    assert await status(api, token) == 200
    api.clock.ahead += 2 * MINUTE
    assert await status(api, token) == 401


async def test_use_is_written_down_every_few_minutes_only(api: Api) -> None:
    token = (await api.register())["token"]

    def seen_at(read: Snapshot) -> int:
        return int(read.value("SELECT seen_at FROM sessions WHERE key = :key", key=ids.hashed(token)))

    begun = await api.desk.read_for(HOUSE, seen_at)
    api.clock.ahead += 4 * MINUTE
    assert await status(api, token) == 200
    await written(api)
    assert await api.desk.read_for(HOUSE, seen_at) == begun
    api.clock.ahead += 2 * MINUTE
    assert await status(api, token) == 200
    await written(api)
    assert await api.desk.read_for(HOUSE, seen_at) >= begun + 6 * MINUTE


async def test_no_token_is_stored(api: Api) -> None:
    token = (await api.sign_up())["token"]

    def stored(read: Snapshot) -> str:
        return repr(read.rows("SELECT * FROM sessions"))

    assert token not in await api.desk.read_for(HOUSE, stored)
    assert ids.hashed(token) in await api.desk.read_for(HOUSE, stored)


async def test_what_is_no_token_is_refused_with_a_challenge(api: Api) -> None:
    for authorization in ("Bearer", "Bearer ", "Bearer x", f"Bearer {'x' * 10_000}", "Basic eDp5", ids.token()):
        answer = await api.ask("GET", "/me", authorization=authorization)
        assert answer.status_code == 401, authorization
        assert answer.headers["www-authenticate"] == "Bearer"
    assert (await api.ask("GET", "/me")).status_code == 401


async def test_who_signed_out_is_out_and_others_stay_in(api: Api) -> None:
    owner = await api.register()
    other = await api.sign_in(owner["email"])
    assert await status(api, owner["token"]) == 200
    assert (await api.ask("DELETE", "/session", token=owner["token"])).status_code == 204
    assert await status(api, owner["token"]) == 401
    assert await status(api, other["token"]) == 200


async def test_the_wrong_side_is_forbidden(api: Api) -> None:
    owner, person = await api.register(), await api.sign_up()
    assert (await api.ask("GET", "/staff", token=person["token"])).status_code == 403
    assert (await api.ask("GET", "/memberships", token=owner["token"])).status_code == 403


async def test_a_password_changed_while_it_was_verified_signs_nobody_in(api: Api) -> None:
    person, owner = await api.sign_up(), await api.register()
    account = await api.desk.read_for(HOUSE, store.person_by_email, person["email"])
    login = await api.desk.read_for(HOUSE, store.login_by_email, owner["email"])
    assert account is not None and login is not None
    for side, subject in ((Side.PERSON, account.id), (Side.STAFF, login.id)):
        await api.desk.do(None, store.save_password, store.Subject(side, subject), "another hash")
    with pytest.raises(Unauthenticated):
        await api.desk.do(None, commands.sign_in_person, account, ids.hashed("p"))
    with pytest.raises(Unauthenticated):
        await api.desk.do(None, registering.sign_in, login, None, ids.hashed("s"))


async def test_a_session_that_ends_while_it_is_looked_up_is_not_remembered(
    lone_api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = await lone_api.register()
    key = ids.hashed(owner["token"])
    read = lone_api.desk.read_for

    async def overtaken(scope: Scope, query: Any, *args: Any, **named: Any) -> Any:
        found = await read(scope, query, *args, **named)
        if query is entrance.who:
            await lone_api.desk.do(None, commands.end_session, key)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(lone_api.desk, "read_for", overtaken)
        await lone_api.ask("GET", "/me", token=owner["token"])
    assert await status(lone_api, owner["token"]) == 401
