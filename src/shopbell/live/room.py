"""Everything open sockets share, and the end of those that lose their right to be here."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from shopbell.conversations.places import Places
from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import TooMany
from shopbell.kernel.gathering import Gathered
from shopbell.kernel.rates import Rates
from shopbell.kernel.scope import HOUSE
from shopbell.kernel.writer import Interrupted
from shopbell.live import resume
from shopbell.live.beat import every
from shopbell.live.elsewhere import Elsewhere
from shopbell.live.hub import Hub
from shopbell.live.neighbours import Neighbours, Nobody
from shopbell.live.presence import BEAT_SECONDS, Colleagues, Presence
from shopbell.live.stream import Stream
from shopbell.signin.actors import Person, Side
from shopbell.signin.signals import SessionsEnded
from shopbell.staff.actors import Staff
from shopbell.staff.door import Door, expect
from shopbell.staff.signals import StaffChanged

if TYPE_CHECKING:
    from shopbell.live.frames import Hello
    from shopbell.live.socket import Socket

CURSOR_SECONDS = 30
CHECK_SECONDS = 60
SOCKETS_OF_ONE_SESSION = 30
PEOPLE_AT_ONCE = 300
NOT_ALLOWED, RESTART = 1008, 1012
SIGNED_OUT = "Signed out."


class Room:
    """One per process. `rates` bounds how fast one actor may post, over REST and sockets together."""

    def __init__(
        self, desk: Desk, door: Door, places: Places, rates: Rates, *, limited: bool, nats_url: str = ""
    ) -> None:
        self.desk = desk
        self.door = door
        self.places = places
        self.rates = rates
        self.hub = Hub(desk.epoch)
        self.neighbours = self._found(nats_url)
        # After a restart thousands come at once.
        self.heard = Gathered(desk, HOUSE, resume.heard)
        self.starts = Gathered(desk, HOUSE, resume.starts)
        self.presence = Presence(self.hub, self.neighbours.present)
        self.elsewhere = Elsewhere(desk, self.hub)
        self._limited = limited
        self._sockets: dict[str, set[Socket]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._unlooked: list[str] = []

    def open(self) -> None:
        """Begin to hear what is committed."""
        self.neighbours.start()
        self.desk.hear_signal(SessionsEnded, self._end)
        self.desk.hear_signal(StaffChanged, self.elsewhere.look_again)
        if not self.neighbours.finds_untold:
            self.desk.hear_signal(Interrupted, self._begin_again)
        loop = asyncio.get_running_loop()
        self._tasks = [
            loop.create_task(every(CURSOR_SECONDS, self.hub.tell_cursors, missed="cursors_not_told")),
            loop.create_task(every(BEAT_SECONDS, self.presence.beat, missed="presence_not_told")),
            # Sessions also end by time.
            loop.create_task(every(CHECK_SECONDS, self._end_ended, missed="sessions_not_checked")),
        ]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.elsewhere.close()

    def _found(self, nats_url: str) -> Neighbours:
        if not nats_url:
            return Nobody(self.desk, self.hub)
        # Imported on demand: a process that is alone needs none of it in its memory.
        from shopbell.live.relay import Relay  # noqa: PLC0415

        return Relay(
            self.desk, self.hub, nats_url, met=self._meet, looking=self._look_around, presence=self._heard_present
        )

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
        if isinstance(socket.actor, Staff):
            self.presence.leave(socket.stream, socket.actor)
            self.elsewhere.leave(socket.stream)
        sockets = self._sockets.get(socket.actor.session, set())
        sockets.discard(socket)
        if not sockets:
            self._sockets.pop(socket.actor.session, None)

    def _end(self, ended: SessionsEnded) -> None:
        for session in ended.sessions:
            for socket in tuple(self._sockets.get(session, ())):
                socket.end(NOT_ALLOWED, SIGNED_OUT)

    def _begin_again(self, _: Interrupted) -> None:
        """Events may be stored that nobody was told of: whoever resumes by cursor gets them."""
        for socket in self._all():
            socket.end(RESTART, "Reconnect with your cursors.")

    def _heard_present(self, business_id: str, process: str, colleagues: Colleagues, asks: bool) -> None:
        self.presence.heard(business_id, process, colleagues, asks=asks)

    def _meet(self, person_id: str, business_id: str, after: int | None) -> None:
        """A person's open screens hear a business too from now on."""
        for screen in self.hub.people(person_id):
            if isinstance(screen, Stream) and not screen.follows(business_id):
                screen.meet(business_id, after)

    async def _look_around(self, in_doubt: bool) -> None:
        """Find what other processes may have said in vain: whom they shut out, and businesses that people came to.

        The latter for some people each time, and for all when news is known to be lost.
        """
        await self._end_ended()
        await self.elsewhere.look_around()
        if in_doubt or not self._unlooked:
            self._unlooked = self.hub.listening_people()
        some = len(self._unlooked) if in_doubt else PEOPLE_AT_ONCE
        asked, self._unlooked = self._unlooked[:some], self._unlooked[some:]
        for person_id, business_id in await self.desk.read_for(HOUSE, resume.met, asked):
            self._meet(person_id, business_id, None)

    async def _end_ended(self) -> None:
        # One session may have screens of two businesses, when it changed over and this process did not hear of that.
        acting = {(socket.actor.session, socket.actor.id) for socket in self._all() if socket.actor is not None}
        for session, actor_id in await self.door.ended(acting):
            for socket in tuple(self._sockets.get(session, ())):
                if socket.actor is not None and socket.actor.id == actor_id:
                    socket.end(NOT_ALLOWED, SIGNED_OUT)

    def _all(self) -> list[Socket]:
        return [socket for sockets in self._sockets.values() for socket in sockets]
