"""The batch law: the same commands, cut into batches in any way, one by one or set-wise, leave the same data."""

import asyncio
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopbell.kernel import ids
from shopbell.kernel.database import Snapshot, open_database
from shopbell.kernel.desk import Desk
from shopbell.kernel.scope import of_business
from tests.kernel.notches import cut, cut_many, found_business, held_up, make_table, spoil

SHOPS = 2

Call = tuple[str, int, str]
Batches = list[list[Call]]

calls_strategy = st.lists(
    st.tuples(
        st.sampled_from(["cut", "set", "set", "set", "spoil"]),
        st.integers(0, SHOPS - 1),
        st.sampled_from(["ash", "oak"]),
    ),
    max_size=16,
)
cuts_strategy = st.sets(st.integers(1, 15))


@pytest.fixture
def played(database_url: str) -> Iterator[Callable[[Batches], Any]]:
    """One desk for all examples of a test; every play founds shops of its own there."""
    make_table(database_url)
    desk = Desk(open_database(database_url))
    with asyncio.Runner() as runner:
        runner.run(_started(desk))
        yield lambda batches: runner.run(_played(desk, batches))
        runner.run(desk.stop())


@given(calls=calls_strategy, first=cuts_strategy, second=cuts_strategy)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_split_into_batches_leaves_the_same_data(
    played: Callable[[Batches], Any], calls: list[Call], first: set[int], second: set[int]
) -> None:
    one_by_one = played([[call] for call in calls])
    assert played(_split(calls, first)) == one_by_one
    assert played(_split(calls, second)) == one_by_one
    assert played([calls]) == one_by_one


async def _started(desk: Desk) -> None:
    desk.start()


def _split(calls: list[Call], at: set[int]) -> Batches:
    edges = [0, *sorted(edge for edge in at if edge < len(calls)), len(calls)]
    return [calls[start:end] for start, end in pairwise(edges)]


async def _played(desk: Desk, batches: Batches) -> Any:
    """The outcomes of all calls, and what the shops then hold."""
    shops = [ids.new() for _ in range(SHOPS)]
    for shop in shops:
        await desk.do(shop, found_business, shop)
    outcomes: list[Any] = []
    for batch in batches:
        futures = []
        with held_up(desk):
            for kind, at, stick in batch:
                future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
                command, args = _command(kind, shops[at], stick)
                desk.send(shops[at], command, *args, done=future.set_result)
                futures.append(future)
        outcomes += [_plain(await future) for future in futures]
    return outcomes, await desk.read_for(of_business(*shops), _held, shops)


def _command(kind: str, shop: str, stick: str) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    if kind == "set":
        return cut_many, ((shop, stick),)
    return (cut, (shop, stick)) if kind == "cut" else (spoil, (shop,))


def _plain(outcome: Any) -> Any:
    return type(outcome).__name__ if isinstance(outcome, Exception) else outcome


def _held(read: Snapshot, shops: list[str]) -> list[Any]:
    return [
        (
            read.head(shop),
            read.rows("SELECT seq, name, body FROM event_log WHERE business_id = :id ORDER BY seq", id=shop),
            read.rows("SELECT stick, cut FROM notches WHERE business_id = :id ORDER BY stick, cut", id=shop),
        )
        for shop in shops
    ]
