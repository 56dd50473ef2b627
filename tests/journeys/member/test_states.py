"""Whatever the app is in the middle of, all can read it and reach it: what is asked, refused, unsent, not there."""

import pytest
from playwright.sync_api import expect

from tests.journeys.member.app import App
from tests.journeys.member.conftest import Enter
from tests.journeys.member.line import BROKEN, Line
from tests.journeys.member.shop import PASSWORD, Customer, Shop
from tests.web.browser import NARROW, WIDE, Theme, Windows

EITHER = pytest.mark.parametrize("theme", ["light", "dark"])
ANY = pytest.mark.parametrize("width", [WIDE, NARROW])


@EITHER
@ANY
def test_what_a_chat_asks_can_be_read_and_reached(
    enter: Enter, shop: Shop, customer: Customer, theme: Theme, width: int
) -> None:
    shop.ask("PUT", f"/businesses/{shop.id}/membership", token=customer.token)
    conversation = shop.write(customer, "Is the fig cake made to order?")
    shop.answer("It is.")
    app = enter(customer, f"/chats/{conversation}", width=width, theme=theme)
    app.expect_connected()
    app.expect_said("It is.")
    app.page.get_by_label("More").click()
    _holds(app, f"menu-{width}-{theme}")
    app.page.get_by_role("button", name="Leave the Loop").click()
    expect(app.page.get_by_role("dialog")).to_be_visible()
    _holds(app, f"leave-{width}-{theme}")
    app.page.keyboard.press("Escape")
    app.mute()
    expect(app.page.locator(".talk header")).to_contain_text("muted on this device")
    _holds(app, f"muted-{width}-{theme}")
    shop.close()
    app.page.get_by_role("radio", name="4 stars").check(force=True)
    expect(app.page.get_by_label("Anything to add?")).to_be_visible()
    _holds(app, f"feedback-{width}-{theme}")
    app.page.get_by_role("button", name="Send feedback").click()
    expect(app.page.get_by_role("region", name="How was it?")).to_have_count(0)
    _holds(app, f"thanked-{width}-{theme}")


@EITHER
@ANY
def test_what_could_not_be_sent_can_be_read_and_reached(
    windows: Windows, shop: Shop, customer: Customer, line: Line, theme: Theme, width: int
) -> None:
    conversation = shop.write(customer, "Hello")
    window = windows.open(width=width, theme=theme)
    window.forgive(BROKEN)
    window.sign_in(line.url, "person", customer.email, PASSWORD)
    app = App(window, line.url)
    app.visit(f"/chats/{conversation}")
    app.expect_connected()
    shop.block()
    app.say("Are you there?")
    expect(app.page.get_by_role("button", name="Retry")).to_be_visible()
    _holds(app, f"refused-{width}-{theme}")
    line.down()
    expect(app.page.get_by_text("You are offline.")).to_be_visible()
    app.say("Written in the dark")
    _holds(app, f"offline-{width}-{theme}")
    app.visit("/you")
    app.page.get_by_role("button", name="Sign out").click()
    expect(app.page.get_by_role("dialog")).to_be_visible()
    _holds(app, f"unsent-{width}-{theme}")


@EITHER
@ANY
def test_what_is_not_there_can_be_read_and_reached(
    enter: Enter, shop: Shop, customer: Customer, theme: Theme, width: int
) -> None:
    app = enter(customer, width=width, theme=theme)
    expect(app.page.get_by_text("No chats yet")).to_be_visible()
    _holds(app, f"no-chats-{width}-{theme}")
    app.visit("/you")
    expect(app.page.get_by_text("You are in no Loop yet.")).to_be_visible()
    _holds(app, f"no-loops-{width}-{theme}")
    app.visit("/find?q=nothing-like-it")
    expect(app.page.get_by_role("main").get_by_role("status").first).to_be_visible()
    _holds(app, f"no-shop-{width}-{theme}")
    app.visit("/chats/nobody's")
    expect(app.heading("No such chat")).to_be_visible()
    _holds(app, f"no-such-chat-{width}-{theme}")
    shop.write(customer, "Hello")
    app.visit("/chats")
    app.page.get_by_placeholder("Search chats").fill("zzz")
    expect(app.page.get_by_text("No chat with these words")).to_be_visible()
    _holds(app, f"no-words-{width}-{theme}")


def _holds(app: App, name: str) -> None:
    app.window.screenshot(f"member-{name}", whole=False)
    app.window.check_width()
    app.window.check_axe()
