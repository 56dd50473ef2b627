"""A ticket has one holder: claimed, handed on, taken over, let go."""

import asyncio
from typing import Any

import pytest

from tests.faults.clients import Json
from tests.faults.town import Actor
from tests.shop import Case, Shop, refused


async def assign(shop: Shop, by: Actor, case: Case, **body: Any) -> Json:
    found: Json = await shop.done(by, "PUT", f"/tickets/{case.ticket}/holder", body)
    return found


async def try_assign(shop: Shop, by: Actor, case: Case, status: int, code: str = "", **body: Any) -> Json:
    return refused(await shop.ask(by, "PUT", f"/tickets/{case.ticket}/holder", body), status, code)


async def notes(shop: Shop, case: Case) -> list[str]:
    return [note["text"] for note in (await shop.done(shop.owner, "GET", f"/tickets/{case.ticket}/notes"))["items"]]


async def test_the_second_agent_to_select_a_ticket_is_told_who_has_it(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    problem = await try_assign(shop, shop.bob, case, 409, "held_by_colleague", staff_id="me")
    assert problem["holder"] == {"id": shop.ann.id, "name": shop.ann.name}


async def test_of_many_who_select_at_once_exactly_one_gets_it(shop: Shop) -> None:
    case = await shop.case()
    everyone = (shop.owner, shop.manager, shop.ann, shop.bob) * 2
    answers = await asyncio.gather(
        *(shop.ask(each, "PUT", f"/tickets/{case.ticket}/holder", {"staff_id": "me"}) for each in everyone)
    )
    holder = (await shop.ticket(case))["holder"]["id"]
    for each, answer in zip(everyone, answers, strict=True):
        assert answer.status_code == (200 if each.id == holder else 409)
        if answer.status_code == 409:
            assert answer.json()["holder"]["id"] == holder


async def test_naming_the_present_holder_changes_nothing(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    before = await shop.ticket(case)
    for by in (shop.ann, shop.bob, shop.manager):
        await assign(shop, by, case, staff_id=shop.ann.id, note="Said twice")
    after = await shop.ticket(case)
    assert {**after, "cursor": before["cursor"]} == before
    assert after["cursor"] == before["cursor"]
    assert await notes(shop, case) == []


async def test_the_holder_hands_a_ticket_on_with_a_note(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    moved = await assign(shop, shop.ann, case, staff_id=shop.bob.id, note="Knows about cakes")
    assert (moved["state"], moved["holder"]) == ("assigned", {"id": shop.bob.id, "name": shop.bob.name})
    assert await notes(shop, case) == ["Knows about cakes"]
    await try_assign(shop, shop.ann, case, 409, "held_by_colleague", staff_id="me")


async def test_an_agent_may_give_an_unheld_ticket_to_a_colleague_and_not_a_colleagues_ticket(shop: Shop) -> None:
    unheld, held = await shop.case(), await shop.held(shop.ann)
    assert (await assign(shop, shop.ann, unheld, staff_id=shop.bob.id))["holder"]["id"] == shop.bob.id
    await try_assign(shop, shop.bob, held, 409, "held_by_colleague", staff_id=shop.manager.id)


async def test_a_manager_takes_over_by_saying_so_and_not_otherwise(shop: Shop) -> None:
    for boss in (shop.manager, shop.owner):
        case = await shop.held(shop.ann)
        await try_assign(shop, boss, case, 409, "held_by_colleague", staff_id="me")
        await try_assign(shop, boss, case, 409, "held_by_colleague", staff_id=shop.bob.id)
        assert (await assign(shop, boss, case, staff_id="me", take_over=True))["holder"]["id"] == boss.id
        assert (await assign(shop, boss, case, staff_id=shop.bob.id))["holder"]["id"] == shop.bob.id
        moved = await assign(shop, boss, case, staff_id=shop.ann.id, take_over=True)
        assert moved["holder"]["id"] == shop.ann.id


async def test_an_agent_may_not_send_take_over_whoever_holds_the_ticket(shop: Shop) -> None:
    for case in (await shop.held(shop.ann), await shop.held(shop.bob), await shop.case(), await shop.closed(shop.bob)):
        await try_assign(shop, shop.bob, case, 403, staff_id="me", take_over=True)


async def test_a_marketer_may_neither_claim_nor_be_given_a_ticket(shop: Shop) -> None:
    case = await shop.case()
    await try_assign(shop, shop.marketer, case, 403, "role_may_not", staff_id="me")
    answer = await shop.ask(shop.ann, "PUT", f"/tickets/{case.ticket}/holder", {"staff_id": shop.marketer.id})
    assert refused(answer, 422)["errors"][0]["field"] == "staff_id"
    assert (await shop.ticket(case))["state"] == "waiting"


async def test_a_ticket_goes_to_nobody_of_another_business(shop: Shop) -> None:
    case, stranger = await shop.case(), await shop.town.owner()
    unknown = await try_assign(shop, shop.ann, case, 404, staff_id="0" * 32)
    assert await try_assign(shop, shop.ann, case, 404, staff_id=stranger.id) == unknown
    assert await try_assign(shop, stranger, case, 404, staff_id="me") == unknown


async def test_a_closed_ticket_is_not_claimed(shop: Shop) -> None:
    case = await shop.closed(shop.ann)
    for by in (shop.ann, shop.bob, shop.manager):
        await try_assign(shop, by, case, 409, "ticket_closed", staff_id="me")


async def test_release_is_for_the_holder_and_for_who_manages(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    answer = await shop.ask(shop.bob, "DELETE", f"/tickets/{case.ticket}/holder")
    assert refused(answer, 409, "held_by_colleague")["holder"]["id"] == shop.ann.id
    refused(await shop.ask(shop.marketer, "DELETE", f"/tickets/{case.ticket}/holder"), 403)
    for by in (shop.ann, shop.manager, shop.owner):
        await shop.done(by, "DELETE", f"/tickets/{case.ticket}/holder")
        assert (await shop.ticket(case))["state"] == "pulled"
        await shop.claim(shop.ann, case)


async def test_release_and_claim_move_no_row(shop: Shop) -> None:
    case = await shop.case()
    before = await shop.ticket(case)
    await shop.claim(shop.ann, case)
    await assign(shop, shop.ann, case, staff_id=shop.bob.id)
    await shop.done(shop.bob, "DELETE", f"/tickets/{case.ticket}/holder")
    after = await shop.ticket(case)
    assert (after["updated_at"], after["updated_seq"]) == (before["updated_at"], before["updated_seq"])


async def test_only_the_holder_replies_and_a_reply_to_an_unheld_ticket_claims_it(shop: Shop) -> None:
    case = await shop.case()
    await shop.say(shop.bob, case.conversation)
    assert (await shop.ticket(case))["holder"]["id"] == shop.bob.id
    for by in (shop.ann, shop.manager, shop.owner):
        assert refused(await shop.write(by, case.conversation), 409)["holder"]["id"] == shop.bob.id
    refused(await shop.write(shop.marketer, case.conversation), 403, "role_may_not")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"staff_id": ""},
        {"staff_id": None},
        {"staff_id": "me", "note": " "},
        {"staff_id": "me", "holder": "me"},
        {"staff_id": "me", "take_over": "yes"},
    ],
)
async def test_a_malformed_assignment_names_its_field(shop: Shop, body: Any) -> None:
    case = await shop.case()
    answer = await shop.ask(shop.ann, "PUT", f"/tickets/{case.ticket}/holder", body)
    assert refused(answer, 422)["errors"][0]["field"]
    assert (await shop.ticket(case))["holder"] is None


async def test_the_history_tells_who_did_what_in_order(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    await assign(shop, shop.ann, case, staff_id=shop.bob.id)
    await shop.done(shop.bob, "PUT", f"/tickets/{case.ticket}/priority", {"priority": "high"})
    await shop.done(shop.bob, "DELETE", f"/tickets/{case.ticket}/holder")
    await shop.close(shop.manager, case)
    await shop.done(shop.ann, "DELETE", f"/tickets/{case.ticket}/closure")
    items: list[Json] = []
    after = ""
    while True:
        page = await shop.done(shop.marketer, "GET", f"/tickets/{case.ticket}/history?limit=3{after}")
        items += page["items"]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert [(item["name"], item["by"] and item["by"]["name"]) for item in items] == [
        ("ticket_opened", None),
        ("ticket_assigned", shop.ann.name),
        ("ticket_assigned", shop.ann.name),
        ("ticket_prioritised", shop.bob.name),
        ("ticket_released", shop.bob.name),
        ("ticket_closed", shop.manager.name),
        ("ticket_reopened", shop.ann.name),
    ]
    assert {item["body"]["id"] for item in items} == {case.ticket}
    assert items[3]["body"]["priority"] == "high"


async def test_a_pull_is_part_of_each_tickets_history(shop: Shop) -> None:
    cases = [await shop.case(), await shop.case()]
    await shop.done(shop.bob, "POST", "/desk/pull")
    for case in cases:
        page = await shop.done(shop.ann, "GET", f"/tickets/{case.ticket}/history")
        assert [item["name"] for item in page["items"]] == ["ticket_opened", "tickets_pulled"]
        assert page["items"][-1]["by"]["id"] == shop.bob.id
        assert page["items"][-1]["body"]["id"] == case.ticket
