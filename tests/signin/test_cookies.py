"""Sessions of our own pages: cookies, sides and origins."""

from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest

from tests.signin.asking import BASE_URL, PASSWORD, Api, Json, running

FOREIGN: list[dict[str, str]] = [
    {},
    {"origin": "null"},
    {"origin": "https://evil.example"},
    {"origin": "https://chat.example.org.evil.example"},
    {"origin": "https://chat.example.org:8443"},
]


async def page_session(api: Api, side: str) -> tuple[httpx.Response, str]:
    """The answer to a sign-in by a page, and the Cookie header that browser sends from then on."""
    if side == "staff":
        path, address = "/staff/sessions", (await api.register())["email"]
    else:
        path, address = "/people/sessions", (await api.sign_up())["email"]
    answer = await api.ask("POST", path, {"email": address, "password": PASSWORD}, shopbell_side=side, origin=BASE_URL)
    assert answer.status_code == 201, answer.text
    name, morsel = next(iter(SimpleCookie(answer.headers["set-cookie"]).items()))
    return answer, f"{name}={morsel.value}"


@pytest.mark.parametrize("side", ["staff", "person"])
async def test_a_page_gets_a_cookie_and_no_token(lone_api: Api, side: str) -> None:
    answer, _ = await page_session(lone_api, side)
    assert "token" not in answer.json()
    name, cookie = next(iter(SimpleCookie(answer.headers["set-cookie"]).items()))
    assert name == f"__Host-shopbell-{side}"
    assert cookie["httponly"] and cookie["secure"]
    assert cookie["samesite"].lower() == "lax"
    assert cookie["path"] == "/"
    assert cookie["domain"] == ""


@pytest.mark.parametrize(
    ("base_url", "prefixed"),
    [
        ("https://chat.example.org", True),
        ("http://127.0.0.1:8000", True),
        ("http://localhost:8000", True),
        ("http://chat.example.org", False),
    ],
)
async def test_cookies_are_prefixed_where_browsers_take_that(
    sqlite_url: str, tmp_path: Path, base_url: str, prefixed: bool
) -> None:
    async with running(sqlite_url, tmp_path, base_url=base_url) as api:
        body: Json = {"first_name": "P", "last_name": "Q", "email": "p@example.org", "password": PASSWORD}
        answer = await api.ask("POST", "/people", body, shopbell_side="person", origin=base_url)
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-shopbell-person=" if prefixed else "shopbell-person=")
        assert ("Secure" in cookie) is prefixed


@pytest.mark.parametrize("side", ["staff", "person"])
async def test_the_cookie_is_a_session_of_its_side(lone_api: Api, side: str) -> None:
    _, cookie = await page_session(lone_api, side)
    assert (await lone_api.ask("GET", "/me", cookie=cookie)).json()["side"] == side
    assert (await lone_api.ask("GET", "/me", cookie=cookie, shopbell_side=side)).json()["side"] == side
    other = "person" if side == "staff" else "staff"
    assert (await lone_api.ask("GET", "/me", cookie=cookie, shopbell_side=other)).status_code == 401


async def test_a_cookie_planted_under_the_other_sides_name_is_refused(lone_api: Api) -> None:
    _, cookie = await page_session(lone_api, "person")
    planted = cookie.replace("person", "staff", 1)
    assert (await lone_api.ask("GET", "/me", cookie=planted)).status_code == 403


async def test_two_cookies_and_no_side_cannot_be_answered(lone_api: Api) -> None:
    _, staff = await page_session(lone_api, "staff")
    _, person = await page_session(lone_api, "person")
    both = f"theme=dark; {staff}; {person}"
    unclear = await lone_api.ask("GET", "/me", cookie=both)
    assert unclear.status_code == 400
    assert unclear.json()["code"] == "which_side"
    for side in ("staff", "person"):
        assert (await lone_api.ask("GET", "/me", cookie=both, shopbell_side=side)).json()["side"] == side


async def test_a_side_that_is_none_is_malformed(lone_api: Api) -> None:
    _, cookie = await page_session(lone_api, "staff")
    assert (await lone_api.ask("GET", "/me", cookie=cookie, shopbell_side="owner")).status_code == 400


async def test_a_foreign_page_changes_nothing_with_our_cookie(lone_api: Api) -> None:
    _, cookie = await page_session(lone_api, "staff")
    newcomer = {"role": "owner", "first_name": "Eve", "last_name": "Evil", "email": "eve@example.org"}
    for origin in FOREIGN:
        refused = await lone_api.ask("POST", "/staff", newcomer, cookie=cookie, **origin)
        assert refused.status_code == 403
        assert refused.json()["code"] == "foreign_origin"
    taken = await lone_api.ask("POST", "/staff", newcomer, cookie=cookie, origin=BASE_URL)
    assert taken.status_code == 201


async def test_a_page_that_names_its_actor_never_acts_for_another(lone_api: Api) -> None:
    _, cookie = await page_session(lone_api, "person")
    me = (await lone_api.ask("GET", "/me", cookie=cookie)).json()["person"]["id"]
    assert (await lone_api.ask("GET", "/memberships", cookie=cookie, shopbell_actor=me)).status_code == 200
    _, others = await page_session(lone_api, "person")
    for method, path in (("GET", "/memberships"), ("GET", "/me"), ("DELETE", "/session")):
        refused = await lone_api.ask(method, path, cookie=others, shopbell_actor=me, origin=BASE_URL)
        assert (refused.status_code, refused.json()["code"]) == (412, "other_login")
    assert (await lone_api.ask("GET", "/memberships", cookie=others)).status_code == 200


async def test_a_bearer_token_needs_no_origin_and_outranks_cookies(lone_api: Api) -> None:
    _, cookie = await page_session(lone_api, "staff")
    person = await lone_api.sign_up()
    answer = await lone_api.ask("GET", "/me", token=person["token"], cookie=cookie, origin="https://evil.example")
    assert answer.json()["side"] == "person"


async def test_a_foreign_page_cannot_sign_a_visitor_in(lone_api: Api) -> None:
    person = await lone_api.sign_up()
    body = {"email": person["email"], "password": PASSWORD}
    for origin in FOREIGN:
        answer = await lone_api.ask("POST", "/people/sessions", body, shopbell_side="person", **origin)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


async def test_a_page_of_one_side_does_not_sign_in_on_the_other(lone_api: Api) -> None:
    person = await lone_api.sign_up()
    body = {"email": person["email"], "password": PASSWORD}
    answer = await lone_api.ask("POST", "/people/sessions", body, shopbell_side="staff", origin=BASE_URL)
    assert answer.status_code == 400


async def test_a_form_cannot_be_posted_across_sites(lone_api: Api) -> None:
    _, cookie = await page_session(lone_api, "staff")
    answer = await lone_api.http.post(
        "/api/v1/staff", content='{"role":"agent"}', headers={"cookie": cookie, "content-type": "text/plain"}
    )
    assert answer.status_code in (403, 415)
