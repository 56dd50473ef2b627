"""One open screen: hello, catch-up, then frames in and events out."""

import asyncio
from collections import deque

import msgspec
import structlog

from shopbell.kernel.errors import Invalid, NotFound, Refusal
from shopbell.kernel.http import invalid
from shopbell.live import resume
from shopbell.live.commands import FAULT, IN_FLIGHT, Command, Commands
from shopbell.live.frames import (
    ClientFrame,
    Hello,
    PresenceCommand,
    Ready,
    Resync,
    decode,
    decode_loosely,
    encode,
)
from shopbell.live.room import Room
from shopbell.live.stream import Stream
from shopbell.live.wire import Wire
from shopbell.signin.actors import Person
from shopbell.staff.actors import Staff

log = structlog.get_logger()

HELLO_SECONDS = 10
UNHEARD_BYTES = 256 * 1024

UNREADABLE, NOT_ALLOWED, NOT_TEXT, LATER = 1007, 1008, 1003, 1013
TOO_MANY = 429


class Socket:
    """The state of one connection. It is new, then beginning (catching up), then live, then ended."""

    def __init__(self, room: Room, wire: Wire, cookies: str) -> None:
        self._room = room
        self._wire = wire
        self._cookies = cookies
        self.stream = Stream(room.desk, room.hub, room.neighbours, wire)
        self._commands = Commands(room, wire, self.stream)
        self._unheard: deque[bytes] = deque()
        self._unheard_bytes = 0
        self._live = False
        self._beginning: asyncio.Task[None] | None = None
        self.actor: Person | Staff | None = None
        self._deadline = asyncio.get_running_loop().call_later(HELLO_SECONDS, self.end, NOT_ALLOWED, "Say hello first.")

    # What comes in

    def heard(self, data: bytes, is_text: bool) -> None:
        """A message of the client, in the order of arrival."""
        if not is_text:
            self.end(NOT_TEXT, "Send text frames.")
        elif self._beginning is None:
            self._greeted(data)
        elif not self._live:
            self._unheard.append(data)
            self._unheard_bytes += len(data)
            if len(self._unheard) >= IN_FLIGHT or self._unheard_bytes >= UNHEARD_BYTES:
                self._wire.hold_reading()
        else:
            self._act(data)

    def _greeted(self, data: bytes) -> None:
        frame = self._read(data)
        if not isinstance(frame, Hello):
            self.end(NOT_ALLOWED, "Say hello first.")
            return
        self._deadline.cancel()
        self._beginning = asyncio.get_running_loop().create_task(self._begin(frame))

    def _read(self, data: bytes) -> ClientFrame | None:
        """The frame, or None after the fault was answered: with a refusal where it carries a ref."""
        try:
            frame: ClientFrame = decode(data)
            return frame
        except msgspec.ValidationError as error:
            self._refuse_misread(data, invalid(str(error)))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            self.end(UNREADABLE, "A frame is one JSON object.")
        return None

    def _refuse_misread(self, data: bytes, fault: Invalid) -> None:
        try:
            ref = decode_loosely(data).ref
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            ref = None
        if ref is None:
            self.end(NOT_TEXT, fault.detail)
        else:
            self._commands.refuse_ref(ref, fault)

    def _act(self, data: bytes) -> None:
        frame = self._read(data)
        if frame is None:
            return
        if isinstance(frame, Hello):
            self.end(NOT_ALLOWED, "Hello was said already.")
            return
        if isinstance(frame, PresenceCommand):
            # As with typing, nobody waits for an answer; a customer's screen is nobody's presence.
            if isinstance(self._me, Staff):
                self._room.presence.look(self.stream, self._me, frame.ticket_id)
            return
        place = self._room.places.known(frame.conversation_id)
        if place is None:
            # Frames act in the order they came: this one and all that follow wait until the place is known.
            self._live = False
            self._unheard.appendleft(data)
            self._unheard_bytes += len(data)
            self._beginning = asyncio.get_running_loop().create_task(self._find(frame))
            return
        try:
            if not place.is_of(self._me):
                raise NotFound
            self._commands.take(self._me, frame, place)
        except Refusal as refusal:
            self._commands.refuse(frame, refusal)

    async def _find(self, frame: Command) -> None:
        try:
            await self._room.places.of(frame.conversation_id)
        except Refusal as refusal:
            self._unheard_bytes -= len(self._unheard.popleft())
            self._commands.refuse(frame, refusal)
        except Exception as error:
            log.error("socket_failed", exc_info=error)
            self.end(FAULT, "The server made a mistake.")
        self._go_live()

    # How it begins

    async def _begin(self, hello: Hello) -> None:
        try:
            await self._enter(hello)
        except Refusal as refusal:
            # Whoever is refused for now may come again; whoever has no right should not.
            self.end(LATER if refusal.status >= TOO_MANY else NOT_ALLOWED, refusal.title)
        except Exception as error:
            log.error("socket_failed", exc_info=error)
            self.end(FAULT, "The server made a mistake.")

    async def _enter(self, hello: Hello) -> None:
        actor = await self._room.recognised(hello, self._cookies)
        cursors = dict(hello.cursors)
        if hello.cursor is not None:
            if not isinstance(actor, Staff):
                self.end(NOT_TEXT, "Name the business of each cursor, in `cursors`.")
                return
            cursors[actor.business_id] = hello.cursor
        self.actor = actor
        self._room.enter(self)
        async with self.stream.catching_up:
            self.stream.subscribe(actor)
            heard = await self._room.heard.ask(resume.Coming(actor, cursors))
            await self.stream.follow(heard)
            # Only now, so that whatever is not read here comes by itself.
            starts = await self._room.starts.ask({business_id: cursors.get(business_id) for business_id in heard})
            self._welcome(actor, starts)
            await self.stream.catch_up(
                {start.business_id: start.position for start in starts},
                behind=[start.business_id for start in starts if start.missed],
            )
        if isinstance(actor, Staff):
            await self._room.elsewhere.enter(self.stream, actor)
            self._room.presence.enter(self.stream, actor)
        self._go_live()

    def _welcome(self, actor: Person | Staff, starts: list[resume.Start]) -> None:
        cursors = {start.business_id: start.cursor for start in starts}
        if isinstance(actor, Staff):
            self.stream.put(encode(Ready(cursor=cursors[actor.business_id])))
        else:
            self.stream.put(encode(Ready(cursors=cursors)))
        for start in starts:
            if start.resync:
                self.stream.put(encode(Resync(start.business_id, start.cursor)))

    def _go_live(self) -> None:
        self._live = True
        # What came before the end of a session must not be done after it.
        while self._unheard and self._live and not self._wire.has_ended:
            data = self._unheard.popleft()
            self._unheard_bytes -= len(data)
            self._act(data)
        if self._live:
            self._wire.go_on_reading()

    # How it ends

    def written(self) -> None:
        """The connection takes more again."""
        self.stream.flush()

    def end(self, code: int, reason: str) -> None:
        """Close with that code; what is not sent yet the client gets by its cursors."""
        self._wire.end(code, reason)

    def left(self) -> None:
        """The connection is gone."""
        self._deadline.cancel()
        if self._beginning is not None:
            self._beginning.cancel()
        self._room.leave(self)
        self.stream.unsubscribe()

    @property
    def _me(self) -> Person | Staff:
        assert self.actor is not None
        return self.actor
