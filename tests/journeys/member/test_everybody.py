"""Anybody can use it: by keyboard alone, in either light, at any width, from right to left, with any name."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.member.app import App
from tests.journeys.member.conftest import Enter
from tests.journeys.member.shop import HOURS, PASSWORD, Customer, Shop, address
from tests.web.browser import NARROW, WIDE, Theme, Windows

PAGES = ("sign-in", "sign-up", "forgotten", "find", "chats", "chat", "business", "you", "lost")
DOORS = ("sign-in", "sign-up", "forgotten")


@pytest.fixture
def lived_in(shop: Shop) -> tuple[Customer, dict[str, str]]:
    """A shop with a profile, a customer in its Loop, and a chat that was closed."""
    shop.describe(
        category="Bakery", city="Cambridge", street="14 Orchard Row", postcode="02139", phone="+1 617 555 0123",
        website="https://hazelandrye.example", email="hello@hazelandrye.example", hours=HOURS,
        description="Sourdough, rye and cakes from a wood-fired oven, baked twice a day.",
        holidays=[{"name": "Thanksgiving", "day": "11-26"}],
    )  # fmt: skip
    customer = shop.customer()
    shop.ask("PUT", f"/businesses/{shop.id}/membership", token=customer.token)
    conversation = shop.write(customer, "It’s for my mum’s 70th, this Saturday. About twenty people.")
    shop.answer("Good morning Amara! Yes, we’d love to. Two tiers feed twenty nicely. Shall it be gluten-free?")
    shop.write(customer, "Yes please, gluten-free.")
    shop.answer("Ready on Saturday from noon.")
    shop.close()
    for name in ("Spoke & Chain Cycles", "Porter Blooms", "Lumen Books"):
        other = Shop(shop.url, name)
        other.write(customer, "Is my wheel true again?")
        other.answer("It is. Come by until six.")
        other.hang_up()
    pages = {name: f"/{name}" for name in PAGES}
    pages |= {"chat": f"/chats/{conversation}", "business": f"/b/{shop.id}", "lost": "/nowhere"}
    return customer, pages


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_page_holds_in_either_light_and_at_any_width(
    windows: Windows, enter: Enter, lived_in: tuple[Customer, dict[str, str]], shop: Shop, theme: Theme, width: int
) -> None:
    customer, pages = lived_in
    door = App(windows.open(width=width, theme=theme), shop.url)
    for name in DOORS:
        door.visit(pages[name])
        if name == "sign-up":
            door.page.get_by_role("button", name="Sign up").click()
        door.window.check(f"member-{name}-{width}-{theme}")
    app = enter(customer, width=width, theme=theme)
    for name in PAGES[len(DOORS) :]:
        app.visit(pages[name])
        _settled(app.page, shop, name)
        app.window.check(f"member-{name}-{width}-{theme}")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_page_holds_from_right_to_left_and_at_200_percent(
    enter: Enter, lived_in: tuple[Customer, dict[str, str]], shop: Shop, width: int
) -> None:
    customer, pages = lived_in
    app = enter(customer, width=width, direction="rtl")
    for name in PAGES[len(DOORS) :]:
        app.visit(pages[name])
        _settled(app.page, shop, name)
        app.window.check_width()
        app.window.screenshot(f"{name}-{width}-rtl", whole=False)
    near = enter(customer, **({"zoom": 2} if width == WIDE else {"width": 320}))
    for name in PAGES[len(DOORS) :]:
        near.visit(pages[name])
        _settled(near.page, shop, name)
        near.window.check_width()


def test_the_whole_way_is_gone_by_keyboard_alone(windows: Windows, shop: Shop) -> None:
    app = App(windows.open(), shop.url)
    app.visit("/sign-up")
    keys = app.page.keyboard
    for field, text in (
        ("First name", "Amara"),
        ("Last name", "Okafor"),
        ("E-mail", address("a")),
        ("Password", PASSWORD),
    ):
        _tab_to(app.page, field)
        keys.type(text)
    _tab_to(app.page, re.compile("I am 18 or older"))
    keys.press("Space")
    keys.press("Enter")
    expect(app.page.get_by_text("No chats yet")).to_be_visible()

    _tab_to(app.page, "Find")
    keys.press("Enter")
    expect(app.heading("Find a shop")).to_be_focused()
    _tab_to(app.page, "Search shops")
    keys.type(shop.name)
    expect(app.page.get_by_role("main").get_by_role("link")).to_have_count(1)
    _tab_to(app.page, re.compile(shop.name))
    keys.press("Enter")
    expect(app.heading(shop.name)).to_be_focused()
    _tab_to(app.page, "Slide to join the Loop")
    keys.press("End")
    expect(app.page.get_by_role("heading", name="You are in the Loop")).to_be_focused()
    _tab_to(app.page, "Open chat")
    keys.press("Enter")
    expect(app.composer).to_be_focused()
    keys.type("By key alone")
    keys.press("Enter")
    app.expect_said("By key alone")
    expect(app.composer).to_be_focused()

    _tab_to(app.page, "More", back=True)
    keys.press("Enter")
    keys.press("ArrowDown")
    keys.press("Escape")
    expect(app.page.get_by_label("More")).to_be_focused()
    shop.wait_for(lambda: len(shop.tickets()) == 1)
    shop.answer("Heard.")
    app.expect_said("Heard.")
    shop.close()
    _tab_to(app.page, re.compile("stars?$"), back=True)
    keys.press("ArrowRight")
    _tab_to(app.page, "Send feedback")
    keys.press("Enter")
    expect(app.page.get_by_role("region", name="How was it?")).to_have_count(0)
    assert len(shop.feedback()) == 1


def test_a_new_message_is_said_once_and_politely(enter: Enter, shop: Shop) -> None:
    customer = shop.customer()
    conversation = shop.write(customer, "Hello")
    app = enter(customer, f"/chats/{conversation}")
    app.expect_connected()
    app.expect_said("Hello")
    shop.answer("Good morning.")
    expect(app.page.locator("[aria-live=polite]")).to_have_text("Nora says: Good morning.")
    expect(app.thread).to_have_attribute("aria-live", "off")


def test_names_from_right_to_left_turn_nothing_around_them(enter: Enter, shop: Shop) -> None:
    arabic = Shop(shop.url, "مخبز النور \u202e")
    customer = shop.customer()
    conversation = arabic.write(customer, "שלום 123")
    app = enter(customer, f"/chats/{conversation}")
    row = app.row("مخبز")
    expect(row.locator("bdi").first).to_contain_text("مخبز النور")
    name, time = row.locator(".name").bounding_box(), row.locator("time").bounding_box()
    assert name is not None
    assert time is not None
    assert name["x"] < time["x"]
    expect(app.thread.locator(".said").first).to_have_attribute("dir", "auto")
    arabic.hang_up()


def test_the_app_can_be_installed(windows: Windows, shop: Shop) -> None:
    page = windows.open(f"{shop.url}/app").page
    manifest = page.evaluate("async () => (await fetch(document.querySelector('link[rel=manifest]').href)).json()")
    assert manifest["display"] == "standalone"
    assert manifest["start_url"].endswith("/app")
    assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}
    assert "maskable" in {icon["purpose"] for icon in manifest["icons"]}
    for icon in manifest["icons"]:
        assert page.request.get(shop.url + icon["src"]).ok


def _settled(page: Page, shop: Shop, name: str) -> None:
    """Wait until the page shows what it is about."""
    wanted = {"find": ".shop-row", "chats": ".chat-row", "chat": ".ask", "business": ".join", "you": ".shop-row"}
    if name in wanted:
        expect(page.locator(wanted[name]).first).to_be_visible()


def _tab_to(page: Page, name: str | re.Pattern[str], *, back: bool = False) -> None:
    """Press Tab until what has the focus is called that."""
    for _ in range(60):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        called = page.evaluate(
            """() => {
                const here = document.activeElement
                return here.getAttribute('aria-label') ?? here.labels?.[0]?.innerText ?? here.innerText
            }"""
        ).strip()
        if called == name or (isinstance(name, re.Pattern) and name.search(called)):
            return
    raise AssertionError(f"nothing called {name} can be reached by Tab")
