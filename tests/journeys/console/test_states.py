"""Whatever a console is in the middle of, everybody can read it and reach it: asked, refused, cut off, not there."""

import pytest
from playwright.sync_api import expect

from tests.journeys.console.desk import Desk, with_amara
from tests.journeys.console.shop import Shop
from tests.web.browser import NARROW, WIDE, Theme, Windows

CUT = r"ERR_INTERNET_DISCONNECTED|ERR_FAILED|WebSocket"
IN_FULL = """({ parentElement: one }) =>
    one.scrollWidth <= one.clientWidth + 1 && one.scrollHeight <= one.clientHeight + 1"""
EITHER = pytest.mark.parametrize("theme", ["light", "dark"])


@EITHER
def test_what_can_be_opened_can_be_read_and_reached(windows: Windows, shop: Shop, theme: Theme) -> None:
    ben = shop.hire("Ben", "Acker")
    shop.arrives("Good morning", "Tomasz", "Wolski")
    amara, desk = with_amara(windows, shop, shop.owner, theme=theme)
    page = desk.page
    for button in ("Priority: none", "Bell: on", "You: Nora Lindqvist", "All colleagues", "Any priority"):
        page.get_by_role("button", name=button).click()
        expect(page.locator(".menu")).to_have_count(1)
        _holds(desk, f"{button.split(':')[0]}-{theme}")
        page.keyboard.press("Escape")
        expect(page.locator(".menu")).to_have_count(0)
    page.get_by_role("button", name="Transfer").click()
    expect(page.get_by_role("dialog").get_by_text("Ben Acker")).to_be_visible()
    _holds(desk, f"transfer-{theme}")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Close Ticket").click()
    page.get_by_role("dialog").get_by_text("Resolved", exact=True).click()
    shop.say(amara, "One more thing")
    page.get_by_role("dialog").get_by_role("button", name="Close Ticket").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    _holds(desk, f"meanwhile-{theme}")
    page.keyboard.press("Escape")

    desk.page.get_by_role("searchbox").fill("nobody of that name")
    expect(desk.panel.get_by_text("No ticket fits")).to_be_visible()
    _holds(desk, f"nothing-fits-{theme}")
    desk.page.get_by_role("searchbox").fill("")
    shop.done("PUT", f"/tickets/{shop.ticket(amara)['id']}/holder", {"staff_id": ben.id}, by=shop.owner.token)
    page.get_by_role("button", name="Take over").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    _holds(desk, f"take-over-{theme}")
    page.keyboard.press("Escape")
    shop.finish(ben, amara, "abandoned")
    expect(desk.row("Amara Okafor")).to_contain_text("Abandoned")
    _holds(desk, f"closed-{theme}")
    page.goto(shop.server.url + "/console/t/nowhere")
    expect(page.get_by_text("There is no such ticket")).to_be_visible()
    _holds(desk, f"nowhere-{theme}")


@EITHER
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_console_cut_off_can_be_read_and_reached(windows: Windows, shop: Shop, theme: Theme, width: int) -> None:
    ben = shop.hire("Ben", "Acker")
    amara, desk = with_amara(windows, shop, shop.owner, theme=theme, width=width)
    desk.window.forgive(CUT)
    desk.window.context.set_offline(True)
    desk.say("Too late")
    desk.expect_said("Too late")
    expect(desk.page.get_by_text("No connection since")).to_be_visible(timeout=20_000)
    _holds(desk, f"offline-{width}-{theme}")
    if width == NARROW:
        desk.page.get_by_role("link", name="All tickets").click()
    desk.sign_out()
    expect(desk.page.get_by_role("dialog")).to_contain_text("1 message is not sent yet.")
    _holds(desk, f"unsent-{width}-{theme}")
    desk.page.keyboard.press("Escape")
    if width == NARROW:
        desk.row("Amara Okafor").get_by_role("link").click()
    ticket = shop.ticket(amara)["id"]
    shop.done("PUT", f"/tickets/{ticket}/holder", {"staff_id": ben.id}, by=shop.owner.token)
    desk.window.context.set_offline(False)
    expect(desk.page.get_by_role("button", name="Retry")).to_be_visible(timeout=20_000)
    _holds(desk, f"refused-{width}-{theme}")
    assert desk.page.get_by_text("Seen by your team, never by Amara").evaluate(IN_FULL)


def _holds(desk: Desk, name: str) -> None:
    desk.window.screenshot(f"console-{name}", whole=False)
    desk.window.check_width()
    desk.window.check_axe()
