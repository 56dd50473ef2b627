"""The live half of the contract: one connection that survives restarts of the server."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from shopbell.replay import wire
from shopbell.replay.dialogues import Side
from shopbell.replay.rest import TEMPORARY, Away, Wait
from shopbell.replay.streams import Stream

GREETING_SECONDS = 20.0
NOT_ALLOWED = 1008
FRAME_BYTES = 16 * 1024 * 1024

Ear = Callable[[wire.Frame, float], None]
"""Is told each event, once its cursor is kept, and when it came."""

Answered = Callable[[wire.Frame, float], None]


class Unwelcome(Exception):
    """The server closed the connection for good: the session may not listen (any more)."""


class _Hindered(Exception):
    """The server can't take a command right now; the next connection re-sends it in its place."""


@dataclass(slots=True)
class _Command:
    frame: bytes
    answered: Answered
    sent: bool = False


class Live:
    """One side's live connection.

    It reconnects with its cursors after jittered pauses and re-sends what is unanswered, in order and with
    the same nonce, before anything new. `on_break` is told each loss of an open connection.
    """

    def __init__(
        self,
        url: str,
        token: str,
        side: Side,
        business_id: str,
        cursors: dict[str, str],
        *,
        ear: Ear,
        on_break: Callable[[float], None],
        patience: float,
    ) -> None:
        self.stream = Stream()
        self.resent = 0
        self.hindered = 0
        self.ready = asyncio.Event()
        self._url = url
        self._token = token
        self._side = side
        self._business_id = business_id
        self._cursors = dict(cursors)
        self._ear = ear
        self._on_break = on_break
        self._patience = patience
        self._wait = Wait()
        self._unanswered: dict[str, _Command] = {}
        self._to_send: deque[_Command] = deque()
        self._wake = asyncio.Event()

    def command(self, ref: str, frame: dict[str, Any], answered: Answered) -> None:
        """Queues a command; `answered` is called with the `ok` or `refused` frame and the time it came."""
        command = _Command(msgspec.json.encode({**frame, "ref": ref}), answered)
        self._unanswered[ref] = command
        self._to_send.append(command)
        self._wake.set()

    async def run(self) -> None:
        """Stays connected until cancelled; raises `Away` when patience ends and `Unwelcome` on 1008."""
        attempt = 0
        away_since = time.monotonic()
        while True:
            self.ready.clear()
            end = await self._connect_once()
            now = time.monotonic()
            if self.ready.is_set():
                self._on_break(now)
                away_since = now
                if not isinstance(end, _Hindered):
                    attempt = 0
            elif now - away_since > self._patience:
                raise Away(f"The server stayed away for {self._patience:.0f} s: {end}") from end
            await asyncio.sleep(self._wait.before(attempt))
            attempt += 1

    async def _connect_once(self) -> Exception:
        """One connection from hello to its end; what ended it."""
        try:
            async with connect(
                self._url, compression=None, max_size=FRAME_BYTES, open_timeout=GREETING_SECONDS, proxy=None
            ) as socket:
                async with asyncio.timeout(GREETING_SECONDS):
                    await self._greet(socket)
                self.ready.set()
                await self._converse(socket)
        except (OSError, TimeoutError, InvalidHandshake, ConnectionClosed, _Hindered) as end:
            _check_welcome(end)
            return end
        raise AssertionError("a conversation ends by an exception")

    async def _greet(self, socket: ClientConnection) -> None:
        hello = {"type": "hello", "token": self._token, "as": self._side, "cursors": self._cursors}
        await socket.send(msgspec.json.encode(hello), text=True)
        first = wire.frames.decode(await socket.recv(decode=False))
        frames = first if isinstance(first, list) else [first]
        if frames[0].type != "ready":
            raise Unwelcome(f"The server answered hello with {frames[0].type}: {frames[0].problem}")
        self._cursors.update(frames[0].cursors or {})
        if frames[0].cursor is not None:
            self._cursors[self._business_id] = frames[0].cursor
        at = time.monotonic()
        for frame in frames[1:]:
            self._take(frame, at)

    async def _converse(self, socket: ClientConnection) -> None:
        self._to_send = deque(self._unanswered.values())
        sender = asyncio.create_task(self._speak(socket))
        try:
            while True:
                data = await socket.recv(decode=False)
                at = time.monotonic()
                heard = wire.frames.decode(data)
                for frame in heard if isinstance(heard, list) else (heard,):
                    self._take(frame, at)
        finally:
            sender.cancel()

    async def _speak(self, socket: ClientConnection) -> None:
        try:
            while True:
                while self._to_send:
                    command = self._to_send.popleft()
                    self.resent += command.sent
                    command.sent = True
                    await socket.send(command.frame, text=True)
                self._wake.clear()
                await self._wake.wait()
        except ConnectionClosed:
            return  # whoever listens on this socket is told as well, and reconnects

    def _take(self, frame: wire.Frame, at: float) -> None:
        match frame.type:
            case "event":
                self._keep_cursor(frame)
                self.stream.note(frame.seq)
                self._ear(frame, at)
            case "ok" | "refused" if frame.ref in self._unanswered:
                self._answer(frame, at)
            case "cursor":
                self._keep_cursor(frame)
            case "resync":
                self._keep_cursor(frame)
                self.stream.resyncs += 1

    def _answer(self, frame: wire.Frame, at: float) -> None:
        assert frame.ref is not None
        if frame.problem is not None and frame.problem.status in TEMPORARY:
            self.hindered += 1
            raise _Hindered(str(frame.problem))
        self._unanswered.pop(frame.ref).answered(frame, at)

    def _keep_cursor(self, frame: wire.Frame) -> None:
        if frame.business_id is not None and frame.cursor is not None:
            self._cursors[frame.business_id] = frame.cursor


def _check_welcome(error: Exception) -> None:
    if isinstance(error, ConnectionClosed) and error.rcvd is not None and error.rcvd.code == NOT_ALLOWED:
        raise Unwelcome(f"The server ended a session: {error.rcvd.reason}") from error
