"""The batch law: the same commands, cut into batches in any way, leave the same data and the same outcomes."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from shopbell.conversations.rules import Sent
from shopbell.kernel.database import Row, Snapshot
from tests.desk_world import OWNER, Step, World, found, play
from tests.laws.conftest import Bench
from tests.laws.steps import STEPS_IN_AN_EXAMPLE, enough, lives

cuts = st.sets(st.integers(1, STEPS_IN_AN_EXAMPLE - 1))

HEX = re.compile(r"[0-9a-f]{32}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
# A time is some 1.8e15 microseconds; no number of an event or ticket comes near.
EARLIEST = 10**15

# What belongs to a shop, each table in an order that says nothing about when its rows were written.
TABLES = {
    "event_log": "seq",
    "event_heads": "business_id",
    "messages": "seq",
    "attachments": "created_at, author_id, conversation_id",
    "tickets": "number",
    "ticket_history": "seq, ticket_id",
    "ticket_closures": "seq",
    "notes": "seq",
    "desk_counters": "business_id",
    "conversations": "id",
    "contacts": "person_id",
    "staff": "id",
    "sessions": "subject_id",
}


@given(steps=lives, first=cuts, second=cuts)
@enough(smoke=240, short=5_000, long=50_000)
def test_any_split_into_batches_leaves_the_same_data(
    bench: Bench, steps: list[Step], first: set[int], second: set[int]
) -> None:
    splits = [_split(steps, set(range(len(steps)))), _split(steps, first), _split(steps, second), [steps]]
    one_by_one, *others = [bench.run(_played(bench, batches)) for batches in splits]
    for other in others:
        assert other == one_by_one


def _split(steps: list[Step], at: set[int]) -> list[list[Step]]:
    edges = [0, *sorted(at - {0}), len(steps)]
    return [steps[start:end] for start, end in pairwise(edges)]


async def _played(bench: Bench, batches: Sequence[list[Step]]) -> tuple[list[Any], dict[str, list[Any]]]:
    """The outcomes of all steps, and the shop's tables after them, in words that two shops have in common."""
    world = await bench.desk.do(None, found)
    outcomes = [outcome for batch in batches for outcome in await play(bench.desk, world, batch)]
    return await bench.desk.read_for(world.staff[OWNER].scope, _told, world, outcomes)


def _told(read: Snapshot, world: World, outcomes: list[Any]) -> tuple[list[Any], dict[str, list[Any]]]:
    names = _Names(world)
    tables = {table: [names.row(row) for row in _rows(read, table, order, world)] for table, order in TABLES.items()}
    return [names.value(_plain(outcome)) for outcome in outcomes], tables


def _rows(read: Snapshot, table: str, order: str, world: World) -> list[Row]:
    return read.rows(f"SELECT * FROM {table} WHERE business_id = :id ORDER BY {order}", id=world.business_id)


def _plain(outcome: Any) -> Any:
    if isinstance(outcome, Exception):
        return type(outcome).__name__, str(outcome)
    if isinstance(outcome, Sent):
        return msgspec.structs.astuple(outcome)
    return msgspec.to_builtins(outcome)


class _Names:
    """Random ids get names in the order in which they turn up; times are left out, as they tell batches apart."""

    def __init__(self, world: World) -> None:
        self._names: dict[str, str] = {}
        for id_ in (world.business_id, *(s.id for s in world.staff), *(p.id for p in world.people)):
            self._name(id_)
        for id_ in world.conversations:
            self._name(id_)

    def row(self, row: Row) -> list[Any]:
        return [self.value(value) for value in row]

    def value(self, value: Any) -> Any:
        if isinstance(value, str):
            return INSTANT.sub("then", HEX.sub(lambda found: self._name(found[0]), value))
        if isinstance(value, int) and value > EARLIEST:
            return "then"
        if isinstance(value, (list, tuple)):
            return [self.value(each) for each in value]
        if isinstance(value, dict):
            return {key: self.value(each) for key, each in value.items()}
        return value

    def _name(self, id_: str) -> str:
        return self._names.setdefault(id_, f"id {len(self._names)}")
