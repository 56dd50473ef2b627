"""Commands on the socket: the same rules and answers as over HTTP, in the order they were sent."""

import asyncio
from typing import Any

import msgspec
import pytest

from tests.faults.clients import Json, Live
from tests.shop import Shop

SECONDS = 5


def message(conversation: str, nonce: str = "n", text: str = "Hi", **more: Any) -> Json:
    return {"type": "post_message", "conversation_id": conversation, "nonce": nonce, "text": text, **more}


async def test_a_post_is_acknowledged_with_what_http_would_answer(shop: Shop) -> None:
    case = await shop.case()
    async with await shop.listen(case.person) as live:
        ok = await live.ask(message(case.conversation))
        again = await live.ask(message(case.conversation))
    assert ok.keys() == {"type", "ref", "id", "seq", "created_at"}
    assert {**again, "ref": ok["ref"]} == ok
    answer = await shop.ask(
        case.person, "POST", f"/conversations/{case.conversation}/messages", {"nonce": "n", "text": "Hi"}
    )
    assert (answer.status_code, answer.json()) == (200, {key: ok[key] for key in ("id", "seq", "created_at")})


async def test_marks_are_acknowledged_and_move(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    said = await shop.say(shop.ann, case.conversation)
    async with await shop.listen(case.person) as live:
        for kind in ("mark_delivered", "mark_read"):
            ok = await live.ask({"type": kind, "conversation_id": case.conversation, "seq": said["seq"]})
            assert ok.keys() == {"type", "ref"}
    page = await shop.done(case.person, "GET", f"/conversations/{case.conversation}/messages")
    assert page["conversation"]["person_read"] == page["conversation"]["person_delivered"] == said["seq"]


async def test_commands_take_effect_in_the_order_they_were_sent(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    async with await shop.listen(case.person) as person, await shop.listen(shop.ann) as agent:
        for at in range(30):
            sent = [person.send(message(case.conversation, f"n{at}.{each}", f"{at}.{each}")) for each in range(3)]
            sent.append(person.send({"type": "mark_read", "conversation_id": case.conversation, "seq": 2**40}))
            oks = await asyncio.gather(*sent)
            assert [ok["type"] for ok in oks] == ["ok"] * 4
        last = [agent.send(message(case.conversation, f"a{each}", f"a{each}")) for each in range(40)]
        seqs = [ok["seq"] for ok in await asyncio.gather(*last)]
    assert seqs == sorted(seqs)
    texts = [each["text"] for each in await shop.thread(case.person, case.conversation)][1:]
    assert texts == [f"{at}.{each}" for at in range(30) for each in range(3)] + [f"a{each}" for each in range(40)]
    assert (await shop.done(case.person, "GET", "/conversations"))["items"][0]["unread"] == 40


async def test_commands_sent_right_behind_hello_wait_for_their_turn(shop: Shop) -> None:
    case = await shop.case()
    async with await shop.listen(case.person) as live:
        answers = [live.send(message(case.conversation, f"n{at}", f"{at}")) for at in range(20)]
        assert [ok["type"] for ok in await asyncio.gather(*answers)] == ["ok"] * 20
    texts = [each["text"] for each in await shop.thread(case.person, case.conversation)][1:]
    assert texts == [str(at) for at in range(20)]


@pytest.mark.parametrize(
    ("frame", "status", "code"),
    [
        (message("0" * 32), 404, "not_found"),
        (message("nonsense"), 404, "not_found"),
        ({"type": "mark_read", "conversation_id": "0" * 32, "seq": 1}, 404, "not_found"),
        (message("{mine}", text=" "), 422, "invalid"),
        (message("{mine}", nonce=""), 422, "invalid"),
        (message("{mine}", attachments=["0" * 32]), 422, "invalid"),
        (message("{mine}", author="me"), 422, "invalid"),
        ({"type": "mark_read", "conversation_id": "{mine}", "seq": -1}, 422, "invalid"),
        ({"type": "mark_delivered", "conversation_id": "{mine}"}, 422, "invalid"),
        ({"type": "pull"}, 422, "invalid"),
        (message("{other}"), 404, "not_found"),
    ],
)
async def test_what_may_not_be_is_refused_and_the_socket_goes_on(
    shop: Shop, frame: Json, status: int, code: str
) -> None:
    case, other = await shop.case(), await shop.case()
    ids = {"{mine}": case.conversation, "{other}": other.conversation}
    if "conversation_id" in frame:
        frame = {**frame, "conversation_id": ids.get(frame["conversation_id"], frame["conversation_id"])}
    async with await shop.listen(case.person) as live:
        refused = await live.ask(frame)
        assert refused["type"] == "refused"
        assert (refused["problem"]["status"], refused["problem"]["code"]) == (status, code)
        assert (await live.ask(message(case.conversation, "fine")))["type"] == "ok"
    assert len(await shop.thread(case.person, case.conversation)) == 2


async def test_staff_are_refused_as_over_http(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    for who, status in ((shop.bob, 409), (shop.manager, 409), (shop.marketer, 403)):
        async with await shop.listen(who) as live:
            refused = await live.ask(message(case.conversation))
            assert (refused["type"], refused["problem"]["status"]) == ("refused", status)
            assert status == 403 or refused["problem"]["holder"]["id"] == shop.ann.id
    async with await shop.listen(shop.bob) as live:
        ok = await live.ask({"type": "mark_read", "conversation_id": case.conversation, "seq": 2**40})
        assert ok["type"] == "ok"
    assert (await shop.ticket(case))["unread"] == 1


@pytest.mark.parametrize(
    ("frame", "codes"),
    [("nope", {1007}), ('{"type":"post_message"}', {1003}), ("[1]", {1003, 1007}), (b"{}", {1003}),
     ('{"type":"post_message","ref":null}', {1003}), ("x" * (256 * 1024 + 1), {1009})],
)  # fmt: skip
async def test_what_cannot_be_answered_closes_the_socket(shop: Shop, frame: str | bytes, codes: set[int]) -> None:
    live = await shop.listen(shop.ann)
    await live.say(frame)
    assert await live.closed(seconds=SECONDS) in codes


@pytest.mark.parametrize("ref", ["a", "x" * 64, 0, 7, 2**62])
async def test_answers_carry_the_ref_as_it_was_sent(shop: Shop, ref: str | int) -> None:
    case = await shop.case()
    live: Live = await shop.listen(case.person)
    frame = {"type": "mark_read", "conversation_id": case.conversation, "seq": 0, "ref": ref}
    await live.say(msgspec.json.encode(frame).decode())
    async with asyncio.timeout(SECONDS):
        while not live.heard:
            await asyncio.sleep(0.01)
    assert live.heard == [{"type": "ok", "ref": ref}]
    await live.close()


async def test_a_file_is_posted_over_the_socket_and_heard_on_both_sides_then_and_later(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    theirs = await shop.town.send_file(shop.ann, case.conversation, "theirs.txt", b"theirs")
    sent = await shop.town.send_file(case.person, case.conversation, "mine.txt", b"mine")
    async with await shop.listen(case.person) as person, await shop.listen(shop.bob) as colleague:
        for attachments in ([theirs], [sent, sent], ["0" * 32]):
            answer = await person.ask(message(case.conversation, "file", "", attachments=attachments))
            assert answer["problem"]["errors"][0]["field"].startswith("attachments."), answer
        assert (await person.ask(message(case.conversation, "file", "")))["problem"]["errors"][0]["field"] == "text"
        ok = await person.ask(message(case.conversation, "file", "", attachments=[sent]))
        again = await person.ask(message(case.conversation, "file", "", attachments=[sent]))
        assert again["seq"] == ok["seq"]
        for live, side in ((person, "person"), (colleague, "staff")):
            told = await heard(live, ok["seq"])
            assert [(each["id"], each["name"], each["size"]) for each in told] == [(sent, "mine.txt", 4)]
            assert told[0]["url"] == f"/api/v1/attachments/{sent}?side={side}"
    business = shop.owner.business_id
    before = [at.ready.get("cursors", {}).get(business) or at.ready["cursor"] for at in (person, colleague)]
    async with (
        await shop.listen(case.person, cursors={business: before[0]}) as person,
        await shop.listen(shop.bob, cursors={business: before[1]}) as colleague,
    ):
        for live in (person, colleague):
            assert [each["id"] for each in await heard(live, ok["seq"])] == [sent]


async def heard(live: Live, seq: int) -> list[Json]:
    """The attachments of the message of that number, once the event of it came."""
    async with asyncio.timeout(SECONDS):
        while True:
            for frame in live.heard:
                if frame.get("name") == "message_posted" and frame["seq"] == seq:
                    found: list[Json] = frame["body"]["attachments"]
                    return found
            await asyncio.sleep(0.01)
