"""Who types is seen at once on both sides, whichever process their screens are at, and kept nowhere."""

import json

from tests.faults.clients import Json, Live
from tests.faults.town import Actor
from tests.live.conftest import Servers
from tests.live.test_stream import until
from tests.shop import Case, Shop, small


async def types(live: Live, conversation_id: str) -> None:
    await live.say(json.dumps({"type": "typing", "conversation_id": conversation_id}))


async def typing(live: Live, by: str) -> Json:
    """The frame that says that somebody of that side types, once it is there."""
    await until(live, lambda frame: frame["type"] == "typing" and frame["author"]["side"] == by)
    return next(frame for frame in typists(live) if frame["author"]["side"] == by)


def typists(live: Live) -> list[Json]:
    return [frame for frame in live.heard if frame["type"] == "typing"]


async def at_rest(shop: Shop, case: Case, *screens: Live) -> None:
    """Return when those screens have heard something that came after all that was typed."""
    await shop.say(shop.ann, case.conversation, "Bye")
    for live in screens:
        await until(live, lambda frame: frame.get("name") == "message_posted")


async def test_both_sides_see_who_types_wherever_their_screens_are(servers: Servers, shop: Shop) -> None:
    case = await shop.held(shop.ann)
    async with (
        await Live.open(servers.asked, case.person.token) as person,
        await Live.open(servers.heard, shop.ann.token) as ann,
        await Live.open(servers.asked, shop.bob.token) as bob,
    ):
        await types(person, case.conversation)
        for live in (ann, bob):
            heard = await typing(live, "person")
            assert heard["conversation_id"] == case.conversation
            assert heard["author"]["id"] == case.person.id
        await types(ann, case.conversation)
        heard = await typing(person, "staff")
        assert heard.keys() == {"type", "conversation_id", "author"}
        assert heard["author"] == {"side": "staff", "id": shop.ann.id, "name": shop.ann.name.split()[0]}
        assert (await typing(bob, "staff"))["author"]["name"] == shop.ann.name
        assert [frame["author"]["id"] for frame in typists(ann)] == [case.person.id]


async def test_nobody_outside_the_conversation_sees_who_types(servers: Servers, shop: Shop) -> None:
    case, other = await shop.held(shop.ann), await shop.held(shop.bob)
    stranger = (await small(shop)).owner
    async with (
        await Live.open(servers.asked, case.person.token) as person,
        await Live.open(servers.heard, other.person.token) as somebody,
        await Live.open(servers.heard, stranger.token) as elsewhere,
        await Live.open(servers.heard, shop.ann.token) as ann,
    ):
        await types(person, case.conversation)
        await typing(ann, "person")
        for outsider in (somebody, elsewhere):
            await types(outsider, case.conversation)
        await shop.say(shop.bob, other.conversation, "Bye")
        await until(somebody, lambda frame: frame.get("name") == "message_posted")
        await at_rest(shop, case, person, ann)
        assert typists(somebody) == typists(elsewhere) == typists(person) == []
        assert len(typists(ann)) == 1


async def test_who_may_not_write_does_not_type(servers: Servers, shop: Shop) -> None:
    case = await shop.held(shop.ann)
    await shop.done(shop.owner, "PUT", f"/members/{case.person.id}/block")
    unheard: tuple[Actor, ...] = (case.person, shop.marketer)
    async with (
        await Live.open(servers.heard, shop.ann.token) as ann,
        await Live.open(servers.asked, unheard[0].token) as blocked,
        await Live.open(servers.asked, unheard[1].token) as marketer,
    ):
        for live in (blocked, marketer):
            await types(live, case.conversation)
        await at_rest(shop, case, ann, blocked)
        assert typists(ann) == typists(blocked) == []
