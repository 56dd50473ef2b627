"""Anybody can use the console: by keys alone, in any light, on a phone, from right to left, enlarged."""

import pytest
from playwright.sync_api import expect

from tests.journeys.console.desk import Desk, with_amara
from tests.journeys.console.shop import Customer, Shop
from tests.web.browser import NARROW, WIDE, Theme, Windows

LONG = "Extraordinarily" * 5
# Of a Latin "5:50 AM" the first character stands left of the last.
IN_ITS_OWN_DIRECTION = """(time) => {
    const text = [...time.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())
    const from = text.data.search(/\\S/), to = text.data.trimEnd().length
    const left = (at) => {
        const range = document.createRange()
        range.setStart(text, at)
        range.setEnd(text, at + 1)
        return range.getBoundingClientRect().left
    }
    return left(from) < left(to - 1)
}"""
SHOWN = "(dots) => dots.filter((dot) => dot.getBoundingClientRect().width > 0).length"
# Of three lines and what is around them.
ROOM = 100
BIDI = "\u202eمرحبا <b>bold</b> & \u2066done"


def test_the_whole_job_by_keys_alone(windows: Windows, shop: Shop) -> None:
    desk = Desk(shop.console(windows, shop.owner))
    amara = shop.arrives("Is the fig cake made to order?")
    desk.expect_waiting(1)
    press = desk.page.keyboard.press
    press("g")
    desk.expect_waiting(0)
    expect(desk.row("Amara Okafor")).to_be_visible()
    press("j")
    desk.expect_said("Is the fig cake made to order?")
    press("Enter")
    expect(desk.composer).to_be_focused()
    desk.page.keyboard.type("It is.")
    press("Shift+Enter")
    desk.page.keyboard.type("For how many?")
    press("Enter")
    expect(desk.composer).to_have_value("")
    expect(desk.page.locator(".speech.pending")).to_have_count(0)
    assert shop.hears(amara)[-1] == "It is.\nFor how many?"

    press("Escape")
    expect(desk.row("Amara Okafor").get_by_role("link")).to_be_focused()
    press("n")
    expect(desk.composer).to_be_focused()
    desk.page.keyboard.type("Ask Ruth.")
    press("Control+Enter")
    desk.expect_said("Ask Ruth.")
    press("Escape")

    press("p")
    expect(desk.page.get_by_role("menu")).to_be_visible()
    press("ArrowUp")
    press("Home")
    press("Enter")
    expect(desk.row("Amara Okafor").get_by_role("img", name="High priority")).to_be_visible()


def test_a_ticket_is_found_and_closed_by_keys_alone(windows: Windows, shop: Shop) -> None:
    amara = shop.arrives("Thank you")
    shop.pull()
    shop.claim(shop.owner, amara)
    desk = Desk(shop.console(windows, shop.owner))
    expect(desk.row("Amara Okafor")).to_be_visible()
    press = desk.page.keyboard.press
    press("Control+k")
    expect(desk.page.get_by_role("searchbox")).to_be_focused()
    desk.page.keyboard.type("nobody")
    expect(desk.panel.get_by_text("No ticket fits")).to_be_visible()
    press("Escape")
    desk.page.keyboard.type("okaf")
    press("ArrowDown")
    expect(desk.row("Amara Okafor").get_by_role("link")).to_be_focused()
    desk.expect_said("Thank you")
    press("e")
    dialog = desk.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    press("Space")
    expect(dialog.get_by_role("button", name="Close Ticket")).to_be_enabled()
    press("Tab")
    press("Tab")
    press("Enter")
    expect(dialog).to_have_count(0)
    expect(desk.row("Amara Okafor")).to_contain_text("Resolved")
    assert shop.ticket(amara)["outcome"] == "resolved"


def test_the_key_after_escape_counts_already(windows: Windows, shop: Shop) -> None:
    _, desk = with_amara(windows, shop, shop.owner)
    press = desk.page.keyboard.press
    desk.page.get_by_role("heading", level=1).focus()
    for _ in range(8):
        press("e")
        expect(desk.page.get_by_role("dialog", name="Close Ticket")).to_be_visible()
        press("Escape")
        press("?")
        expect(desk.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
        press("Escape")
        expect(desk.page.get_by_role("dialog")).to_have_count(0)


def test_single_letters_can_be_switched_off(windows: Windows, shop: Shop) -> None:
    desk = Desk(shop.console(windows, shop.owner))
    desk.page.keyboard.press("?")
    sheet = desk.page.get_by_role("dialog", name="Keyboard shortcuts")
    sheet.get_by_label("Single letters are shortcuts").uncheck()
    sheet.get_by_role("button", name="Done").click()
    shop.arrives("Hello")
    desk.expect_waiting(1)
    desk.page.keyboard.press("g")
    desk.page.keyboard.press("?")
    expect(sheet).to_have_count(0)
    desk.expect_waiting(1)
    desk.page.keyboard.press("Control+k")
    expect(desk.page.get_by_role("searchbox")).to_be_focused()


def test_enter_breaks_the_line_where_one_has_set_it_so(windows: Windows, shop: Shop) -> None:
    amara = shop.arrives("Hello")
    shop.pull()
    desk = Desk(shop.console(windows, shop.owner))
    desk.page.keyboard.press("?")
    desk.page.get_by_label("Enter sends").uncheck()
    desk.page.get_by_role("button", name="Done").click()
    desk.select("Amara Okafor")
    desk.composer.press_sequentially("One")
    desk.composer.press("Enter")
    desk.composer.press_sequentially("Two")
    expect(desk.composer).to_have_value("One\nTwo")
    desk.composer.press("Control+Enter")
    desk.expect_said("One Two")
    expect(desk.page.locator(".speech.pending")).to_have_count(0)
    assert shop.hears(amara)[-1] == "One\nTwo"


def busy(shop: Shop) -> Customer:
    """A shop with a bit of everything: waiting, free, held by either, closed, long words and other scripts."""
    ben = shop.hire("Ben", "Acker")
    amara = shop.arrives("Morning! Is the fig cake still something you make to order?")
    shop.arrives("Do you deliver to Porter Square?", "Tomasz", "Wójcik")
    shop.arrives(BIDI, "فاطمة", "الزهراني")
    shop.arrives(LONG, LONG, "Wolski")
    shop.pull()
    shop.say(amara, "It’s for my mum’s 70th, this Saturday. About twenty people.")
    shop.claim(shop.owner, amara)
    shop.say(shop.owner, "Good morning Amara! Yes, we’d love to.", amara.conversation)
    ticket = shop.ticket(amara)["id"]
    note = {"nonce": "n1", "text": "Saturday’s oven is full until 11."}
    shop.done("POST", f"/tickets/{ticket}/notes", note, by=ben.token)
    shop.done("PUT", f"/tickets/{ticket}/priority", {"priority": "high"}, by=shop.owner.token)
    done = shop.arrives("The croissants were a dream, but…", "Lucía", "Ferrer")
    shop.claim(ben, done)
    shop.finish(ben, done)
    shop.say(done, "One more thing")
    shop.arrives("Hello?", "Mei", "Tanaka")
    return amara


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_nothing_stands_in_the_way_in_any_state(windows: Windows, shop: Shop, theme: Theme, width: int) -> None:
    busy(shop)
    how = f"{width}-{theme}"
    window = shop.console(windows, shop.owner, width=width, theme=theme)
    desk = Desk(window)
    expect(desk.row("Amara Okafor")).to_be_visible()
    window.check(f"console-list-{how}")
    desk.row("Amara Okafor").get_by_role("link").click()
    desk.expect_said("Good morning Amara! Yes, we’d love to.")
    window.check(f"console-thread-{how}")
    desk.page.get_by_role("tab", name="Note").click()
    expect(desk.page.get_by_role("tab", name="Note", selected=True)).to_be_visible()
    window.check(f"console-note-{how}")
    desk.page.get_by_role("button", name="More").click()
    window.check(f"console-more-{how}")
    desk.page.keyboard.press("Escape")
    desk.page.locator("h1").focus()
    desk.page.keyboard.press("e")
    expect(desk.page.get_by_role("dialog")).to_be_visible()
    window.check(f"console-close-{how}")
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("?")
    expect(desk.page.get_by_role("dialog")).to_be_visible()
    window.check(f"console-keys-{how}")


@pytest.mark.parametrize(("width", "dots"), [(WIDE, 3), (NARROW, 2)])
def test_a_dot_stands_between_two_steps_of_one_line_only(windows: Windows, shop: Shop, width: int, dots: int) -> None:
    amara, desk = with_amara(windows, shop, shop.owner, width=width)
    shop.say(amara, "Are you there?")
    desk.expect_said("Are you there?")
    # After the number of the ticket, the ring and the pull.
    steps = desk.thread.locator(".event").first
    expect(steps.locator(".apart")).to_have_count(3)
    assert steps.locator(".apart").evaluate_all(SHOWN) == dots
    desk.window.check_width()


def test_the_longest_name_of_a_holder_leaves_room_for_the_thread(windows: Windows, shop: Shop) -> None:
    amara, desk = with_amara(windows, shop, shop.owner, width=NARROW)
    long = shop.hire(("Maximiliana " * 7)[:80].strip(), ("Wolstenholme " * 7)[:80].strip())
    ticket = shop.ticket(amara)["id"]
    shop.done("PUT", f"/tickets/{ticket}/holder", {"staff_id": long.id}, by=shop.owner.token)
    standing = desk.page.get_by_role("status").filter(has_text="has this ticket. You can leave a note.")
    expect(standing.get_by_title(long.name)).to_have_text(long.name)
    box = standing.bounding_box()
    assert box is not None
    assert box["height"] < ROOM
    desk.window.check_width()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_an_empty_console_says_so(windows: Windows, shop: Shop, theme: Theme, width: int) -> None:
    window = shop.console(windows, shop.owner, width=width, theme=theme)
    expect(Desk(window).panel.get_by_text("No tickets yet")).to_be_visible()
    window.check(f"console-empty-{width}-{theme}")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_it_holds_from_right_to_left(windows: Windows, shop: Shop, width: int) -> None:
    busy(shop)
    window = shop.console(windows, shop.owner, width=width, direction="rtl")
    desk = Desk(window)
    expect(desk.row("Amara Okafor")).to_be_visible()
    window.check(f"console-list-{width}-rtl")
    desk.row("Amara Okafor").get_by_role("link").click()
    desk.expect_said("Good morning Amara! Yes, we’d love to.")
    window.check(f"console-thread-{width}-rtl")
    for time in (".message .meta time", ".event .step time"):
        assert window.page.locator(time).first.evaluate(IN_ITS_OWN_DIRECTION)


def test_it_holds_with_everything_twice_as_large(windows: Windows, shop: Shop) -> None:
    busy(shop)
    window = shop.console(windows, shop.owner, zoom=2)
    desk = Desk(window)
    expect(desk.row("Amara Okafor")).to_be_visible()
    window.check("console-list-zoomed")
    desk.row("Amara Okafor").get_by_role("link").click()
    desk.expect_said("Good morning Amara! Yes, we’d love to.")
    expect(desk.composer).to_be_in_viewport()
    window.check("console-thread-zoomed")


def test_priority_is_set_by_key_where_its_button_has_no_room(windows: Windows, shop: Shop) -> None:
    _, desk = with_amara(windows, shop, shop.owner, width=NARROW)
    desk.page.get_by_role("heading", level=1).focus()
    desk.page.keyboard.press("p")
    choice = desk.page.get_by_role("menuitemradio", name="High")
    expect(choice).to_be_visible()
    for _ in range(12):
        if choice.evaluate("one => one === document.activeElement"):
            break
        desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("Enter")
    expect(desk.thread.get_by_text("Priority set to High by you")).to_be_visible()


def test_a_phone_shows_one_pane_and_goes_back(windows: Windows, shop: Shop) -> None:
    amara = busy(shop)
    desk = Desk(shop.console(windows, shop.owner, width=NARROW, has_touch=True, is_mobile=True))
    desk.row("Amara Okafor").get_by_role("link").tap()
    desk.expect_said("Good morning Amara! Yes, we’d love to.")
    expect(desk.panel).to_have_count(0)
    desk.page.get_by_role("button", name="More").tap()
    expect(desk.page.get_by_role("menuitem").first).to_be_focused()
    desk.page.get_by_role("menuitem", name="Customer details").tap()
    details = desk.page.get_by_role("complementary", name="Customer details")
    expect(details.get_by_role("heading", name="Amara Okafor")).to_be_visible()
    desk.page.get_by_role("button", name="Hide customer details").tap()
    expect(details).to_have_count(0)
    # What is not on the screen is not read.
    desk.page.get_by_role("link", name="All tickets").tap()
    expect(desk.panel).to_be_visible()
    shop.say(amara, "Still there?")
    expect(desk.row("Amara Okafor")).to_contain_text("Unread")
    desk.row("Amara Okafor").get_by_role("link").tap()
    desk.expect_said("Still there?")
    desk.page.get_by_role("link", name="All tickets").tap()
    expect(desk.row("Amara Okafor")).not_to_contain_text("Unread")
