"""G3: a client that reconnects with its cursor gets every event it may see once, in order, without a gap."""

import asyncio
import random
from collections.abc import Callable, Mapping
from typing import Any

from tests.faults.clients import Api, Live, Through
from tests.faults.crowd import Crowd, caught_up, gathered
from tests.faults.history import BrokenPromise, Heard, check_messages, check_stream
from tests.faults.load import Listener
from tests.faults.proxy import CuttingProxy, Fault
from tests.faults.sizes import figure
from tests.faults.town import Town
from tests.running import Service

DELIVERIES = figure(smoke=6_000, short=200_000, long=10_000_000)
STAFF_SCREENS = figure(smoke=6, short=20, long=20)
CUSTOMERS = 6
RESTLESS_SCREENS = 4
COMINGS = figure(smoke=400, short=4_000, long=200_000)
LOAD_SECONDS = figure(smoke=60, short=600, long=36_000)
FOR_PEOPLE = frozenset({
    "message_posted", "message_withdrawn", "messages_read", "messages_delivered", "feedback_requested",
    "feedback_given", "member_joined", "member_left",
})  # fmt: skip


def trouble(seed: int) -> Callable[[int], Fault]:
    """A plan in which most connections meet an early end, each in its own way."""

    def plan(number: int) -> Fault:
        chance = random.Random(seed * 1_000_003 + number)
        return chance.choice([
            Fault(cut_down=chance.randrange(50, 60_000)),
            Fault(cut_down=chance.randrange(50, 60_000), delay_seconds=chance.uniform(0, 0.03)),
            Fault(cut_up=chance.randrange(50, 900)),
            Fault(hole_down=chance.randrange(200, 40_000)),
            Fault(drop_down=chance.randrange(200, 40_000)),
        ])  # fmt: skip

    return plan


async def test_screens_behind_a_cutting_proxy_miss_nothing_and_hear_nothing_twice(
    server: Service, api: Api, town: Town
) -> None:
    crowd = await gathered(town, customers=CUSTOMERS, agents=2, pause_seconds=0.02)
    business = crowd.owner.business_id
    people = [sender.author for sender in crowd.senders if sender.author.side == "person"]
    watchers = [crowd.owner, *people]
    plain = {actor.id: Listener(actor, f"{actor.name}, uncut") for actor in watchers}
    async with (
        CuttingProxy(_port(server), trouble(1)) as listened,
        CuttingProxy(_port(server), trouble(2)) as spoken,
    ):
        cut = [
            *(Listener(crowd.owner, f"screen {n}", silence_seconds=0.5) for n in range(STAFF_SCREENS)),
            *(Listener(person, f"{person.name}, cut", silence_seconds=0.5) for person in people),
        ]
        tasks = [asyncio.create_task(one.run(server)) for one in plain.values()]
        tasks += [asyncio.create_task(one.run(Through(listened.port))) for one in cut]
        await asyncio.wait_for(asyncio.gather(*(one.ready.wait() for one in (*plain.values(), *cut))), 30)
        async with Api(Through(spoken.port), timeout_seconds=2) as cut_api:
            crowd.start(Through(spoken.port), cut_api)
            async with asyncio.timeout(LOAD_SECONDS):
                while sum(len(one.heard) for one in cut) < DELIVERIES:
                    await asyncio.sleep(0.1)
            await crowd.settled()
        threads = await crowd.threads(api, crowd.owner.token)
        for one in (*plain.values(), *cut):
            await caught_up(one, business, _last_seq(one, crowd, threads, people))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    check_messages("G3", crowd.history.sends(), threads)
    for actor in watchers:
        _check_reference(plain[actor.id], business, threads)
    for one in cut:
        _check_same(one, plain[one.actor.id], business)
    if cuts := [one.name for one in cut if one.connections < 3]:
        raise BrokenPromise("G3", "screens that were hardly cut", cuts)


async def test_screens_that_come_and_go_under_load_hear_each_event_once(server: Service, api: Api, town: Town) -> None:
    crowd = await gathered(town, customers=12, agents=2)
    business = crowd.owner.business_id
    quiet = await crowd.threads(api, crowd.owner.token)
    # So short a stay that commits, catching up and going live meet in every order.
    restless = [
        Listener(crowd.owner, f"restless screen {number}", stay_seconds=(0.0, 0.05))
        for number in range(RESTLESS_SCREENS)
    ]
    listening = [asyncio.create_task(one.run(server)) for one in restless]
    await asyncio.gather(*(one.ready.wait() for one in restless))
    crowd.start(server, api)
    async with asyncio.timeout(LOAD_SECONDS):
        while sum(one.connections for one in restless) < COMINGS:
            await asyncio.sleep(0.1)
    await crowd.settled()
    threads = await crowd.threads(api, crowd.owner.token)
    before = {m["seq"] for thread in quiet.values() for m in thread}
    said = {m["seq"] for thread in threads.values() for m in thread} - before
    for one in restless:
        await caught_up(one, business, max(said))
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    for one in restless:
        posted = [h for h in one.of(business) if h.name == "message_posted"]
        check_stream("G3", one.name, posted, dict.fromkeys(said, "message_posted"))
        if one.resyncs:
            raise BrokenPromise("G3", "resyncs of cursors the log still holds", one.resyncs)


async def test_a_cursor_that_cannot_be_served_is_answered_by_one_resync_and_the_stream_goes_on(
    server: Service, town: Town
) -> None:
    busy, quiet = await town.owner(), await town.owner()
    customer, conversation = await town.customer(busy.business_id)
    quiet_customer, quiet_conversation = await town.customer(quiet.business_id)
    for number in range(20):
        await town.post(customer, conversation, f"message {number}")
    async with await Live.open(server, busy.token) as live:
        beyond_the_head = live.ready["cursor"]
    for number, stale in enumerate(("garbage", "", "-1", "0-0-0", "💥", "9" * 60, beyond_the_head)):
        text = f"after resync {number}"
        async with await Live.open(server, quiet.token, cursors={quiet.business_id: stale}) as live:
            await town.post(quiet_customer, quiet_conversation, text)
            await _hears(live, text)
            first, kinds = live.heard[0], [frame["type"] for frame in live.heard]
            if kinds.count("resync") != 1 or first["type"] != "resync" or first["business_id"] != quiet.business_id:
                raise BrokenPromise("G3", f"answers to the cursor {stale!r} that are no one resync", live.heard)
        async with await Live.open(server, quiet.token, cursors={quiet.business_id: first["cursor"]}) as live:
            await _hears(live, text)
            assert all(frame["type"] != "resync" for frame in live.heard), live.heard


def _check_reference(plain: Listener, business: str, threads: Mapping[str, list[dict[str, Any]]]) -> None:
    """A screen that was never cut must agree with what the conversations say."""
    heard = plain.of(business)
    mine = {seq for seq in (m["seq"] for thread in threads.values() for m in thread) if heard and seq >= heard[0].seq}
    if plain.actor.side == "person":
        strangers = [h for h in heard if h.name not in FOR_PEOPLE]
        if strangers:
            raise BrokenPromise("G3", "staff events heard by a person", strangers)
        own = {h.body["conversation_id"] for h in heard if "conversation_id" in h.body}
        mine = {m["seq"] for c in own for m in threads[c] if m["seq"] >= heard[0].seq}
    posted = [h for h in heard if h.name == "message_posted"]
    check_stream("G3", plain.name, posted, dict.fromkeys(sorted(mine), "message_posted"))


def _check_same(cut: Listener, plain: Listener, business: str) -> None:
    if cut.resyncs:
        raise BrokenPromise("G3", "resyncs of cursors the log still holds", cut.resyncs)
    expected = {h.seq: h for h in plain.of(business)}
    heard = cut.of(business)
    check_stream("G3", cut.name, heard, {seq: h.name for seq, h in expected.items()})
    if altered := [h for h in heard if _visible(h) != _visible(expected[h.seq])]:
        raise BrokenPromise("G3", "altered", altered)


def _visible(event: Heard) -> tuple[str, str, dict[str, Any]]:
    return event.name, event.cursor, dict(event.body)


def _last_seq(one: Listener, crowd: Crowd, threads: Mapping[str, list[dict[str, Any]]], people: list[Any]) -> int:
    if one.actor.side == "staff":
        return int(max(m["seq"] for thread in threads.values() for m in thread))
    conversation = next(s.conversation_id for s in crowd.senders if s.author.id == one.actor.id)
    return int(threads[conversation][-1]["seq"])


def _text(frame: Mapping[str, Any]) -> str | None:
    return frame["body"].get("text") if frame["type"] == "event" else None


async def _hears(live: Live, text: str) -> None:
    """Wait until that message was heard."""
    async with asyncio.timeout(10):
        while not any(_text(frame) == text for frame in live.heard):
            await asyncio.sleep(0.01)


def _port(server: Service) -> int:
    return int(server.url.rsplit(":", 1)[1])
