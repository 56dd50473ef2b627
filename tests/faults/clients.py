"""An HTTP client and a socket client that speak the contract and nothing else."""

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Protocol, Self

import httpx
import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage
from websockets.protocol import State

PREFIX = "/api/v1"
BESIDE_THE_API = "/health/"
OPEN_SECONDS = 5.0
ANSWER_SECONDS = 10.0

Json = dict[str, Any]


class Endpoint(Protocol):
    """Where a server can be reached now; a restarted one may answer elsewhere."""

    @property
    def url(self) -> str: ...

    @property
    def ws_url(self) -> str: ...


class Through:
    """The same server by way of a proxy's port."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.ws_url = f"ws://127.0.0.1:{port}{PREFIX}/live"


class Unexpected(AssertionError):
    """An answer that the test did not ask for."""


@dataclass(frozen=True)
class SentFile:
    """A body that is a form with one file."""

    name: str
    data: bytes
    fields: Mapping[str, str] = field(default_factory=dict)


class Api:
    """HTTP calls to one endpoint; `token` is the caller's bearer token."""

    def __init__(self, endpoint: Endpoint, *, timeout_seconds: float = ANSWER_SECONDS) -> None:
        self._endpoint = endpoint
        self._http = httpx.AsyncClient(
            timeout=timeout_seconds,
            limits=httpx.Limits(max_connections=200, max_keepalive_connections=200),
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def call(self, method: str, path: str, body: object = None, *, token: str | None = None) -> httpx.Response:
        """The answer, whatever its status; httpx.TransportError when there was none."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        url = self._endpoint.url + ("" if path.startswith(BESIDE_THE_API) else PREFIX) + path
        if isinstance(body, SentFile):
            form = {"file": (body.name, body.data)}
            return await self._http.request(method, url, headers=headers, files=form, data=dict(body.fields))
        content = None if body is None else msgspec.json.encode(body)
        if content is not None:
            headers["Content-Type"] = "application/json"
        return await self._http.request(method, url, headers=headers, content=content)

    async def done(self, method: str, path: str, body: object = None, *, token: str | None = None) -> Any:
        """The decoded body of a success, None when it is empty; raises `Unexpected` for any other answer."""
        answer = await self.call(method, path, body, token=token)
        if not answer.is_success:
            raise Unexpected(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json() if answer.content else None

    async def pages(self, path: str, *, token: str, after: str | None = None) -> list[Json]:
        """All items of a paged list, from the page that follows `after`."""
        items: list[Json] = []
        joint = "&" if "?" in path else "?"
        while True:
            place = "" if after is None else f"&after={after}"
            page = await self.done("GET", f"{path}{joint}limit=100{place}", token=token)
            items += page["items"]
            if page["next"] is None:
                return items
            after = page["next"]

    async def thread(self, conversation_id: str, *, token: str) -> list[Json]:
        """Every message of a conversation, ascending."""
        return await self.pages(f"/conversations/{conversation_id}/messages", token=token, after="0")


class Disconnected(Exception):
    """The socket is gone; `code` is its close code, None when it was never opened or just vanished."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"closed with {code}")
        self.code = code


class Live:
    """One open socket: answers find their command by `ref`, all else goes to `hear` in the order it came."""

    def __init__(self, socket: ClientConnection, hear: Callable[[Json], None]) -> None:
        self._socket = socket
        self._hear = hear
        self._refs = itertools.count(1)
        self._answers: dict[str, asyncio.Future[Json]] = {}
        self.ready: Json = {}
        self.heard: list[Json] = []
        self.last_frame = asyncio.get_running_loop().time()
        self._reading: asyncio.Task[None] | None = None

    @classmethod
    async def open(
        cls,
        endpoint: Endpoint,
        token: str,
        *,
        cursors: Mapping[str, str] | None = None,
        as_: str | None = None,
        hear: Callable[[Json], None] | None = None,
        open_seconds: float = OPEN_SECONDS,
    ) -> Self:
        """Connect, say hello and wait for `ready`; `hear` gets every frame that is not an answer.

        Raises `Disconnected` when any of it fails or takes longer than `open_seconds`.
        """
        hello: Json = {"type": "hello", "token": token}
        if cursors:
            hello["cursors"] = dict(cursors)
        if as_ is not None:
            hello["as"] = as_
        try:
            socket = await connect(
                endpoint.ws_url, compression=None, max_size=None, ping_interval=None, proxy=None,
                open_timeout=open_seconds, close_timeout=1,
            )  # fmt: skip
        except (OSError, TimeoutError, InvalidHandshake, InvalidMessage, ConnectionClosed, EOFError) as error:
            raise Disconnected(None) from error
        live = cls(socket, hear or (lambda _: None))
        try:
            async with asyncio.timeout(open_seconds):
                await socket.send(msgspec.json.encode(hello).decode())
                live.ready = (first := await live._frames())[0]
            if live.ready["type"] != "ready":
                raise Unexpected(f"hello was answered by {live.ready}")
            for frame in first[1:]:
                live._take(frame)
        except TimeoutError as error:
            socket.transport.abort()
            raise Disconnected(None) from error
        except BaseException:
            socket.transport.abort()
            raise
        live._reading = asyncio.create_task(live._read())
        return live

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def send(self, command: Mapping[str, Any]) -> "asyncio.Future[Json]":
        """Queue a command and give the future of its answer, which fails with `Disconnected`.

        The frame leaves in call order; nothing is awaited here, so a client can keep many in flight.
        """
        ref = str(next(self._refs))
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        if self._socket.state is not State.OPEN:
            answer.set_exception(Disconnected(self.close_code))
            return answer
        self._answers[ref] = answer
        self._socket.protocol.send_text(msgspec.json.encode({**command, "ref": ref}))
        self._socket.send_data()
        return answer

    async def ask(self, command: Mapping[str, Any], *, seconds: float = ANSWER_SECONDS) -> Json:
        """The `ok` or `refused` frame; raises `Disconnected`, or TimeoutError after `seconds`."""
        async with asyncio.timeout(seconds):
            return await self.send(command)

    async def say(self, frame: str | bytes) -> None:
        """Send a frame exactly as given; raises `Disconnected`."""
        try:
            await self._socket.send(frame)
        except ConnectionClosed as error:
            raise Disconnected(self.close_code) from error

    @property
    def close_code(self) -> int | None:
        """The close code once closed, 1006 when it just vanished, None while open."""
        return self._socket.close_code

    async def closed(self, *, seconds: float) -> int | None:
        """Wait for the other side to close and give its code; raises TimeoutError after `seconds`."""
        assert self._reading is not None
        async with asyncio.timeout(seconds):
            await asyncio.shield(self._reading)
        return self.close_code

    async def close(self) -> None:
        """Close in order; an already closed socket stays so."""
        await self._socket.close()
        if self._reading is not None:
            await self._reading

    def abort(self) -> None:
        """Drop the connection without a word."""
        self._socket.transport.abort()

    async def _read(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                for frame in await self._frames():
                    self._take(frame)
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(Disconnected(self.close_code))
                answer.exception()

    async def _frames(self) -> list[Json]:
        try:
            decoded = msgspec.json.decode(await self._socket.recv())
        except ConnectionClosed as error:
            if self._reading is None:
                raise Disconnected(self.close_code) from error
            raise
        self.last_frame = asyncio.get_running_loop().time()
        return decoded if isinstance(decoded, list) else [decoded]

    def _take(self, frame: Json) -> None:
        if frame["type"] in ("ok", "refused") and (waiting := self._answers.pop(frame["ref"], None)):
            if not waiting.done():
                waiting.set_result(frame)
            return
        self.heard.append(frame)
        self._hear(frame)
