"""What an open stream tells, and to whom."""

import asyncio
import secrets
from collections.abc import Callable

from tests.faults.clients import Json, Live
from tests.faults.town import Actor
from tests.shop import Shop, small

SECONDS = 5


async def until(live: Live, found: Callable[[Json], bool]) -> list[Json]:
    """All frames so far, once one of them is what is waited for."""
    async with asyncio.timeout(SECONDS):
        while not any(found(frame) for frame in live.heard):
            await asyncio.sleep(0.01)
    return live.heard


def named(name: str) -> Callable[[Json], bool]:
    return lambda frame: frame.get("name") == name


def names(frames: list[Json]) -> list[str]:
    return [frame["name"] for frame in frames if frame["type"] == "event"]


async def test_both_sides_hear_a_message_each_in_their_own_words(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    listeners = {who.id: await shop.listen(who) for who in (case.person, shop.ann, shop.bob)}
    nonce = secrets.token_hex(4)
    await shop.town.post(shop.ann, case.conversation, "Hello", nonce)
    bodies = {who: (await until(live, named("message_posted")))[-1]["body"] for who, live in listeners.items()}
    assert bodies[case.person.id]["author"]["name"] == "Sam"
    assert bodies[shop.bob.id]["author"]["name"] == shop.ann.name
    assert "ticket_id" not in bodies[case.person.id]
    assert bodies[shop.bob.id]["ticket_id"] == case.ticket
    assert [bodies[who].get("nonce") for who in listeners] == [None, nonce, None]
    for who, reader in ((case.person.id, case.person), (shop.ann.id, shop.ann), (shop.bob.id, shop.bob)):
        assert bodies[who] == (await shop.thread(reader, case.conversation))[-1]
    for live in listeners.values():
        await live.close()


async def test_a_person_hears_nothing_of_what_staff_do_among_themselves(shop: Shop) -> None:
    case, other = await shop.case(), await shop.case()
    async with await shop.listen(case.person) as live:
        await shop.done(shop.ann, "POST", "/desk/pull")
        await shop.claim(shop.ann, case)
        await shop.done(shop.ann, "POST", f"/tickets/{case.ticket}/notes", {"nonce": "n", "text": "Canary"})
        await shop.done(shop.ann, "PUT", f"/tickets/{case.ticket}/priority", {"priority": "high"})
        await shop.say(other.person, other.conversation, "Canary")
        await shop.done(shop.ann, "PUT", f"/conversations/{case.conversation}/read", {"seq": 2**40})
        await shop.close(shop.ann, case)
        await shop.done(shop.ann, "DELETE", f"/tickets/{case.ticket}/closure")
        await shop.close(shop.ann, case)
        await shop.done(case.person, "PUT", f"/tickets/{case.ticket}/feedback", {"rating": 5})
        frames = await until(live, named("feedback_given"))
    assert names(frames) == [
        "messages_read", "message_posted", "feedback_requested", "feedback_recalled", "message_posted",
        "feedback_requested", "feedback_given",
    ]  # fmt: skip
    assert "Canary" not in repr(frames)
    assert frames[2]["body"] == {"ticket_id": case.ticket}


async def test_staff_hear_every_step_of_a_ticket(shop: Shop) -> None:
    shop = await small(shop)
    async with await shop.listen(shop.owner) as live:
        case = await shop.case()
        await shop.done(shop.owner, "POST", "/desk/pull")
        await shop.claim(shop.owner, case)
        await shop.done(shop.owner, "PUT", f"/tickets/{case.ticket}/priority", {"priority": "low"})
        note = await shop.done(shop.owner, "POST", f"/tickets/{case.ticket}/notes", {"nonce": "n", "text": "Hm"})
        await shop.done(shop.owner, "DELETE", f"/tickets/{case.ticket}/holder")
        closed = await shop.close(shop.owner, case)
        reopened = await shop.done(shop.owner, "DELETE", f"/tickets/{case.ticket}/closure")
        frames = await until(live, named("ticket_reopened"))
    assert names(frames) == [
        "ticket_opened", "waiting_changed", "message_posted", "tickets_pulled", "waiting_changed", "ticket_assigned",
        "waiting_changed", "ticket_prioritised", "note_posted", "ticket_released", "waiting_changed", "ticket_closed",
        "waiting_changed", "message_posted", "ticket_reopened",
    ]  # fmt: skip
    counts = [frame["body"] for frame in frames if frame["name"] == "waiting_changed"]
    assert [(each["waiting"], each["unclaimed"]) for each in counts] == [(1, 1), (0, 1), (0, 0), (0, 1), (0, 0)]
    by_name = {frame["name"]: frame["body"] for frame in frames}
    by = {"side": "staff", "id": shop.owner.id, "name": shop.owner.name}
    assert by_name["ticket_closed"] == {**closed, "by": by}
    assert by_name["ticket_reopened"] == {**reopened, "by": by}
    assert by_name["note_posted"]["id"] == note["id"]
    assert by_name["note_posted"]["nonce"] == "n"


async def test_marks_and_withdrawals_are_told_to_both_sides(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    said = await shop.say(shop.ann, case.conversation)
    async with await shop.listen(case.person) as theirs, await shop.listen(shop.bob) as ours:
        for what in ("delivered", "read"):
            await shop.done(case.person, "PUT", f"/conversations/{case.conversation}/{what}", {"seq": said["seq"]})
        path = f"/conversations/{case.conversation}/messages/{said['id']}"
        await shop.done(shop.ann, "DELETE", path)
        for live in (theirs, ours):
            frames = await until(live, named("message_withdrawn"))
            assert names(frames) == ["messages_delivered", "messages_read", "message_withdrawn"]
            mark = {"conversation_id": case.conversation, "side": "person", "seq": said["seq"]}
            assert frames[0]["body"] == mark
            assert frames[1]["body"].items() >= mark.items()
            gone = frames[2]["body"]
            assert gone.keys() == {"conversation_id", "id", "seq", "withdrawn_at"}
            assert (gone["conversation_id"], gone["id"], gone["seq"]) == (case.conversation, said["id"], said["seq"])


async def test_a_business_a_person_comes_to_joins_the_open_stream(shop: Shop) -> None:
    person, first, second = await shop.town.person(), await small(shop), await small(shop)
    async with await shop.listen(person) as live:
        assert live.ready["cursors"] == {}
        conversation = await shop.town.conversation(person, first.owner.business_id)
        await shop.say(person, conversation)
        await first.say(first.owner, conversation, "Welcome")
        await shop.done(person, "PUT", f"/businesses/{second.owner.business_id}/membership")
        frames = await until(live, named("member_joined"))
        assert [(frame["name"], frame["business_id"]) for frame in frames] == [
            ("conversation_opened", first.owner.business_id),
            ("message_posted", first.owner.business_id),
            ("message_posted", first.owner.business_id),
            ("member_joined", second.owner.business_id),
        ]
    cursors = {frame["business_id"]: frame["cursor"] for frame in frames}
    await first.say(first.owner, conversation, "Still there?")
    async with await shop.listen(person, cursors=cursors) as again:
        assert again.ready["cursors"] == cursors
        assert names(await until(again, named("message_posted"))) == ["message_posted"]


async def test_a_business_that_others_follow_already_is_told_once_from_its_beginning(shop: Shop) -> None:
    async with await shop.listen(shop.owner):
        person = await shop.town.person()
        async with await shop.listen(person) as live:
            conversation = await shop.town.conversation(person, shop.owner.business_id)
            for text in ("one", "two", "three"):
                await shop.say(person, conversation, text)
            frames = await until(live, lambda frame: frame.get("body", {}).get("text") == "three")
            assert names(frames) == ["conversation_opened", *["message_posted"] * 3]
            numbers = [frame["seq"] for frame in frames if frame["type"] == "event"]
            assert numbers == sorted(set(numbers))


async def test_who_left_a_loop_on_another_device_is_told(shop: Shop) -> None:
    person, business_id = await shop.town.person(), shop.owner.business_id
    await shop.done(person, "PUT", f"/businesses/{business_id}/membership")
    start = (await shop.done(person, "GET", "/memberships"))["cursors"]
    await shop.done(person, "DELETE", f"/businesses/{business_id}/membership")
    async with await shop.listen(person, cursors=start) as live:
        assert names(await until(live, named("member_left"))) == ["member_left"]


async def elsewhere(shop: Shop) -> tuple[Shop, Actor]:
    """Another business, and a colleague of this one who works there too, signed in here."""
    other = await small(shop)
    agent = await shop.town.hired(shop.owner, "agent")
    await shop.town.hired(other.owner, "agent", address=agent.email)
    return other, agent


async def test_staff_hear_how_many_wait_in_the_other_businesses_of_their_login(shop: Shop) -> None:
    other, agent = await elsewhere(shop)
    await other.case()
    async with await shop.listen(agent) as live:
        first = {"type": "other_waiting", "business_id": other.owner.business_id, "waiting": 1}
        assert (await until(live, lambda frame: frame["type"] == "other_waiting"))[0] == first
        await other.case()
        await until(live, lambda frame: frame == {**first, "waiting": 2})
        await other.done(other.owner, "POST", "/desk/pull")
        await until(live, lambda frame: frame == {**first, "waiting": 0})
        assert all(frame["type"] == "other_waiting" for frame in live.heard)


async def test_who_was_let_go_elsewhere_hears_no_more_of_it(shop: Shop) -> None:
    other, agent = await elsewhere(shop)
    staff = (await other.done(other.owner, "GET", "/staff"))["items"]
    there = next(each["id"] for each in staff if each["email"] == agent.email)
    async with await shop.listen(agent) as live:
        await until(live, lambda frame: frame["type"] == "other_waiting")
        await other.done(other.owner, "PUT", f"/staff/{there}", {"role": "manager"})
        await other.case()
        await until(live, lambda frame: frame.get("waiting") == 1)
        await other.done(other.owner, "PUT", f"/staff/{there}", {"active": False})
        await other.case()
        # What would still come is before this in the order of the one writer.
        case = await shop.case()
        await until(live, lambda frame: frame.get("body", {}).get("conversation_id") == case.conversation)
        assert [frame["waiting"] for frame in live.heard if frame["type"] == "other_waiting"] == [0, 1]
