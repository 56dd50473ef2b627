"""Closing, what the customer writes meanwhile, feedback, follow-ups and opening again."""

from playwright.sync_api import Route, expect

from tests.journeys.console.desk import Desk
from tests.journeys.console.shop import Shop
from tests.web.browser import Windows


def test_nothing_is_chosen_beforehand_and_closing_waits_for_an_outcome(windows: Windows, shop: Shop) -> None:
    amara = shop.arrives("Thank you")
    shop.pull()
    desk = Desk(shop.console(windows, shop.owner))
    desk.select("Amara Okafor")
    desk.page.get_by_role("button", name="Close Ticket").click()
    dialog = desk.page.get_by_role("dialog")
    outcomes = dialog.get_by_role("radio")
    expect(outcomes).to_have_count(2)
    expect(dialog.get_by_role("radio", checked=True)).to_have_count(0)
    expect(dialog.get_by_role("button", name="Close Ticket")).to_be_disabled()
    desk.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert shop.ticket(amara)["state"] == "assigned"
    desk.close_ticket("Abandoned")
    expect(desk.row("Amara Okafor")).to_contain_text("Abandoned")
    expect(desk.page.get_by_text("Closed as Abandoned").first).to_be_visible()
    assert shop.ticket(amara)["outcome"] == "abandoned"


def test_a_late_answer_leaves_alone_what_one_has_opened_meanwhile(windows: Windows, shop: Shop) -> None:
    amara = shop.arrives("Thank you")
    shop.pull()
    desk = Desk(shop.console(windows, shop.owner))
    desk.select("Amara Okafor")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    desk.page.route("**/closure", hold)
    with desk.page.expect_request("**/closure"):
        desk.close_ticket("Resolved")
    desk.page.keyboard.press("Escape")
    desk.page.get_by_role("button", name="Close Ticket").click()
    dialog = desk.page.get_by_role("dialog")
    expect(dialog.get_by_role("radio", checked=True)).to_have_count(0)
    held[0].continue_()
    expect(desk.row("Amara Okafor")).to_contain_text("Resolved")
    expect(dialog).to_be_visible()
    assert shop.ticket(amara)["outcome"] == "resolved"


def test_what_the_customer_wrote_meanwhile_is_shown_and_one_decides_again(windows: Windows, shop: Shop) -> None:
    amara = shop.arrives("Thank you")
    shop.pull()
    desk = Desk(shop.console(windows, shop.owner))
    desk.select("Amara Okafor")
    desk.page.get_by_role("button", name="Close Ticket").click()
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_text("Resolved", exact=True).click()
    shop.say(amara, "Wait, one more thing.")
    dialog.get_by_role("button", name="Close Ticket").click()
    expect(dialog.get_by_text("Amara wrote meanwhile")).to_be_visible()
    expect(dialog.get_by_text("Wait, one more thing.")).to_be_visible()
    expect(dialog.get_by_role("radio", checked=True)).to_have_count(0)
    assert shop.ticket(amara)["state"] == "assigned"
    dialog.get_by_text("Resolved", exact=True).click()
    dialog.get_by_role("button", name="Close Ticket").click()
    expect(dialog).to_have_count(0)
    expect(desk.row("Amara Okafor")).to_contain_text("Resolved")


def test_feedback_stands_with_the_ticket_and_a_follow_up_raises_the_bubble(windows: Windows, shop: Shop) -> None:
    amara = shop.arrives("Thank you")
    shop.pull()
    desk = Desk(shop.console(windows, shop.owner))
    desk.select("Amara Okafor")
    desk.close_ticket("Resolved")
    expect(desk.row("Amara Okafor")).to_contain_text("Resolved")

    ticket = shop.ticket(amara)["id"]
    shop.done("PUT", f"/tickets/{ticket}/feedback", {"rating": 4, "comment": "Quick."}, by=amara.token)
    details = desk.page.get_by_role("complementary", name="Customer details")
    expect(details.get_by_role("img", name="4 of 5 stars")).to_be_visible()
    expect(details.get_by_text("Quick.")).to_be_visible()
    desk.expect_waiting(0)

    shop.say(amara, "Now the oven is cold.")
    desk.expect_waiting(1)
    desk.pull.click()
    follow_up = desk.row("Follow-up")
    expect(follow_up).to_contain_text("Now the oven is cold.")
    expect(desk.panel.get_by_role("listitem").first).to_contain_text("Now the oven is cold.")
    follow_up.get_by_role("link").click()
    expect(details.get_by_role("link", name=f"#{shop.ticket(amara)['number'] - 1}")).to_be_visible()


def test_a_closed_ticket_is_opened_again_by_who_reopens_it(windows: Windows, shop: Shop) -> None:
    amara = shop.arrives("Hello")
    shop.pull()
    shop.claim(shop.owner, amara)
    shop.finish(shop.owner, amara)
    ben = Desk(shop.console(windows, shop.hire("Ben", "Acker")))
    ben.select("Amara Okafor")
    ben.page.get_by_role("button", name="Re-open").click()
    expect(ben.row("Amara Okafor")).to_contain_text("You")
    ben.say("Here I am again.")
    ben.expect_said("Here I am again.")
    steps = ben.page.get_by_role("complementary", name="Customer details")
    expect(steps.get_by_text("Re-opened by you")).to_be_visible()


def test_transfer_release_and_take_over_are_seen_by_all(windows: Windows, shop: Shop) -> None:
    shop.arrives("Hello")
    shop.pull()
    colleague = shop.hire("Ben", "Acker")
    nora = Desk(shop.console(windows, shop.owner))
    ben = Desk(shop.console(windows, colleague))
    nora.select("Amara Okafor")
    nora.page.get_by_role("button", name="Transfer").click()
    dialog = nora.page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Transfer")).to_be_disabled()
    dialog.get_by_text("Ben Acker").click()
    dialog.get_by_label("Note for the team, optional").fill("She likes figs.")
    dialog.get_by_role("button", name="Transfer").click()
    expect(nora.row("Amara Okafor")).to_contain_text("Ben Acker")
    expect(ben.row("Amara Okafor")).to_contain_text("You")
    ben.select("Amara Okafor")
    ben.expect_said("She likes figs.")

    nora.page.get_by_role("button", name="Take over").first.click()
    nora.page.get_by_role("dialog").get_by_role("button", name="Take over").click()
    expect(ben.row("Amara Okafor")).to_contain_text("Nora Lindqvist")
    expect(ben.page.get_by_role("tab", name="Message")).to_be_disabled()

    nora.page.get_by_role("button", name="More").click()
    nora.page.get_by_role("menuitem", name="Give back").click()
    for desk in (nora, ben):
        expect(desk.row("Amara Okafor")).to_contain_text("Unassigned")
        desk.expect_waiting(0)


def test_priority_is_set_and_taken_back(windows: Windows, shop: Shop) -> None:
    amara = shop.arrives("Hello")
    shop.pull()
    desk = Desk(shop.console(windows, shop.owner))
    desk.select("Amara Okafor")
    desk.page.get_by_role("button", name="Priority: none").click()
    desk.page.get_by_role("menuitemradio", name="High").click()
    expect(desk.row("Amara Okafor").get_by_role("img", name="High priority")).to_be_visible()
    assert shop.ticket(amara)["priority"] == "high"
    desk.panel.get_by_role("button", name="Any priority").click()
    desk.page.get_by_role("menuitemradio", name="Low").click()
    expect(desk.panel.get_by_text("No ticket fits")).to_be_visible()
    desk.panel.get_by_role("button", name="Clear filters").click()
    expect(desk.row("Amara Okafor")).to_be_visible()
