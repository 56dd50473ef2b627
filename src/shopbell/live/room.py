"""Everything open sockets share, and the end of those that lose their right to be here."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from shopbell.conversations.places import Places
from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import Refusal, TooMany
from shopbell.kernel.rates import Rates
from shopbell.kernel.writer import Interrupted
from shopbell.live.frames import OtherWaiting, encode
from shopbell.live.hub import Hub, Listener, every
from shopbell.signin.actors import Person, Side
from shopbell.signin.signals import SessionsEnded
from shopbell.staff.actors import Staff
from shopbell.staff.door import Door, expect
from shopbell.staff.signals import StaffChanged
from shopbell.tickets import queries

log = structlog.get_logger()

if TYPE_CHECKING:
    from shopbell.live.frames import Hello
    from shopbell.live.socket import Socket

CURSOR_SECONDS = 30
CHECK_SECONDS = 60
SOCKETS_OF_ONE_SESSION = 30
NOT_ALLOWED, RESTART = 1008, 1012


class Room:
    """One per process. `rates` bounds how fast one actor may post, over REST and sockets together."""

    def __init__(self, desk: Desk, door: Door, places: Places, rates: Rates, *, limited: bool) -> None:
        self.desk = desk
        self.door = door
        self.places = places
        self.rates = rates
        self.hub = Hub(desk.epoch)
        self._limited = limited
        self._sockets: dict[str, set[Socket]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._looking: set[asyncio.Task[None]] = set()

    def open(self) -> None:
        """Begin to hear what is committed."""
        self.desk.hear(self.hub.tell)
        self.desk.hear_signal(SessionsEnded, self._end)
        self.desk.hear_signal(StaffChanged, self._look_again)
        self.desk.hear_signal(Interrupted, self._begin_again)
        loop = asyncio.get_running_loop()
        self._tasks = [
            loop.create_task(every(CURSOR_SECONDS, self.hub.tell_cursors)),
            loop.create_task(self._check_again_and_again()),
        ]

    async def close(self) -> None:
        tasks = [*self._tasks, *self._looking]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def recognised(self, hello: Hello, cookies: str) -> Person | Staff:
        """Who says hello: by token, or by the page's cookie. Raises Unauthenticated, Malformed or OtherLogin."""
        side = Side(hello.side) if hello.side else None
        if hello.token is not None:
            actor = await self.door.by_token(hello.token, side)
        else:
            actor = await self.door.by_cookies(cookies, side)
        expect(actor, hello.actor)
        return actor

    def enter(self, socket: Socket) -> None:
        """Let the socket in, to be ended with its session."""
        assert socket.actor is not None
        sockets = self._sockets.setdefault(socket.actor.session, set())
        if self._limited and len(sockets) >= SOCKETS_OF_ONE_SESSION:
            raise TooMany("Too many open screens in this session. Close some.", retry_after=5)
        sockets.add(socket)

    def leave(self, socket: Socket) -> None:
        if socket.actor is None:
            return
        sockets = self._sockets.get(socket.actor.session, set())
        sockets.discard(socket)
        if not sockets:
            self._sockets.pop(socket.actor.session, None)

    def _end(self, ended: SessionsEnded) -> None:
        for session in ended.sessions:
            for socket in tuple(self._sockets.get(session, ())):
                socket.end(NOT_ALLOWED, "Signed out.")

    def _begin_again(self, _: Interrupted) -> None:
        """Events may be stored that nobody was told of: whoever resumes by cursor gets them."""
        for socket in [socket for sockets in self._sockets.values() for socket in sockets]:
            socket.end(RESTART, "Reconnect with your cursors.")

    def _look_again(self, changed: StaffChanged) -> None:
        """Who was let go there may hear no more of how many wait there; the others go on."""
        if told := self.hub.leave_elsewhere(changed.business_id):
            looking = asyncio.get_running_loop().create_task(self._let_hear(changed.business_id, told))
            self._looking.add(looking)
            looking.add_done_callback(self._looking.discard)

    async def _let_hear(self, business_id: str, told: set[Listener]) -> None:
        for socket in [socket for sockets in self._sockets.values() for socket in sockets if socket.stream in told]:
            staff = socket.actor
            if not isinstance(staff, Staff):
                continue
            elsewhere = await self.desk.read(queries.waiting_elsewhere, staff)
            waiting = dict(elsewhere).get(business_id)
            if waiting is not None and socket in self._sockets.get(staff.session, ()):
                self.hub.add_elsewhere(business_id, socket.stream)
                socket.stream.hear_now(encode(OtherWaiting(business_id, waiting)))

    async def _check_again_and_again(self) -> None:
        """Sessions also end by time: look at those with open sockets now and then."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            try:
                self._end(SessionsEnded(await self.door.expired(list(self._sockets))))
            except Refusal as refusal:
                log.info("sessions_not_checked", reason=refusal.code)
