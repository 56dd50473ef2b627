"""What a client may command over its socket: sent to the desk, and answered among its events."""

import asyncio
from contextlib import suppress
from functools import partial
from typing import Any

import structlog

from shopbell.conversations.items import full, short
from shopbell.conversations.places import Place
from shopbell.conversations.rules import Sent
from shopbell.kernel.clock import moment
from shopbell.kernel.errors import Refusal
from shopbell.live.frames import (
    MarkDelivered,
    MarkRead,
    Ok,
    PostMessage,
    Ref,
    Refused,
    Typing,
    TypingCommand,
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

IN_FLIGHT = 256
TYPING_SECONDS = 2.0
FAULT = 1011

Command = PostMessage | MarkRead | MarkDelivered | TypingCommand


class Commands:
    """Those of one socket. While too many are unanswered, it is not read."""

    def __init__(self, room: Room, wire: Wire, stream: Stream) -> None:
        self._room = room
        self._wire = wire
        self._stream = stream
        self._in_flight = 0
        self._typing_again_at = 0.0
        self._passing_on: asyncio.Task[None] | None = None

    def take(self, actor: Person | Staff, frame: Command, place: Place) -> None:
        """Begin what the frame asks for in that conversation. Raises TooMany."""
        if isinstance(frame, TypingCommand):
            self._told_typing(actor, frame.conversation_id, place)
        elif isinstance(frame, PostMessage):
            self._room.rates.check(actor.id)
            post = posting.Post(actor, frame.conversation_id, frame.nonce, frame.text, frame.attachments)
            self._send(actor, frame.ref, place.business_id, posting.post, post)
        else:
            mark = thread.mark_read if isinstance(frame, MarkRead) else thread.mark_delivered
            self._send(actor, frame.ref, place.business_id, mark, actor, frame.conversation_id, frame.seq)

    def _told_typing(self, actor: Person | Staff, conversation_id: str, place: Place) -> None:
        """Pass it on, once the right to write there has been looked up; more than one in a while is dropped."""
        now = asyncio.get_running_loop().time()
        if now >= self._typing_again_at:
            self._typing_again_at = now + TYPING_SECONDS
            self._passing_on = asyncio.get_running_loop().create_task(
                self._pass_on_typing(actor, conversation_id, place)
            )

    async def _pass_on_typing(self, actor: Person | Staff, conversation_id: str, place: Place) -> None:
        with suppress(Refusal):
            author = await self._room.desk.read(queries.typist, actor, conversation_id)
            to_staff = encode(Typing(conversation_id, full(author)))
            to_person = encode(Typing(conversation_id, short(author)))
            passing = Passing(place.business_id, to_staff, place.person_id, to_person)
            self._room.hub.tell_now(passing, teller=self._stream)
            self._room.neighbours.pass_on(passing)

    def _send(self, actor: Person | Staff, ref: Ref, business_id: str, command: Any, *args: Any) -> None:
        self._room.door.used(actor.session)
        self._in_flight += 1
        if self._in_flight >= IN_FLIGHT:
            self._wire.hold_reading()
        self._room.desk.send(business_id, command, *args, done=partial(self._answer, ref))

    def _answer(self, ref: Ref, outcome: Any) -> None:
        self._in_flight -= 1
        if self._in_flight < IN_FLIGHT:
            self._wire.go_on_reading()
        if isinstance(outcome, Sent):
            self._stream.put(encode(Ok(ref, outcome.id, outcome.seq, moment(outcome.created_at))))
        elif outcome is None:
            self._stream.put(encode(Ok(ref)))
        elif isinstance(outcome, Refusal):
            self.refuse_ref(ref, outcome)
        else:
            log.error("socket_command_failed", exc_info=outcome)
            self._wire.end(FAULT, "The server made a mistake.")

    def refuse(self, frame: Command, refusal: Refusal) -> None:
        """Answer a command that is not begun."""
        # Typing carries no ref: nobody waits for an answer to it.
        if not isinstance(frame, TypingCommand):
            self.refuse_ref(frame.ref, refusal)

    def refuse_ref(self, ref: Ref, refusal: Refusal) -> None:
        self._stream.put(encode(Refused(ref, refusal.problem())))
