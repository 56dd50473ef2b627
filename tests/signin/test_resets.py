"""Passwords set by mailed links."""

import asyncio

import httpx
import pytest

from shopbell.kernel.clock import HOUR, MINUTE
from shopbell.kernel.database import Snapshot
from tests.scopes import everything
from tests.signin.asking import BASE_URL, PASSWORD, Api, fields

NEW = "a new and better password"


async def set_password(api: Api, token: str, password: str = NEW) -> httpx.Response:
    return await api.ask("POST", "/password", {"token": token, "password": password})


async def asked_for_link(api: Api, address: str, side: str) -> str:
    answer = await api.ask("POST", "/password/resets", {"email": address.upper(), "side": side})
    assert answer.status_code == 202
    return await api.mailed_token(address)


async def somebody(api: Api, side: str) -> tuple[str, str, str]:
    """An e-mail address, a token of a session, and where to sign in."""
    made = await (api.register() if side == "staff" else api.sign_up())
    return made["email"], made["token"], "/staff/sessions" if side == "staff" else "/people/sessions"


@pytest.mark.parametrize("side", ["staff", "person"])
async def test_a_mailed_link_sets_a_password_and_ends_every_session(api: Api, side: str) -> None:
    address, token, path = await somebody(api, side)
    second = (await api.done("POST", path, {"email": address, "password": PASSWORD}))["token"]
    link = await asked_for_link(api, address, side)
    assert (await api.ask("GET", "/me", token=token)).status_code == 200
    assert (await set_password(api, link)).status_code == 204
    for ended in (token, second):
        assert (await api.ask("GET", "/me", token=ended)).status_code == 401
    old = await api.ask("POST", path, {"email": address, "password": PASSWORD})
    assert old.status_code == 401
    assert (await api.ask("POST", path, {"email": address, "password": NEW})).status_code == 201


async def test_a_link_works_once_even_when_followed_many_times_at_once(api: Api) -> None:
    address, _, _ = await somebody(api, "person")
    link = await asked_for_link(api, address, "person")
    answers = await asyncio.gather(*(set_password(api, link) for _ in range(8)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [204] + [422] * 7
    assert fields(await set_password(api, link)) == ["token"]


async def test_setting_a_password_ends_the_other_links_too(api: Api) -> None:
    address, _, _ = await somebody(api, "person")
    first = await asked_for_link(api, address, "person")
    second = await asked_for_link(api, address, "person")
    assert (await set_password(api, second)).status_code == 204
    assert fields(await set_password(api, first)) == ["token"]


async def test_a_link_ends_after_an_hour(api: Api) -> None:
    address, _, _ = await somebody(api, "person")
    late = await asked_for_link(api, address, "person")
    in_time = await asked_for_link(api, address, "person")
    api.clock.ahead += HOUR - MINUTE
    assert (await set_password(api, in_time)).status_code == 204
    again = await asked_for_link(api, address, "person")
    api.clock.ahead += HOUR + MINUTE
    assert fields(await set_password(api, late)) == fields(await set_password(api, again)) == ["token"]


async def test_an_invitation_lasts_a_day(api: Api) -> None:
    owner = await api.register()
    for delay, status in ((23 * HOUR, 204), (25 * HOUR, 422)):
        token = (await api.sign_in(owner["email"]))["token"]
        address = api.address("agent")
        newcomer = {"role": "agent", "first_name": "A", "last_name": "B", "email": address}
        staff = await api.done("POST", "/staff", newcomer, token=token)
        sent = await api.ask("POST", f"/staff/{staff['id']}/invitation", token=token)
        assert sent.status_code == 202
        link = await api.mailed_token(address)
        api.clock.ahead += delay
        assert (await set_password(api, link)).status_code == status


async def test_links_of_the_two_sides_are_apart(api: Api) -> None:
    owner = await api.register()
    body = {"first_name": "P", "last_name": "Q", "email": owner["email"], "password": PASSWORD}
    person = await api.done("POST", "/people", body)
    link = await asked_for_link(api, owner["email"], "person")
    assert (await set_password(api, link)).status_code == 204
    assert (await api.ask("GET", "/me", token=person["token"])).status_code == 401
    assert (await api.ask("GET", "/me", token=owner["token"])).status_code == 200
    await api.sign_in(owner["email"])


async def test_nobodys_address_is_answered_alike_and_gets_no_mail(api: Api) -> None:
    person = await api.sign_up()
    known = await api.ask("POST", "/password/resets", {"email": person["email"], "side": "person"})
    unknown = await api.ask("POST", "/password/resets", {"email": "nobody@example.org", "side": "person"})
    other_side = await api.ask("POST", "/password/resets", {"email": person["email"], "side": "staff"})
    assert known.status_code == unknown.status_code == other_side.status_code == 202
    assert known.content == unknown.content == other_side.content
    await api.mailed_token(person["email"])
    # Jobs are done in order, so a later mail means that the others were looked at.
    late = await api.sign_up()
    await asked_for_link(api, late["email"], "person")
    assert list(api.mail.glob("*.eml")) == []


async def test_no_link_is_stored_as_it_was_mailed(api: Api) -> None:
    address, _, _ = await somebody(api, "person")
    link = await asked_for_link(api, address, "person")

    def stored(read: Snapshot) -> str:
        return repr([read.rows(f"SELECT * FROM {table}") for table in ("resets", "jobs", "event_log")])

    assert link not in await api.desk.read_for(await everything(api.desk), stored)


async def test_links_begin_with_the_configured_address_whatever_host_was_asked(api: Api) -> None:
    person = await api.sign_up()
    body = {"email": person["email"], "side": "person"}
    await api.ask("POST", "/password/resets", body, host="evil.example", x_forwarded_host="evil.example")
    async with asyncio.timeout(10):
        while not (mails := list(api.mail.glob("*.eml"))):
            await asyncio.sleep(0.01)
    text = mails[0].read_text()
    assert BASE_URL in text
    assert "evil" not in text


async def test_what_is_no_link_is_refused_naming_the_field(lone_api: Api) -> None:
    for token in ("", "x" * 201, "é", "unknown"):
        assert fields(await set_password(lone_api, token)) == ["token"]
