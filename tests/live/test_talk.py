"""Processes that tell each other who is at the desk fall silent when nothing changes."""

import asyncio

from shopbell.live.hub import Hub
from shopbell.live.presence import PAUSE_SECONDS, Colleagues, Presence
from shopbell.staff.actors import Staff
from shopbell.staff.rules import Role


class Screen:
    """An open screen of staff, which keeps what it is told."""

    def __init__(self, actor_id: str) -> None:
        self.actor_id = actor_id
        self.told: dict[str, int] = {}
        self.frames: list[bytes] = []

    def hear(self, business_id: str, seq: int, frame: bytes) -> None: ...

    def hear_now(self, frame: bytes) -> None:
        self.frames.append(frame)

    def flush(self) -> None: ...


def staff(id: str) -> Staff:
    return Staff(id, "b", Role.AGENT, f"login of {id}", "Sam", "Field", f"session of {id}")


async def test_two_processes_say_once_who_is_there_and_then_nothing() -> None:
    said = 0
    processes: list[Presence] = []

    def says(number: int) -> Presence:
        def say(business_id: str, colleagues: Colleagues, asks: bool) -> None:
            nonlocal said
            said += 1
            processes[1 - number].heard(business_id, str(number), colleagues, asks=asks)

        return Presence(hubs[number], say)

    hubs = [Hub("epoch"), Hub("epoch")]
    processes += [says(0), says(1)]
    screens = [Screen("ann"), Screen("bob")]
    for hub, process, screen in zip(hubs, processes, screens, strict=True):
        hub.add_staff("b", screen)
        process.enter(screen, staff(screen.actor_id))
    await asyncio.sleep(4 * PAUSE_SECONDS)
    settled = said
    assert [len(screen.frames) for screen in screens] == [1, 1]
    await asyncio.sleep(6 * PAUSE_SECONDS)
    assert said == settled
