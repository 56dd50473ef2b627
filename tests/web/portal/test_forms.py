"""A form counts only if a page of ours, in this very browser, sent it."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from shopbell.web.portal.ways import own_path
from tests.faults.town import PASSWORD, Actor
from tests.shop import Shop
from tests.web.portal.visitor import Page, Visitor

pytestmark = pytest.mark.anyio

Visit = Callable[[Actor], Visitor]
FORGED = {"form_token": "0" * 64}


def role_of(visitor: Visitor, staff_id: str) -> str:
    return visitor.get(f"/portal/users/{staff_id}").form(f"/portal/users/{staff_id}/role").fields["role"]


@pytest.mark.parametrize("wrong", [FORGED, {"form_token": ""}, {"form_token": "é"}], ids=["forged", "empty", "odd"])
async def test_a_form_without_the_pages_token_does_nothing(shop: Shop, visit: Visit, wrong: dict[str, str]) -> None:
    owner = visit(shop.owner)
    page = owner.get(f"/portal/users/{shop.bob.id}")
    answer = owner.send(page, f"/portal/users/{shop.bob.id}/role", {"role": "manager", **wrong})
    assert (answer.status, answer.heading) == (403, "Load the page again")
    assert "load it again" in answer.text
    assert role_of(owner, shop.bob.id) == "agent"


async def test_a_form_with_no_token_at_all_does_nothing(shop: Shop, visit: Visit) -> None:
    owner = visit(shop.owner)
    path = f"/portal/users/{shop.bob.id}/role"
    assert owner.post(path, {"role": "manager"}).status == 403
    assert role_of(owner, shop.bob.id) == "agent"


async def test_the_token_of_another_session_does_nothing(shop: Shop, visit: Visit) -> None:
    owner, other = visit(shop.owner), visit(shop.owner)
    path = f"/portal/users/{shop.bob.id}/role"
    theirs = other.get(f"/portal/users/{shop.bob.id}").form(path).fields["form_token"]
    mine = owner.get(f"/portal/users/{shop.bob.id}")
    assert mine.form(path).fields["form_token"] != theirs
    assert owner.send(mine, path, {"role": "manager", "form_token": theirs}).status == 403
    assert role_of(owner, shop.bob.id) == "agent"


async def test_a_form_of_one_business_is_not_sent_to_another_that_was_switched_to(shop: Shop, visit: Visit) -> None:
    other = await shop.town.owner("Elsewhere")
    await shop.town.hired(other, "agent", address=shop.manager.email)
    one = visit(shop.manager)
    if one.ask("GET", "/api/v1/me", shopbell_side="staff").json()["staff"]["business_id"] != shop.owner.business_id:
        one.send(one.get("/portal"), "/portal/switch", {"business_id": shop.owner.business_id})
    open_before = one.get("/portal")
    one.send(one.get("/portal"), "/portal/switch", {"business_id": other.business_id})
    answer = one.send(open_before, "/portal/switch", {"business_id": shop.owner.business_id})
    assert (answer.status, "load it again" in answer.text) == (403, True)
    now = one.ask("GET", "/api/v1/me", shopbell_side="staff").json()["staff"]["business_id"]
    assert now == other.business_id


async def test_before_sign_in_a_form_belongs_to_its_browser(shop: Shop, visitor: Visitor) -> None:
    with Visitor(visitor.url) as other:
        theirs = other.get("/sign-in").form("/sign-in").fields["form_token"]
    mine = visitor.get("/sign-in")
    for sent in (theirs, "", "0" * 64):
        answer = visitor.send(mine, "/sign-in", {"email": shop.ann.email, "password": PASSWORD, "form_token": sent})
        assert answer.status == 403
    visitor.cookies.clear()
    answer = visitor.send(mine, "/sign-in", {"email": shop.ann.email, "password": PASSWORD})
    assert answer.status == 403
    answer = visitor.send(mine, "/sign-in", {"email": shop.ann.email, "password": PASSWORD, "form_token": ""})
    assert answer.status == 403


@pytest.mark.parametrize(
    "sender",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://localhost:1"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "none"},
        {"origin": "https://evil.example", "sec_fetch_site": "same-origin"},
        {"origin": "null", "sec_fetch_site": "cross-site"},
    ],
    ids=str,
)
async def test_another_sites_page_sends_nothing(shop: Shop, visit: Visit, sender: dict[str, str]) -> None:
    owner = visit(shop.owner)
    page = owner.get(f"/portal/users/{shop.bob.id}")
    answer = owner.send(page, f"/portal/users/{shop.bob.id}/role", {"role": "manager"}, **sender)
    assert answer.status == 403
    assert role_of(owner, shop.bob.id) == "agent"


async def test_a_browser_that_withholds_the_origin_is_believed_where_it_says_same_origin(
    shop: Shop, visit: Visit
) -> None:
    agent = visit(shop.ann)
    answer = agent.send(agent.get("/portal"), "/sign-out", origin="", sec_fetch_site="same-origin")
    assert answer.path == "/sign-in"


async def test_a_form_that_is_no_form_is_told_so(shop: Shop, visit: Visit) -> None:
    owner = visit(shop.owner)
    token = owner.get("/portal").form("/sign-out").fields["form_token"]
    path = f"/portal/users/{shop.bob.id}/role"
    odd = [
        ({"role": "manager", "form_token": token, "business_id": "x"}, {}, 400),
        ({"role": "manager", "form_token": token}, {"content_type": "application/json"}, 415),
        ({"role": "manager", "form_token": token}, {"content_type": "text/plain"}, 415),
        ({f"f{at}": "" for at in range(60)}, {}, 400),
        ({"role": "x" * 300_000, "form_token": token}, {}, 413),
    ]
    for values, headers, status in odd:
        assert owner.post(path, values, **headers).status == status
    doubled = f"role=manager&role=owner&form_token={token}"
    for body in (doubled, "role=%ff&form_token=x", "role=\udcff".encode("utf-8", "surrogateescape")):
        assert sent_raw(owner, path, body) == 400
    assert role_of(owner, shop.bob.id) == "agent"


def sent_raw(visitor: Visitor, path: str, body: str | bytes) -> int:
    content_type = "application/x-www-form-urlencoded"
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    headers = {"content-type": content_type, "origin": visitor.url, "cookie": cookie}
    return visitor.http.post(f"{visitor.url}{path}", content=body, headers=headers).status_code


OWN = ["/portal", "/portal/users?after=1", "/console", "/console/t/0123", "/portal/users#x"]
FOREIGN = [
    "", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example",
    "http:evil", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "/\t/evil.example",
    "/\n/evil.example", " /portal", "/portal\r\nSet-Cookie: a=b", "/portalevil", "/consoles",
    "/portal//evil.example", "/portal\\..\\evil", "/app", "/api/v1/me", "portal", "/%2f/evil.example",
    "/portal" + "x" * 2_000, "/portal/é", "/portal/\u202e",
]  # fmt: skip


@pytest.mark.parametrize("path", OWN)
def test_a_page_of_ours_is_where_one_goes_on_to(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize("path", FOREIGN)
def test_anywhere_else_is_never_where_one_goes_on_to(path: str) -> None:
    assert own_path(path) == "/portal"


@pytest.mark.parametrize("path", [*OWN[:-1], *FOREIGN])
async def test_signing_in_leads_to_pages_of_ours_alone(shop: Shop, visitor: Visitor, path: str) -> None:
    page = visitor.get("/sign-in")
    values = {**page.form("/sign-in").fields, "email": shop.ann.email, "password": PASSWORD, "next": path}
    answer = visitor.ask("POST", "/sign-in", values, origin=visitor.url)
    assert (answer.status_code, answer.headers["location"]) == (303, path if path in OWN else "/portal")
    again = visitor.ask("GET", f"/sign-in?{urlencode({'next': path})}")
    assert again.headers["location"] == (path if path in OWN else "/portal")


async def test_what_was_typed_is_shown_again_with_what_is_wrong_beside_it(shop: Shop, visit: Visit) -> None:
    owner = visit(shop.owner)
    typed = {"first_name": " ", "last_name": "\u202eKörner <b>", "email": "no address", "mobile": "none"}
    page: Page = owner.send(owner.get("/portal/users/new"), "/portal/users/new", {**typed, "role": "marketer"})
    form = page.form("/portal/users/new")
    assert page.status == 422
    assert form.wrong == {"first_name", "email", "mobile"}
    assert {name: form.fields[name] for name in typed} == typed
    assert form.fields["role"] == "marketer"
    for words in ("Fill this in.", "Must be an e-mail address", "Write a telephone number"):
        assert words in page.text
    assert page.html.count("autofocus") == 1
