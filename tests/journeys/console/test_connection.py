"""A line that breaks and a page that is loaded again lose nothing and double nothing; two tabs of one login agree."""

import re

from playwright.sync_api import Route, expect

from tests.journeys.console.desk import Desk, with_amara
from tests.journeys.console.shop import Shop
from tests.web.browser import Windows

CUT = r"ERR_INTERNET_DISCONNECTED|ERR_FAILED|WebSocket"


def test_what_is_written_without_a_connection_waits_in_order_and_goes_out_once(windows: Windows, shop: Shop) -> None:
    amara, desk = with_amara(windows, shop, shop.owner)
    desk.window.forgive(CUT)
    desk.window.context.set_offline(True)
    for text in ("One", "Two", "Three"):
        desk.say(text)
        desk.expect_said(text)
    expect(desk.page.locator(".speech.pending")).to_have_count(3)
    # A line that was cut without a word is found dead by silence.
    expect(desk.page.get_by_text("No connection since")).to_be_visible(timeout=20_000)
    assert shop.hears(amara) == ["Hello"]

    shop.say(amara, "Are you there?")
    desk.window.context.set_offline(False)
    desk.expect_said("Are you there?")
    expect(desk.page.locator(".speech.pending")).to_have_count(0)
    assert shop.hears(amara) == ["Hello", "Are you there?", "One", "Two", "Three"]
    for text in ("One", "Two", "Three"):
        expect(desk.thread.get_by_text(text, exact=True)).to_have_count(1)


def test_a_page_loaded_again_in_mid_send_sends_once(windows: Windows, shop: Shop) -> None:
    amara, desk = with_amara(windows, shop, shop.owner)
    desk.window.forgive(CUT)
    desk.window.context.set_offline(True)
    desk.say("Before the reload")
    expect(desk.page.locator(".speech.pending")).to_have_count(1)
    desk.window.context.set_offline(False)
    desk.page.reload()
    desk.expect_said("Before the reload")
    expect(desk.page.locator(".speech.pending")).to_have_count(0)
    assert shop.hears(amara) == ["Hello", "Before the reload"]


def test_two_tabs_of_one_login_agree(windows: Windows, shop: Shop) -> None:
    amara = shop.arrives("Hello")
    shop.pull()
    one = Desk(shop.console(windows, shop.owner))
    one.select("Amara Okafor")
    other = Desk(windows.open(one.page.url, beside=one.window))
    other.expect_said("Hello")
    expect(other.composer).to_be_visible()
    one.say("From the first tab")
    other.expect_said("From the first tab")
    other.say("From the second tab")
    one.expect_said("From the second tab")
    for desk in (one, other):
        expect(desk.page.locator(".speech.pending")).to_have_count(0)
        expect(desk.thread.get_by_text("From the first tab")).to_have_count(1)
    assert shop.hears(amara) == ["Hello", "From the first tab", "From the second tab"]


def test_a_draft_sent_in_one_tab_is_gone_from_the_other(windows: Windows, shop: Shop) -> None:
    shop.arrives("Hello")
    shop.pull()
    one = Desk(shop.console(windows, shop.owner))
    one.select("Amara Okafor")
    one.composer.fill("Half a sen")
    other = Desk(windows.open(one.page.url, beside=one.window))
    expect(other.composer).to_have_value("Half a sen")
    other.say("Half a sentence")
    one.expect_said("Half a sentence")
    expect(one.composer).to_have_value("")


def test_what_was_refused_stays_with_its_reason_until_one_retries_or_discards(windows: Windows, shop: Shop) -> None:
    colleague = shop.hire("Ben", "Acker")
    amara, desk = with_amara(windows, shop, colleague)
    desk.window.forgive(CUT)
    desk.window.context.set_offline(True)
    desk.say("Too late")
    desk.say("Much too late")
    ticket = shop.ticket(amara)["id"]
    shop.done("PUT", f"/tickets/{ticket}/holder", {"staff_id": shop.owner.id, "take_over": True}, by=shop.owner.token)
    desk.window.context.set_offline(False)
    failed = desk.page.locator(".speech.failed")
    expect(failed).to_have_count(2)
    # Said when it fails, and not by the bubble, which comes again with every scrolling.
    expect(desk.page.locator("#say-assertive")).to_contain_text("Not sent:")
    expect(desk.thread.get_by_role("alert")).to_have_count(0)
    desk.thread.get_by_role("button", name="Discard").first.click()
    expect(failed).to_have_count(1)
    shop.done("PUT", f"/tickets/{ticket}/holder", {"staff_id": colleague.id, "take_over": True}, by=shop.owner.token)
    expect(desk.page.get_by_role("tab", name="Message")).to_be_enabled()
    desk.thread.get_by_role("button", name="Retry").click()
    expect(failed).to_have_count(0)
    expect(desk.page.locator(".speech.pending")).to_have_count(0)
    assert shop.hears(amara) == ["Hello", "Much too late"]


def test_a_draft_of_each_tab_outlives_a_change_of_ticket_and_a_reload(windows: Windows, shop: Shop) -> None:
    shop.arrives("Hello")
    shop.arrives("Good morning", "Tomasz", "Wolski")
    shop.pull()
    desk = Desk(shop.console(windows, shop.owner))
    desk.select("Amara Okafor")
    desk.composer.fill("Half a sen")
    desk.page.get_by_role("tab", name="Note").click()
    desk.composer.fill("Half a note")
    desk.select("Tomasz Wolski")
    expect(desk.composer).to_have_value("")
    desk.select("Amara Okafor")
    expect(desk.composer).to_have_value("Half a sen")
    desk.page.reload()
    expect(desk.composer).to_have_value("Half a sen")
    desk.page.get_by_role("tab", name="Note").click()
    expect(desk.composer).to_have_value("Half a note")


LEFT = """async () => ({
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
    session: sessionStorage.length,
    local: Object.entries(localStorage),
})"""


def test_sign_out_asks_when_something_is_unsent_and_leaves_nothing_behind(windows: Windows, shop: Shop) -> None:
    shop.arrives("A secret about Amara")
    shop.pull()
    desk = Desk(shop.console(windows, shop.owner))
    desk.select("Amara Okafor")
    desk.expect_said("A secret about Amara")
    desk.composer.fill("A draft about Amara")
    desk.window.forgive(CUT)

    def refuse(route: Route) -> None:
        route.fulfill(status=503, content_type="application/problem+json", body='{"code": "later", "status": 503}')

    desk.page.route("**/notes", refuse)
    desk.window.forgive("answered 503|status of 503")
    desk.page.get_by_role("tab", name="Note").click()
    desk.say("Never to be sent")
    desk.sign_out()
    dialog = desk.page.get_by_role("dialog")
    expect(dialog.get_by_text("1 message is not sent yet")).to_be_visible()
    dialog.get_by_role("button", name="Stay").click()
    expect(dialog).to_have_count(0)
    desk.sign_out()
    desk.page.get_by_role("dialog").get_by_role("button", name="Sign out and throw away").click()
    desk.page.wait_for_url("**/sign-in**")
    left = desk.page.evaluate(LEFT)
    assert left["databases"] == []
    assert left["caches"] == []
    assert left["session"] == 0
    assert "Amara" not in str(left["local"])
    assert shop.owner.id not in str(left["local"])
    desk.page.goto(shop.server.url + "/console")
    expect(desk.page).to_have_url(re.compile("/sign-in"))


def test_the_address_names_the_ticket_and_back_goes_back(windows: Windows, shop: Shop) -> None:
    amara = shop.arrives("Hello")
    shop.arrives("Good morning", "Tomasz", "Wolski")
    shop.pull()
    ticket = shop.ticket(amara)["id"]
    desk = Desk(shop.console(windows, shop.owner, f"/console/t/{ticket}"))
    desk.expect_said("Hello")
    # An address is no selecting: whoever follows a link reads.
    expect(desk.row("Amara Okafor")).to_contain_text("Unassigned")
    desk.select("Tomasz Wolski")
    desk.expect_said("Good morning")
    desk.page.go_back()
    desk.expect_said("Hello")
    desk.page.goto(shop.server.url + "/console/t/nowhere")
    expect(desk.page.get_by_text("There is no such ticket")).to_be_visible()
