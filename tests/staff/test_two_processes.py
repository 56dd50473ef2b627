"""Two processes at one database meet in what belongs to no business: sign-ins, limits, newcomers, new addresses."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, NamedTuple

import msgspec
import pytest
from structlog.testing import capture_logs

from shopbell.kernel import ids
from shopbell.kernel.database import open_database
from shopbell.kernel.desk import Desk
from shopbell.kernel.scope import HOUSE, of_business
from shopbell.kernel.transaction import Transaction
from shopbell.signin import commands as signin
from shopbell.signin.rules import SIGN_IN_FROM
from shopbell.signin.throttle import count
from shopbell.staff import commands as staffing
from shopbell.staff.commands import Newcomer
from shopbell.staff.registering import Founding, register
from shopbell.staff.rules import Role
from shopbell.tickets import commands, leaving, posting
from shopbell.tickets.posting import Post
from tests.desk_world import ANN, OWNER, World, address, found
from tests.kernel.notches import held_up

pytestmark = pytest.mark.anyio

Doing = tuple[str | None, Callable[..., Any], tuple[Any, ...]]


class Pair(NamedTuple):
    """The desks of two processes."""

    one: Desk
    other: Desk


@pytest.fixture
async def pair(postgres_url: str) -> AsyncIterator[Pair]:
    desks = Pair(Desk(open_database(postgres_url)), Desk(open_database(postgres_url)))
    for desk in desks:
        desk.start()
    yield desks
    for desk in desks:
        await desk.stop()


async def overlapping(pair: Pair, first: list[Doing], meanwhile: list[Doing], last: list[Doing]) -> list[list[Any]]:
    """Do `first` and `last` in one batch here, and `meanwhile` in one batch there, begun between the two.

    `last` goes on once the other process has committed, or waits for a lock. What came of all three, in their order.
    """
    loop = asyncio.get_running_loop()
    parts = (first, meanwhile, last)
    outcomes: list[list[asyncio.Future[Any]]] = [[loop.create_future() for _ in part] for part in parts]

    def send(desk: Desk, part: int) -> None:
        for (business_id, command, args), future in zip(parts[part], outcomes[part], strict=True):
            desk.send(business_id, command, *args, done=future.set_result)

    def go_there(tx: Transaction) -> None:
        with held_up(pair.other):
            send(pair.other, 1)
        while not all(future.done() for future in outcomes[1]):
            if tx.value("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                return

    with held_up(pair.one):
        send(pair.one, 0)
        pair.one.send(None, go_there, done=lambda _: None)
        send(pair.one, 2)
    return [[await future for future in part] for part in outcomes]


@pytest.fixture
async def world(pair: Pair) -> World:
    return await pair.one.do(None, found)


def held_tickets(desk: Desk, world: World) -> Awaitable[int]:
    return desk.read_for(
        of_business(world.business_id),
        lambda read: int(read.value("SELECT count(*) FROM tickets WHERE holder_id IS NOT NULL")),
    )


async def test_two_sessions_that_end_at_once_leave_no_ticket_in_nobodys_hands(pair: Pair, world: World) -> None:
    ann = world.staff[ANN]
    again = msgspec.structs.replace(ann, session=ids.hashed(ids.token()))
    await pair.one.do(None, signin.begin_session, ann.login_id, ann.business_id, again.session)
    await pair.one.one_of(world.business_id, posting.post, Post(world.people[0], world.conversations[0], "n", "Hello"))
    await pair.one.do(world.business_id, commands.pull, ann)
    await pair.one.one_of(world.business_id, posting.post, Post(ann, world.conversations[0], "n", "Yes?"))
    assert await held_tickets(pair.one, world) == 1
    # Ended where each stands, as a login may by now work for another business in one of them.
    elsewhere = msgspec.structs.replace(again, business_id=(await pair.one.do(None, found)).business_id)
    await overlapping(
        pair,
        [(elsewhere.business_id, leaving.sign_out, (elsewhere,))],
        [(ann.business_id, leaving.sign_out, (ann,))],
        [],
    )
    assert await held_tickets(pair.one, world) == 0


async def test_tries_counted_in_two_processes_wait_in_no_circle_and_count_all(pair: Pair) -> None:
    def tried(*names: str) -> list[Doing]:
        return [(None, count, ([(SIGN_IN_FROM, name)],)) for name in names]

    with capture_logs() as logged:
        outcomes = await overlapping(pair, tried("ash"), tried("oak", "ash"), tried("oak"))
    assert outcomes == [[None], [None, None], [None]]
    assert [entry["event"] for entry in logged] == []
    tries = await pair.one.read_for(HOUSE, lambda read: read.rows("SELECT tries FROM throttles"))
    assert tries == [(2,), (2,)]


async def test_one_newcomer_of_two_businesses_gets_one_login(pair: Pair, world: World) -> None:
    there = await pair.one.do(None, found)
    newcomer = Newcomer(Role.AGENT, "New", "Comer", address(), None)
    outcomes = await overlapping(
        pair,
        [(world.business_id, staffing.add, (world.staff[OWNER], newcomer))],
        [(there.business_id, staffing.add, (there.staff[OWNER], newcomer))],
        [],
    )
    ours, theirs = outcomes[0][0], outcomes[1][0]
    assert ours.staff.login_id == theirs.staff.login_id
    assert ours.staff.business_id != theirs.staff.business_id


@pytest.mark.usefixtures("world")
async def test_two_businesses_of_one_name_get_two_addresses(pair: Pair) -> None:
    def opening() -> Doing:
        founding = Founding("Twin", "Europe/Helsinki", "Olga", "Owner", address(), "hash", None)
        return None, register, (founding, ids.hashed(ids.token()))

    outcomes = await overlapping(pair, [opening()], [opening()], [])
    slugs = [outcomes[at][0][0].slug for at in range(2)]
    assert slugs[0] == "twin"
    assert slugs[1].startswith("twin-")


async def test_expired_sessions_are_cleared_away_by_one_process(pair: Pair, world: World) -> None:
    await pair.one.do(None, lambda tx: tx.run("UPDATE sessions SET expires_at = 1"))
    ended = await overlapping(pair, [(None, leaving.end_expired, ())], [(None, leaving.end_expired, ())], [])
    assert ended[0][0] > 0
    assert ended[1] == [0]
