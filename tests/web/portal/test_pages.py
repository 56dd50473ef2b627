"""Every page of the portal for every role, without a script: who may, who may not, and what it shows."""

import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from shopbell.staff.rules import GRID, Right, Role
from shopbell.web.portal import destinations, rights
from tests.faults.strings import MOST_NAME, allowed, naughty
from tests.faults.town import Actor
from tests.shop import Shop, small
from tests.web.portal.conftest import roles
from tests.web.portal.visitor import Page, Visitor

pytestmark = pytest.mark.anyio

Visit = Callable[[Actor], Visitor]

EVERYBODY = {"owner", "manager", "marketer", "agent"}
LEADERS = {"owner", "manager"}
# Whom each page is for, and what it is headed by.
PAGES = {
    "/portal": (EVERYBODY, ""),
    "/portal?days=1": (EVERYBODY, ""),
    "/portal?days=7": (EVERYBODY, ""),
    "/portal?days=90": (EVERYBODY, ""),
    "/portal/canned-responses": (EVERYBODY, "Canned Responses"),
    "/portal/grow-your-loop": (EVERYBODY, "Grow your Loop"),
    "/portal/why-join-my-loop": (EVERYBODY, "Why Join my Loop"),
    "/portal/offers": (EVERYBODY, "Offers"),
    "/portal/chat-blast": ({"owner", "manager", "marketer"}, "Chat Blast"),
    "/portal/my-loop": (EVERYBODY, "My Loop"),
    "/portal/account-settings": (EVERYBODY, "Account Settings"),
    "/portal/business-settings": (EVERYBODY, "Business Settings"),
    "/portal/users": (LEADERS, "Users"),
    "/portal/users/new": ({"owner"}, "New User"),
    "/portal/users/{colleague}": (LEADERS, ""),
}
BAR = ["/console", "/portal/canned-responses", "/portal/grow-your-loop", "/portal/why-join-my-loop", "/portal/offers",
       "/portal/chat-blast", "/portal/my-loop", "/portal/account-settings", "/portal/business-settings"]  # fmt: skip


def bar_of(page: Page) -> list[str]:
    """Where the bar leads, in its order."""
    found = dict.fromkeys(urlsplit(link).path for link in page.links)
    return [path for path in found if path in BAR]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("role", sorted(EVERYBODY))
async def test_a_page_is_shown_to_whom_it_is_for_and_refused_to_all_others(
    shop: Shop, visit: Visit, path: str, role: str
) -> None:
    may, heading = PAGES[path]
    page = visit(roles(shop)[role]).get(path.format(colleague=shop.bob.id))
    if role in may:
        assert (page.status, page.path) == (200, path.format(colleague=shop.bob.id))
        assert heading in page.heading
        assert "script-src 'self'" in page.headers["content-security-policy"]
        assert page.headers["cache-control"] == "no-store"
    else:
        assert (page.status, page.heading) == (403, "You may not see this page")


@pytest.mark.parametrize("path", PAGES)
async def test_a_stranger_is_asked_to_sign_in(shop: Shop, visitor: Visitor, path: str) -> None:
    page = visitor.get(path.format(colleague=shop.bob.id))
    assert page.path.startswith("/sign-in?next=/portal")


async def test_the_bar_shows_the_destinations_in_their_order_and_only_those_one_may_use(
    shop: Shop, visit: Visit
) -> None:
    for role, actor in roles(shop).items():
        one = visit(actor)
        shown = bar_of(one.get("/portal"))
        assert shown == [path for path in BAR if path != "/portal/chat-blast" or role != "agent"]
        assert all(one.get(path).status == 200 for path in shown)
        assert ("/portal/users" in one.get("/portal/business-settings").links) is (role in LEADERS)


def test_the_seven_destinations_stand_in_the_order_of_the_product() -> None:
    assert [each.name for each in destinations.BAR] == [
        "Chat Support", "Chat Automation", "Offers", "Chat Blast", "My Loop", "Account Settings", "Business Settings",
    ]  # fmt: skip
    assert [each.name for each in destinations.BAR[1].below] == [
        "Canned Responses", "Grow your Loop", "Why Join my Loop",
    ]  # fmt: skip


async def test_a_place_that_is_not_built_says_so_and_what_to_do_meanwhile(shop: Shop, visit: Visit) -> None:
    owner = visit(shop.owner)
    for each in destinations.unbuilt():
        page = owner.get(each.path)
        assert each.later is not None
        assert "Not built yet" in page.titles
        assert all(words in page.text for words in each.later)


async def test_chat_support_opens_in_a_tab_of_its_own_and_counts_who_waits(shop: Shop, visit: Visit) -> None:
    corner = await small(shop)
    one = visit(corner.owner)
    assert "customers waiting" not in one.get("/portal").text
    await corner.case()
    await corner.case()
    page = one.get("/portal/offers")
    assert "2 customers waiting" in page.text
    assert page.html.count('target="shopbell-console"') == 3
    await corner.done(corner.owner, "POST", "/desk/pull")
    assert "waiting" not in one.get("/portal/offers").text


async def test_a_shop_without_customers_draws_no_lines_of_nothing(shop: Shop, visit: Visit) -> None:
    page = visit(await shop.town.owner()).get("/portal")
    for words in ("nobody waits for an agent", "nobody joined or left", "Nobody has joined yet", "Nobody answered yet"):
        assert words in page.text
    assert 'role="img"' not in page.html.partition('<div class="charts">')[2]


async def test_an_address_of_nothing_says_so(shop: Shop, visit: Visit) -> None:
    owner = visit(shop.owner)
    stranger = (await shop.town.owner()).id
    for path in ("/portal/nothing", "/portal?days=2", "/portal?days=x", "/portal/users/x", f"/portal/users/{'0' * 32}",
                 f"/portal/users/{stranger}"):  # fmt: skip
        assert owner.get(path).status == 404
    assert owner.get("/portal/users?after=x").status == 422


async def test_who_is_signed_in_keeps_the_bar_where_nothing_is_or_nothing_is_for_them(
    shop: Shop, visit: Visit, visitor: Visitor
) -> None:
    agent = visit(shop.ann)
    for path, status in (("/portal/nothing", 404), ("/portal/no/such/page", 404), ("/portal/users", 403)):
        page = agent.get(path)
        assert page.status == status
        assert page.form("/sign-out").fields["form_token"]
        assert {"/portal", "/console"} <= {urlsplit(link).path for link in page.links}
        assert "Back to the Dashboard" in page.text
    assert visitor.get("/portal/no/such/page").path.startswith("/sign-in")


def test_the_permission_grid_is_the_one_that_is_enforced() -> None:
    steps = [right for _, function in rights.FUNCTIONS for right, _ in function]
    assert sorted(steps) == sorted(Right)
    for (name, function), line in zip(rights.FUNCTIONS, rights.GRID, strict=True):
        for each, cell in zip(rights.ROLES, line.cells, strict=True):
            had = [words for right, words in function if right in GRID[each.role]]
            assert cell == (had[-1] if had else ""), (name, each.role)
    assert [each.role for each in rights.ROLES] == list(Role)


async def test_the_users_page_shows_the_grid(shop: Shop, visit: Visit) -> None:
    page = visit(shop.manager).get("/portal/users")
    for words in ("Answer, take over any", "Own figures", "Share in a chat", "Change pictures"):
        assert words in page.text


async def test_names_are_shown_as_they_are_and_never_as_part_of_the_page(shop: Shop, visit: Visit) -> None:
    plain = await small(shop)
    odd = await small(shop)
    names = [name for name in naughty() if allowed(name, MOST_NAME)]
    for which, called in ((plain, ["Plain"] * len(names)), (odd, names)):
        for number, name in enumerate(called):
            body = {
                "role": "agent",
                "first_name": name,
                "last_name": "L",
                "email": f"{which.owner.id}{number}@e.example",
            }
            await which.done(which.owner, "POST", "/staff", body)
    expected, actual = pages_of(visit(plain.owner)), pages_of(visit(odd.owner))
    assert [page.tags for page in actual] == [page.tags for page in expected]
    *lists, last = [[name for name in page.names if name.endswith(" L")] for page in actual]
    assert [name for some in lists for name in some] == [f"{name} L" for name in names]
    assert last == [f"{names[-1]} L"]


def pages_of(visitor: Visitor) -> list[Page]:
    """Every page of the list of users, and one user's own."""
    found = [visitor.get("/portal/users")]
    while following := [link for link in found[-1].links if "after=" in link]:
        found.append(visitor.get(following[0]))
    last = [link for link in found[-1].links if urlsplit(link).path.startswith("/portal/users/")][-1]
    return [*found, visitor.get(last)]


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "\u202etxt.exe", "O’Neil & “Sons” {{7*7}} %(num)s"])
async def test_a_shops_and_a_persons_name_are_shown_as_they_are_in_every_frame(
    shop: Shop, visitor: Visitor, name: str
) -> None:
    email = f"{secrets.token_hex(4)}@odd.example"
    values = {"name": name, "time_zone": "Asia/Tokyo", "first_name": name, "last_name": name, "email": email,
              "password": "correct horse battery staple"}  # fmt: skip
    page = visitor.send(visitor.get("/register"), "/register", values)
    assert page.status == 200
    assert {name, f"{name} {name}"} <= set(page.names)
    plain = name.replace("\u202e", "")
    assert plain in page.heading
    assert "<script>alert" not in page.html
