"""Sockets end with the right to be here, each by itself, and nothing is done for them afterwards."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from shopbell.conversations import commands as conversing
from shopbell.conversations.places import Places
from shopbell.kernel import ids
from shopbell.kernel.database import Snapshot, open_database
from shopbell.kernel.desk import Desk
from shopbell.kernel.rates import Rates
from shopbell.kernel.scope import of_business
from shopbell.live.room import Room
from shopbell.live.socket import Socket
from shopbell.signin import commands as signin
from shopbell.signin.policy import Policy
from shopbell.staff.actors import Staff
from shopbell.staff.door import Door
from tests.desk_world import OWNER, address, found

SECONDS = 10
NOT_ALLOWED = 1008
# Nobody listens there, so that only looking around finds anything.
NO_BUS = "nats://127.0.0.1:1"
POLICY = Policy(base_url="https://chat.example.org", secure_cookies=True, registration_open=True)


@asynccontextmanager
async def opened(database_url: str) -> AsyncIterator[tuple[Desk, Room]]:
    """A room that hears nothing of other processes."""
    desk = Desk(open_database(database_url))
    desk.start()
    rates = Rates(1, 1, enforced=False)
    room = Room(desk, Door(desk, POLICY), Places(desk), rates, limited=False, nats_url=NO_BUS)
    room.open()
    try:
        yield desk, room
    finally:
        await room.close()
        await room.neighbours.stop()
        await desk.stop()


class Screen:
    """A staff member's socket, with its place among those of a small set."""

    def __init__(self, actor: Staff, place: int) -> None:
        self.actor = actor
        self.ended: set[int] = set()
        self._place = place

    def __hash__(self) -> int:
        return self._place

    def __eq__(self, other: object) -> bool:
        return self is other

    def end(self, code: int, reason: str) -> None:
        self.ended.add(code)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_of_one_session_the_screens_of_the_business_it_left_end_and_no_others(
    sqlite_url: str, order: tuple[int, int]
) -> None:
    async with opened(sqlite_url) as (desk, room):
        owner = (await desk.do(None, found)).staff[OWNER]
        left = Screen(msgspec.structs.replace(owner, id=ids.new(), business_id=ids.new()), order[0])
        present = Screen(owner, order[1])
        for screen in (left, present):
            room.enter(screen)  # type: ignore[arg-type]
        async with asyncio.timeout(SECONDS):
            while not left.ended | present.ended:
                await asyncio.sleep(0.01)
        assert (left.ended, present.ended) == ({NOT_ALLOWED}, set())


class Wire:
    """A connection that takes everything until it is ended."""

    writable_now = True

    def __init__(self) -> None:
        self.has_ended = False
        self.has_settled = asyncio.Event()

    def put(self, text: bytes) -> None: ...

    def end(self, code: int, reason: str) -> None:
        self.has_ended = True

    def hold_reading(self) -> None: ...

    def go_on_reading(self) -> None:
        self.has_settled.set()

    async def settled(self) -> None:
        """Wait until the socket has worked off what it had to put off."""
        async with asyncio.timeout(SECONDS):
            await self.has_settled.wait()
        self.has_settled.clear()


@pytest.mark.parametrize(("is_ended", "messages"), [(False, 1), (True, 0)])
async def test_what_a_socket_put_off_is_not_done_once_it_is_ended(
    sqlite_url: str, is_ended: bool, messages: int
) -> None:
    async with opened(sqlite_url) as (desk, room):
        business_id, token = (await desk.do(None, found)).business_id, ids.token()
        person = await desk.do(None, signin.sign_up, "Nell", "Nash", address(), "hash", ids.hashed(token))
        conversation, _ = await desk.do(business_id, conversing.open_as_person, person, business_id)
        wire = Wire()
        socket = Socket(room, wire, "")  # type: ignore[arg-type]
        socket.heard(frame(type="hello", token=token), True)
        await wire.settled()
        # Whose the conversation is has to be looked up first.
        post = {"type": "post_message", "ref": 1, "conversation_id": conversation.id, "nonce": "n", "text": "Hello"}
        socket.heard(frame(**post), True)
        if is_ended:
            socket.end(NOT_ALLOWED, "Signed out.")
        await wire.settled()
        await desk.do(None, lambda tx: None)
        assert await desk.read_for(of_business(business_id), messages_in, conversation.id) == messages
        socket.left()


def frame(**fields: Any) -> bytes:
    return msgspec.json.encode(fields)


def messages_in(read: Snapshot, conversation_id: str) -> int:
    found: int = read.value("SELECT count(*) FROM messages WHERE conversation_id = :id", id=conversation_id)
    return found
