"""A person comes to a business in one process while a screen of theirs is open in another."""

import asyncio
from typing import Any

import msgspec
import pytest

from shopbell.conversations import commands as conversing
from shopbell.kernel.database import open_database
from shopbell.kernel.desk import Desk
from shopbell.kernel.transaction import Transaction
from shopbell.live.hub import Hub
from shopbell.live.neighbours import Nobody
from shopbell.live.stream import Stream
from shopbell.loop import commands as loop
from shopbell.signin.actors import Person
from tests.desk_world import found
from tests.statements import WatchedDatabase

SECONDS = 10


class Wire:
    """A connection that takes everything."""

    writable_now = True

    def __init__(self) -> None:
        self.frames: list[Any] = []

    def put(self, text: bytes) -> None:
        put = msgspec.json.decode(text)
        self.frames += put if isinstance(put, list) else [put]

    def end(self, code: int, reason: str) -> None:
        raise AssertionError(reason)


class Neighbours(Nobody):
    """Other processes, of which this one hears nothing."""

    tell_apart = True


def join_and_open(tx: Transaction, person: Person, business_id: str) -> tuple[int, int]:
    """The numbers of the two events that the person heard of the business."""
    loop.join(tx, person, business_id)
    joined = tx.heads[business_id]
    conversing.open_as_person(tx, person, business_id)
    return joined, tx.heads[business_id]


@pytest.mark.parametrize("is_first", [True, False])
async def test_what_came_before_the_first_news_of_an_acquaintance_is_never_passed_over(
    database_url: str, is_first: bool
) -> None:
    desk, wire = Desk(open_database(database_url)), Wire()
    desk.start()
    try:
        world = await desk.do(None, found)
        person, business_id = world.people[-1], world.business_id
        hub = Hub(desk.epoch)
        stream = Stream(desk, hub, Neighbours(desk, hub), wire)  # type: ignore[arg-type]
        stream.subscribe(person)
        await stream.catch_up({}, behind=())
        joined, opened = await desk.do(business_id, join_and_open, person, business_id)
        stream.meet(business_id, (joined if is_first else opened) - 1)
        async with asyncio.timeout(SECONDS):
            while not wire.frames:
                await asyncio.sleep(0.01)
        if is_first:
            assert [frame["seq"] for frame in wire.frames] == [joined, opened]
        else:
            assert [frame["type"] for frame in wire.frames] == ["resync"]
        stream.unsubscribe()
    finally:
        await desk.stop()


async def test_coming_to_a_business_reads_the_log_of_that_one_alone(sqlite_url: str) -> None:
    database, wire = WatchedDatabase(open_database(sqlite_url)), Wire()
    desk = Desk(database)
    desk.start()
    try:
        worlds = [await desk.do(None, found) for _ in range(3)]
        person, (*known, new) = worlds[0].people[-1], [world.business_id for world in worlds]
        heads = {
            business_id: (await desk.do(business_id, join_and_open, person, business_id))[1] for business_id in known
        }
        hub = Hub(desk.epoch)
        stream = Stream(desk, hub, Neighbours(desk, hub), wire)  # type: ignore[arg-type]
        stream.subscribe(person)
        await stream.follow(known)
        await stream.catch_up(dict(heads), behind=())
        joined, _ = await desk.do(new, join_and_open, person, new)
        with database.watched() as asked:
            stream.meet(new, joined - 1)
            # What the others say meanwhile comes by itself.
            for business_id in known:
                stream.hear(business_id, heads[business_id] + 1, said(business_id))
            async with asyncio.timeout(SECONDS):
                while sum(frame["business_id"] == new for frame in wire.frames) < 2:
                    await asyncio.sleep(0.01)
            async with stream.catching_up:
                stream.unsubscribe()
        looked_at = {params.get("business_id", params.get("id")) for sql, params in asked if "event_" in str(sql)}
        assert looked_at == {new}
        assert [frame["business_id"] for frame in wire.frames if frame["business_id"] != new] == known
    finally:
        await desk.stop()


def said(business_id: str) -> bytes:
    return msgspec.json.encode({"business_id": business_id})
