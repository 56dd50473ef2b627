"""A ticket is closed with one of two outcomes, opened again, followed up, and thought well of or not."""

from typing import Any

import pytest

from tests.shop import Shop, field_of, refused


async def feedback(shop: Shop, person: Any, ticket: str, body: Any = None) -> Any:
    return await shop.ask(person, "PUT", f"/tickets/{ticket}/feedback", body or {"rating": 5})


async def conversation_of(shop: Shop, person: Any) -> Any:
    return (await shop.done(person, "GET", "/conversations"))["items"][0]


@pytest.mark.parametrize("outcome", ["resolved", "abandoned"])
async def test_closing_keeps_the_holder_and_says_the_outcome(shop: Shop, outcome: str) -> None:
    case = await shop.held(shop.ann)
    closed = await shop.close(shop.ann, case, outcome)
    assert (closed["state"], closed["outcome"], closed["holder"]["id"]) == ("closed", outcome, shop.ann.id)
    assert closed["closed_at"] == closed["updated_at"]


@pytest.mark.parametrize("body", [{}, {"outcome": None}, {"outcome": "done"}, {"outcome": "resolved", "seen_seq": -1},
                                  {"outcome": "resolved", "seen": 1}])  # fmt: skip
async def test_closing_without_one_of_the_outcomes_is_refused(shop: Shop, body: Any) -> None:
    case = await shop.held(shop.ann)
    assert field_of(await shop.ask(shop.ann, "PUT", f"/tickets/{case.ticket}/closure", body))
    assert (await shop.ticket(case))["state"] == "assigned"


async def test_closing_is_for_the_holder_and_for_who_manages(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    body = {"outcome": "resolved"}
    answer = await shop.ask(shop.bob, "PUT", f"/tickets/{case.ticket}/closure", body)
    assert refused(answer, 409, "held_by_colleague")["holder"]["id"] == shop.ann.id
    refused(await shop.ask(shop.marketer, "PUT", f"/tickets/{case.ticket}/closure", body), 403)
    assert (await shop.close(shop.manager, case))["holder"]["id"] == shop.ann.id
    refused(await shop.ask(shop.ann, "PUT", f"/tickets/{case.ticket}/closure", body), 409, "ticket_closed")


async def test_closing_a_ticket_nobody_holds_claims_it(shop: Shop) -> None:
    case = await shop.case()
    assert (await shop.close(shop.bob, case))["holder"]["id"] == shop.bob.id


async def test_closing_is_refused_with_what_the_customer_wrote_meanwhile(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    seen = (await shop.thread(shop.ann, case.conversation))[-1]["seq"]
    await shop.say(shop.ann, case.conversation, "Goodbye")
    late = await shop.say(case.person, case.conversation, "Wait!")
    body = {"outcome": "resolved", "seen_seq": seen}
    problem = refused(await shop.ask(shop.ann, "PUT", f"/tickets/{case.ticket}/closure", body), 409, "new_messages")
    assert [(message["seq"], message["text"]) for message in problem["messages"]] == [(late["seq"], "Wait!")]
    assert (await shop.ticket(case))["state"] == "assigned"
    await shop.done(shop.ann, "PUT", f"/tickets/{case.ticket}/closure", {**body, "seen_seq": late["seq"]})


async def test_ones_own_reply_after_what_was_seen_does_not_hinder_closing(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    seen = (await shop.thread(shop.ann, case.conversation))[-1]["seq"]
    await shop.say(shop.ann, case.conversation, "Goodbye")
    body = {"outcome": "resolved", "seen_seq": seen}
    await shop.done(shop.ann, "PUT", f"/tickets/{case.ticket}/closure", body)


async def test_any_colleague_but_a_marketer_opens_it_again_and_holds_it(shop: Shop) -> None:
    case = await shop.closed(shop.ann)
    refused(await shop.ask(shop.marketer, "DELETE", f"/tickets/{case.ticket}/closure"), 403)
    opened = await shop.done(shop.bob, "DELETE", f"/tickets/{case.ticket}/closure")
    assert (opened["state"], opened["holder"]["id"], opened["outcome"]) == ("assigned", shop.bob.id, None)
    assert opened["closed_at"] is None
    refused(await shop.ask(shop.bob, "DELETE", f"/tickets/{case.ticket}/closure"), 409, "ticket_open")


async def test_a_ticket_is_not_opened_again_beside_its_follow_up(shop: Shop) -> None:
    case = await shop.closed(shop.ann)
    await shop.say(case.person, case.conversation, "Again")
    follow_up = await shop.newest(case.conversation)
    problem = refused(await shop.ask(shop.ann, "DELETE", f"/tickets/{case.ticket}/closure"), 409)
    assert problem["follow_up"]["id"] == follow_up["id"]
    await shop.done(shop.ann, "PUT", f"/tickets/{follow_up['id']}/closure", {"outcome": "resolved"})
    assert (await shop.done(shop.ann, "DELETE", f"/tickets/{case.ticket}/closure"))["state"] == "assigned"


async def test_a_colleagues_message_where_no_ticket_is_open_opens_one_held_by_the_writer(shop: Shop) -> None:
    case = await shop.closed(shop.ann)
    await shop.say(shop.bob, case.conversation, "By the way")
    opened = await shop.newest(case.conversation)
    assert (opened["state"], opened["holder"]["id"], opened["follow_up_of"]) == ("assigned", shop.bob.id, case.ticket)
    assert (opened["messages"], opened["unread"]) == (0, 0)


async def test_each_closure_asks_for_feedback_once_in_the_thread_and_in_the_list(shop: Shop) -> None:
    case = await shop.closed(shop.ann)
    asked = (await shop.thread(case.person, case.conversation))[-1]
    assert (asked["kind"], asked["text"], asked["author"]["side"]) == ("feedback_request", "", "business")
    shown = await conversation_of(shop, case.person)
    assert (shown["feedback_due"], shown["unread"]) == (case.ticket, 0)
    ticket = await shop.ticket(case)
    assert (ticket["messages"], ticket["last_line"]) == (1, "Hello")


async def test_feedback_is_given_once_for_each_closure(shop: Shop) -> None:
    case = await shop.closed(shop.ann)
    refused_by = await shop.town.person()
    refused(await feedback(shop, refused_by, case.ticket), 404)
    assert (await feedback(shop, case.person, case.ticket, {"rating": 4, "comment": "Quick"})).status_code == 204
    assert (await conversation_of(shop, case.person))["feedback_due"] is None
    refused(await feedback(shop, case.person, case.ticket), 409, "feedback_given")
    await shop.done(shop.ann, "DELETE", f"/tickets/{case.ticket}/closure")
    refused(await feedback(shop, case.person, case.ticket), 409, "ticket_open")
    await shop.close(shop.ann, case)
    assert (await feedback(shop, case.person, case.ticket, {"rating": 1})).status_code == 204
    given = (await shop.ticket(case))["feedback"]
    assert [(each["rating"], each["comment"]) for each in given] == [(1, None), (4, "Quick")]
    assert (await shop.ticket(case))["state"] == "closed"


async def test_opening_again_recalls_the_feedback_of_that_ticket_only(shop: Shop) -> None:
    case = await shop.closed(shop.ann)
    await shop.say(case.person, case.conversation, "Again")
    follow_up = (await shop.newest(case.conversation))["id"]
    await shop.done(shop.ann, "PUT", f"/tickets/{follow_up}/closure", {"outcome": "resolved"})
    await shop.done(shop.ann, "DELETE", f"/tickets/{case.ticket}/closure")
    assert (await conversation_of(shop, case.person))["feedback_due"] == follow_up
    await shop.close(shop.ann, case)
    await shop.done(shop.ann, "DELETE", f"/tickets/{case.ticket}/closure")
    assert (await conversation_of(shop, case.person))["feedback_due"] is None


@pytest.mark.parametrize("body", [{"rating": 0}, {"rating": 6}, {"rating": "5"}, {"rating": 5, "comment": ""},
                                  {"comment": "Fine"}, {"rating": 5, "holder": "me"}])  # fmt: skip
async def test_feedback_outside_its_bounds_is_refused(shop: Shop, body: Any) -> None:
    case = await shop.closed(shop.ann)
    assert field_of(await feedback(shop, case.person, case.ticket, body)) in ("rating", "comment", "holder")
    assert (await feedback(shop, case.person, case.ticket)).status_code == 204


async def test_staff_give_no_feedback(shop: Shop) -> None:
    case = await shop.closed(shop.ann)
    refused(await feedback(shop, shop.ann, case.ticket), 403)
