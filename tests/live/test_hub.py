"""The hub: quiet listeners are moved on, and nobody is told twice where they stand."""

import msgspec

from shopbell.kernel.cursors import cursor
from shopbell.live.hub import Hub
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
    hub.tell_cursors()
    assert person.frames == [{"type": "cursor", "business_id": "b", "cursor": cursor("epoch", "b", 5)}]
    assert len(staff.frames) == 2


async def test_who_stands_at_the_head_is_not_told_again() -> None:
    hub = Hub("epoch")
    person = Screen("p", {"b": 3})
    hub.add_person("p", person)
    hub.tell([staff_event(4)])
    for _ in range(3):
        hub.tell_cursors()
    assert len(person.frames) == 1


async def test_who_left_hears_nothing() -> None:
    hub = Hub("epoch")
    staff = Screen("s", {"b": 3})
    hub.add_staff("b", staff)
    hub.remove(staff, "b")
    hub.tell([staff_event(4)])
    hub.tell_cursors()
    assert staff.frames == []
