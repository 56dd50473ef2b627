"""Colleagues see who is at the desk, and who looks at the same ticket."""

import json
from collections.abc import Iterable

from shopbell.kernel import ids
from tests.faults.clients import Json, Live
from tests.faults.town import Actor
from tests.live.conftest import Servers
from tests.live.test_stream import until
from tests.shop import Shop, small


def seen(frames: Iterable[Json], who: Actor) -> list[tuple[bool, list[str]]]:
    """What was told of that colleague, in order."""
    return [
        (frame["online"], frame["ticket_ids"])
        for frame in frames
        if frame["type"] == "presence" and frame["staff"]["id"] == who.id
    ]


async def told(live: Live, who: Actor, online: bool, *ticket_ids: str) -> None:
    """Wait until the screen knows that of the colleague."""
    await until(live, lambda frame: seen([frame], who) == [(online, sorted(ticket_ids))])


async def look(live: Live, ticket_id: str | None) -> None:
    await live.say(json.dumps({"type": "presence", "ticket_id": ticket_id}))


async def test_a_colleague_comes_looks_and_goes(shop: Shop) -> None:
    ticket = ids.new()
    async with await shop.listen(shop.ann) as ann:
        bob = await shop.listen(shop.bob)
        await told(ann, shop.bob, True)
        await look(bob, ticket)
        await told(ann, shop.bob, True, ticket)
        await told(bob, shop.ann, True)
        await look(bob, None)
        await bob.close()
        await told(ann, shop.bob, False)
        assert seen(ann.heard, shop.bob)[-1] == (False, [])
        assert seen(ann.heard, shop.ann) == []


async def test_colleagues_at_different_processes_see_each_other(servers: Servers, shop: Shop) -> None:
    ticket = ids.new()
    async with await Live.open(servers.asked, shop.ann.token) as ann:
        bob = await Live.open(servers.heard, shop.bob.token)
        await told(ann, shop.bob, True)
        await told(bob, shop.ann, True)
        await look(ann, ticket)
        await told(bob, shop.ann, True, ticket)
        await bob.close()
        await told(ann, shop.bob, False)


async def test_who_comes_later_is_told_who_is_there(shop: Shop) -> None:
    ticket = ids.new()
    async with await shop.listen(shop.manager) as early:
        await look(early, ticket)
        async with await shop.listen(shop.marketer) as late:
            await told(late, shop.manager, True, ticket)


async def test_all_screens_of_a_colleague_count_as_one(shop: Shop) -> None:
    first, second = ids.new(), ids.new()
    async with await shop.listen(shop.ann) as ann, await shop.listen(shop.bob) as one:
        other = await shop.listen(shop.bob)
        await look(one, first)
        await look(other, second)
        await told(ann, shop.bob, True, first, second)
        await other.close()
        await told(ann, shop.bob, True, first)
        assert (False, []) not in seen(ann.heard, shop.bob)[seen(ann.heard, shop.bob).index((True, [first])) :]


async def test_nobody_outside_hears_of_it(shop: Shop) -> None:
    case, other = await shop.held(shop.ann), await small(shop)
    async with (
        await shop.listen(case.person) as person,
        await shop.listen(other.owner) as stranger,
        await shop.listen(shop.ann) as ann,
    ):
        await look(person, case.ticket)
        async with await shop.listen(shop.bob) as bob:
            await look(bob, case.ticket)
            await told(ann, shop.bob, True, case.ticket)
        await shop.say(shop.ann, case.conversation, "Bye")
        await other.case("Hello")
        for live in (person, stranger):
            await until(live, lambda frame: frame.get("name") == "message_posted")
            assert all(frame["type"] != "presence" for frame in live.heard)
        assert seen(ann.heard, case.person) == []
