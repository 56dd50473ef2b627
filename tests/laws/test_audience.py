"""The audience law: what staff say and do among themselves is in no frame or answer that a person ever gets."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given

from shopbell.kernel.events import Audience
from shopbell.signin.actors import Person
from tests.desk_world import ANN, LAST_NAME, PEOPLE, Step, World, found, play, settled
from tests.laws.conftest import Bench
from tests.laws.fold import PERSON
from tests.laws.screens import fetched, listening, missed
from tests.laws.steps import enough, lives
from tests.signin.asking import Api, running

# In every note a step leaves; a note that goes with a transfer; the name by which colleagues call each other.
SECRETS = (b"Secret", b"Handed on", LAST_NAME.encode())
FORBIDDEN_FIELDS = {"ticket_id", "holder", "priority", "outcome", "waiting", "unclaimed", "by", "last_line"}
TICKET_ID_IS_THEIRS = {"feedback_requested", "feedback_recalled", "feedback_given"}


@given(steps=lives)
@enough(smoke=240, short=5_000, long=50_000)
def test_a_person_hears_and_reads_only_what_was_said_to_them(bench: Bench, steps: list[Step]) -> None:
    bench.run(_overheard(bench, steps))


async def _overheard(bench: Bench, steps: list[Step]) -> None:
    world = await bench.desk.do(None, found)
    await play(bench.desk, world, [Step("post", ANN, 0, 1), Step("note", ANN, 0, 0)])
    with listening(bench.hub, world.people) as ears:
        await play(bench.desk, world, steps)
        await settled(bench.desk)
        for person, ear in zip(world.people, ears, strict=True):
            resumed = await missed(bench.desk, person, world.business_id, 0)
            answers = await bench.desk.read(fetched, person, world.business_id)
            for frame in [*ear.taken(), *resumed]:
                _check_frame(world, person, frame)
            for secret in SECRETS:
                assert secret not in msgspec.json.encode([ear.heard, resumed, answers])
    for ear in ears:
        ear.heard.clear()


def _check_frame(world: World, person: Person, frame: Any) -> None:
    assert frame["name"] in PERSON
    raw = msgspec.json.encode(frame)
    others = [each for each in world.people if each.id != person.id]
    for stranger in others:
        assert stranger.id.encode() not in raw
        assert stranger.last_name.encode() not in raw
    for secret in SECRETS:
        assert secret not in raw
    if frame["name"] not in TICKET_ID_IS_THEIRS:
        assert not FORBIDDEN_FIELDS & frame["body"].keys()
