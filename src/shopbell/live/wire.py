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
# A message of a chat fits in; for a larger one it grows.
READ_BYTES = 4_096


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
            WSAutoPingStrategy.PING_WHEN_IDLE, True, MESSAGE_BYTES, None, READ_BYTES,
        )  # fmt: skip
        # The loop reads through these two straight into the memory of picows.
        self.get_buffer = self._protocol.get_buffer
        self.buffer_updated = self._protocol.buffer_updated
        self._hearer: Hearer | None = None
        self._transport: WSTransport | None = None
        self._parts: list[bytes] = []
        self._parts_are_text = False
        self._parts_bytes = 0
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
            room = self._protocol.get_buffer(len(data))
            part, data = data[: len(room)], data[len(room) :]
            room[: len(part)] = part
            self._protocol.buffer_updated(len(part))

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, error: Exception | None) -> None:
        self._connections.discard(self)
        self._protocol.connection_lost(error)
        # They refer to each other, and would wait for the garbage collector.
        del self._protocol, self.get_buffer, self.buffer_updated

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
        return self

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        self._hearer = self._gate.opened(self, transport.request.headers)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        kind = frame.msg_type
        if self._ended or self._hearer is None or kind == WSMsgType.PONG:
            return
        if kind == WSMsgType.CLOSE:
            code = frame.get_close_code()
            self._close(WSCloseCode.OK if code == WSCloseCode.NO_INFO else code, "")
        elif frame.rsv1 or frame.rsv2 or frame.rsv3:
            self._close(WSCloseCode.PROTOCOL_ERROR, "No extension was agreed on.")
        elif frame.fin and not self._parts and kind != WSMsgType.CONTINUATION:
            self._hearer.heard(frame.get_payload_as_bytes(), kind == WSMsgType.TEXT)
        else:
            self._take_part(self._hearer, frame)

    def _take_part(self, hearer: Hearer, frame: WSFrame) -> None:
        """A message may come in pieces; other messages may not come in between."""
        if (frame.msg_type == WSMsgType.CONTINUATION) != bool(self._parts):
            self._close(WSCloseCode.PROTOCOL_ERROR, "A message is sent whole, or continued until it is.")
            return
        if not self._parts:
            self._parts_are_text = frame.msg_type == WSMsgType.TEXT
        self._parts.append(frame.get_payload_as_bytes())
        self._parts_bytes += frame.payload_size
        if self._parts_bytes > MESSAGE_BYTES:
            self._close(WSCloseCode.MESSAGE_TOO_BIG, f"A message has at most {MESSAGE_BYTES} bytes.")
        elif frame.fin:
            whole, self._parts, self._parts_bytes = b"".join(self._parts), [], 0
            hearer.heard(whole, self._parts_are_text)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._ended = True
        if self._hearer is not None:
            self._hearer.left()

    # What the socket above calls

    @property
    def writable_now(self) -> bool:
        """Whether the connection takes more without piling it up."""
        return self._writable and not self._ended

    def put(self, text: bytes) -> None:
        """Send a text frame; on a connection that is ending it is dropped, and the client resumes."""
        if not self._ended and self._transport is not None:
            self._transport.send(WSMsgType.TEXT, text)

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
