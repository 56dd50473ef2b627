"""Questions asked at once are answered together, each by a snapshot of after it was asked."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from shopbell.kernel.database import Snapshot, open_database
from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import Stopping
from shopbell.kernel.gathering import AT_ONCE, Gathered
from shopbell.kernel.scope import HOUSE
from shopbell.kernel.transaction import Transaction

pytestmark = pytest.mark.anyio


class Counter:
    """Answers each number with its double, and with what the store holds by then."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def __call__(self, read: Snapshot, numbers: Sequence[int]) -> list[tuple[int, str]]:
        self.asked.append(len(numbers))
        held = str(read.value("SELECT value FROM store WHERE name = 'epoch'"))
        return [(2 * number, held) for number in numbers]


def rename(tx: Transaction, value: str) -> None:
    tx.run("UPDATE store SET value = :value WHERE name = 'epoch'", value=value)


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    desk = Desk(open_database(database_url))
    desk.start()
    yield desk
    await desk.stop()


async def test_a_crowd_is_answered_by_few_reads_and_each_gets_its_own_answer(desk: Desk) -> None:
    query = Counter()
    gathered = Gathered(desk, HOUSE, query)
    answers = await asyncio.gather(*(gathered.ask(number) for number in range(2 * AT_ONCE + 1)))
    assert [double for double, _ in answers] == [2 * number for number in range(2 * AT_ONCE + 1)]
    assert query.asked == [AT_ONCE, AT_ONCE, 1]


async def test_an_answer_holds_what_was_committed_before_the_question(desk: Desk) -> None:
    gathered = Gathered(desk, HOUSE, Counter())
    for number in range(20):
        waiting = [asyncio.create_task(gathered.ask(number)) for _ in range(3)]
        await asyncio.sleep(0)
        await desk.do(None, rename, f"after {number}")
        assert (await gathered.ask(number))[1] == f"after {number}"
        await asyncio.gather(*waiting)


async def test_who_leaves_takes_nobody_along(desk: Desk) -> None:
    gathered = Gathered(desk, HOUSE, Counter())
    leaving, staying = (asyncio.create_task(gathered.ask(number)) for number in (1, 2))
    await asyncio.sleep(0)
    leaving.cancel()
    assert (await staying)[0] == 4


async def test_a_read_that_fails_fails_for_all_who_asked_and_for_nobody_later(desk: Desk) -> None:
    def picky(read: Snapshot, numbers: Sequence[int]) -> Sequence[int]:
        if 13 in numbers:
            raise Stopping
        return numbers

    gathered = Gathered(desk, HOUSE, picky)
    answers = await asyncio.gather(*(gathered.ask(number) for number in (12, 13)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [Stopping, Stopping]
    assert await gathered.ask(14) == 14
