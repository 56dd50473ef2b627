"""How long a session lives, and what of it is stored."""

from shopbell.kernel import ids
from shopbell.kernel.clock import DAY, HOUR, MINUTE
from shopbell.kernel.database import Snapshot
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

    begun = await api.desk.read(seen_at)
    api.clock.ahead += 4 * MINUTE
    assert await status(api, token) == 200
    await written(api)
    assert await api.desk.read(seen_at) == begun
    api.clock.ahead += 2 * MINUTE
    assert await status(api, token) == 200
    await written(api)
    assert await api.desk.read(seen_at) >= begun + 6 * MINUTE


async def test_no_token_is_stored(api: Api) -> None:
    token = (await api.sign_up())["token"]

    def stored(read: Snapshot) -> str:
        return repr(read.rows("SELECT * FROM sessions"))

    assert token not in await api.desk.read(stored)
    assert ids.hashed(token) in await api.desk.read(stored)


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
