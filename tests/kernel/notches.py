"""A tiny trade of its own for trying the kernel: somebody cuts notches, and every cut is an event."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from threading import Event as Flag
from typing import Any

import msgspec

from shopbell.kernel.database import Insert, open_database
from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import Conflict
from shopbell.kernel.events import StaffEvent
from shopbell.kernel.transaction import Transaction
from shopbell.kernel.writer import set_wise

ENOUGH = 3

ADD = Insert("notches", "business_id text, stick text, cut bigint")


class NotchCut(StaffEvent, frozen=True, kw_only=True):
    stick: str
    cut: int


class Felled(msgspec.Struct, frozen=True):
    """A signal."""

    business_id: str


def make_table(url: str) -> None:
    connection = open_database(url).writer()
    connection.run(
        "CREATE TABLE notches (business_id TEXT, stick TEXT, cut BIGINT, PRIMARY KEY (business_id, stick, cut))", {}
    )
    connection.close()


@asynccontextmanager
async def open_desk(url: str, **how: Any) -> AsyncIterator[Desk]:
    """A started desk over a database with the notches' table."""
    make_table(url)
    desk = Desk(open_database(url), **how)
    desk.start()
    try:
        yield desk
    finally:
        await desk.stop()


def found_business(tx: Transaction, business_id: str) -> None:
    tx.open_stream(business_id)


def cut(tx: Transaction, business_id: str, stick: str) -> int:
    """One more notch; everything that a full stick refuses was recorded before it is refused."""
    number = _cuts(tx, business_id, [stick])[stick] + 1
    tx.many(ADD, [(business_id, stick, number)])
    tx.record(business_id, NotchCut(stick=stick, cut=number))
    tx.job("carve", {"stick": stick})
    tx.signal(Felled(business_id))
    if number > ENOUGH:
        raise Conflict("The stick is full.")
    return number


@set_wise
def cut_many(tx: Transaction, wanted: list[tuple[str, str]]) -> list[Any]:
    """The same for a run of calls: loaded once, decided in order, written once."""
    cuts = {pair: 0 for pair in wanted}
    for business_id in {business_id for business_id, _ in wanted}:
        sticks = sorted({stick for business, stick in wanted if business == business_id})
        cuts |= {(business_id, stick): count for stick, count in _cuts(tx, business_id, sticks).items()}
    outcomes: list[Any] = []
    rows = []
    for business_id, stick in wanted:
        if cuts[business_id, stick] >= ENOUGH:
            outcomes.append(Conflict("The stick is full."))
            continue
        cuts[business_id, stick] += 1
        number = cuts[business_id, stick]
        rows.append((business_id, stick, number))
        tx.record(business_id, NotchCut(stick=stick, cut=number))
        outcomes.append(number)
    tx.many(ADD, rows)
    return outcomes


def spoil(tx: Transaction, business_id: str) -> None:
    """Breaks a constraint of the database, as a command with a fault would."""
    tx.record(business_id, NotchCut(stick="spoilt", cut=0))
    tx.many(ADD, [(business_id, "spoilt", 0), (business_id, "spoilt", 0)])


def _cuts(tx: Transaction, business_id: str, sticks: list[str]) -> dict[str, int]:
    rows = tx.rows(
        "SELECT stick, count(*) FROM notches WHERE business_id = :business_id AND stick IN :sticks GROUP BY stick",
        business_id=business_id, sticks=sticks,
    )  # fmt: skip
    return {stick: 0 for stick in sticks} | dict(rows)


@contextmanager
def held_up(desk: Desk) -> Iterator[None]:
    """Keep the writer busy inside, so that what is sent meanwhile becomes one batch."""
    begun, released = Flag(), Flag()

    def wait(tx: Transaction) -> None:
        begun.set()
        released.wait()

    desk.send(None, wait, done=lambda outcome: None)
    begun.wait()
    try:
        yield
    finally:
        released.set()
