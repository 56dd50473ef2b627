"""Several logins in one browser, one login at several businesses: nothing in another's name, nothing left behind."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import TimeoutError, expect

from tests.journeys.console.desk import Desk, with_amara
from tests.journeys.console.shop import PASSWORD, Colleague, Customer, Json, Shop
from tests.running import Server
from tests.web.browser import Windows

CUT = r"ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_ABORTED|WebSocket"
SWITCHED = """async (business_id) => (await fetch('/api/v1/session/business', {
    method: 'PUT', headers: { 'Content-Type': 'application/json', 'Shopbell-Side': 'staff' },
    body: JSON.stringify({ business_id }),
})).status"""
# What a browser answers whose disk fails.
STUCK = "IDBObjectStore.prototype.clear = () => { throw new DOMException('Nothing can be written.', 'UnknownError') }"
UNOPENED = "IDBFactory.prototype.open = () => { throw new DOMException('It is damaged.', 'UnknownError') }"


class Pine:
    """A second business, for which a colleague of the first works as well."""

    def __init__(self, server: Server) -> None:
        self.shop = Shop(server, "Pine & Co")

    def take_on(self, colleague: Colleague) -> None:
        first, last = colleague.name.split(" ")
        body = {"role": "manager", "first_name": first, "last_name": last, "email": colleague.email}
        self.shop.done("POST", "/staff", body, by=self.shop.owner.token)


@pytest.fixture
def pine(town_server: Server) -> Iterator[Pine]:
    pine = Pine(town_server)
    yield pine
    pine.shop.close()


def notes(shop: Shop, customer: Customer) -> list[tuple[str, str]]:
    """Who wrote what beside the customer's ticket."""
    path = f"/tickets/{shop.ticket(customer)['id']}/notes"
    items: list[Json] = shop.done("GET", path, by=shop.owner.token)["items"]
    return [(item["author"]["name"], item["text"]) for item in items]


def go_over(desk: Desk, shop: Shop, business: str) -> None:
    """Leave the console, and come back to it at that business."""
    # By a page that does not load itself again for another business while the test goes elsewhere.
    desk.page.goto(f"{shop.server.url}/terms")
    assert desk.page.evaluate(SWITCHED, business) == 200
    desk.page.goto(shop.server.url + "/console")
    desk.page.wait_for_selector("html[data-ready=console]")


def written_in_vain(windows: Windows, shop: Shop, colleague: Colleague) -> tuple[Customer, Desk]:
    """A console closed before a message to a customer could leave it."""
    amara, desk = with_amara(windows, shop, colleague)
    desk.window.forgive(CUT)
    desk.window.context.set_offline(True)
    desk.say("For Amara")
    desk.composer.fill("A draft for Amara")
    desk.page.goto("about:blank")
    desk.window.context.set_offline(False)
    return amara, desk


def noted_too_late(windows: Windows, shop: Shop) -> tuple[Customer, Desk]:
    """A note that waits for the owner, who was signed out when writing it, and has signed in again."""
    amara, nora = with_amara(windows, shop, shop.owner)
    # The open socket does not know of it, so that the note is the first to be told.
    nora.window.context.clear_cookies()
    nora.window.forgive(CUT)
    nora.note("She likes tulips.")
    nora.page.wait_for_url("**/sign-in**")

    nora.window.sign_in(shop.server.url, "staff", shop.owner.email, PASSWORD)
    return amara, nora


def test_a_note_is_never_posted_in_the_name_of_who_signed_in_beside(windows: Windows, shop: Shop) -> None:
    ben = shop.hire("Ben", "Acker")
    amara, nora = with_amara(windows, shop, shop.owner)
    # Without a word between the tabs: only the cookie is Ben's now.
    other = windows.open(beside=nora.window)
    other.sign_in(shop.server.url, "staff", ben.email, PASSWORD)
    nora.note("Only Nora would say that.")
    nora.expect_name("Ben Acker")
    assert notes(shop, amara) == []

    other.sign_in(shop.server.url, "staff", shop.owner.email, PASSWORD)
    nora.page.reload()
    nora.expect_name("Nora Lindqvist")
    nora.expect_said("Only Nora would say that.")
    expect(nora.page.locator(".pending")).to_have_count(0)
    assert notes(shop, amara) == [("Nora Lindqvist", "Only Nora would say that.")]


def test_a_note_written_after_the_session_has_ended_waits_for_the_next_one(windows: Windows, shop: Shop) -> None:
    amara, nora = noted_too_late(windows, shop)
    nora.page.goto(shop.server.url + "/console")
    nora.select("Amara Okafor")
    nora.expect_said("She likes tulips.")
    expect(nora.page.locator(".pending")).to_have_count(0)
    assert notes(shop, amara) == [("Nora Lindqvist", "She likes tulips.")]


def test_a_console_shows_nothing_of_who_was_here_before(windows: Windows, shop: Shop) -> None:
    ben = shop.hire("Ben", "Acker")
    _, desk = with_amara(windows, shop, shop.owner)
    desk.window.forgive(CUT)
    desk.window.sign_in(shop.server.url, "staff", ben.email, PASSWORD)
    with desk.window.holding("**/api/v1/me"):
        desk.page.goto(shop.server.url + "/console")
        with pytest.raises(TimeoutError):
            desk.page.wait_for_selector("html[data-ready=console]", state="attached", timeout=1500)
    desk.expect_name("Ben Acker")


def test_what_is_written_while_a_console_makes_way_waits_for_who_wrote_it(windows: Windows, shop: Shop) -> None:
    ben = shop.hire("Ben", "Acker")
    amara, nora = with_amara(windows, shop, shop.owner)
    nora.composer.focus()
    nora.window.forgive(CUT)
    other = Desk(windows.open(beside=nora.window))
    other.window.forgive(CUT)
    other.window.sign_in(shop.server.url, "staff", ben.email, PASSWORD)
    with nora.window.holding("**/console**"):
        with nora.page.expect_request("**/console**"):
            other.page.goto(shop.server.url + "/console")
        # By the keyboard, for everything else in Playwright waits until the page has come.
        nora.page.keyboard.insert_text("Written a moment too late")
        nora.page.keyboard.press("Enter")
        other.expect_unsent_kept()
    nora.expect_name("Ben Acker")
    assert shop.hears(amara) == ["Hello"]

    other.window.sign_in(shop.server.url, "staff", shop.owner.email, PASSWORD)
    other.page.goto(nora.page.url)
    other.expect_said("Written a moment too late")
    expect(other.page.locator(".pending")).to_have_count(0)
    assert shop.hears(amara) == ["Hello", "Written a moment too late"]


def test_a_browser_that_cannot_clear_what_it_kept_shows_the_next_one_all_the_same(
    windows: Windows, shop: Shop, pine: Pine
) -> None:
    ben = shop.hire("Ben", "Acker")
    pine.take_on(ben)
    _, desk = with_amara(windows, shop, ben)
    desk.window.forgive(CUT)
    desk.page.add_init_script(STUCK)
    desk.page.add_init_script("sessionStorage.loads = 1 + Number(sessionStorage.loads ?? 0)")
    go_over(desk, shop, pine.shop.business)
    expect(desk.panel.get_by_text("Nobody is waiting")).to_be_visible()
    expect(desk.page.locator(".banner").get_by_text("This browser no longer keeps what you write.")).to_be_visible()
    # The terms on the way, and the console once.
    assert desk.page.evaluate("Number(sessionStorage.loads)") == 2


def test_a_console_makes_way_at_once_for_who_signs_in_beside(windows: Windows, shop: Shop) -> None:
    ben = shop.hire("Ben", "Acker")
    _, nora = with_amara(windows, shop, shop.owner)
    nora.composer.fill("Half a sen")
    other = Desk(windows.open(beside=nora.window))
    other.window.sign_in(shop.server.url, "staff", ben.email, PASSWORD)
    for desk in (nora, other):
        # A page that turns out to be for somebody else lets go of the line it was about to open.
        desk.window.forgive(CUT)
    other.page.goto(shop.server.url + "/console")
    other.expect_name("Ben Acker")
    nora.expect_name("Ben Acker")

    other.window.sign_in(shop.server.url, "staff", shop.owner.email, PASSWORD)
    other.page.goto(nora.page.url)
    for desk in (other, nora):
        desk.expect_name("Nora Lindqvist")
        expect(desk.composer).to_have_value("Half a sen")


def test_signing_out_asks_for_what_is_unsent_in_any_business_and_leaves_nothing_of_either(
    windows: Windows, shop: Shop, pine: Pine
) -> None:
    ben = shop.hire("Ben", "Acker")
    pine.take_on(ben)
    _, desk = written_in_vain(windows, shop, ben)
    go_over(desk, shop, pine.shop.business)
    expect(desk.panel.get_by_text("Nobody is waiting")).to_be_visible()

    desk.sign_out()
    dialog = desk.page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 message is not sent yet.")
    dialog.get_by_role("button", name="Sign out and throw away").click()
    desk.page.wait_for_url("**/sign-in**")
    desk.expect_nothing_left()


def test_signing_out_takes_what_waits_since_the_session_before(windows: Windows, shop: Shop) -> None:
    amara, nora = noted_too_late(windows, shop)
    nora.sign_out_of_the_portal(shop.server.url)
    nora.expect_nothing_left()
    assert notes(shop, amara) == []


def test_signing_out_takes_what_the_browser_kept_while_its_databases_still_opened(windows: Windows, shop: Shop) -> None:
    _, desk = written_in_vain(windows, shop, shop.owner)
    desk.page.add_init_script(UNOPENED)
    desk.page.goto(shop.server.url + "/console")
    desk.expect_name("Nora Lindqvist")
    desk.sign_out()
    desk.page.wait_for_url("**/sign-in**")
    desk.expect_nothing_left()


def test_what_waits_for_one_business_is_sent_when_one_is_back_there(windows: Windows, shop: Shop, pine: Pine) -> None:
    ben = shop.hire("Ben", "Acker")
    pine.take_on(ben)
    amara, desk = written_in_vain(windows, shop, ben)
    go_over(desk, shop, pine.shop.business)
    expect(desk.panel.get_by_text("Nobody is waiting")).to_be_visible()
    assert shop.hears(amara) == ["Hello"]

    go_over(desk, shop, shop.business)
    desk.select("Amara Okafor")
    desk.expect_said("For Amara")
    expect(desk.page.locator(".speech.pending, .speech.failed")).to_have_count(0)
    expect(desk.composer).to_have_value("A draft for Amara")
    assert shop.hears(amara) == ["Hello", "For Amara"]
