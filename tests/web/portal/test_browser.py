"""The portal in a real browser: looked at, used by keyboard alone, and live."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.faults.town import PASSWORD
from tests.running import Server
from tests.web.browser import LOOKS, NARROW, Window, Windows, wait_until
from tests.web.portal.conftest import entered
from tests.web.portal.corner import Corner

OUTSIDE = {
    "sign-in": "/sign-in",
    "forgotten": "/forgotten",
    "link-expired": "/password?token=x",
    "register": "/register",
}
INSIDE = {
    "dashboard": "/portal",
    "dashboard-today": "/portal?days=1",
    "users": "/portal/users",
    "new-user": "/portal/users/new",
    "user": "/portal/users/{colleague}",
    "not-built": "/portal/chat-blast",
    "business-settings": "/portal/business-settings",
}
ANY_LOOK = pytest.mark.parametrize("look", LOOKS)


@pytest.fixture(scope="module")
def corner(corner_server: Server) -> Iterator[Corner]:
    """A shop with a past and one colleague."""
    one = Corner(corner_server.url, "Hazel & Pine")
    one.lived_in()
    one.add("agent", "Ann")
    yield one
    one.close()


def colleague(corner: Corner) -> str:
    staff = corner.done("GET", "/staff", token=corner.token)["items"]
    return next(str(one["id"]) for one in staff if one["id"] != corner.owner_id)


def live(window: Window) -> Page:
    """The page, once its socket stands."""
    window.page.wait_for_selector("html[data-connection=live]", state="attached")
    return window.page


@ANY_LOOK
def test_the_pages_before_the_door_hold(windows: Windows, corner: Corner, look: str) -> None:
    window = windows.open(**LOOKS[look])
    window.forgive("status of 410")
    for name, path in OUTSIDE.items():
        window.page.goto(corner.url + path)
        window.check(f"portal-{name}-{look}", whole=True)


@ANY_LOOK
def test_what_the_door_refuses_and_answers_holds(windows: Windows, corner: Corner, look: str) -> None:
    window = windows.open(**LOOKS[look])
    window.forgive("status of 4(01|22)")
    page = window.page
    page.goto(corner.url + "/sign-in")
    page.get_by_label("E-mail").fill(corner.email)
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    window.check(f"portal-sign-in-refused-{look}", whole=True)
    page.goto(corner.url + "/register")
    page.get_by_role("button", name="Open the shop").click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    window.check(f"portal-register-refused-{look}", whole=True)
    page.goto(corner.url + "/forgotten")
    page.get_by_label("E-mail").fill("nobody@example.org")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Look into your e-mail")).to_be_visible()
    window.check(f"portal-forgotten-sent-{look}", whole=True)


@ANY_LOOK
def test_the_pages_behind_the_door_hold(windows: Windows, corner: Corner, look: str) -> None:
    window = entered(windows, corner, **LOOKS[look])
    for name, path in INSIDE.items():
        window.page.goto(corner.url + path.format(colleague=colleague(corner)))
        live(window)
        window.check(f"portal-{name}-{look}", whole=True)


@ANY_LOOK
def test_open_menus_and_forms_with_errors_hold(windows: Windows, corner: Corner, look: str) -> None:
    window = entered(windows, corner, "/portal/users/new", **LOOKS[look])
    page = window.page
    for number in range(page.locator("summary:visible").count()):
        page.locator("summary:visible").nth(number).click()
        window.check(f"portal-menu-{number}-{look}", within="details[open] .menu")
    window.forgive("status of 422")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Add user").click()
    expect(page.locator("[aria-invalid=true]")).to_have_count(3)
    expect(page.get_by_label("First name")).to_be_focused()
    window.check(f"portal-new-user-errors-{look}", whole=True)


@ANY_LOOK
def test_the_first_steps_hold(windows: Windows, fresh: Corner, look: str) -> None:
    window = entered(windows, fresh, **LOOKS[look])
    fresh.customer()
    expect(window.page.locator("[data-strip]")).to_be_visible()
    window.check(f"portal-first-steps-{look}", whole=True)


def test_the_red_bubble_rises_and_falls_without_a_reload(windows: Windows, fresh: Corner) -> None:
    window = entered(windows, fresh)
    page = live(window)
    page.evaluate("window.stays = true")
    bubble = page.locator(".wide-bar [data-waiting] .counter")
    expect(bubble).to_have_count(0)
    expect(page.locator("[data-strip]")).to_be_hidden()
    fresh.customer()
    expect(bubble).to_have_text("11 customer waiting")
    fresh.customer()
    expect(bubble.locator("[aria-hidden]")).to_have_text("2")
    expect(page.locator("[data-strip]")).to_contain_text("2 customers are waiting.")
    expect(page.locator("#say-polite")).to_have_text("2 customers waiting")
    expect(page.locator(".topbar .brand .mark")).to_have_class("mark ringing rings")
    fresh.done("POST", "/desk/pull", token=fresh.token)
    expect(bubble).to_have_count(0)
    expect(page.locator("[data-strip]")).to_be_hidden()
    assert page.evaluate("window.stays")


def test_on_a_phone_the_bubble_sits_on_the_chat_button(windows: Windows, fresh: Corner) -> None:
    fresh.customer()
    window = entered(windows, fresh, width=NARROW)
    page = live(window)
    pinned = page.locator(".narrow-bar .counter.pin")
    expect(pinned.locator("[aria-hidden]")).to_have_text("1")
    fresh.customer()
    expect(pinned.locator("[aria-hidden]")).to_have_text("2")
    expect(page.get_by_role("link", name="Chat Support 2 customers waiting")).to_have_count(1)
    window.check_axe()


def test_what_rose_while_the_line_was_cut_is_shown_when_it_is_back(windows: Windows, fresh: Corner) -> None:
    window = entered(windows, fresh)
    page = live(window)
    window.forgive("ERR_INTERNET_DISCONNECTED")
    window.context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('offline'))")
    fresh.customer()
    window.context.set_offline(False)
    expect(page.locator(".wide-bar .counter [aria-hidden]")).to_have_text("1", timeout=30_000)


def test_chat_support_has_one_tab_that_is_shown_again_as_it_was(windows: Windows, corner: Corner) -> None:
    window = entered(windows, corner)
    page = window.page
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Chat Support").first.click()
    console = opened.value
    console.wait_for_url("**/console")
    console.evaluate("window.stays = true")
    page.goto(corner.url + "/portal/offers")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.get_by_role("link", name="Chat Support").first.click()
    page.wait_for_timeout(300)
    assert len(window.context.pages) == 2
    assert console.evaluate("window.stays")


def test_a_shop_is_opened_by_keyboard_alone(windows: Windows, corner: Corner) -> None:
    window = windows.open(corner.url + "/register", timezone_id="Asia/Kolkata")
    page = window.page
    page.wait_for_selector("html[data-ready]", state="attached")
    keys = page.keyboard
    expect(page.get_by_label("Time zone")).to_have_value("Asia/Calcutta")
    for words in ("Kite & Key", None, "Kim", "Kestrel", "kim@kite.example", PASSWORD):
        keys.press("Tab")
        if words:
            keys.type(words)
    keys.press("Enter")
    page.wait_for_url("**/portal")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kim")
    expect(page.get_by_role("heading", name="First steps")).to_be_visible()
    keys.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_menus_open_and_close_by_keyboard(windows: Windows, corner: Corner) -> None:
    page = entered(windows, corner).page
    account = page.locator("summary[title='Your account']")
    account.focus()
    page.keyboard.press("Enter")
    out = page.get_by_role("button", name="Sign out")
    expect(out).to_be_visible()
    page.keyboard.press("Escape")
    expect(out).to_be_hidden()
    expect(account).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(out).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in")


def test_everything_on_the_users_page_can_be_reached_and_done_by_keyboard(windows: Windows, fresh: Corner) -> None:
    page = entered(windows, fresh, "/portal/users").page
    page.get_by_role("link", name="New User").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/portal/users/new")
    page.get_by_role("radio", name="Agent").focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("radio", name="Marketer")).to_be_checked()
    for words in ("Nia", "Newcomer", "nia@new.example", "+358 40 1234567"):
        page.keyboard.press("Tab")
        page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.wait_for_url("**/portal/users/*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nia Newcomer")
    page.get_by_role("button", name="Send Password Reset Email").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The e-mail is on its way.")).to_be_visible()


def test_without_scripts_the_portal_works(windows: Windows, fresh: Corner) -> None:
    fresh.customer()
    window = windows.open(fresh.url + "/sign-in", java_script_enabled=False)
    page = window.page
    page.get_by_label("E-mail").fill(fresh.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".wide-bar .counter [aria-hidden]")).to_have_text("1")
    page.get_by_text("Chat Automation").click()
    page.get_by_role("link", name="Canned Responses").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Canned Responses")
    page.locator("summary[title='Your account']").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


KEPT = "async () => (await indexedDB.databases()).map(({ name }) => name).filter((name) => name.startsWith('shopbell'))"
# Something written in Chat Support that never left this browser.
UNSENT = """
async () => {
  const [{ name }] = (await indexedDB.databases()).filter(({ name }) => name.startsWith('shopbell/'))
  const asked = indexedDB.open(name)
  await new Promise((done) => { asked.onsuccess = done })
  const database = asked.result
  const writing = database.transaction('outbox', 'readwrite')
  writing.objectStore('outbox').add({ nonce: 'n', kind: 'message', conversation_id: 'c', text: 'Hello', at: '' })
  await new Promise((done) => { writing.oncomplete = done })
  database.close()
}
"""


def with_a_console_behind(windows: Windows, corner: Corner) -> Window:
    """A window in which Chat Support was open, and which is back on the portal."""
    window = entered(windows, corner, "/console")
    expect(window.page.get_by_text("Nobody is waiting").first).to_be_visible()
    window.page.goto(corner.url + "/portal")
    window.page.wait_for_selector("html[data-ready]", state="attached")
    return window


def test_signing_out_leaves_nothing_of_the_console_behind(windows: Windows, fresh: Corner) -> None:
    page = with_a_console_behind(windows, fresh).page
    page.locator("summary[title='Your account']").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    wait_until(page, f"async () => (await ({KEPT})()).length === 0")


def test_a_sign_out_that_fails_takes_nothing_away(windows: Windows, fresh: Corner) -> None:
    window = with_a_console_behind(windows, fresh)
    console = windows.open(f"{fresh.url}/console", beside=window)
    expect(console.page.get_by_text("Nobody is waiting").first).to_be_visible()
    window.forgive("ERR_FAILED")
    window.page.route("**/sign-out", lambda route: route.abort())
    window.page.locator("summary[title='Your account']").click()
    with window.page.expect_event("requestfailed", lambda request: bool(request.is_navigation_request())):
        window.page.get_by_role("button", name="Sign out").click()
    assert console.page.evaluate(f"async () => (await ({KEPT})()).length") == 1
    fresh.customer()
    expect(console.page.get_by_role("img", name="1 customer waiting").first).to_be_visible()


def test_signing_out_asks_before_what_is_unsent_is_thrown_away(windows: Windows, fresh: Corner) -> None:
    window = with_a_console_behind(windows, fresh)
    page = window.page
    page.evaluate(UNSENT)
    for answer in ("Stay", "Sign out and throw away"):
        page.locator("summary[title='Your account']").click()
        page.locator(".menu").get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("dialog")).to_contain_text("1 message is not sent yet.")
        window.check_axe()
        page.get_by_role("button", name=answer).click()
        expect(page.get_by_role("dialog")).to_have_count(0)
    page.wait_for_url("**/sign-in")
    wait_until(page, f"async () => (await ({KEPT})()).length === 0")


def test_signing_out_leaves_alone_what_another_login_has_not_sent(windows: Windows, fresh: Corner) -> None:
    window = with_a_console_behind(windows, fresh)
    window.page.evaluate(UNSENT)
    beside = Corner(fresh.url)
    window.sign_in(beside.url, "staff", beside.email, PASSWORD)
    beside.close()
    window.page.goto(f"{fresh.url}/portal")
    window.page.wait_for_selector("html[data-ready]", state="attached")
    window.page.locator("summary[title='Your account']").click()
    window.page.get_by_role("button", name="Sign out").click()
    window.page.wait_for_url("**/sign-in")
    assert window.page.evaluate(f"async () => (await ({KEPT})()).length") == 1
