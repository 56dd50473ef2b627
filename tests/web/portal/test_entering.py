"""Coming in by the pages, without a script: signing in, a forgotten password, opening a shop, and out again."""

from collections.abc import Callable

import pytest

from shopbell.kernel import ids
from tests.faults.town import PASSWORD, Actor
from tests.running import LENIENT, Server
from tests.shop import Shop
from tests.web.portal.visitor import Visitor

pytestmark = pytest.mark.anyio

Visit = Callable[[Actor], Visitor]
OTHER = "another long enough password"


async def test_who_is_not_signed_in_signs_in_and_comes_to_what_was_asked_for(shop: Shop, visitor: Visitor) -> None:
    page = visitor.get("/portal/users?from=a+mail")
    assert page.path.startswith("/sign-in?next=")
    page = visitor.send(page, "/sign-in", {"email": shop.owner.email, "password": PASSWORD})
    assert (page.status, page.path, page.heading) == (200, "/portal/users?from=a+mail", "Users")


async def test_the_page_sets_the_cookie_that_the_api_takes(shop: Shop, visit: Visit) -> None:
    agent = visit(shop.ann)
    assert set(agent.cookies) == {"__Host-shopbell-staff", "__Host-shopbell-form"}
    me = agent.ask("GET", "/api/v1/me", shopbell_side="staff").json()
    assert me["staff"]["id"] == shop.ann.id


async def test_the_cookie_of_the_api_opens_the_pages(shop: Shop, visitor: Visitor) -> None:
    answer = visitor.http.post(
        f"{visitor.url}/api/v1/staff/sessions",
        json={"email": shop.ann.email, "password": PASSWORD},
        headers={"shopbell-side": "staff", "origin": visitor.url},
    )
    name, _, rest = answer.headers["set-cookie"].partition("=")
    visitor.cookies[name] = rest.split(";")[0]
    assert visitor.get("/portal").status == 200


@pytest.mark.parametrize(
    ("email", "password", "wrong", "status"),
    [
        (None, "wrong horse", "password", 401),
        (None, "short", "password", 401),
        ("nobody@example.org", PASSWORD, "password", 401),
        (None, "", "password", 422),
        ("", PASSWORD, "email", 422),
        ("no address", PASSWORD, "email", 422),
    ],
)
async def test_a_wrong_password_is_said_beside_it_and_the_address_is_kept(
    shop: Shop, visitor: Visitor, email: str | None, password: str, wrong: str, status: int
) -> None:
    typed = {"email": shop.ann.email if email is None else email, "password": password}
    page = visitor.send(visitor.get("/sign-in?next=/console"), "/sign-in", typed)
    form = page.form("/sign-in")
    assert (page.status, form.wrong) == (status, {wrong})
    assert (form.fields["email"], form.fields["next"]) == (typed["email"], "/console")
    assert form.fields["password"] == ""
    assert password not in page.html or not password
    assert "__Host-shopbell-staff" not in visitor.cookies


async def test_a_stranger_learns_nothing_about_whose_address_it_is(shop: Shop, visitor: Visitor) -> None:
    said = []
    for email in (shop.ann.email, "nobody@example.org"):
        page = visitor.send(visitor.get("/sign-in"), "/sign-in", {"email": email, "password": "wrong horse battery"})
        said.append(page.html.replace(email, ""))
    assert said[0] == said[1]


async def test_guessing_is_stopped_and_the_page_says_to_wait(serve: Callable[..., Server]) -> None:
    server = serve(environment={**LENIENT, "SHOPBELL_RATE_LIMITS": "on"})
    with Visitor(server.url) as visitor:
        page = visitor.get("/sign-in")
        for _ in range(10):
            page = visitor.send(page, "/sign-in", {"email": "ann@example.org", "password": "guess"})
            assert page.status == 401
        page = visitor.send(page, "/sign-in", {"email": "ann@example.org", "password": "guess"})
        assert page.status == 429
        assert int(page.headers["retry-after"]) > 0
        assert "Too many tries" in page.text
        assert page.form("/sign-in").fields["email"] == "ann@example.org"


async def test_a_forgotten_password_is_replaced_by_the_mailed_link_which_can_be_sent_again(
    shop: Shop, visitor: Visitor
) -> None:
    colleague = await shop.town.hired(shop.owner, "agent")
    page = visitor.send(visitor.get("/forgotten"), "/forgotten", {"email": colleague.email})
    assert (page.path, page.heading) == ("/forgotten/sent", "Look into your e-mail")
    assert colleague.email in page.text
    await shop.town.mailed_token(colleague.email)
    page = visitor.send(page, "/forgotten")
    assert page.heading == "Look into your e-mail"
    token = await shop.town.mailed_token(colleague.email)
    page = visitor.get(f"/password?token={token}")
    assert (page.status, page.heading) == (200, "Choose a password")
    refused = visitor.send(page, "/password", {"password": "short"})
    assert (refused.status, refused.form("/password").wrong) == (422, {"password"})
    assert "at least 8 characters" in refused.text
    page = visitor.send(refused, "/password", {"password": OTHER})
    assert page.path == "/sign-in"
    assert "Your new password holds" in page.text
    assert "Your new password holds" not in visitor.get("/sign-in").text
    assert visitor.sign_in(colleague.email, OTHER).path == "/portal"
    assert visitor.get(f"/password?token={token}").status == 410


async def test_an_unknown_address_is_answered_as_a_known_one(shop: Shop, visitor: Visitor) -> None:
    said = []
    for email in (shop.ann.email, "nobody@example.org"):
        page = visitor.send(visitor.get("/forgotten"), "/forgotten", {"email": email})
        said.append((page.status, page.html.replace(email, "")))
    assert said[0] == said[1]


async def test_a_link_that_is_no_good_says_what_to_do_instead(shop: Shop, visitor: Visitor) -> None:
    for token in ("", "x", ids.token(), "%00", "x" * 500):
        page = visitor.get(f"/password?token={token}")
        assert (page.status, page.heading) == (410, "This link is used up")
        assert {"/forgotten", "/app/forgotten", "/sign-in"} <= set(page.links)
    assert visitor.get("/password").status == 410


async def test_a_link_spent_meanwhile_is_said_so_where_the_password_was_typed(shop: Shop, visitor: Visitor) -> None:
    colleague = await shop.town.hired(shop.owner, "agent")
    visitor.send(visitor.get("/forgotten"), "/forgotten", {"email": colleague.email})
    token = await shop.town.mailed_token(colleague.email)
    page = visitor.get(f"/password?token={token}")
    await shop.api.done("POST", "/password", {"token": token, "password": OTHER})
    assert visitor.send(page, "/password", {"password": OTHER}).heading == "This link is used up"


async def test_the_link_of_a_customer_leads_back_to_the_app(shop: Shop, visitor: Visitor) -> None:
    person = await shop.town.person()
    await shop.api.done("POST", "/password/resets", {"email": person.email, "side": "person"})
    token = await shop.town.mailed_token(person.email)
    page = visitor.get(f"/password?token={token}")
    assert "chats with shops" in page.text
    assert visitor.send(page, "/password", {"password": OTHER}).path == "/app/sign-in"
    await shop.api.done("POST", "/people/sessions", {"email": person.email, "password": OTHER})


SHOP = {"name": "Lantern & Co", "time_zone": "Europe/Lisbon", "first_name": "Lia", "last_name": "Lume",
        "password": PASSWORD}  # fmt: skip


async def test_a_shop_is_opened_and_its_owner_is_shown_what_to_do_first(shop: Shop, visitor: Visitor) -> None:
    email = f"{ids.new()}@example.org"
    page = visitor.send(visitor.get("/register"), "/register", {**SHOP, "email": email})
    assert (page.status, page.path) == (200, "/portal")
    assert "Lantern & Co" in page.text
    assert "Your shop is open" in page.text
    assert "0 of 4 done" in page.text


async def test_what_is_wrong_with_a_new_shop_is_said_beside_it(shop: Shop, visitor: Visitor) -> None:
    wrong = {"name": " ", "time_zone": "Mars/Base", "first_name": "x" * 81, "last_name": "", "email": "a@b",
             "password": "short"}  # fmt: skip
    page = visitor.send(visitor.get("/register"), "/register", wrong)
    form = page.form("/register")
    assert page.status == 422
    assert form.wrong == {"name", "first_name", "last_name", "password"}
    page = visitor.send(page, "/register", {**SHOP, "email": "a@b"})
    assert page.form("/register").wrong == {"email"}
    page = visitor.send(page, "/register", {**SHOP, "email": "a@b.example", "time_zone": "Mars/Base"})
    assert page.form("/register").wrong == {"time_zone"}
    page = visitor.send(page, "/register", {**SHOP, "email": shop.owner.email, "password": OTHER})
    assert (page.status, page.form("/register").wrong) == (409, {"email"})
    assert page.form("/register").fields["name"] == "Lantern & Co"


async def test_closed_registration_says_so(serve: Callable[..., Server]) -> None:
    server = serve(environment={**LENIENT, "SHOPBELL_REGISTRATION": "first"})
    with Visitor(server.url) as first, Visitor(server.url) as late:
        assert "/register" in late.get("/sign-in").links
        waiting = late.get("/register")
        page = first.send(first.get("/register"), "/register", {**SHOP, "email": "lia@example.org"})
        assert page.path == "/portal"
        for page in (
            late.send(waiting, "/register", {**SHOP, "email": "late@example.org"}),
            late.get("/register"),
        ):
            assert (page.status, page.heading) == (403, "No further shops here")
        assert "/register" not in late.get("/sign-in").links


async def test_signing_out_ends_the_session(shop: Shop, visit: Visit) -> None:
    colleague = await shop.town.hired(shop.owner, "agent")
    one = visit(colleague)
    token = one.cookies["__Host-shopbell-staff"]
    page = one.send(one.get("/portal"), "/sign-out")
    assert page.path == "/sign-in"
    assert "You are signed out." in page.text
    assert "__Host-shopbell-staff" not in one.cookies
    one.cookies["__Host-shopbell-staff"] = token
    assert one.get("/portal").path.startswith("/sign-in")


async def test_one_goes_over_to_another_business_of_ones_login(shop: Shop, visit: Visit) -> None:
    other = await shop.town.owner("Second")
    await shop.town.hired(other, "agent", address=shop.marketer.email)
    one = visit(shop.marketer)
    here = one.ask("GET", "/api/v1/me", shopbell_side="staff").json()["staff"]["business_id"]
    there = {shop.owner.business_id, other.business_id} - {here}
    page = one.send(one.get("/portal"), "/portal/switch", {"business_id": there.pop()})
    assert page.path == "/portal"
    now = one.ask("GET", "/api/v1/me", shopbell_side="staff").json()["staff"]["business_id"]
    assert now != here
    foreign = await shop.town.owner("Third")
    assert one.send(page, "/portal/switch", {"business_id": foreign.business_id}).status == 404


async def test_a_customers_session_opens_no_page_of_the_portal(shop: Shop, visitor: Visitor) -> None:
    person = await shop.town.person()
    visitor.cookies["__Host-shopbell-person"] = person.token
    assert visitor.get("/portal").path.startswith("/sign-in")
    visitor.cookies["__Host-shopbell-staff"] = person.token
    assert visitor.get("/portal").path.startswith("/sign-in") or visitor.get("/portal").status == 403
