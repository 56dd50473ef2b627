"""The snapshot law: what was fetched before, folded with what was heard since, is what would be fetched now."""

from collections.abc import Sequence
from functools import reduce
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shopbell.conversations import queries as conversations
from shopbell.kernel.database import Snapshot
from shopbell.signin.actors import Person
from shopbell.staff.actors import Staff
from tests.desk_world import ANN, OWNER, Step, World, found, play, settled
from tests.laws import fold, screens
from tests.laws.conftest import Bench
from tests.laws.fold import Json
from tests.laws.screens import every_page, fetched, listening, missed
from tests.laws.steps import enough, lives


@given(steps=lives, stops=st.lists(st.integers(2, 12), min_size=4, max_size=4))
@enough(smoke=320, short=5_000, long=50_000)
def test_a_snapshot_and_the_events_after_it_are_the_next_snapshot(
    bench: Bench, steps: list[Step], stops: list[int]
) -> None:
    bench.run(_lived(bench, steps, stops))


async def _lived(bench: Bench, steps: list[Step], stops: list[int]) -> None:
    desk = bench.desk
    world = await desk.do(None, found)
    actors: list[Staff | Person] = [world.staff[OWNER], world.staff[ANN], *world.people]
    with listening(bench.hub, actors) as ears:
        states = [await desk.read(fetched, actor, world.business_id) for actor in actors]
        for batch in _cut(steps, stops):
            await play(desk, world, batch)
            await settled(desk)
            for at, ear in enumerate(ears):
                live = ear.taken()
                resumed = await missed(desk, ear.actor, world.business_id, states[at]["seq"])
                now = await desk.read(fetched, ear.actor, world.business_id)
                assert resumed == [_as_told_later(frame, now) for frame in live]
                for frames in (live, resumed):
                    assert {**_folded(ear.actor, states[at], frames), "seq": now["seq"]} == now
                states[at] = now
    await desk.read_for(world.staff[OWNER].scope, _check_panels, world, states[1])
    for person, state in zip(world.people, states[2:], strict=True):
        await desk.read(_check_list, person, state)


def _cut(steps: Sequence[Step], stops: Sequence[int]) -> list[Sequence[Step]]:
    edges = [0, *(sum(stops[: at + 1]) for at in range(len(stops)))]
    return [steps[start:end] for start, end in zip(edges, [*edges[1:], len(steps)], strict=True)]


def _folded(actor: Person | Staff, state: Json, frames: list[Json]) -> Json:
    folding = fold.for_staff if isinstance(actor, Staff) else fold.for_person
    return reduce(folding, frames, state)


def _as_told_later(frame: Json, now: Json) -> Json:
    """A message withdrawn since is quoted nowhere any more; everything else is word for word as it was told live."""
    body = frame["body"]
    if frame["name"] == "message_posted":
        return {**frame, "body": now["threads"][body["conversation_id"]][body["seq"]]}
    if "tickets" in body and frame["name"] == "tickets_pulled":
        return {**frame, "body": {**body, "tickets": [_as_quoted_later(ticket, now) for ticket in body["tickets"]]}}
    return {**frame, "body": _as_quoted_later(body, now)}


def _as_quoted_later(ticket: Json, now: Json) -> Json:
    """A ticket as an event carries it, or anything else, which is left as it is."""
    last = now["threads"].get(ticket.get("conversation_id"), {}).get(ticket.get("last_seq"))
    return {**ticket, "last_line": ""} if last and "withdrawn_at" in last else ticket


def _check_panels(read: Snapshot, world: World, state: Json) -> None:
    """The panel drawn from the folded state has the rows of the server's, in every filter and order."""
    ann = world.staff[ANN]
    holders = (None, "me", "none", world.staff[OWNER].id)
    for (shown, holder, priority, sort), rows in screens.panels(read, ann, holders).items():
        drawn = fold.panel(
            state["tickets"].values(), me=ann.id, state=shown, holder=holder, priority=priority, sort=sort
        )
        assert drawn == rows, (shown, holder, priority, sort)


def _check_list(read: Snapshot, person: Person, state: Json) -> None:
    def ask(after: str | None) -> Any:
        return conversations.conversations(read, person, limit=screens.LIMIT, after=after)

    assert fold.recent(state["conversations"].values()) == [item["id"] for item in every_page(ask)]


def test_an_event_that_is_in_the_snapshot_already_changes_nothing(bench: Bench) -> None:
    async def lived() -> None:
        world = await bench.desk.do(None, found)
        steps = [Step("post", ANN, at, how) for at in range(3) for how in (1, 2)]
        await play(bench.desk, world, [*steps, Step("note", ANN, 0, 0), Step("close", ANN, 0, 7)])
        for actor in (world.staff[ANN], world.people[0]):
            now = await bench.desk.read(fetched, actor, world.business_id)
            frames = await missed(bench.desk, actor, world.business_id, 0)
            assert len(frames) > 1
            assert _folded(actor, now, frames) == now

    bench.run(lived())
