"""A page that goes away before the browser has written down what was said in it loses no text, and says none twice."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.journeys.console.desk import Desk, with_amara
from tests.journeys.console.shop import Customer, Shop
from tests.web.browser import Window, Windows, wait_until

CUT = r"ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_ABORTED|WebSocket"
# A disk that is slow: whoever writes texts down has to wait until it is free.
BUSY = """async () => {
    const [{ name }] = await indexedDB.databases()
    const database = await new Promise((done) => {
        const opening = indexedDB.open(name)
        opening.onsuccess = () => done(opening.result)
    })
    const transaction = database.transaction(['outbox', 'drafts'], 'readwrite')
    globalThis.over = new Promise((done) => { transaction.oncomplete = () => { database.close(); done() } })
    const goOn = () => {
        if (!globalThis.free) transaction.objectStore('outbox').count().onsuccess = goOn
    }
    goOn()
}"""
FREE = "() => { globalThis.free = true; return over }"
REFUSAL = {"type": "about:blank", "title": "Refused", "status": 409, "detail": "Not now.", "code": "refused"}
LEFT = "Object.keys(localStorage).filter((key) => key.includes('/left/')).length"
# What one waits for a database, and a little more.
LONGER_THAN_ANYBODY_WAITS_MS = 2_500
TRIED_AGAIN_MS = 20_000


@contextmanager
def busy_disk(windows: Windows, shop: Shop, window: Window) -> Iterator[Window]:
    """Nothing written in the block reaches the database before its end."""
    beside = windows.open(f"{shop.server.url}/terms", beside=window)
    beside.page.evaluate(BUSY)
    try:
        yield beside
    finally:
        beside.page.evaluate(FREE)


@pytest.fixture
def amara_and_desk(windows: Windows, shop: Shop) -> tuple[Customer, Desk]:
    amara, desk = with_amara(windows, shop, shop.owner)
    desk.window.forgive(CUT)
    return amara, desk


def gone_too_soon(windows: Windows, shop: Shop, desk: Desk) -> Window:
    """A message and a draft, written where nothing can be sent, in a page that is gone the next moment."""
    with busy_disk(windows, shop, desk.window) as beside:
        desk.window.context.set_offline(True)
        desk.say("For Amara")
        desk.composer.fill("A draft for Amara")
        desk.page.goto("about:blank")
        desk.window.context.set_offline(False)
    return beside


def expect_sent_once(desk: Desk, beside: Window, shop: Shop, amara: Customer) -> None:
    """The message has gone out, and nothing waits to be taken in."""
    expect(desk.thread.get_by_text("For Amara", exact=True)).to_be_visible(timeout=TRIED_AGAIN_MS)
    expect(desk.page.locator(".speech.pending, .speech.failed")).to_have_count(0)
    assert shop.hears(amara) == ["Hello", "For Amara"]
    wait_until(beside.page, f"() => {LEFT} === 0")


def test_what_was_written_at_the_last_moment_is_there_again(
    windows: Windows, shop: Shop, amara_and_desk: tuple[Customer, Desk]
) -> None:
    amara, desk = amara_and_desk
    beside = gone_too_soon(windows, shop, desk)
    assert shop.hears(amara) == ["Hello"]

    desk.page.goto(shop.server.url + "/console")
    desk.select("Amara Okafor")
    expect_sent_once(desk, beside, shop, amara)
    expect(desk.composer).to_have_value("A draft for Amara")


def test_a_tab_that_stays_sends_what_another_has_left(
    windows: Windows, shop: Shop, amara_and_desk: tuple[Customer, Desk]
) -> None:
    amara, desk = amara_and_desk
    other = Desk(windows.open(desk.page.url, beside=desk.window))
    other.expect_said("Hello")
    with busy_disk(windows, shop, desk.window) as beside:
        desk.say("For Amara")
        expect(desk.page.locator(".speech.pending")).to_have_count(1)
        desk.composer.fill("A draft for Amara")
        desk.page.close()
        expect(other.composer).to_have_value("A draft for Amara")
    expect_sent_once(other, beside, shop, amara)


def test_a_disk_that_keeps_everybody_waiting_for_too_long_costs_no_text(
    windows: Windows, shop: Shop, amara_and_desk: tuple[Customer, Desk]
) -> None:
    amara, desk = amara_and_desk
    other = Desk(windows.open(desk.page.url, beside=desk.window))
    other.window.forgive(CUT)
    other.expect_said("Hello")
    with busy_disk(windows, shop, desk.window) as beside:
        desk.window.context.set_offline(True)
        desk.say("For Amara")
        desk.composer.fill("A draft for Amara")
        expect(desk.page.locator(".banner").get_by_text("This browser no longer keeps what you write.")).to_be_visible()
        desk.page.close()
        wait_until(beside.page, f"() => {LEFT} === 1")
        # The other tab gives up as well, and tries again.
        beside.page.wait_for_timeout(LONGER_THAN_ANYBODY_WAITS_MS)
        desk.window.context.set_offline(False)
        # Nobody has told this one of the draft, and it cannot read it yet.
        other.page.reload()
        expect(other.thread.get_by_text("Hello", exact=True)).to_be_visible(timeout=TRIED_AGAIN_MS)
        expect(other.composer).to_have_value("")
    expect_sent_once(other, beside, shop, amara)
    expect(other.composer).to_have_value("A draft for Amara", timeout=TRIED_AGAIN_MS)


def test_what_was_discarded_at_the_last_moment_does_not_come_back(
    windows: Windows, shop: Shop, amara_and_desk: tuple[Customer, Desk]
) -> None:
    _, desk = amara_and_desk
    desk.page.route("**/notes", lambda route: route.fulfill(status=409, json=REFUSAL))
    desk.note("Not meant for anybody")
    discard = desk.page.get_by_role("button", name="Discard")
    expect(discard).to_be_visible()
    with busy_disk(windows, shop, desk.window):
        discard.click()
        expect(desk.page.get_by_text("Not meant for anybody")).to_have_count(0)
        desk.page.goto("about:blank")
    desk.page.unroute("**/notes")

    desk.page.goto(shop.server.url + "/console")
    desk.select("Amara Okafor")
    desk.say("For Amara")
    desk.expect_said("For Amara")
    expect(desk.page.locator(".pending")).to_have_count(0)
    expect(desk.page.get_by_text("Not meant for anybody")).to_have_count(0)


def test_signing_out_takes_what_was_left(windows: Windows, shop: Shop, amara_and_desk: tuple[Customer, Desk]) -> None:
    amara, desk = amara_and_desk
    beside = gone_too_soon(windows, shop, desk)
    wait_until(beside.page, f"() => {LEFT} === 1")

    desk.sign_out_of_the_portal(shop.server.url)
    desk.expect_nothing_left()
    assert shop.hears(amara) == ["Hello"]
