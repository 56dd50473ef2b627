"""Whatever happens to the line, the page or the server: what was written arrives once, in order, or is still here."""

from playwright.sync_api import Route, expect

from tests.journeys.line import BROKEN, Line, OwnLine
from tests.journeys.member.app import App
from tests.journeys.member.conftest import Enter, Reach
from tests.journeys.member.shop import PASSWORD, Customer, Shop
from tests.running import Server
from tests.web.browser import DRAWN, Windows
from tests.web.canary import go

MANY = [f"Message {number}" for number in range(12)]


def test_a_line_cut_again_and_again_in_mid_send_loses_and_doubles_nothing(
    reach: Reach, shop: Shop, customer: Customer, line: Line
) -> None:
    conversation = shop.chat_of(customer)
    app = reach(f"/chats/{conversation}")
    for number, text in enumerate(MANY):
        app.say(text)
        if number % 3 == 1:
            line.cut()
    app.expect_sent()
    assert shop.messages(conversation) == MANY
    assert app.said() == MANY


def test_reloads_in_mid_send_lose_and_double_nothing(reach: Reach, shop: Shop, customer: Customer) -> None:
    conversation = shop.chat_of(customer)
    app = reach(f"/chats/{conversation}")
    for number, text in enumerate(MANY):
        app.say(text)
        if number % 4 == 2:
            app.page.reload()
    expect(app.thread.locator(".speech")).to_have_text(MANY)
    app.expect_sent()
    assert shop.messages(conversation) == MANY


def test_what_is_written_without_a_line_waits_and_is_sent_in_order(
    reach: Reach, shop: Shop, customer: Customer, line: Line
) -> None:
    conversation = shop.write(customer, "Before")
    app = reach(f"/chats/{conversation}")
    app.expect_said("Before")
    line.down()
    expect(app.page.get_by_text("You are offline.")).to_be_visible()
    app.say("First")
    app.say("Second")
    app.expect_said("Second")
    expect(app.row(shop.name)).to_contain_text("Waiting to be sent")
    assert shop.messages(conversation) == ["Before"]
    shop.answer("Meanwhile from the shop.", conversation)
    line.up()
    app.expect_said("Meanwhile from the shop.")
    app.expect_sent()
    assert shop.messages(conversation) == ["Before", "Meanwhile from the shop.", "First", "Second"]
    assert app.said() == ["Before", "Meanwhile from the shop.", "First", "Second"]


def test_the_app_opens_without_a_line_and_shows_what_it_knew(
    reach: Reach, shop: Shop, customer: Customer, line: Line
) -> None:
    conversation = shop.write(customer, "Kept in the browser")
    app = reach(f"/chats/{conversation}")
    app.expect_said("Kept in the browser")
    app.expect_kept()
    line.down()
    app.say("Written in the dark")
    app.page.reload()
    app.expect_said("Kept in the browser")
    app.expect_said("Written in the dark")
    assert shop.messages(conversation) == ["Kept in the browser"]
    line.up()
    app.expect_sent()
    assert shop.messages(conversation) == ["Kept in the browser", "Written in the dark"]


def test_a_server_killed_in_mid_send_gets_the_rest_when_it_is_back(windows: Windows, server: Server) -> None:
    shop = Shop(server.url)
    customer = shop.customer()
    conversation = shop.chat_of(customer)
    window = windows.open()
    window.forgive(BROKEN)
    window.sign_in(shop.url, "person", customer.email, PASSWORD)
    app = App(window, shop.url)
    app.visit(f"/chats/{conversation}")
    app.expect_connected()
    for text in MANY[:4]:
        app.say(text)
    server.kill()
    for text in MANY[4:8]:
        app.say(text)
    server.start()
    app.expect_sent()
    assert shop.messages(conversation) == MANY[:8]
    shop.hang_up()


def test_signing_out_asks_when_something_is_unsent(reach: Reach, shop: Shop, customer: Customer, line: Line) -> None:
    conversation = shop.chat_of(customer)
    app = reach(f"/chats/{conversation}")
    line.down()
    app.say("Not gone yet")
    app.page.get_by_role("link", name="You", exact=True).click()
    expect(app.page.get_by_text("1 message waits to be sent.")).to_be_visible()
    app.page.get_by_role("button", name="Sign out").click()
    dialog = app.page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 message has not been sent yet.")
    # The session lives on the server, so it cannot be ended without it.
    dialog.get_by_role("button", name="Discard and sign out").click()
    expect(dialog.get_by_role("alert")).to_contain_text("There is no connection.")
    dialog.get_by_role("button", name="Stay").click()
    line.up()
    expect(app.page.get_by_text("Everything you wrote has been sent.")).to_be_visible(timeout=20_000)
    assert shop.messages(conversation) == ["Not gone yet"]


def test_a_blocked_customer_is_told_and_keeps_what_they_wrote(reach: Reach, shop: Shop, customer: Customer) -> None:
    conversation = shop.write(customer, "Hello")
    app = reach(f"/chats/{conversation}")
    shop.block()
    app.say("Are you there?")
    expect(app.page.get_by_role("button", name="Retry")).to_be_visible()
    app.expect_said("Are you there?")
    shop.unblock()
    app.page.get_by_role("button", name="Retry").click()
    app.expect_sent()
    assert shop.messages(conversation) == ["Hello", "Are you there?"]


def test_a_chat_refused_late_takes_nothing_from_the_one_on_show(enter: Enter, shop: Shop, customer: Customer) -> None:
    other = Shop(shop.url)
    first, second = shop.write(customer, "Hello"), other.write(customer, "Good day")
    other.hang_up()
    app = enter(customer)
    app.expect_connected()
    app.window.forgive(BROKEN)
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    app.page.route(f"**/{first}/messages?**", hold)
    app.page.route(f"**/{second}/messages?**", lambda route: route.abort())
    with app.page.expect_request(f"**/{first}/messages?**"):
        go(app.page, f"/app/chats/{first}")
    go(app.page, f"/app/chats/{second}")
    refused = app.thread.get_by_role("heading", name="The messages could not be loaded")
    expect(refused).to_be_visible()
    with app.page.expect_event("requestfailed"):
        late[0].abort()
    # Answered after it, so that the page has heard of both.
    app.page.evaluate("fetch('/health/live').then(() => null)")
    app.page.evaluate(DRAWN)
    expect(refused).to_be_visible()


def test_a_chat_asked_for_before_the_line_was_back_is_asked_for_again(
    enter: Enter, shop: Shop, customer: Customer
) -> None:
    conversation = shop.write(customer, "Hello")
    app = enter(customer)
    app.window.forgive(BROKEN)
    line = OwnLine(app.page)
    app.visit("/chats")
    app.expect_connected()
    line.down()
    expect(app.page.locator(".app[data-connection=live]")).to_have_count(0)
    hung: list[Route] = []

    def hang(route: Route) -> None:
        if hung:
            return route.continue_()
        hung.append(route)

    app.page.route("**/messages?**", hang)
    with app.page.expect_request("**/messages?**"):
        go(app.page, f"/app/chats/{conversation}")
    line.up()
    app.expect_connected()
    hung[0].abort()
    app.expect_said("Hello")
