"""Signing up and in as a person."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from tests.signin.asking import PASSWORD, Api, fields

DATA = Path(os.environ.get("SHOPBELL_TEST_DATA", "../shared/data"))

PIA = {"first_name": "Pia", "last_name": "Person", "email": "pia@example.org", "password": PASSWORD}


async def test_who_signs_up_is_signed_in(api: Api) -> None:
    answer = await api.ask("POST", "/people", PIA)
    assert answer.status_code == 201
    signed_up = answer.json()
    assert signed_up["person"] == {"id": signed_up["person"]["id"], "first_name": "Pia", "last_name": "Person"}
    assert "set-cookie" not in answer.headers
    me = await api.done("GET", "/me", token=signed_up["token"])
    assert me == {"side": "person", "person": signed_up["person"], "email": "pia@example.org"}


async def test_a_person_signs_in_however_the_address_is_capitalised(api: Api) -> None:
    first = await api.done("POST", "/people", PIA)
    answer = await api.ask("POST", "/people/sessions", {"email": "PIA@Example.ORG", "password": PASSWORD})
    assert answer.status_code == 201
    assert answer.json()["person"] == first["person"]
    assert answer.json()["token"] != first["token"]


async def test_an_address_signs_up_once_however_it_is_capitalised(api: Api) -> None:
    await api.done("POST", "/people", PIA)
    again = await api.ask("POST", "/people", {**PIA, "email": "Pia@EXAMPLE.org"})
    assert again.status_code == 409
    assert again.json()["code"] == "email_taken"


async def test_a_wrong_password_and_an_unknown_address_are_told_apart_by_nothing(api: Api) -> None:
    await api.done("POST", "/people", PIA)
    wrong = await api.ask("POST", "/people/sessions", {"email": PIA["email"], "password": "something else"})
    unknown = await api.ask("POST", "/people/sessions", {"email": "no@example.org", "password": PASSWORD})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.content == unknown.content


async def test_a_staff_login_is_no_person(api: Api) -> None:
    owner = await api.register()
    answer = await api.ask("POST", "/people/sessions", {"email": owner["email"], "password": PASSWORD})
    assert answer.status_code == 401
    signed_up = await api.done("POST", "/people", {**PIA, "email": owner["email"]})
    assert (await api.done("GET", "/me", token=signed_up["token"]))["side"] == "person"


OUTSIDE = [
    ("first_name", ""),
    ("first_name", " \u2003\t"),
    ("last_name", "a" * 81),
    ("last_name", "nul\0"),
    ("password", "seven77"),
    ("password", "p" * 257),
    ("password", "password\0"),
    ("email", "nobody"),
    ("email", "a@b"),
    ("email", "a b@example.org"),
    ("email", f"{'a' * 250}@example.org"),
]


async def test_a_field_outside_its_bounds_is_named(lone_api: Api) -> None:
    for field, value in OUTSIDE:
        assert fields(await lone_api.ask("POST", "/people", {**PIA, field: value})) == [field]


async def test_a_field_nobody_asked_for_is_refused(api: Api) -> None:
    assert fields(await api.ask("POST", "/people", {**PIA, "role": "owner"})) == ["role"]


async def test_the_longest_values_are_taken(api: Api) -> None:
    name, password = "\U0001f468" * 80, "\U0001f511" * 256
    body = {"first_name": name, "last_name": name, "email": f"{'a' * 64}@example.org", "password": password}
    signed_up = await api.done("POST", "/people", body)
    assert signed_up["person"]["first_name"] == name
    await api.done("POST", "/people/sessions", {"email": body["email"], "password": password})


async def test_names_come_back_code_point_for_code_point(api: Api) -> None:
    if not (DATA / "blns.json").exists():
        assert "SHOPBELL_TEST_DATA" not in os.environ, f"there is no blns.json in {DATA}"
        pytest.skip("needs blns.json from the folder named by SHOPBELL_TEST_DATA")
    naughty = [text for text in json.loads((DATA / "blns.json").read_text()) if 1 <= len(text) <= 80]
    odd = ["e\u0301", "\u1e9e\u0130\ufb03", "\ufdfa" * 80, "\u202eabc", "a\r\nb", "\u00a0x\u00a0", "\x1c"]
    owner = await api.register()
    path = f"/businesses/{owner['business']['id']}/membership"

    async def check(text: str) -> None:
        answer = await api.ask("POST", "/people", {**PIA, "first_name": text, "email": api.address("blns")})
        if answer.status_code == 422:
            assert fields(answer) == ["first_name"]
            assert text.isspace()
            return
        token = answer.json()["token"]
        await api.done("PUT", path, token=token)
        me = await api.done("GET", "/me", token=token)
        card = await api.done("GET", f"/members/{me['person']['id']}", token=owner["token"])
        assert me["person"]["first_name"] == card["first_name"] == text

    await asyncio.gather(*(check(text) for text in naughty + odd))
