"""What a browser keeps is for one login: nobody else sees or sends it, signing out takes it; losing it costs none."""

import re

import pytest
from playwright.sync_api import TimeoutError, expect

from tests.journeys.line import BROKEN, Line
from tests.journeys.member.app import App
from tests.journeys.member.conftest import Reach
from tests.journeys.member.shop import PASSWORD, Customer, Shop
from tests.web.browser import Windows

DROPPED = """async () => {
    for (const { name } of await indexedDB.databases()) {
        await new Promise((done) => { indexedDB.deleteDatabase(name).onsuccess = done })
    }
}"""
# An older version of the app, in a tab that hears nothing.
HELD = """async () => {
    const answer = await fetch('/api/v1/me', { headers: { 'Shopbell-Side': 'person' } })
    const { person } = await answer.json()
    await new Promise((done) => { indexedDB.open(`shopbell/person/${person.id}`, 1).onsuccess = done })
    return person.id
}"""
COUNTED = """{
    const open = IDBFactory.prototype.open
    globalThis.opened = []
    IDBFactory.prototype.open = function (...given) {
        opened.push(given[0])
        return open.apply(this, given)
    }
}"""
# Which storage is there when the database is to go; that may last, and the tab be closed meanwhile.
LOOKED_AT = """() => {
    const destroy = IDBFactory.prototype.deleteDatabase
    IDBFactory.prototype.deleteDatabase = function (...given) {
        globalThis.left = Object.keys(localStorage)
        return destroy.apply(this, given)
    }
}"""
# In a tab beside, the last that one can do before the page makes way.
BUSY = """() => addEventListener('storage', () => {
    const buttons = [...document.querySelectorAll('.talk .menu button')]
    buttons.find((button) => /mute/i.test(button.textContent))?.click()
    const text = document.querySelector('textarea')
    if (!text) return
    text.value = 'Begun too late'
    text.dispatchEvent(new Event('input', { bubbles: true }))
})"""


def test_what_one_member_wrote_is_never_sent_in_the_name_of_another(
    reach: Reach, windows: Windows, shop: Shop, customer: Customer, line: Line
) -> None:
    conversation = shop.chat_of(customer)
    ada = shop.customer("Ada", "Lovelace")
    app = reach(f"/chats/{conversation}")
    other = app.beside(windows)
    other.window.forgive(BROKEN)
    # Without a word between the tabs: only the cookie is Ada's now.
    other.window.sign_in(line.url, "person", ada.email, PASSWORD)
    line.down()
    app.say("In Amara's name alone")
    line.up()
    app.visit("/you")
    expect(app.heading("Ada Lovelace")).to_be_visible()
    assert shop.messages(conversation) == []

    other.window.sign_in(line.url, "person", customer.email, PASSWORD)
    app.visit(f"/chats/{conversation}")
    app.expect_said("In Amara's name alone")
    app.expect_sent()
    assert shop.messages(conversation) == ["In Amara's name alone"]


def test_an_app_makes_way_at_once_for_who_signs_in_beside(
    reach: Reach, windows: Windows, shop: Shop, customer: Customer
) -> None:
    ada = shop.customer("Ada", "Lovelace")
    app = reach("/you")
    expect(app.heading(customer.name)).to_be_visible()
    other = app.beside(windows)
    other.window.forgive(BROKEN)
    other.window.sign_in(app.url, "person", ada.email, PASSWORD)
    other.visit("/you")
    for each in (other, app):
        expect(each.heading("Ada Lovelace")).to_be_visible()


def test_who_signs_in_sees_nothing_of_who_was_here_before(windows: Windows, shop: Shop, customer: Customer) -> None:
    conversation = shop.write(customer, "A secret between us")
    ada = shop.customer("Ada", "Lovelace")
    app = App(windows.open(), shop.url)
    app.window.forgive(BROKEN)
    app.visit("/sign-in")
    before = app.beside(windows)
    before.window.sign_in(shop.url, "person", customer.email, PASSWORD)
    before.visit(f"/chats/{conversation}")
    before.expect_said("A secret between us")
    before.expect_kept()
    before.page.close()

    app.page.get_by_label("E-mail").fill(ada.email)
    app.page.get_by_label("Password").fill(PASSWORD)
    with app.window.holding("**/api/v1/me"):
        app.page.get_by_role("button", name="Sign in").click()
        with pytest.raises(TimeoutError):
            app.rows.first.wait_for(timeout=1500)
    app.page.get_by_role("link", name="You", exact=True).click()
    expect(app.heading("Ada Lovelace")).to_be_visible()


def test_a_browser_that_drops_its_database_costs_no_text(
    reach: Reach, shop: Shop, customer: Customer, line: Line
) -> None:
    conversation = shop.chat_of(customer)
    app = reach(f"/chats/{conversation}")
    line.down()
    app.say("Before")
    app.expect_unsent_kept()
    app.page.evaluate(DROPPED)
    told = "This browser no longer keeps what you write."
    expect(app.page.locator(".banner").get_by_text(told)).to_be_visible()
    expect(app.page.locator("#say-assertive")).to_contain_text(told)
    app.say("After")
    line.up()
    app.expect_sent()
    assert shop.messages(conversation) == ["Before", "After"] == app.said()


def test_a_database_that_another_tab_holds_open_keeps_nobody_waiting(
    windows: Windows, shop: Shop, customer: Customer
) -> None:
    conversation = shop.chat_of(customer)
    app = App(windows.open(), shop.url)
    app.window.sign_in(shop.url, "person", customer.email, PASSWORD)
    app.page.evaluate(HELD)
    other = app.beside(windows)
    other.visit(f"/chats/{conversation}")
    expect(other.page.get_by_text("This browser no longer keeps what you write.").first).to_be_visible()
    other.say("All the same")
    other.expect_sent()
    assert shop.messages(conversation) == ["All the same"]


def test_a_login_that_is_remembered_waits_for_its_database_once(
    windows: Windows, shop: Shop, customer: Customer
) -> None:
    conversation = shop.chat_of(customer)
    app = App(windows.open(), shop.url)
    app.window.sign_in(shop.url, "person", customer.email, PASSWORD)
    person_id = app.page.evaluate(HELD)
    app.page.evaluate("id => localStorage.setItem('shopbell/person/login', id)", person_id)
    other = app.beside(windows)
    other.page.add_init_script(COUNTED)
    other.visit(f"/chats/{conversation}")
    expect(other.page.get_by_text("This browser no longer keeps what you write.").first).to_be_visible()
    assert other.page.evaluate("opened") == [f"shopbell/person/{person_id}"]


def test_what_is_begun_lies_in_the_database_of_its_login_alone(
    reach: Reach, windows: Windows, shop: Shop, customer: Customer
) -> None:
    conversation = shop.write(customer, "Hello")
    app = reach(f"/chats/{conversation}")
    app.composer.fill("Half a sen")
    assert "Half a sen" not in app.page.evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })")
    app.page.reload()
    expect(app.composer).to_have_value("Half a sen")
    other = app.beside(windows)
    other.visit(f"/chats/{conversation}")
    expect(other.composer).to_have_value("Half a sen")
    other.composer.fill("Half a sentence")
    expect(app.composer).to_have_value("Half a sentence")
    other.say("A whole one")
    expect(app.composer).to_have_value("")


def test_signing_out_leaves_nothing_behind(reach: Reach, shop: Shop, customer: Customer, windows: Windows) -> None:
    conversation = shop.write(customer, "A secret between us")
    app = reach(f"/chats/{conversation}")
    other = app.beside(windows)
    other.window.forgive(BROKEN)
    other.visit(f"/chats/{conversation}")
    other.expect_said("A secret between us")
    app.composer.fill("A draft nobody should find")
    app.sign_out()
    for left in (app, other):
        expect(left.heading("Come on in")).to_be_visible()
    assert app.kept_here() == {"databases": [], "storage": []}
    app.page.go_back()
    expect(app.page.get_by_text("A secret between us")).to_have_count(0)
    app.visit(f"/chats/{conversation}")
    expect(app.heading("Come on in")).to_be_visible()
    assert app.kept_here() == {"databases": [], "storage": []}


def test_signing_out_forgets_at_once_what_may_not_wait_for_the_database(
    reach: Reach, shop: Shop, customer: Customer
) -> None:
    app = reach(f"/chats/{shop.write(customer, 'Hello')}")
    app.mute()
    app.composer.fill("A draft nobody should find")
    app.page.evaluate(LOOKED_AT)
    app.sign_out()
    expect(app.heading("Come on in")).to_be_visible()
    assert app.page.evaluate("left") == []


def test_what_is_done_in_a_tab_beside_while_one_signs_out_is_not_left_behind(
    reach: Reach, windows: Windows, shop: Shop, customer: Customer
) -> None:
    conversation = shop.write(customer, "Hello")
    app = reach(f"/chats/{conversation}")
    other = app.beside(windows)
    other.window.forgive(BROKEN)
    other.visit(f"/chats/{conversation}")
    other.expect_said("Hello")
    app.mute()
    expect(other.page.get_by_text("muted on this device")).to_be_visible()
    other.page.evaluate(BUSY)
    # The server does not say it first.
    with other.window.holding("**/api/v1/me"):
        app.sign_out()
        for left in (app, other):
            expect(left.heading("Come on in")).to_be_visible()
    assert app.kept_here() == {"databases": [], "storage": []}


def test_a_session_that_ends_elsewhere_leads_to_the_door(reach: Reach, shop: Shop, customer: Customer) -> None:
    conversation = shop.write(customer, "Hello")
    app = reach(f"/chats/{conversation}")
    app.expect_said("Hello")
    app.page.evaluate("() => fetch('/api/v1/session', { method: 'DELETE', headers: { 'Shopbell-Side': 'person' } })")
    expect(app.page.get_by_role("heading", level=1, name=re.compile("Come on in"))).to_be_visible()
