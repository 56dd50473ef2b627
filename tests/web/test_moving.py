"""What appears and goes away: decisions, toasts, menus, and what a screen reader is told."""

import pytest
from playwright.sync_api import Page, expect

from tests.running import Server
from tests.web.browser import Window, Windows

# Or on the browser's own bar, where the page has no focus at all.
IN_DIALOG = "document.activeElement === document.body || !!document.activeElement.closest('dialog[open]')"


@pytest.fixture
def window(windows: Windows, dev_server: Server) -> Window:
    window = windows.open(dev_server.url + "/dev/look")
    window.page.wait_for_selector("html[data-drawn]")
    return window


@pytest.fixture
def page(window: Window) -> Page:
    return window.page


def test_a_decision_holds_the_focus_and_gives_it_back(page: Page) -> None:
    page.focus("#decide")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Close Ticket", exact=True)
    expect(dialog).to_be_visible()
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog[open]')"
        )
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.locator("#decide")).to_be_focused()
    expect(page.locator("#answer")).to_have_text("left")


def test_a_decision_is_made_only_once_something_is_chosen(page: Page) -> None:
    page.click("#decide")
    dialog = page.get_by_role("dialog", name="Close Ticket", exact=True)
    act = dialog.get_by_role("button", name="Close Ticket")
    expect(act).to_be_disabled()
    dialog.get_by_role("radio", name="Abandoned").check()
    expect(act).to_be_enabled()
    act.click()
    expect(page.locator("#answer")).to_have_text("abandoned")


def test_a_decision_can_be_made_by_keyboard_alone_and_passes_axe(window: Window) -> None:
    window.page.focus("#decide")
    window.page.keyboard.press("Enter")
    window.check_axe("dialog[open]:not(#d1)")
    window.page.keyboard.press("Space")
    window.page.keyboard.press("Tab")
    window.page.keyboard.press("Tab")
    window.page.keyboard.press("Enter")
    expect(window.page.locator("#answer")).to_have_text("resolved")


def test_a_toast_offers_its_way_back_and_goes_by_itself(page: Page) -> None:
    hold_time(page)
    toast = page.locator(".toasts .toast")
    page.click("#save")
    expect(toast).to_have_text("Saved Undo", use_inner_text=True)
    page.clock.run_for(5_900)
    expect(toast).to_have_count(1)
    page.clock.run_for(200)
    expect(toast).to_have_count(0)
    page.click("#save")
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator("#answer")).to_have_text("undone")
    expect(toast).to_have_count(0)


def test_a_toast_stays_while_somebody_is_at_it(page: Page) -> None:
    hold_time(page)
    toast = page.locator(".toasts .toast")
    page.click("#save")
    toast.hover()
    page.clock.run_for(20_000)
    expect(toast).to_have_count(1)
    toast.get_by_role("button").focus()
    page.mouse.move(0, 0)
    page.clock.run_for(20_000)
    expect(toast).to_have_count(1)
    page.focus("#save")
    page.clock.run_for(6_100)
    expect(toast).to_have_count(0)


def test_a_second_toast_takes_the_place_of_the_first_and_has_its_own_time(page: Page) -> None:
    hold_time(page)
    page.click("#save")
    page.clock.run_for(4_000)
    page.click("#save")
    page.clock.run_for(4_000)
    expect(page.locator(".toasts .toast")).to_have_count(1)
    page.clock.run_for(2_100)
    expect(page.locator(".toasts .toast")).to_have_count(0)


@pytest.mark.parametrize("drawn", ["data-macro", "data-lit"])
def test_a_menu_opens_and_closes_as_one_expects(page: Page, drawn: str) -> None:
    menu = page.locator(f"#c-menu [{drawn}] details").first
    menu.locator("summary").click()
    expect(menu.locator(".menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.locator(".menu")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    menu.get_by_role("button").click()
    expect(menu.locator(".menu")).to_be_hidden()
    menu.locator("summary").click()
    page.locator("h1").click()
    expect(menu.locator(".menu")).to_be_hidden()


def test_the_arrows_walk_a_menu(page: Page) -> None:
    page.locator("#c-menu [data-lit] summary").first.click()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#c-menu [data-lit] .menu > button").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#c-menu [data-lit] .menu > a").first).to_be_focused()


def test_the_same_words_are_announced_again(page: Page) -> None:
    region = page.locator("#say-polite")
    page.click("#say")
    first = region.text_content()
    page.click("#say")
    again = region.text_content()
    assert first is not None
    assert again is not None
    assert first.strip() == again.strip() == "Saved"
    assert first != again
    expect(region).to_have_attribute("aria-live", "polite")


def test_the_first_key_leads_past_everything_to_the_content(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_who_wants_no_motion_sees_none(windows: Windows, dev_server: Server) -> None:
    moving = windows.open(dev_server.url + "/dev/look", still=False).page
    still = windows.open(dev_server.url + "/dev/look").page
    shown = "parseFloat(getComputedStyle(document.querySelector('.bone')).animationDuration)"
    pressed = "parseFloat(getComputedStyle(document.querySelector('.button')).transitionDuration)"
    assert (moving.evaluate(shown), moving.evaluate(pressed)) == (1.6, 0.12)
    assert (still.evaluate(shown), still.evaluate(pressed)) == (0.001, 0)


def hold_time(page: Page) -> None:
    """Let the page's time pass only when the test says so."""
    page.clock.install(time=0)
    page.clock.pause_at(1_000)
