"""The hub: quiet listeners are moved on, and nobody is told twice where they stand."""

import asyncio

import msgspec

from shopbell.kernel.cursors import cursor
from shopbell.live.hub import LISTENERS_AT_ONCE, Hub
from shopbell.live.told import Told
from tests.faults.clients import Json


class Screen:
    """An open screen that heard everything up to some number."""

    def __init__(self, actor_id: str, told: dict[str, int]) -> None:
        self.actor_id = actor_id
        self.told = told
        self.frames: list[Json] = []

    def hear(self, business_id: str, seq: int, frame: bytes) -> None:
        self.told[business_id] = seq
        self.frames.append(msgspec.json.decode(frame))

    def hear_now(self, frame: bytes) -> None:
        """What has no place in the stream."""

    def flush(self) -> None:
        pass


def staff_event(seq: int) -> Told:
    """Something no person hears of."""
    return Told("b", seq, to_staff=msgspec.json.encode({"seq": seq}))


async def test_a_quiet_listener_is_moved_past_what_was_not_for_them() -> None:
    hub = Hub("epoch")
    person, staff = Screen("p", {"b": 3}), Screen("s", {"b": 3})
    hub.add_person("p", person)
    hub.add_staff("b", staff)
    hub.tell([staff_event(4), staff_event(5)])
    assert [frame["seq"] for frame in staff.frames] == [4, 5]
    assert person.frames == []
    await hub.tell_cursors()
    assert person.frames == [{"type": "cursor", "business_id": "b", "cursor": cursor("epoch", "b", 5)}]
    assert len(staff.frames) == 2


async def test_who_stands_at_the_head_is_not_told_again() -> None:
    hub = Hub("epoch")
    person = Screen("p", {"b": 3})
    hub.add_person("p", person)
    hub.tell([staff_event(4)])
    for _ in range(3):
        await hub.tell_cursors()
    assert len(person.frames) == 1


async def test_who_left_hears_nothing() -> None:
    hub = Hub("epoch")
    staff = Screen("s", {"b": 3})
    hub.add_staff("b", staff)
    hub.remove(staff, "b")
    hub.tell([staff_event(4)])
    await hub.tell_cursors()
    assert staff.frames == []


async def test_a_crowd_is_moved_on_with_room_for_other_work_and_never_back() -> None:
    hub = Hub("epoch")
    people = [Screen(f"p{at}", {"b": 3}) for at in range(3 * LISTENERS_AT_ONCE)]
    for person in people:
        hub.add_person(person.actor_id, person)
    hub.tell([staff_event(4)])
    telling = asyncio.ensure_future(hub.tell_cursors())
    await asyncio.sleep(0)
    assert 0 < sum(bool(person.frames) for person in people) <= LISTENERS_AT_ONCE
    hub.tell([Told("b", 5, person_id=person.actor_id, to_person=b'{"seq": 5}') for person in people[-1:]])
    await telling
    at_four = {"type": "cursor", "business_id": "b", "cursor": cursor("epoch", "b", 4)}
    assert all(person.frames == [at_four] for person in people[:-1])
    assert people[-1].frames == [{"seq": 5}]
