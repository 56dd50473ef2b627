"""Whoever leaves with very many tickets in hand gives back some at once and the others soon, and holds nobody up."""

from collections.abc import AsyncIterator, Callable
from typing import Any, NamedTuple

import msgspec
import pytest

from shopbell.kernel.database import open_database
from shopbell.kernel.desk import Desk
from shopbell.kernel.transaction import Transaction
from shopbell.signin import commands as signin
from shopbell.staff.actors import Staff
from shopbell.staff.rules import Role
from shopbell.tickets import commands, leaving
from shopbell.tickets.leaving import STAFF_LEFT, StaffLeft
from shopbell.tickets.posting import Post, post
from tests.desk_world import ANN, OWNER, World, found, tickets

pytestmark = pytest.mark.anyio

AT_ONCE = 1
HELD = 3


class Shop(NamedTuple):
    """A shop in which Ann holds a ticket of each conversation."""

    desk: Desk
    world: World

    @property
    def ann(self) -> Staff:
        return self.world.staff[ANN]

    async def do(self, command: Callable[..., Any], *args: Any) -> Any:
        return await self.desk.do(self.world.business_id, command, *args)

    async def in_hand(self) -> int:
        return sum(ticket.holder is not None for ticket in await self.do(tickets, self.world))

    async def do_job(self) -> bool:
        """Do the job that was left, as the worker would; whether there was one."""
        left = await self.do(_taken)
        if left is not None:
            await self.do(leaving.staff_left, left)
        return left is not None


def _taken(tx: Transaction) -> StaffLeft | None:
    rows = tx.rows("SELECT id, payload FROM jobs WHERE kind = :kind", kind=STAFF_LEFT)
    tx.run("DELETE FROM jobs WHERE kind = :kind", kind=STAFF_LEFT)
    assert len(rows) <= 1
    return msgspec.json.decode(rows[0][1], type=StaffLeft) if rows else None


def _hold(tx: Transaction, world: World) -> None:
    people = zip(world.people, world.conversations, strict=False)
    post(tx, [Post(person, conversation, "hello", "Hello") for person, conversation in people])
    for ticket in tickets(tx, world):
        commands.assign(tx, world.staff[ANN], ticket.id, None, note=None, take_over=False)


@pytest.fixture
async def shop(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Shop]:
    monkeypatch.setattr(leaving, "LET_GO_AT_ONCE", AT_ONCE)
    desk = Desk(open_database(database_url))
    desk.start()
    shop = Shop(desk, await desk.do(None, found))
    await shop.do(_hold, shop.world)
    assert await shop.in_hand() == HELD
    yield shop
    await desk.stop()


async def sign_out(shop: Shop) -> None:
    await shop.do(leaving.sign_out, shop.ann)


async def let_go(shop: Shop) -> None:
    await shop.do(leaving.change_staff, shop.world.staff[OWNER], shop.ann.id, None, False)


async def made_a_marketer(shop: Shop) -> None:
    await shop.do(leaving.change_staff, shop.world.staff[OWNER], shop.ann.id, Role.MARKETER, None)


@pytest.mark.parametrize("leave", [sign_out, let_go, made_a_marketer])
async def test_tickets_come_back_some_at_a_time_until_none_is_left(shop: Shop, leave: Callable[..., Any]) -> None:
    await leave(shop)
    left = [await shop.in_hand()]
    while await shop.do_job():
        left.append(await shop.in_hand())
    assert left == [2, 1, 0]


async def test_who_signs_in_again_meanwhile_keeps_the_others(shop: Shop) -> None:
    await sign_out(shop)
    await shop.do(signin.begin_session, shop.ann.login_id, shop.ann.business_id, "another session")
    assert await shop.do_job()
    assert await shop.in_hand() == HELD - AT_ONCE
    assert not await shop.do_job()
