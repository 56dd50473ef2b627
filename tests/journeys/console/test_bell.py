"""What is heard of a console: the bell for whoever is unclaimed, a tap for one's own; once, whatever tabs are open."""

import re

from playwright.sync_api import expect

from tests.journeys.console.desk import Desk
from tests.journeys.console.shop import Shop
from tests.web.browser import DRAWN, NARROW, Windows, wait_until

# What is struck is counted where the browser would sound it.
STRUCK = """{
    const start = OscillatorNode.prototype.start
    globalThis.struck = 0
    OscillatorNode.prototype.start = function (...given) {
        globalThis.struck += 1
        return start.apply(this, given)
    }
}"""
FACE = "document.querySelector('link[rel=icon]').href"
# Whatever a test does to a page counts as a touch.
UNTOUCHED = "Object.defineProperty(navigator, 'userActivation', { value: { hasBeenActive: false } })"
# By a finger a page is touched once that is lifted.
LIFTED = """{
    const touched = { hasBeenActive: false }
    Object.defineProperty(navigator, 'userActivation', { value: touched })
    addEventListener('pointerup', () => touched.hasBeenActive = true, { capture: true })
}"""
NOBODY_ELSE = "async () => (await navigator.locks.query()).pending.every(({ name }) => name !== 'shopbell-bell')"
RING, TAP = 2, 1


def test_the_bell_and_the_face_of_the_tab_tell_of_who_is_unclaimed(windows: Windows, shop: Shop) -> None:
    desk = heard(Desk(shop.console(windows, shop.owner)))
    desk.expect_waiting(0)
    still = desk.page.evaluate(FACE)
    touch(desk)
    shop.arrives("Hello")
    desk.expect_waiting(1)
    expect_struck(desk, RING)
    wait_until(desk.page, f"() => {FACE} !== '{still}'")
    desk.pull.click()
    desk.expect_waiting(0)
    desk.page.evaluate(DRAWN)
    assert desk.page.evaluate(FACE) != still
    desk.select("Amara Okafor")
    wait_until(desk.page, f"() => {FACE} === '{still}'")
    assert struck(desk) == RING


def test_of_several_tabs_one_rings_and_another_once_that_is_closed(windows: Windows, shop: Shop) -> None:
    one = heard(Desk(shop.console(windows, shop.owner)))
    touch(one)
    two = beside(windows, one)
    touch(two)
    assert struck_by_an_arrival(shop, one, two) == [RING, 0]
    one.page.close()
    wait_until(two.page, NOBODY_ELSE)
    shop.arrives("Hello", "Tomasz", "Wolski")
    two.expect_waiting(2)
    expect_struck(two, RING)


def test_a_tab_that_the_browser_keeps_silent_keeps_no_other_from_ringing(windows: Windows, shop: Shop) -> None:
    silent = Desk(shop.console(windows, shop.owner))
    silent.page.add_init_script(UNTOUCHED)
    heard(silent)
    desk = beside(windows, silent)
    touch(desk)
    assert struck_by_an_arrival(shop, silent, desk) == [0, RING]


def test_one_tap_of_a_finger_is_enough_for_the_bell(windows: Windows, shop: Shop) -> None:
    desk = Desk(shop.console(windows, shop.owner, width=NARROW, has_touch=True))
    desk.page.add_init_script(LIFTED)
    heard(desk)
    desk.page.touchscreen.tap(180, 600)
    shop.arrives("Hello")
    desk.expect_waiting(1)
    expect_struck(desk, RING)


def test_a_bell_that_is_switched_off_in_one_tab_is_off_in_all(windows: Windows, shop: Shop) -> None:
    one = heard(Desk(shop.console(windows, shop.owner)))
    touch(one)
    two = beside(windows, one)
    two.page.get_by_role("button", name="Bell: on").click()
    two.page.get_by_label("Ring when somebody is waiting").uncheck()
    expect(one.page.get_by_role("button", name="Bell: off")).to_be_visible()
    assert struck_by_an_arrival(shop, one, two) == [0, 0]


def test_a_message_taps_once_and_never_for_what_some_tab_has_on_its_screen(windows: Windows, shop: Shop) -> None:
    amara, tomasz = shop.arrives("Hello"), shop.arrives("Hello", "Tomasz", "Wolski")
    shop.pull()
    for customer in (amara, tomasz):
        shop.claim(shop.owner, customer)
    one = heard(Desk(shop.console(windows, shop.owner)))
    touch(one)
    two = beside(windows, one)
    two.select(amara.name)
    shop.say(amara, "Seen beside")
    two.expect_said("Seen beside")
    expect(one.row(amara.name)).to_contain_text("Seen beside")
    shop.say(tomasz, "Seen nowhere")
    for desk in (one, two):
        expect(desk.row(tomasz.name)).to_contain_text("Seen nowhere")
    expect_struck(one, TAP)
    two.select(tomasz.name)
    shop.say(amara, "Left alone")
    expect_struck(one, TAP + TAP)
    assert struck(two) == 0


def test_on_a_phone_a_message_taps_while_the_list_hides_its_thread(windows: Windows, shop: Shop) -> None:
    amara = shop.arrives("Hello")
    shop.pull()
    shop.claim(shop.owner, amara)
    desk = heard(Desk(shop.console(windows, shop.owner, width=NARROW)))
    desk.select(amara.name)
    shop.say(amara, "On the screen")
    desk.expect_said("On the screen")
    assert struck(desk) == 0
    desk.to_the_list()
    shop.say(amara, "Behind the list")
    expect_struck(desk, TAP)
    assert struck(desk) == TAP


def heard(desk: Desk) -> Desk:
    """That console, begun anew with all it strikes counted."""
    desk.page.add_init_script(STRUCK)
    desk.page.reload()
    desk.page.wait_for_selector("html[data-ready=console]")
    expect(desk.page.get_by_text(re.compile("^(Live|Connecting)$"))).to_have_text("Live")
    return desk


def beside(windows: Windows, desk: Desk) -> Desk:
    """Another tab of the same login."""
    return heard(Desk(windows.open(desk.page.url, beside=desk.window)))


def touch(desk: Desk) -> None:
    """A browser holds a page's sounds back until somebody has touched it."""
    desk.page.mouse.click(500, 200)


def struck(desk: Desk) -> int:
    """So far; whom a tab sees fit to tell it finds out from the locks, so those are asked first."""
    return int(desk.page.evaluate("navigator.locks.query().then(() => struck)"))


def struck_by_an_arrival(shop: Shop, *desks: Desk) -> list[int]:
    """What each has struck once all of them know of the first who waits."""
    shop.arrives("Hello")
    for desk in desks:
        desk.expect_waiting(1)
    return [struck(desk) for desk in desks]


def expect_struck(desk: Desk, times: int) -> None:
    wait_until(desk.page, f"() => struck === {times}")
