"""How far each side has read and received."""

from typing import Any

import pytest

from tests.faults.clients import Json
from tests.faults.town import Actor
from tests.shop import Case, Shop, field_of, refused


async def mark(shop: Shop, by: Actor, case: Case, seq: int, what: str = "read") -> None:
    await shop.done(by, "PUT", f"/conversations/{case.conversation}/{what}", {"seq": seq})


async def marks(shop: Shop, case: Case) -> tuple[int, int, int, int]:
    page: Json = await shop.done(shop.owner, "GET", f"/conversations/{case.conversation}/messages")
    found = page["conversation"]
    return found["person_read"], found["person_delivered"], found["staff_read"], found["staff_delivered"]


async def unread(shop: Shop, case: Case) -> int:
    listed: Json = (await shop.done(case.person, "GET", "/conversations"))["items"][0]
    count: int = listed["unread"]
    return count


async def test_a_persons_unread_are_the_shops_messages_after_their_mark(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    first = (await shop.say(shop.ann, case.conversation))["seq"]
    await shop.say(case.person, case.conversation)
    last = (await shop.say(shop.ann, case.conversation))["seq"]
    assert await unread(shop, case) == 2
    await mark(shop, case.person, case, first)
    assert await unread(shop, case) == 1
    await mark(shop, case.person, case, last)
    assert await unread(shop, case) == 0
    assert await marks(shop, case) == (last, 0, 0, 0)


async def test_a_mark_never_goes_back_nor_beyond_the_newest_message(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    last = (await shop.say(shop.ann, case.conversation))["seq"]
    await mark(shop, case.person, case, 2**62)
    await mark(shop, case.person, case, 1)
    await mark(shop, shop.ann, case, 2**62, "delivered")
    assert await marks(shop, case) == (last, 0, 0, last)
    await shop.say(shop.ann, case.conversation)
    assert await unread(shop, case) == 1


async def test_only_the_holders_reading_counts_for_the_shop(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    last = (await shop.say(case.person, case.conversation))["seq"]
    for by in (shop.bob, shop.manager, shop.owner, shop.marketer):
        await mark(shop, by, case, last)
    assert (await shop.ticket(case))["unread"] == 2
    await mark(shop, shop.ann, case, last - 1)
    assert (await shop.ticket(case))["unread"] == 1
    await mark(shop, shop.ann, case, last)
    ticket = await shop.ticket(case)
    assert (ticket["unread"], ticket["messages"]) == (0, 2)


async def test_nobodys_reading_counts_while_nobody_holds_the_ticket(shop: Shop) -> None:
    case = await shop.case()
    await mark(shop, shop.ann, case, 2**40)
    assert (await shop.ticket(case))["unread"] == 1


async def test_reading_counts_in_an_older_ticket_that_was_opened_again(shop: Shop) -> None:
    case = await shop.closed(shop.ann)
    await shop.say(case.person, case.conversation, "Again")
    follow_up = (await shop.newest(case.conversation))["id"]
    await shop.done(shop.bob, "PUT", f"/tickets/{follow_up}/closure", {"outcome": "resolved"})
    await shop.done(shop.ann, "DELETE", f"/tickets/{case.ticket}/closure")
    last = (await shop.say(case.person, case.conversation, "And again"))["seq"]
    await mark(shop, shop.bob, case, last)
    assert (await shop.ticket(case))["unread"] == 2
    await mark(shop, shop.ann, case, last)
    assert (await shop.ticket(case))["unread"] == 0
    assert (await shop.done(shop.ann, "GET", f"/tickets/{follow_up}"))["unread"] == 0


async def test_each_side_says_what_it_received(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    last = (await shop.say(shop.ann, case.conversation))["seq"]
    await mark(shop, case.person, case, last, "delivered")
    await mark(shop, shop.bob, case, last, "delivered")
    assert await marks(shop, case) == (0, last, 0, last)


@pytest.mark.parametrize("body", [{}, {"seq": -1}, {"seq": "1"}, {"seq": 1.5}, {"seq": None}, {"seq": 2**63},
                                  {"seq": 1, "side": "staff"}])  # fmt: skip
@pytest.mark.parametrize("what", ["read", "delivered"])
async def test_a_malformed_mark_is_refused(shop: Shop, what: str, body: Any) -> None:
    case = await shop.case()
    assert field_of(await shop.ask(case.person, "PUT", f"/conversations/{case.conversation}/{what}", body))


async def test_outsiders_leave_no_marks(shop: Shop) -> None:
    case, stranger, foreign = await shop.held(shop.ann), await shop.town.person(), await shop.town.owner()
    for what in ("read", "delivered"):
        for outsider in (stranger, foreign):
            refused(await shop.ask(outsider, "PUT", f"/conversations/{case.conversation}/{what}", {"seq": 1}), 404)
    assert await marks(shop, case) == (0, 0, 0, 0)
