"""Whatever a console is in the middle of, everybody can read it and reach it: asked, refused, cut off, not there."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.console.desk import Desk, with_amara
from tests.journeys.console.shop import PASSWORD, Shop
from tests.journeys.line import BROKEN, Line
from tests.journeys.reaching import check_until_it_loads
from tests.web.browser import LOOKS, Windows

IN_FULL = """({ parentElement: one }) =>
    one.scrollWidth <= one.clientWidth + 1 && one.scrollHeight <= one.clientHeight + 1"""
ANY_LOOK = pytest.mark.parametrize("look", LOOKS)


@ANY_LOOK
def test_what_the_list_opens_can_be_read_and_reached(windows: Windows, shop: Shop, look: str) -> None:
    shop.hire("Ben", "Acker")
    shop.arrives("Good morning", "Tomasz", "Wolski")
    _, desk = with_amara(windows, shop, shop.owner, **LOOKS[look])
    desk.to_the_list()
    for button in ("Bell", "You", "All colleagues", "Any priority"):
        desk.page.get_by_role("button", name=re.compile(f"^{button}")).click()
        _expect_menu(desk, 1)
        desk.window.check(f"console-{button}-{look}")
        desk.page.keyboard.press("Escape")
        _expect_menu(desk, 0)
    desk.search("nobody of that name")
    expect(desk.panel.get_by_text("No ticket fits")).to_be_visible()
    desk.window.check(f"console-nothing-fits-{look}")


@ANY_LOOK
def test_what_a_ticket_opens_can_be_read_and_reached(windows: Windows, shop: Shop, look: str) -> None:
    ben = shop.hire("Ben", "Acker")
    amara, desk = with_amara(windows, shop, shop.owner, **LOOKS[look])
    page, dialog = desk.page, desk.page.get_by_role("dialog")
    page.get_by_role("button", name="More").click()
    _expect_menu(desk, 1)
    desk.window.check(f"console-more-{look}")
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    expect(page.get_by_role("menuitemradio", name="High")).to_be_visible()
    desk.window.check(f"console-priority-{look}")
    page.keyboard.press("Escape")
    if desk.one_pane:
        desk.act("Customer details")
        expect(page.get_by_role("complementary", name="Customer details")).to_be_visible()
        desk.window.check(f"console-details-{look}")
        page.get_by_role("button", name="Hide customer details").click()
    desk.act("Transfer")
    expect(dialog.get_by_text("Ben Acker")).to_be_visible()
    desk.window.check(f"console-transfer-{look}")
    page.keyboard.press("Escape")
    desk.act("Close Ticket")
    dialog.get_by_text("Resolved", exact=True).click()
    shop.say(amara, "One more thing")
    dialog.get_by_role("button", name="Close Ticket").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    desk.window.check(f"console-meanwhile-{look}")
    page.keyboard.press("Escape")

    shop.done("PUT", f"/tickets/{shop.ticket(amara)['id']}/holder", {"staff_id": ben.id}, by=shop.owner.token)
    page.get_by_role("button", name="Take over").first.click()
    expect(dialog).to_be_visible()
    desk.window.check(f"console-take-over-{look}")
    page.keyboard.press("Escape")
    shop.finish(ben, amara, "abandoned")
    expect(page.get_by_role("status").get_by_text("Closed as Abandoned")).to_be_visible()
    desk.window.check(f"console-closed-{look}")
    page.goto(shop.server.url + "/console/t/nowhere")
    expect(page.get_by_text("There is no such ticket")).to_be_visible()
    desk.window.check(f"console-nowhere-{look}")


@ANY_LOOK
def test_a_console_cut_off_can_be_read_and_reached(windows: Windows, shop: Shop, line: Line, look: str) -> None:
    ben = shop.hire("Ben", "Acker")
    amara, desk = with_amara(windows, shop, shop.owner, url=line.url, **LOOKS[look])
    desk.window.forgive(BROKEN)
    line.down()
    desk.say("Too late")
    desk.expect_said("Too late")
    expect(desk.page.get_by_text("No connection since")).to_be_visible(timeout=20_000)
    desk.window.check(f"console-offline-{look}")
    desk.to_the_list()
    desk.sign_out()
    expect(desk.page.get_by_role("dialog")).to_contain_text("1 message is not sent yet.")
    desk.window.check(f"console-unsent-{look}")
    desk.page.keyboard.press("Escape")
    desk.select("Amara Okafor")
    ticket = shop.ticket(amara)["id"]
    shop.done("PUT", f"/tickets/{ticket}/holder", {"staff_id": ben.id}, by=shop.owner.token)
    expect(desk.page.get_by_role("button", name="Try now")).to_be_visible()
    line.up()
    # As the button has it, which goes once the line is back by itself.
    desk.page.evaluate("dispatchEvent(new Event('online'))")
    expect(desk.page.get_by_role("button", name="Retry")).to_be_visible(timeout=20_000)
    desk.window.check(f"console-refused-{look}")
    assert desk.page.get_by_text("Seen by your team").evaluate(IN_FULL)


@ANY_LOOK
def test_a_thread_on_its_way_or_out_of_reach_can_be_read_and_reached(windows: Windows, shop: Shop, look: str) -> None:
    shop.arrives("Hello")
    shop.pull()
    desk = Desk(shop.console(windows, shop.owner, **LOOKS[look]))
    opens = desk.row("Amara Okafor").get_by_role("link").click
    check_until_it_loads(desk.window, desk.thread, opens, "console", look)


def _expect_menu(desk: Desk, count: int) -> None:
    expect(desk.page.locator(".menu")).to_have_count(count)


def test_nobody_is_said_to_be_here_for_a_ticket_before_that_is_known(windows: Windows, shop: Shop) -> None:
    ben = shop.hire("Ben", "Acker")
    amara = shop.arrives("Hello")
    shop.pull()
    shop.claim(shop.owner, amara)
    desk = Desk(windows.open())
    desk.window.sign_in(shop.server.url, "staff", shop.owner.email, PASSWORD)
    dialog = desk.page.get_by_role("dialog")
    with desk.window.holding("**/api/v1/staff?**"):
        desk.page.goto(f"{shop.server.url}/console/t/{shop.ticket(amara)['id']}")
        desk.act("Transfer")
        expect(dialog.get_by_text("Loading")).to_be_attached()
        desk.window.check("console-transfer-awaited")
    expect(dialog.get_by_role("radio", name=ben.name)).to_be_visible()
    expect(dialog.get_by_text("Loading")).to_have_count(0)
