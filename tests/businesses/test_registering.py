"""Opening a business."""

import asyncio
from pathlib import Path

import pytest

from tests.signin.asking import PASSWORD, Api, Json, fields, running

OWNER = {"first_name": "Olga", "last_name": "Owner", "email": "olga@example.org", "password": PASSWORD}
BAKERY: Json = {"name": "Jörg's Bäckerei", "time_zone": "Europe/Berlin", "owner": OWNER}


async def test_who_registers_a_business_owns_it_and_is_signed_in(api: Api) -> None:
    answer = await api.ask("POST", "/businesses", BAKERY)
    assert answer.status_code == 201
    made = answer.json()
    assert made["business"]["name"] == "Jörg's Bäckerei"
    assert made["business"]["slug"] == "jorg-s-backerei"
    assert made["business"]["time_zone"] == "Europe/Berlin"
    assert made["staff"]["role"] == "owner"
    assert made["staff"]["business_id"] == made["business"]["id"]
    me = await api.done("GET", "/me", token=made["token"])
    assert me["staff"] == made["staff"]
    assert me["email"] == "olga@example.org"


async def test_a_new_business_has_an_event_stream(api: Api) -> None:
    made = await api.register()
    team = await api.done("GET", "/staff", token=made["token"])
    person = await api.sign_up()
    await api.done("PUT", f"/businesses/{made['business']['id']}/membership", token=person["token"])
    members = await api.done("GET", "/members", token=made["token"])
    epoch, number = team["cursor"].split("-")
    assert members["cursor"] == f"{epoch}-{int(number) + 1}"


async def test_registration_closes_after_the_first_business(database_url: str, tmp_path: Path) -> None:
    async with running(database_url, tmp_path, registration_open=False) as api:
        owners = [{**OWNER, "email": f"olga{number}@example.org"} for number in range(8)]
        tried = [api.ask("POST", "/businesses", {**BAKERY, "owner": owner}) for owner in owners]
        answers = await asyncio.gather(*tried)
        assert sorted(answer.status_code for answer in answers) == [201] + [403] * 7
        refused = next(answer for answer in answers if answer.status_code == 403)
        assert refused.json()["code"] == "registration_closed"
    async with running(database_url, tmp_path, registration_open=True) as api:
        assert (await api.ask("POST", "/businesses", BAKERY)).status_code == 201
    async with running(database_url, tmp_path, registration_open=False) as api:
        assert (await api.ask("POST", "/businesses", BAKERY)).status_code == 403


async def test_a_refused_registration_leaves_no_login_behind(database_url: str, tmp_path: Path) -> None:
    async with running(database_url, tmp_path, registration_open=False) as api:
        await api.register()
        await api.ask("POST", "/businesses", BAKERY)
        credentials = {"email": OWNER["email"], "password": PASSWORD}
        assert (await api.ask("POST", "/staff/sessions", credentials)).status_code == 401


async def test_businesses_of_one_name_get_different_addresses(api: Api) -> None:
    slugs = {(await api.register("Corner Shop"))["business"]["slug"] for _ in range(4)}
    assert len(slugs) == 4
    assert all(slug.startswith("corner-shop") for slug in slugs)


async def test_a_name_without_latin_letters_has_an_address_too(api: Api) -> None:
    assert (await api.register("花屋"))["business"]["slug"] == "shop"


async def test_one_login_may_own_several_businesses(api: Api) -> None:
    first = await api.register("First", address="olga@example.org")
    second = await api.register("Second", address="OLGA@example.org")
    assert second["business"]["id"] != first["business"]["id"]
    me = await api.done("GET", "/me", token=first["token"])
    assert [place["name"] for place in me["businesses"]] == ["First", "Second"]
    assert me["staff"]["business_id"] == first["business"]["id"]


async def test_nobody_registers_with_somebody_elses_login(api: Api) -> None:
    await api.register(address="olga@example.org")
    guess = {**BAKERY, "owner": {**OWNER, "password": "not her password"}}
    refused = await api.ask("POST", "/businesses", guess)
    assert refused.status_code == 409
    assert refused.json()["code"] == "email_taken"


@pytest.mark.parametrize("zone", ["", "Europe", "Mars/Olympus", "../../etc/passwd", "a\0b", "/etc/localtime"])
async def test_a_time_zone_nobody_knows_is_named(lone_api: Api, zone: str) -> None:
    assert fields(await lone_api.ask("POST", "/businesses", {**BAKERY, "time_zone": zone})) == ["time_zone"]


async def test_a_field_outside_its_bounds_is_named(lone_api: Api) -> None:
    for field, value in (("name", ""), ("name", "\u3000"), ("name", "n" * 121), ("slug", "mine"), ("id", "1")):
        assert fields(await lone_api.ask("POST", "/businesses", {**BAKERY, field: value})) == [field]
    for field, value in (("first_name", ""), ("email", "olga"), ("email", "olga@localhost"), ("password", "short")):
        body = {**BAKERY, "owner": {**OWNER, field: value}}
        assert fields(await lone_api.ask("POST", "/businesses", body)) == [f"owner.{field}"]
