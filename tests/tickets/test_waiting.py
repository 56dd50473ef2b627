"""New chats wait and ring until somebody pulls or claims them."""

import asyncio

from shopbell.tickets.commands import PULLED_AT_ONCE
from tests.live.test_stream import until
from tests.shop import Shop, refused, small


async def figures(shop: Shop) -> tuple[int, int]:
    desk = await shop.done(shop.owner, "GET", "/desk")
    return desk["waiting"], desk["unclaimed"]


async def test_a_new_chat_raises_both_numbers_and_a_second_message_neither(shop: Shop) -> None:
    shop = await small(shop)
    assert await figures(shop) == (0, 0)
    case = await shop.case()
    assert await figures(shop) == (1, 1)
    await shop.say(case.person, case.conversation, "Hello?")
    assert await figures(shop) == (1, 1)


async def test_waiting_tickets_are_not_in_the_panel_until_pulled(shop: Shop) -> None:
    shop = await small(shop)
    cases = [await shop.case() for _ in range(3)]
    assert (await shop.done(shop.owner, "GET", "/tickets"))["items"] == []
    assert len((await shop.done(shop.owner, "GET", "/tickets?state=waiting"))["items"]) == 3
    assert await shop.done(shop.owner, "POST", "/desk/pull") == {"pulled": 3, "waiting": 0}
    shown = (await shop.done(shop.owner, "GET", "/tickets"))["items"]
    assert [ticket["id"] for ticket in shown] == [case.ticket for case in reversed(cases)]
    assert {ticket["state"] for ticket in shown} == {"pulled"}


async def test_one_press_pulls_more_than_are_pulled_at_once(shop: Shop) -> None:
    shop = await small(shop)
    many = PULLED_AT_ONCE + 3

    async def chat() -> None:
        person, conversation = await shop.town.customer(shop.owner.business_id)
        await shop.say(person, conversation)

    await asyncio.gather(*(chat() for _ in range(many)))
    async with await shop.listen(shop.owner) as live:
        assert await shop.done(shop.owner, "POST", "/desk/pull") == {"pulled": many, "waiting": 0}
        assert await figures(shop) == (0, many)
        await until(live, lambda frame: frame.get("body") == {"waiting": 0, "unclaimed": many})
        told = [frame["body"]["tickets"] for frame in live.heard if frame.get("name") == "tickets_pulled"]
    assert [len(tickets) for tickets in told] == [PULLED_AT_ONCE, 3]
    assert len({ticket["id"] for tickets in told for ticket in tickets}) == many


async def test_pulling_silences_the_bubble_and_not_the_ring(shop: Shop) -> None:
    shop = await small(shop)
    await shop.case()
    await shop.done(shop.owner, "POST", "/desk/pull")
    assert await figures(shop) == (0, 1)
    assert await shop.done(shop.owner, "POST", "/desk/pull") == {"pulled": 0, "waiting": 0}


async def test_claiming_a_waiting_ticket_takes_it_off_both_numbers(shop: Shop) -> None:
    shop = await small(shop)
    case = await shop.case()
    claimed = await shop.claim(shop.owner, case)
    assert (claimed["state"], claimed["holder"]["id"]) == ("assigned", shop.owner.id)
    assert await figures(shop) == (0, 0)


async def test_a_released_ticket_rings_again_without_raising_the_bubble(shop: Shop) -> None:
    shop = await small(shop)
    case = await shop.case()
    since = (await shop.ticket(case))["waiting_since"]
    await shop.claim(shop.owner, case)
    released = await shop.done(shop.owner, "DELETE", f"/tickets/{case.ticket}/holder")
    assert (released["state"], released["holder"], released["waiting_since"]) == ("pulled", None, since)
    assert await figures(shop) == (0, 1)


async def test_a_message_after_closing_waits_as_a_follow_up(shop: Shop) -> None:
    shop = await small(shop)
    case = await shop.case()
    await shop.close(shop.owner, case, "abandoned")
    assert await figures(shop) == (0, 0)
    await shop.say(case.person, case.conversation, "One more thing")
    assert await figures(shop) == (1, 1)
    follow_up = await shop.newest(case.conversation)
    assert (follow_up["state"], follow_up["follow_up_of"], follow_up["number"]) == ("waiting", case.ticket, 2)


async def test_a_marketer_sees_the_numbers_and_may_not_pull(shop: Shop) -> None:
    assert (await shop.ask(shop.marketer, "GET", "/desk")).status_code == 200
    refused(await shop.ask(shop.marketer, "POST", "/desk/pull"), 403, "role_may_not")


async def test_the_desk_is_not_for_people_or_strangers(shop: Shop) -> None:
    person = await shop.town.person()
    for method, path in (("GET", "/desk"), ("POST", "/desk/pull"), ("GET", "/tickets")):
        refused(await shop.ask(person, method, path), 403)
        refused(await shop.ask(None, method, path), 401)
