"""Guessing passwords and flooding mailboxes is slow; being honest is not."""

import asyncio
from collections.abc import AsyncIterator
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest
from structlog.testing import capture_logs

from shopbell.kernel.clock import HOUR, MINUTE
from tests.signin.asking import PASSWORD, Api, running

GUESSES = 10


@pytest.fixture
async def strict(database_url: str, tmp_path: Path) -> AsyncIterator[Api]:
    """An app with its limits."""
    async with running(database_url, tmp_path, rate_limits=True) as started:
        yield started


async def sign_in(api: Api, side: str, address: str, password: str) -> httpx.Response:
    path = {"staff": "/staff/sessions", "person": "/people/sessions"}[side]
    return await api.ask("POST", path, {"email": address, "password": password})


async def somebody(api: Api, side: str) -> str:
    made = await (api.register() if side == "staff" else api.sign_up())
    return str(made["email"])


@pytest.mark.parametrize("side", ["staff", "person"])
async def test_after_ten_wrong_guesses_even_the_right_password_waits(strict: Api, side: str) -> None:
    address = await somebody(strict, side)
    for _ in range(GUESSES):
        assert (await sign_in(strict, side, address, "a wrong guess")).status_code == 401
    for guess in ("a wrong guess", PASSWORD):
        refused = await sign_in(strict, side, address.upper(), guess)
        assert refused.status_code == 429
        assert 0 < int(refused.headers["retry-after"]) <= 15 * 60
    strict.clock.ahead += 15 * MINUTE
    assert (await sign_in(strict, side, address, PASSWORD)).status_code == 201


async def test_guesses_at_once_count_like_guesses_in_turn(strict: Api) -> None:
    address = await somebody(strict, "person")
    tried = [sign_in(strict, "person", address, "a wrong guess") for _ in range(3 * GUESSES)]
    statuses = [answer.status_code for answer in await asyncio.gather(*tried)]
    assert statuses.count(401) == GUESSES
    assert statuses.count(429) == 2 * GUESSES


async def test_nobodys_address_is_throttled_like_somebodys(strict: Api) -> None:
    for _ in range(GUESSES):
        assert (await sign_in(strict, "person", "nobody@example.org", "a wrong guess")).status_code == 401
    assert (await sign_in(strict, "person", "nobody@example.org", "a wrong guess")).status_code == 429


async def test_one_address_does_not_lock_out_another_nor_one_side_the_other(strict: Api) -> None:
    staff = await somebody(strict, "staff")
    for _ in range(GUESSES + 1):
        await sign_in(strict, "person", staff, "a wrong guess")
    assert (await sign_in(strict, "staff", staff, PASSWORD)).status_code == 201


async def test_signing_in_often_is_no_guessing(strict: Api) -> None:
    address = await somebody(strict, "person")
    for _ in range(3 * GUESSES):
        assert (await sign_in(strict, "person", address, PASSWORD)).status_code == 201


async def test_many_addresses_from_one_network_are_throttled_together(strict: Api) -> None:
    statuses = [
        (await sign_in(strict, "person", f"nobody{number}@example.org", "a wrong guess")).status_code
        for number in range(101)
    ]
    assert statuses == [401] * 100 + [429]


async def test_behind_a_trusted_proxy_each_client_has_a_limit_of_its_own(database_url: str, tmp_path: Path) -> None:
    async with running(database_url, tmp_path, rate_limits=True, trusted_proxies=[ip_network("127.0.0.1")]) as api:

        async def guesses(times: int, forwarded: str) -> list[int]:
            return [
                (
                    await api.ask(
                        "POST", "/people/sessions",
                        {"email": f"{forwarded}.{number}@example.org".replace(", ", "."), "password": "a wrong guess"},
                        x_forwarded_for=forwarded,
                    )
                ).status_code
                for number in range(times)
            ]  # fmt: skip

        assert await guesses(101, "203.0.113.7") == [401] * 100 + [429]
        assert await guesses(1, "203.0.113.8") == [401]
        # Who is out of tries does not become somebody else by saying so.
        assert await guesses(1, "198.51.100.1, 203.0.113.7") == [429]


async def test_without_a_trusted_proxy_no_client_escapes_by_a_made_up_address(strict: Api) -> None:
    with capture_logs() as logs:
        statuses = [
            (
                await strict.ask(
                    "POST", "/people/sessions", {"email": f"nobody{n}@example.org", "password": "a wrong guess"},
                    x_forwarded_for=f"203.0.113.{n}",
                )
            ).status_code
            for n in range(101)
        ]  # fmt: skip
    assert statuses == [401] * 100 + [429]
    assert [entry["event"] for entry in logs].count("forwarded_for_not_believed") == 1


async def test_a_restart_forgives_nobody(database_url: str, tmp_path: Path) -> None:
    async with running(database_url, tmp_path, rate_limits=True) as api:
        for _ in range(GUESSES):
            await sign_in(api, "person", "nobody@example.org", "a wrong guess")
    async with running(database_url, tmp_path, rate_limits=True) as api:
        assert (await sign_in(api, "person", "nobody@example.org", "a wrong guess")).status_code == 429


async def test_the_operator_may_lift_the_limits(api: Api) -> None:
    for _ in range(2 * GUESSES):
        assert (await sign_in(api, "person", "nobody@example.org", "a wrong guess")).status_code == 401


@pytest.mark.parametrize("known", [True, False])
async def test_asking_for_mail_again_and_again_is_accepted_and_sends_five(strict: Api, known: bool) -> None:
    address = await somebody(strict, "person") if known else "nobody@example.org"
    for _ in range(8):
        answer = await strict.ask("POST", "/password/resets", {"email": address, "side": "person"})
        assert answer.status_code == 202
    mails = 5 if known else 0
    for _ in range(mails):
        await strict.mailed_token(address)
    # The next hour's mail is behind any sixth one of this hour.
    strict.clock.ahead += HOUR
    await strict.ask("POST", "/password/resets", {"email": address, "side": "person"})
    if known:
        await strict.mailed_token(address)
    assert list(strict.mail.glob("*.eml")) == []


async def test_flooding_many_mailboxes_is_refused(strict: Api) -> None:
    asked = [{"email": f"somebody{number}@example.org", "side": "staff"} for number in range(31)]
    statuses = [(await strict.ask("POST", "/password/resets", body)).status_code for body in asked]
    assert statuses == [202] * 30 + [429]
