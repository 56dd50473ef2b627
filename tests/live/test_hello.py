"""How a stream begins: who may open one, and where it starts."""

import asyncio
from typing import Any

import httpx
import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.faults.clients import Json, Live
from tests.faults.town import PASSWORD
from tests.shop import Case, Shop, small

SECONDS = 5


async def open_raw(shop: Shop, **headers: str) -> ClientConnection:
    """A connection that has not said hello."""
    return await connect(
        shop.server.ws_url, compression=None, proxy=None, additional_headers=headers, open_timeout=SECONDS
    )


async def tell(socket: ClientConnection, frame: Any) -> None:
    await socket.send(msgspec.json.encode(frame).decode())


async def answer(socket: ClientConnection) -> Json:
    """The first object of the next frame."""
    async with asyncio.timeout(SECONDS):
        frame = msgspec.json.decode(await socket.recv())
    first: Json = frame[0] if isinstance(frame, list) else frame
    return first


async def closed(socket: ClientConnection) -> int | None:
    """The code with which the server closes, whatever it says before."""
    async with asyncio.timeout(SECONDS):
        try:
            while True:
                await socket.recv()
        except ConnectionClosed:
            return socket.close_code


async def cookie(shop: Shop, side: str, email: str) -> str:
    """The cookie of a page that signed in."""
    path = "/api/v1/staff/sessions" if side == "staff" else "/api/v1/people/sessions"
    async with httpx.AsyncClient(base_url=shop.server.url, trust_env=False) as browser:
        headers = {"Shopbell-Side": side, "Origin": shop.server.url}
        answered = await browser.post(path, json={"email": email, "password": PASSWORD}, headers=headers)
    assert answered.status_code == 201, answered.text
    return str(answered.headers["set-cookie"]).split(";", 1)[0]


async def test_a_token_says_who_listens(shop: Shop) -> None:
    case = await shop.case()
    staff, person = await shop.listen(shop.ann), await shop.listen(case.person)
    assert staff.ready.keys() == {"type", "cursor"}
    assert person.ready["cursors"].keys() == {shop.owner.business_id}
    for live in (staff, person):
        await live.close()


@pytest.mark.parametrize("hello", [{"token": "x" * 43}, {"token": ""}, {}, {"token": None, "as": "staff"}])
async def test_nobody_listens_without_credentials(shop: Shop, hello: Json) -> None:
    socket = await open_raw(shop)
    await tell(socket, {"type": "hello", **hello})
    assert await closed(socket) == 1008


async def test_a_token_of_the_other_side_is_not_taken(shop: Shop) -> None:
    person = await shop.town.person()
    for actor, side in ((shop.ann, "person"), (person, "staff")):
        socket = await open_raw(shop)
        await tell(socket, {"type": "hello", "token": actor.token, "as": side})
        assert await closed(socket) == 1008


async def test_a_page_says_hello_by_its_cookie_and_names_its_side_when_it_has_two(shop: Shop) -> None:
    person = await shop.town.person()
    both = "; ".join([await cookie(shop, "staff", shop.owner.email), await cookie(shop, "person", person.email)])
    for side, key in (("staff", "cursor"), ("person", "cursors")):
        socket = await open_raw(shop, Cookie=both, Origin=shop.server.url)
        await tell(socket, {"type": "hello", "as": side})
        ready = await answer(socket)
        assert (ready["type"], key in ready) == ("ready", True)
        await socket.close()
    socket = await open_raw(shop, Cookie=both, Origin=shop.server.url)
    await tell(socket, {"type": "hello"})
    assert await closed(socket) == 1008


async def test_a_page_that_names_its_actor_hears_nothing_of_another(shop: Shop) -> None:
    nell, ada = await shop.town.person(), await shop.town.person()
    carried = await cookie(shop, "person", ada.email)
    for meant, first in ((ada.id, "ready"), (nell.id, None)):
        socket = await open_raw(shop, Cookie=carried, Origin=shop.server.url)
        await tell(socket, {"type": "hello", "as": "person", "actor": meant})
        if first is None:
            assert await closed(socket) == 1008
        else:
            assert (await answer(socket))["type"] == first
            await socket.close()


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "", "file://"])
async def test_a_page_of_another_site_does_not_get_in(shop: Shop, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        await open_raw(shop, Origin=origin)
    assert refusal.value.response.status_code == 403


@pytest.mark.parametrize(
    ("frame", "codes"),
    [
        ("not json", {1007}), ("[", {1003, 1007}), ("", {1007}), ("5", {1003, 1007}), ("[]", {1003, 1007}),
        ('{"type":"dance"}', {1003}), ('{"no":"type"}', {1003}), ('{"type":"hello","as":"root"}', {1003}),
        ('{"type":"hello","cursors":5}', {1003}), ('{"type":"hello","x":1}', {1003}),
        (b"\x00", {1003}), ("[" * 100_000, {1003, 1007}), ("x" * (256 * 1024 + 1), {1009}),
        ('{"type":"mark_read","ref":"r","conversation_id":"c","seq":1}', {1008}),
    ],
)  # fmt: skip
async def test_whatever_else_comes_first_closes_the_socket(shop: Shop, frame: str | bytes, codes: set[int]) -> None:
    socket = await open_raw(shop)
    await socket.send(frame)
    assert await closed(socket) in codes


async def test_a_second_hello_closes_the_socket(shop: Shop) -> None:
    live = await shop.listen(shop.ann)
    await live.say(msgspec.json.encode({"type": "hello", "token": shop.ann.token}).decode())
    assert await live.closed(seconds=SECONDS) == 1008


async def test_an_unknown_address_has_no_socket(shop: Shop) -> None:
    with pytest.raises(InvalidStatus):
        await connect(shop.server.ws_url + "/else", proxy=None)


async def heard(live: Live, until: str, seconds: float = SECONDS) -> list[Json]:
    """All frames up to the first event of that name."""
    async with asyncio.timeout(seconds):
        while not any(frame.get("name") == until for frame in live.heard):
            await asyncio.sleep(0.01)
    return live.heard


async def test_without_a_cursor_the_stream_starts_now(shop: Shop) -> None:
    shop = await small(shop)
    case = await shop.case("Before")
    async with await shop.listen(shop.owner) as live:
        assert live.ready["cursor"] == (await shop.done(shop.owner, "GET", "/desk"))["cursor"]
        await shop.say(case.person, case.conversation, "After")
        assert [frame["body"]["text"] for frame in await heard(live, "message_posted")] == ["After"]


async def test_a_cursor_brings_all_that_followed_once_and_in_order(shop: Shop) -> None:
    shop = await small(shop)
    start = (await shop.done(shop.owner, "GET", "/desk"))["cursor"]
    case = await shop.case()
    for by in (case.person, shop.owner):
        await shop.say(by, case.conversation)
    await shop.close(shop.owner, case)
    async with await shop.listen(shop.owner, cursors={shop.owner.business_id: start}) as live:
        assert live.ready == {"type": "ready", "cursor": start}
        await shop.say(case.person, case.conversation, "Again")
        async with asyncio.timeout(SECONDS):
            while sum(frame["name"] == "message_posted" for frame in live.heard) < 5:
                await asyncio.sleep(0.01)
        frames = live.heard
    assert [frame["name"] for frame in frames][:4] == [
        "ticket_opened", "waiting_changed", "message_posted", "message_posted"
    ]  # fmt: skip
    seqs = [frame["seq"] for frame in frames]
    assert seqs == sorted(set(seqs))
    assert {frame["business_id"] for frame in frames} == {shop.owner.business_id}
    for at, frame in enumerate(frames):
        async with await shop.listen(shop.owner, cursors={shop.owner.business_id: frame["cursor"]}) as again:
            await shop.done(shop.owner, "GET", "/desk")
            assert [each["seq"] for each in (await missed(again, len(frames) - at - 1))] == seqs[at + 1 :]


async def missed(live: Live, count: int) -> list[Json]:
    async with asyncio.timeout(SECONDS):
        while len(live.heard) < count:
            await asyncio.sleep(0.01)
    return live.heard


async def test_staff_may_send_their_one_cursor_alone(shop: Shop) -> None:
    shop = await small(shop)
    start = (await shop.done(shop.owner, "GET", "/desk"))["cursor"]
    await shop.case()
    socket = await open_raw(shop)
    await tell(socket, {"type": "hello", "token": shop.owner.token, "cursor": start})
    assert await answer(socket) == {"type": "ready", "cursor": start}
    await socket.close()


async def bad_cursors(case: Case, good: str) -> list[str]:
    epoch, _, number = good.partition("-")
    return ["", "x", "-", number, f"{epoch}-", f"{epoch}--1", f"{epoch}-{int(number) + 1_000}", f"{epoch}-{'9' * 18}",
            f"{epoch}-{'9' * 40}", f"0{epoch}-{number}", f"{epoch}-{number}.5", "é", "\u0661"]  # fmt: skip


async def test_a_person_has_to_say_whose_cursor_it_is(shop: Shop) -> None:
    case = await shop.case()
    async with await open_raw(shop) as socket:
        await tell(socket, {"type": "hello", "token": case.person.token, "cursor": "0"})
        assert await closed(socket) == 1003


async def test_a_cursor_that_cannot_be_served_is_answered_by_resync_after_ready(shop: Shop) -> None:
    shop = await small(shop)
    case = await shop.case()
    good = (await shop.done(shop.owner, "GET", "/desk"))["cursor"]
    for actor in (shop.owner, case.person):
        for bad in await bad_cursors(case, good):
            async with await shop.listen(actor, cursors={shop.owner.business_id: bad}) as live:
                await missed(live, 1)
                resync = live.heard[0]
                assert resync == {"type": "resync", "business_id": shop.owner.business_id, "cursor": resync["cursor"]}
                assert live.ready in (
                    {"type": "ready", "cursor": resync["cursor"]},
                    {"type": "ready", "cursors": {shop.owner.business_id: resync["cursor"]}},
                ), bad
                said = await shop.say(case.person, case.conversation, "Heard?")
                frames = await heard(live, "message_posted")
                assert [frame.get("seq") for frame in frames[1:]] == [said["seq"]]
        good = (await shop.done(shop.owner, "GET", "/desk"))["cursor"]


async def test_cursors_of_strange_businesses_are_nobodys_business(shop: Shop) -> None:
    person, stranger = await shop.town.person(), await shop.town.owner()
    cursors = {stranger.business_id: "x", "0" * 32: "x", "\0": "x", "nonsense": "x"}
    async with await shop.listen(person, cursors=cursors) as live:
        assert live.ready == {"type": "ready", "cursors": {}}
    async with await shop.listen(shop.ann, cursors=cursors) as live:
        assert live.ready["cursor"]
