"""Whatever the app is in the middle of, all can read it and reach it: what is asked, refused, unsent, not there."""

import pytest
from playwright.sync_api import expect

from tests.journeys.line import BROKEN, Line
from tests.journeys.member.app import App
from tests.journeys.member.conftest import Enter
from tests.journeys.member.shop import PASSWORD, Customer, Shop
from tests.journeys.reaching import check_until_it_loads
from tests.web.browser import LOOKS, Windows

BELOW_ITS_SIGN = """(words) =>
    words.getBoundingClientRect().top >= words.previousElementSibling.getBoundingClientRect().bottom"""
ANY_LOOK = pytest.mark.parametrize("look", LOOKS)


@ANY_LOOK
def test_what_a_chat_asks_can_be_read_and_reached(enter: Enter, shop: Shop, customer: Customer, look: str) -> None:
    shop.ask("PUT", f"/businesses/{shop.id}/membership", token=customer.token)
    conversation = shop.write(customer, "Is the fig cake made to order?")
    shop.answer("It is.")
    app = enter(customer, f"/chats/{conversation}", **LOOKS[look])
    app.expect_connected()
    app.expect_said("It is.")
    app.page.get_by_label("More").click()
    app.window.check(f"member-menu-{look}")
    app.page.get_by_role("button", name="Leave the Loop").click()
    expect(app.page.get_by_role("dialog")).to_be_visible()
    app.window.check(f"member-leave-{look}")
    app.page.keyboard.press("Escape")
    app.mute()
    expect(app.page.locator(".talk header")).to_contain_text("muted on this device")
    app.window.check(f"member-muted-{look}")
    shop.close()
    app.page.get_by_role("radio", name="4 stars").check(force=True)
    expect(app.page.get_by_label("Anything to add?")).to_be_visible()
    app.window.check(f"member-feedback-{look}")
    app.page.get_by_role("button", name="Send feedback").click()
    expect(app.page.get_by_role("region", name="How was it?")).to_have_count(0)
    app.window.check(f"member-thanked-{look}")


@ANY_LOOK
def test_what_could_not_be_sent_can_be_read_and_reached(
    windows: Windows, shop: Shop, customer: Customer, line: Line, look: str
) -> None:
    conversation = shop.write(customer, "Hello")
    window = windows.open(**LOOKS[look])
    window.forgive(BROKEN)
    window.sign_in(line.url, "person", customer.email, PASSWORD)
    app = App(window, line.url)
    app.visit(f"/chats/{conversation}")
    app.expect_connected()
    shop.block()
    app.say("Are you there?")
    expect(app.page.get_by_role("button", name="Retry")).to_be_visible()
    assert not app.thread.get_by_text("This business doesn't take messages").evaluate(BELOW_ITS_SIGN)
    app.window.check(f"member-refused-{look}")
    line.down()
    expect(app.page.get_by_text("You are offline.")).to_be_visible()
    app.say("Written in the dark")
    app.window.check(f"member-offline-{look}")
    app.visit("/you")
    app.page.get_by_role("button", name="Sign out").click()
    expect(app.page.get_by_role("dialog")).to_be_visible()
    app.window.check(f"member-unsent-{look}")


@ANY_LOOK
def test_what_is_not_there_can_be_read_and_reached(enter: Enter, shop: Shop, customer: Customer, look: str) -> None:
    app = enter(customer, **LOOKS[look])
    expect(app.page.get_by_text("No chats yet")).to_be_visible()
    app.window.check(f"member-no-chats-{look}")
    app.visit("/you")
    expect(app.page.get_by_text("You are in no Loop yet.")).to_be_visible()
    app.window.check(f"member-no-loops-{look}")
    app.visit("/find?q=nothing-like-it")
    expect(app.page.get_by_role("main").get_by_role("status").first).to_be_visible()
    app.window.check(f"member-no-shop-{look}")
    app.visit("/chats/nobody's")
    expect(app.heading("No such chat")).to_be_visible()
    app.window.check(f"member-no-such-chat-{look}")
    shop.write(customer, "Hello")
    app.visit("/chats")
    app.page.get_by_placeholder("Search chats").fill("zzz")
    expect(app.page.get_by_text("No chat with these words")).to_be_visible()
    app.window.check(f"member-no-words-{look}")


@ANY_LOOK
def test_a_chat_on_its_way_or_out_of_reach_can_be_read_and_reached(
    enter: Enter, shop: Shop, customer: Customer, look: str
) -> None:
    shop.write(customer, "Hello")
    app = enter(customer, **LOOKS[look])
    app.expect_connected()
    check_until_it_loads(app.window, app.thread, app.rows.first.click, "member", look)
