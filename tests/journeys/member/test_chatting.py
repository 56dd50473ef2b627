"""Both sides talk, live: messages, typing, marks, counts, feedback, and two tabs of one login."""

import re

from playwright.sync_api import Route, expect

from tests.journeys.line import OwnLine
from tests.journeys.member.conftest import Enter
from tests.journeys.member.shop import Shop
from tests.web.browser import NARROW, Windows
from tests.web.canary import go


def test_an_answer_comes_in_by_itself(enter: Enter, shop: Shop) -> None:
    customer = shop.customer()
    app = enter(customer, f"/chats/{shop.chat_of(customer)}")
    app.say("Is the rye still warm?")
    app.expect_sent()
    shop.answer("It is until nine.")
    app.expect_said("It is until nine.")
    expect(app.row(shop.name)).to_contain_text("It is until nine.")
    # Customers know who works there by first name.
    expect(app.thread).to_contain_text("Nora")
    expect(app.thread).not_to_contain_text("Lind")


def test_a_message_stands_in_the_frame_of_the_key(enter: Enter, shop: Shop) -> None:
    customer = shop.customer()
    app = enter(customer, f"/chats/{shop.chat_of(customer)}")
    expect(app.thread).to_have_attribute("aria-busy", "false")
    app.composer.fill("At once")
    drawn = app.page.evaluate(
        """() => new Promise((done) => {
            const writer = document.querySelector('.writer textarea')
            writer.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
            requestAnimationFrame(() => done(document.querySelector('[role=log]').innerText))
        })"""
    )
    assert "At once" in drawn
    expect(app.composer).to_have_value("")


def test_shift_and_enter_begin_a_line_and_blanks_send_nothing(enter: Enter, shop: Shop) -> None:
    customer = shop.customer()
    conversation = shop.chat_of(customer)
    app = enter(customer, f"/chats/{conversation}")
    app.composer.press("Enter")
    app.composer.fill("   ")
    app.composer.press("Enter")
    app.composer.fill("One")
    app.composer.press("Shift+Enter")
    app.composer.press_sequentially("Two")
    app.composer.press("Enter")
    expect(app.thread.locator(".speech")).to_have_count(1)
    app.expect_sent()
    assert shop.messages(conversation) == ["One\nTwo"]


def test_what_is_not_looked_at_is_delivered_and_counted_but_not_read(enter: Enter, shop: Shop) -> None:
    customer = shop.customer()
    conversation = shop.write(customer, "Hello")
    app = enter(customer, "/find")
    app.expect_connected()
    shop.answer("Good morning.", conversation)
    shop.answer("What can we do for you?", conversation)
    expect(app.page).to_have_title(re.compile(r"^\(2\) "))
    app.page.get_by_role("link", name=re.compile("^Chats")).click()
    expect(app.row(shop.name)).to_contain_text("2 unread messages")
    shop.wait_for(lambda: shop.marks(conversation)["person_delivered"] == shop.marks(conversation)["newest"])
    assert shop.marks(conversation)["person_read"] == 0

    app.row(shop.name).click()
    app.expect_said("What can we do for you?")
    shop.wait_for(lambda: shop.marks(conversation)["person_read"] == shop.marks(conversation)["newest"])
    expect(app.page).to_have_title(re.compile(rf"^{shop.name}"))
    expect(app.row(shop.name)).not_to_contain_text("unread")


def test_the_customer_sees_that_the_shop_has_read(enter: Enter, shop: Shop) -> None:
    customer = shop.customer()
    app = enter(customer, f"/chats/{shop.chat_of(customer)}")
    app.say("Hello?")
    app.expect_sent()
    conversation = shop.conversation()
    shop.claim()
    shop.read(conversation)
    expect(app.thread.get_by_text("Read", exact=True)).to_be_attached()


def test_typing_is_told_both_ways(enter: Enter, shop: Shop) -> None:
    customer = shop.customer()
    conversation = shop.write(customer, "Hello")
    app = enter(customer, f"/chats/{conversation}")
    app.expect_connected()
    with shop.listening() as staff:
        app.composer.press_sequentially("Well")
        heard = staff.until("typing")
        assert heard["conversation_id"] == conversation
        assert heard["author"]["name"] == customer.name
        staff.send({"type": "typing", "conversation_id": conversation})
        expect(app.page.get_by_text(re.compile("Nora.*typing|typing.*Nora"))).to_be_attached()


def test_after_closing_one_gives_feedback_once_and_opens_no_ticket(enter: Enter, shop: Shop) -> None:
    customer = shop.customer()
    conversation = shop.write(customer, "Thank you!")
    app = enter(customer, f"/chats/{conversation}", width=NARROW)
    app.expect_connected()
    shop.answer("You are welcome.")
    shop.close()
    form = app.page.get_by_role("region", name="How was it?")
    expect(form).to_be_visible()
    form.get_by_role("radio", name="4 stars").check(force=True)
    form.get_by_label("Anything to add?").fill("Quick and kind.")
    form.get_by_role("button", name="Send feedback").click()
    expect(form).to_have_count(0)
    assert shop.feedback() == [(4, "Quick and kind.")]
    assert [ticket["state"] for ticket in shop.tickets()] == ["closed"]
    app.page.reload()
    app.expect_said("You are welcome.")
    expect(form).to_have_count(0)


def test_feedback_can_wait(enter: Enter, shop: Shop) -> None:
    customer = shop.customer()
    conversation = shop.write(customer, "Thank you!")
    shop.answer("You are welcome.")
    shop.close()
    app = enter(customer, f"/chats/{conversation}")
    form = app.page.get_by_role("region", name="How was it?")
    form.get_by_role("button", name="Not now").click()
    expect(form).to_have_count(0)
    app.page.reload()
    app.expect_said("You are welcome.")
    expect(form).to_have_count(0)
    assert shop.feedback() == []


def test_feedback_put_off_in_a_tab_is_not_asked_for_by_one_that_hears_of_it_later(
    enter: Enter, shop: Shop, windows: Windows
) -> None:
    customer = shop.customer()
    conversation = shop.write(customer, "Thank you!")
    shop.answer("You are welcome.")
    app = enter(customer, f"/chats/{conversation}")
    behind = app.beside(windows)
    line = OwnLine(behind.page)
    behind.visit(f"/chats/{conversation}")
    behind.expect_connected()
    line.silence()
    shop.close()
    form = app.page.get_by_role("region", name="How was it?")
    form.get_by_role("button", name="Not now").click()
    expect(form).to_have_count(0)
    shop.answer("See you soon.", conversation)

    line.down()
    expect(behind.page.locator(".app[data-connection=live]")).to_have_count(0)
    line.up()
    behind.expect_connected()
    behind.expect_said("See you soon.")
    app.page.reload()
    app.expect_said("You are welcome.")
    for tab in (app, behind):
        expect(tab.page.get_by_role("region", name="How was it?")).to_have_count(0)


def test_a_ticket_closed_once_more_asks_again_though_the_answer_came_after_its_event(enter: Enter, shop: Shop) -> None:
    customer = shop.customer()
    conversation = shop.write(customer, "Thank you!")
    shop.answer("You are welcome.")
    ticket = shop.tickets()[0]["id"]
    shop.close()
    app = enter(customer, f"/chats/{conversation}")
    form = app.page.get_by_role("region", name="How was it?")

    def late(route: Route) -> None:
        answer = route.fetch()
        expect(form).to_have_count(0)
        route.fulfill(response=answer)

    app.page.route("**/feedback", late)
    form.get_by_role("radio", name="4 stars").check(force=True)
    with app.page.expect_response("**/feedback"):
        form.get_by_role("button", name="Send feedback").click()
    expect(app.page.locator("#say-polite")).to_contain_text("Thank you.")
    shop.ask("DELETE", f"/tickets/{ticket}/closure", token=shop.token)
    shop.close()
    expect(form).to_be_visible()


def test_feedback_on_its_way_from_one_chat_holds_up_no_other(enter: Enter, shop: Shop) -> None:
    customer, other = shop.customer(), Shop(shop.url)
    shops = (shop, other)
    chats = [each.write(customer, "Thank you!") for each in shops]
    for each in shops:
        each.answer("You are welcome.")
        each.close()
    app = enter(customer)
    form = app.page.get_by_role("region", name="How was it?")
    with app.window.holding(f"**/tickets/{shop.tickets()[0]['id']}/feedback"):
        for chat, each in zip(chats, shops, strict=True):
            go(app.page, f"/app/chats/{chat}")
            expect(form).to_contain_text(f"{each.name} closed this chat.")
            form.get_by_role("radio", name="4 stars").check(force=True)
            form.get_by_role("button", name="Send feedback").click()
            if chat == chats[0]:
                expect(form.get_by_role("button", name="Sending…")).to_be_visible()
        expect(form).to_have_count(0)
        assert [each.feedback() for each in shops] == [[], [(4, None)]]
    shop.wait_for(lambda: shop.feedback() == [(4, None)])
    other.hang_up()


def test_feedback_that_was_begun_outlasts_a_look_elsewhere_and_a_reload(enter: Enter, shop: Shop) -> None:
    customer = shop.customer()
    conversation = shop.write(customer, "Thank you!")
    shop.answer("You are welcome.")
    shop.close()
    app = enter(customer, f"/chats/{conversation}", width=NARROW)
    form = app.page.get_by_role("region", name="How was it?")
    form.get_by_role("radio", name="4 stars").check(force=True)
    form.get_by_label("Anything to add?").fill("Quick and kind.")
    app.page.get_by_role("link", name="Back to the chats").click()
    app.row(shop.name).click()
    expect(form.get_by_label("Anything to add?")).to_have_value("Quick and kind.")
    app.page.reload()
    expect(form.get_by_role("radio", name="4 stars")).to_be_checked()
    expect(form.get_by_label("Anything to add?")).to_have_value("Quick and kind.")
    form.get_by_role("button", name="Send feedback").click()
    expect(form).to_have_count(0)
    assert shop.feedback() == [(4, "Quick and kind.")]


def test_a_muted_chat_counts_nowhere_but_in_its_row(enter: Enter, shop: Shop) -> None:
    customer = shop.customer()
    conversation = shop.write(customer, "Hello")
    app = enter(customer, f"/chats/{conversation}", width=NARROW)
    app.page.get_by_label("More").click()
    menu = app.page.locator(".menu.drop").bounding_box()
    assert menu is not None
    assert 0 <= menu["x"] <= menu["x"] + menu["width"] <= NARROW
    app.page.get_by_role("button", name="Mute on this device").click()
    app.page.get_by_role("link", name="Back to the chats").click()
    expect(app.row(shop.name)).to_be_focused()
    shop.answer("Good morning.", conversation)
    expect(app.row(shop.name)).to_contain_text("1 unread message")
    expect(app.row(shop.name)).to_contain_text("Muted")
    expect(app.page).to_have_title(re.compile("^Chats"))


def test_two_tabs_agree(enter: Enter, shop: Shop, windows: Windows) -> None:
    customer = shop.customer()
    conversation = shop.chat_of(customer)
    one = enter(customer, f"/chats/{conversation}")
    other = one.beside(windows)
    other.visit(f"/chats/{conversation}")
    one.expect_connected()
    other.expect_connected()
    one.composer.fill("From the")
    expect(other.composer).to_have_value("From the")
    one.say("From the first")
    expect(other.composer).to_have_value("")
    other.expect_said("From the first")
    other.say("From the second")
    one.expect_said("From the second")
    shop.answer("Heard both.", conversation)
    for app in (one, other):
        app.expect_said("Heard both.")
        app.expect_sent()
        assert app.said() == ["From the first", "From the second", "Heard both."]
    assert shop.messages(conversation) == ["From the first", "From the second", "Heard both."]


def test_chats_are_searched_by_name_and_last_line(enter: Enter, shop: Shop) -> None:
    customer = shop.customer()
    shop.write(customer, "About the wheel")
    cafe = Shop(shop.url, "Café Ümlaut")
    cafe.write(customer, "About the cake")
    app = enter(customer)
    expect(app.rows).to_have_count(2)
    search = app.page.get_by_role("searchbox", name="Search chats")
    search.fill("cafe uml")
    expect(app.rows).to_have_count(1)
    expect(app.row("Café Ümlaut")).to_be_visible()
    search.fill("wheel")
    expect(app.row(shop.name)).to_be_visible()
    expect(app.rows).to_have_count(1)
    search.fill("nothing like it")
    expect(app.page.get_by_text("No chat with these words")).to_be_visible()
    search.press("Escape")
    expect(app.rows).to_have_count(2)
    cafe.hang_up()
