"""The main job: a chat arrives, the bubble rises, Pull, select, answer; one agent has it and the others know."""

import re

from playwright.sync_api import Route, expect

from tests.journeys.console.desk import Desk, with_amara
from tests.journeys.console.shop import Shop
from tests.web.browser import Windows

# As a busy page comes to know of a paste and the Enter after it.
AT_ONCE = """(composer, text) => {
    composer.value = text
    composer.dispatchEvent(new InputEvent('input', { bubbles: true }))
    composer.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
    return composer.value
}"""


def test_a_chat_arrives_is_pulled_selected_and_answered(windows: Windows, shop: Shop) -> None:
    desk = Desk(shop.console(windows, shop.owner))
    desk.expect_waiting(0)

    amara = shop.arrives("Is the fig cake made to order?")
    desk.expect_waiting(1)
    expect(desk.page).to_have_title(re.compile(r"^\(1\) "))
    expect(desk.row("Amara Okafor")).to_have_count(0)

    desk.pull.click()
    desk.expect_waiting(0)
    expect(desk.row("Amara Okafor")).to_contain_text("Unassigned")
    # Pulling stops no bell: nobody has the ticket yet.
    expect(desk.page).to_have_title(re.compile(r"^\(1\) "))

    desk.select("Amara Okafor")
    expect(desk.row("Amara Okafor")).to_contain_text("You")
    expect(desk.page).to_have_title(re.compile(r"^Amara"))
    desk.expect_said("Is the fig cake made to order?")

    desk.say("It is. For how many?")
    desk.expect_said("It is. For how many?")
    expect(desk.composer).to_have_value("")
    desk.page.wait_for_function("() => !document.querySelector('.speech.pending')")
    assert shop.hears(amara) == ["Is the fig cake made to order?", "It is. For how many?"]

    shop.say(amara, "About twenty.")
    desk.expect_said("About twenty.")


def test_both_screens_agree_and_a_second_message_raises_nothing(windows: Windows, shop: Shop) -> None:
    nora = Desk(shop.console(windows, shop.owner))
    ben = Desk(shop.console(windows, shop.hire("Ben", "Acker")))
    amara = shop.arrives("Hello")
    for desk in (nora, ben):
        desk.expect_waiting(1)
    shop.say(amara, "Anybody there?")
    shop.arrives("Good morning", "Tomasz", "Wolski")
    for desk in (nora, ben):
        desk.expect_waiting(2)
    ben.pull.click()
    for desk in (nora, ben):
        desk.expect_waiting(0)
        expect(desk.row("Amara Okafor")).to_contain_text("Anybody there?")
        expect(desk.row("Amara Okafor")).to_contain_text("2 messages from the customer")
        expect(desk.row("Tomasz Wolski")).to_be_visible()


def test_a_second_agent_is_told_who_has_it(windows: Windows, shop: Shop) -> None:
    amara = shop.arrives("Hello")
    shop.pull()
    nora = Desk(shop.console(windows, shop.owner))
    ben = Desk(shop.console(windows, shop.hire("Ben", "Acker")))
    expect(ben.row("Amara Okafor")).to_contain_text("Unassigned")

    # Nora is quicker by as much as Ben's request takes.
    def quicker(route: Route) -> None:
        shop.claim(shop.owner, amara)
        route.continue_()

    ben.page.route("**/holder", quicker)
    ben.row("Amara Okafor").get_by_role("link").click()
    expect(ben.page.get_by_text("was quicker and has this ticket")).to_contain_text("Nora Lindqvist")
    expect(ben.page.get_by_text("You can leave a note")).to_be_visible()
    expect(ben.page.get_by_role("tab", name="Message")).to_be_disabled()
    expect(nora.row("Amara Okafor")).to_contain_text("You")


def test_arrows_read_and_enter_takes(windows: Windows, shop: Shop) -> None:
    shop.arrives("First", "Ada", "Byron")
    shop.arrives("Second", "Bea", "Stone")
    shop.pull()
    desk = Desk(shop.console(windows, shop.owner))
    expect(desk.row("Ada Byron")).to_be_visible()
    desk.page.keyboard.press("j")
    desk.expect_said("Second")
    desk.page.keyboard.press("ArrowDown")
    desk.expect_said("First")
    expect(desk.row("Ada Byron")).to_contain_text("Unassigned")
    desk.page.keyboard.press("Enter")
    expect(desk.row("Ada Byron")).to_contain_text("You")
    expect(desk.row("Bea Stone")).to_contain_text("Unassigned")
    expect(desk.composer).to_be_focused()


def test_a_note_stays_inside(windows: Windows, shop: Shop) -> None:
    amara = shop.arrives("Hello")
    shop.pull()
    nora = Desk(shop.console(windows, shop.owner))
    nora.select("Amara Okafor")
    ben = Desk(shop.console(windows, shop.hire("Ben", "Acker")))
    ben.select("Amara Okafor")
    nora.page.get_by_role("tab", name="Note").click()
    expect(nora.page.get_by_text("Seen by your team, never by Amara")).to_be_visible()
    nora.say("She got the last loaf late: be generous.")
    for desk in (nora, ben):
        desk.expect_said("She got the last loaf late: be generous.")
        expect(desk.thread.get_by_text("Staff only")).to_be_visible()
    assert shop.hears(amara) == ["Hello"]


def test_a_marketer_reads_and_takes_nothing(windows: Windows, shop: Shop) -> None:
    shop.arrives("Hello")
    shop.pull()
    desk = Desk(shop.console(windows, shop.hire("Mia", "Market", "marketer")))
    desk.select("Amara Okafor")
    desk.expect_said("Hello")
    expect(desk.row("Amara Okafor")).to_contain_text("Unassigned")
    expect(desk.composer).to_have_count(0)
    shop.arrives("Hello", "Tomasz", "Wolski")
    expect(desk.bubble()).to_have_text("1")
    expect(desk.pull).to_be_disabled()


def test_what_is_written_and_sent_between_two_frames_is_sent_once(windows: Windows, shop: Shop) -> None:
    amara, desk = with_amara(windows, shop, shop.owner)
    assert desk.composer.evaluate(AT_ONCE, "Pasted") == ""
    desk.composer.press("Enter")
    desk.expect_said("Pasted")
    expect(desk.page.locator(".pending")).to_have_count(0)
    assert shop.hears(amara) == ["Hello", "Pasted"]
