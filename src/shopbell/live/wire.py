"""The WebSocket of one connection: picows speaks the protocol, uvicorn only hands the connection over.

The ASGI way costs a queue, two wake-ups and a pause of the transport for each frame. A `Wire` hands each message
straight to its socket, and takes frames to send without waiting.
"""

import asyncio
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Protocol

from picows import (
    WSAutoPingStrategy,
    WSCloseCode,
    WSFrame,
    WSListener,
    WSMsgType,
    WSTransport,
    WSUpgradeRequest,
    WSUpgradeResponse,
    WSUpgradeResponseWithListener,
)
from picows.picows import WSProtocol  # type: ignore[attr-defined]  # it has no stub

MESSAGE_BYTES = 256 * 1024
# How long a client may be silent before it is asked for a sign of life, and how long that may take.
SILENT_SECONDS = 20.0
# How long a closed connection may take to send what is left before it is cut.
LINGER_SECONDS = 2.0
# RFC 6455, section 5.5: a control frame carries at most 125 bytes, two of them the code.
LONGEST_REASON = 123
# Half of it is offered to a read, and a message of a chat fits in; for a larger one it grows.
READ_BYTES = 8_192
# What picows copies into memory of its own; of anything longer the transport would keep a view of what is reused.
COPIED_BYTES = 8_192
# The room picows writes the frame's header into, before a text that is not copied.
HEADER = bytes(14)


class Log(logging.LoggerAdapter[logging.Logger]):
    """An adapter, since picows makes a logger for each connection of a plain one. Its errors are those of clients."""

    def error(self, msg: object, *args: object, **kwargs: Any) -> None:
        self.info(msg, *args, **kwargs)


log = Log(logging.getLogger("shopbell.wire"))


class Hearer(Protocol):
    """The socket above a wire."""

    def heard(self, data: bytes, is_text: bool) -> None: ...

    def written(self) -> None:
        """The connection takes more again."""

    def left(self) -> None:
        """The connection is gone."""


class Gate(Protocol):
    """What decides who gets in."""

    def refuses(self, path: str, headers: Mapping[str, str]) -> bool: ...

    def opened(self, wire: "Wire", headers: Mapping[str, str]) -> Hearer: ...


class Wire(WSListener):
    """uvicorn's WebSocket protocol; the app it serves says under `live` who gets in."""

    def __init__(self, config: Any, server_state: Any, app_state: dict[str, Any]) -> None:
        self._gate: Gate = config.app.live
        self._connections: set[Any] = server_state.connections
        self._protocol = WSProtocol(
            None, None, False, self._answer, log, True, None, True, SILENT_SECONDS, SILENT_SECONDS,
            WSAutoPingStrategy.PING_WHEN_IDLE, False, MESSAGE_BYTES, None, READ_BYTES,
        )  # fmt: skip
        # The event loop tells by this what it has read.
        self.buffer_updated = self._protocol.buffer_updated
        self._hearer: Hearer | None = None
        self._transport: WSTransport | None = None
        self._parts = bytearray()
        self._continuing: WSMsgType | None = None
        self._writable = True
        self._reading = True
        self._ended = False

    # What uvicorn and the event loop call

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._connections.add(self)
        self._below = transport
        self._protocol.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Take the request that uvicorn has read; all that follows comes through `get_buffer`."""
        while data:
            room = self.get_buffer(len(data))
            part, data = data[: len(room)], data[len(room) :]
            room[: len(part)] = part
            self._protocol.buffer_updated(len(part))

    def get_buffer(self, size_hint: int) -> memoryview:
        """Where to read to, straight into the memory of picows.

        Whenever a read fills that, picows takes twice as much for good: so only what does not fit may fill it,
        not any burst of small frames.
        """
        room: memoryview = self._protocol.get_buffer(size_hint)
        return room[: (len(room) + 1) // 2]

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, error: Exception | None) -> None:
        self._connections.discard(self)
        self._protocol.connection_lost(error)
        # They refer to each other, and would wait for the garbage collector.
        del self._protocol, self.buffer_updated

    def pause_writing(self) -> None:
        self._writable = False

    def resume_writing(self) -> None:
        self._writable = True
        if self._hearer is not None:
            self._hearer.written()

    def shutdown(self) -> None:
        """The server stops."""
        self._close(WSCloseCode.SERVICE_RESTART, "Reconnect with your cursors.")

    # What picows calls

    def _answer(self, request: WSUpgradeRequest) -> "Wire | WSUpgradeResponseWithListener":
        path = request.path.split(b"?", 1)[0].decode("latin-1")
        if self._gate.refuses(path, request.headers):
            refusal = WSUpgradeResponse.create_error_response(HTTPStatus.FORBIDDEN, b"This socket is not for you.\n")
            return WSUpgradeResponseWithListener(refusal, None)
        # uvicorn found the token "upgrade" in the list that this header is; picows wants it to be the only one.
        request.headers["Connection"] = "Upgrade"
        return self

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        try:
            self._hearer = self._gate.opened(self, transport.request.headers)
        except Exception:
            log.exception("a socket could not be opened")
            self._close(WSCloseCode.INTERNAL_ERROR, "The server made a mistake.")

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        kind = frame.msg_type
        if self._ended or self._hearer is None or kind == WSMsgType.PONG:
            return
        if kind == WSMsgType.PING:
            # Who sends pings without reading the answers gets none, or they would pile up here.
            if self._writable:
                transport.send_pong(frame.get_payload_as_bytes())
        elif kind == WSMsgType.CLOSE:
            code = frame.get_close_code()
            self._close(WSCloseCode.OK if code == WSCloseCode.NO_INFO else code, "")
        elif frame.rsv1 or frame.rsv2 or frame.rsv3:
            self._close(WSCloseCode.PROTOCOL_ERROR, "No extension was agreed on.")
        elif frame.fin and self._continuing is None and kind != WSMsgType.CONTINUATION:
            self._hearer.heard(frame.get_payload_as_bytes(), kind == WSMsgType.TEXT)
        else:
            self._take_part(self._hearer, frame)

    def _take_part(self, hearer: Hearer, frame: WSFrame) -> None:
        """A message may come in pieces; other messages may not come in between."""
        if (frame.msg_type == WSMsgType.CONTINUATION) != (self._continuing is not None):
            self._close(WSCloseCode.PROTOCOL_ERROR, "A message is sent whole, or continued until it is.")
            return
        kind = self._continuing = self._continuing or frame.msg_type
        self._parts += frame.get_payload_as_bytes()
        if len(self._parts) > MESSAGE_BYTES:
            self._close(WSCloseCode.MESSAGE_TOO_BIG, f"A message has at most {MESSAGE_BYTES} bytes.")
        elif frame.fin:
            whole, self._parts, self._continuing = bytes(self._parts), bytearray(), None
            hearer.heard(whole, kind == WSMsgType.TEXT)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._ended = True
        if self._hearer is not None:
            self._hearer.left()
        self._hearer = None

    # What the socket above calls

    @property
    def writable_now(self) -> bool:
        """Whether the connection takes more without piling it up."""
        return self._writable and not self._ended

    @property
    def has_ended(self) -> bool:
        """Whether nothing more is taken in or sent, though the peer may still be there."""
        return self._ended

    def put(self, text: bytes) -> None:
        """Send a text frame; on a connection that is ending it is dropped, and the client resumes."""
        if self._ended or self._transport is None:
            return
        if len(text) <= COPIED_BYTES:
            self._transport.send(WSMsgType.TEXT, text)
        else:
            self._transport.send_reuse_external_bytearray(WSMsgType.TEXT, bytearray(HEADER + text), len(HEADER))

    def end(self, code: int, reason: str) -> None:
        """Close with that code, and cut the connection if the peer does not read on."""
        self._close(WSCloseCode(code), reason)

    def _close(self, code: WSCloseCode, reason: str) -> None:
        if self._ended or self._transport is None:
            return
        self._ended = True
        self._transport.send_close(code, reason.encode()[:LONGEST_REASON].decode(errors="ignore"))
        self._transport.disconnect()
        asyncio.get_running_loop().call_later(LINGER_SECONDS, self._below.abort)

    def hold_reading(self) -> None:
        """Take nothing more in until `go_on_reading`."""
        if self._reading:
            self._reading = False
            self._below.pause_reading()

    def go_on_reading(self) -> None:
        if not self._reading and not self._ended:
            self._reading = True
            self._below.resume_reading()
