"""One open screen: hello, catch-up, commands in, events out."""

import asyncio
from collections import deque
from contextlib import suppress
from functools import partial
from typing import Any

import msgspec
import structlog

from shopbell.conversations.items import full, short
from shopbell.conversations.places import Place
from shopbell.conversations.rules import Sent
from shopbell.kernel.clock import moment
from shopbell.kernel.errors import Invalid, NotFound, Refusal
from shopbell.kernel.http import invalid
from shopbell.live import resume
from shopbell.live.frames import (
    ClientFrame,
    Hello,
    MarkDelivered,
    MarkRead,
    Ok,
    PostMessage,
    PresenceCommand,
    Ready,
    Ref,
    Refused,
    Resync,
    Typing,
    TypingCommand,
    decode,
    decode_loosely,
    encode,
)
from shopbell.live.room import Room
from shopbell.live.stream import Stream
from shopbell.live.told import Passing
from shopbell.live.wire import Wire
from shopbell.signin.actors import Person
from shopbell.staff.actors import Staff
from shopbell.tickets import posting, queries, thread

log = structlog.get_logger()

HELLO_SECONDS = 10
IN_FLIGHT = 256
TYPING_SECONDS = 2.0
UNHEARD_BYTES = 256 * 1024

UNREADABLE, NOT_ALLOWED, NOT_TEXT, FAULT, LATER = 1007, 1008, 1003, 1011, 1013
TOO_MANY = 429

Command = PostMessage | MarkRead | MarkDelivered | TypingCommand


class Socket:
    """The state of one connection. It is new, then beginning (catching up), then live, then ended."""

    def __init__(self, room: Room, wire: Wire, cookies: str) -> None:
        self._room = room
        self._wire = wire
        self._cookies = cookies
        self.stream = Stream(room.desk, room.hub, room.neighbours, wire)
        self._unheard: deque[bytes] = deque()
        self._unheard_bytes = 0
        self._live = False
        self._in_flight = 0
        self._typing_again_at = 0.0
        self._passing_on: asyncio.Task[None] | None = None
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
            self._refuse(ref, fault)

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
            self._command(frame, place)
        except Refusal as refusal:
            self._refuse_command(frame, refusal)

    async def _find(self, frame: Command) -> None:
        try:
            await self._room.places.of(frame.conversation_id)
        except Refusal as refusal:
            self._unheard_bytes -= len(self._unheard.popleft())
            self._refuse_command(frame, refusal)
        except Exception as error:
            log.error("socket_failed", exc_info=error)
            self.end(FAULT, "The server made a mistake.")
        self._go_live()

    def _command(self, frame: Command, place: Place) -> None:
        actor = self._me
        if isinstance(frame, TypingCommand):
            self._told_typing(frame.conversation_id, place)
        elif isinstance(frame, PostMessage):
            self._room.rates.check(actor.id)
            post = posting.Post(actor, frame.conversation_id, frame.nonce, frame.text, frame.attachments)
            self._send(frame.ref, place.business_id, posting.post, post)
        else:
            mark = thread.mark_read if isinstance(frame, MarkRead) else thread.mark_delivered
            self._send(frame.ref, place.business_id, mark, actor, frame.conversation_id, frame.seq)

    def _told_typing(self, conversation_id: str, place: Place) -> None:
        """Pass it on, once the right to write there has been looked up; more than one in a while is dropped."""
        now = asyncio.get_running_loop().time()
        if now >= self._typing_again_at:
            self._typing_again_at = now + TYPING_SECONDS
            self._passing_on = asyncio.get_running_loop().create_task(self._pass_on_typing(conversation_id, place))

    async def _pass_on_typing(self, conversation_id: str, place: Place) -> None:
        with suppress(Refusal):
            author = await self._room.desk.read(queries.typist, self._me, conversation_id)
            to_staff = encode(Typing(conversation_id, full(author)))
            to_person = encode(Typing(conversation_id, short(author)))
            passing = Passing(place.business_id, to_staff, place.person_id, to_person)
            self._room.hub.tell_now(passing, teller=self.stream)
            self._room.neighbours.pass_on(passing)

    def _refuse_command(self, frame: Command, refusal: Refusal) -> None:
        # Typing carries no ref: nobody waits for an answer to it.
        if not isinstance(frame, TypingCommand):
            self._refuse(frame.ref, refusal)

    def _send(self, ref: Ref, business_id: str, command: Any, *args: Any) -> None:
        self._room.door.used(self._me.session)
        self._in_flight += 1
        if self._in_flight >= IN_FLIGHT:
            self._wire.hold_reading()
        self._room.desk.send(business_id, command, *args, done=partial(self._answer, ref))

    def _answer(self, ref: Ref, outcome: Any) -> None:
        self._in_flight -= 1
        if self._in_flight < IN_FLIGHT:
            self._wire.go_on_reading()
        if isinstance(outcome, Sent):
            self.stream.put(encode(Ok(ref, outcome.id, outcome.seq, moment(outcome.created_at))))
        elif outcome is None:
            self.stream.put(encode(Ok(ref)))
        elif isinstance(outcome, Refusal):
            self._refuse(ref, outcome)
        else:
            log.error("socket_command_failed", exc_info=outcome)
            self.end(FAULT, "The server made a mistake.")

    def _refuse(self, ref: Ref, refusal: Refusal) -> None:
        self.stream.put(encode(Refused(ref, refusal.problem())))

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
        self.actor = actor
        self._room.enter(self)
        cursors = dict(hello.cursors)
        if hello.cursor is not None and isinstance(actor, Staff):
            cursors[actor.business_id] = hello.cursor
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
        while self._unheard and self._live:
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
