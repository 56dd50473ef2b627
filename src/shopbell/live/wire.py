"""The WebSocket as uvicorn speaks it, with a short way in and out.

The ASGI way costs a queue, two wake-ups and a pause of the transport for each frame. After the handshake a
`Wire` hands each frame straight to its socket, and takes frames to send without waiting.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState
from websockets.http11 import Request

# How long a closed connection may take to send what is left before it is cut.
LINGER_SECONDS = 2.0
# RFC 6455, section 5.5: a control frame carries at most 125 bytes, two of them the code.
LONGEST_REASON = 123

EXTENSION = "shopbell.wire"


class Wire(WebSocketsSansIOProtocol):
    """Given to uvicorn as its WebSocket protocol; a socket finds it among the extensions of its ASGI scope."""

    _hear: Callable[[bytes, bool], None] | None = None
    _resume: Callable[[], None] | None = None

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if hasattr(self, "scope"):
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[EXTENSION] = self

    def take(self, hear: Callable[[bytes, bool], None], resume: Callable[[], None]) -> None:
        """From here on `hear(data, is_text)` gets each message, and `resume()` is called when writing may go on."""
        self._hear, self._resume = hear, resume
        while not self.queue.empty():
            message = self.queue.get_nowait()
            if message["type"] != "websocket.receive":
                self.queue.put_nowait(message)
                break
            text = message.get("text")
            hear(text.encode() if text is not None else message.get("bytes") or b"", text is not None)
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()

    def send_receive_event_to_app(self) -> None:
        if self._hear is None:
            super().send_receive_event_to_app()
            return
        data = self.frames[0] if len(self.frames) == 1 else b"".join(self.frames)
        self.frames = []
        if not self.close_sent:
            self._hear(bytes(data), self.curr_msg_data_type == "text")

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._resume is not None:
            self._resume()

    @property
    def writable_now(self) -> bool:
        """Whether the transport takes more without piling it up."""
        return self.writable.is_set() and not self.close_sent and not self.disconnected

    def put(self, text: bytes) -> None:
        """Send a text frame; on a connection that is ending it is dropped, and the client resumes."""
        if self.transport.is_closing():
            return
        with suppress(InvalidState):
            self.conn.send_text(text)
            self.transport.write(b"".join(self.conn.data_to_send()))

    def end(self, code: int, reason: str) -> None:
        """Close with that code, and cut the connection if the peer does not read on."""
        if self.close_sent or self.disconnected:
            return
        self.close_sent = True
        self.stop_keepalive()
        reason = reason.encode()[:LONGEST_REASON].decode(errors="ignore")
        with suppress(InvalidState):
            self.conn.send_close(code, reason)
            self.transport.write(b"".join(self.conn.data_to_send()))
        self.transport.close()
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    def hold_reading(self) -> None:
        """Take nothing more in until `go_on_reading`."""
        if not self.read_paused:
            self.read_paused = True
            self.transport.pause_reading()

    def go_on_reading(self) -> None:
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
