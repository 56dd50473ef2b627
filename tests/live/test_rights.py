"""Who loses the right to a stream loses the stream, at once."""

import asyncio

from tests.faults.town import Actor
from tests.shop import Shop

# The promise for open sockets.
SECONDS = 2


async def agent(shop: Shop) -> Actor:
    return await shop.town.hired(shop.owner, "agent")


async def test_sign_out_closes_the_sockets_of_that_session_only(shop: Shop) -> None:
    who = await agent(shop)
    other = (await shop.town.signed_in(who.email))["token"]
    first, second = await shop.listen(who), await shop.listen(who)
    third = await type(first).open(shop.server, other)
    await shop.done(who, "DELETE", "/session")
    assert [await live.closed(seconds=SECONDS) for live in (first, second)] == [1008, 1008]
    case = await shop.held(shop.ann)
    ok = await third.ask({"type": "mark_delivered", "conversation_id": case.conversation, "seq": 1})
    assert ok["type"] == "ok"
    await third.close()


async def test_a_person_who_signs_out_hears_no_more(shop: Shop) -> None:
    case = await shop.case()
    live = await shop.listen(case.person)
    await shop.done(case.person, "DELETE", "/session")
    assert await live.closed(seconds=SECONDS) == 1008


async def test_deactivation_closes_the_sockets(shop: Shop) -> None:
    who = await agent(shop)
    live = await shop.listen(who)
    await shop.done(shop.owner, "PUT", f"/staff/{who.id}", {"active": False})
    assert await live.closed(seconds=SECONDS) == 1008


async def test_a_new_password_closes_the_sockets(shop: Shop) -> None:
    who = await agent(shop)
    live = await shop.listen(who)
    await shop.api.done("POST", "/password/resets", {"email": who.email, "side": "staff"})
    await shop.town.set_password(who.email, "another battery staple")
    assert await live.closed(seconds=SECONDS) == 1008


async def test_changing_to_another_business_closes_the_sockets(shop: Shop) -> None:
    who, other = await agent(shop), await shop.town.owner()
    await shop.town.hired(other, "agent", address=who.email)
    live = await shop.listen(who)
    before = live.ready["cursor"]
    await shop.done(who, "PUT", "/session/business", {"business_id": other.business_id})
    assert await live.closed(seconds=SECONDS) == 1008
    async with await shop.listen(who) as there:
        assert there.ready["cursor"] != before


async def test_a_changed_role_keeps_the_socket_and_refuses_what_it_may_not(shop: Shop) -> None:
    who = await agent(shop)
    case = await shop.held(who)
    message = {"type": "post_message", "conversation_id": case.conversation, "nonce": "n", "text": "Hi"}
    async with await shop.listen(who) as live:
        await shop.done(shop.owner, "PUT", f"/staff/{who.id}", {"role": "marketer"})
        refused = await live.ask(message)
        assert (refused["type"], refused["problem"]["status"]) == ("refused", 403)
        await shop.say(case.person, case.conversation, "Still told")
        async with asyncio.timeout(SECONDS):
            while not any(frame.get("name") == "message_posted" for frame in live.heard):
                await asyncio.sleep(0.01)
        assert live.close_code is None


async def test_a_block_ends_writing_and_nothing_else(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    message = {"type": "post_message", "conversation_id": case.conversation, "nonce": "n", "text": "Hi"}
    async with await shop.listen(case.person) as live:
        await shop.done(shop.owner, "PUT", f"/members/{case.person.id}/block")
        refused = await live.ask(message)
        assert (refused["type"], refused["problem"]["code"]) == ("refused", "blocked")
        await shop.say(shop.ann, case.conversation, "Goodbye")
        async with asyncio.timeout(SECONDS):
            while not live.heard:
                await asyncio.sleep(0.01)
        assert live.heard[-1]["body"]["text"] == "Goodbye"
        await shop.done(shop.owner, "DELETE", f"/members/{case.person.id}/block")
        assert (await live.ask({**message, "nonce": "m"}))["type"] == "ok"
