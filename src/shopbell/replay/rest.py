"""The request half of the contract, asked again for as long as patience lasts while the server is away."""

import asyncio
import random
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
import msgspec

from shopbell.replay import wire

T = TypeVar("T")

REQUEST_SECONDS = 30.0
CONNECTIONS = 32
TEMPORARY = frozenset({429, 502, 503, 504, 507})
"""Statuses that promise nothing about the next attempt."""


class Refused(Exception):
    """The server said no, and would say it again.

    `uncertain` is true when an earlier attempt was cut off or left open, so the refusal may be the echo of its success.
    """

    def __init__(self, asked: str, problem: wire.Problem, *, uncertain: bool) -> None:
        super().__init__(f"{asked}: {problem}")
        self.problem = problem
        self.uncertain = uncertain


class Away(Exception):
    """The server did not come back within the patience."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Jittered, growing pauses between attempts, in seconds."""

    first: float = 0.1
    longest: float = 2.0

    def before(self, attempt: int) -> float:
        return random.uniform(self.first / 2, min(self.longest, self.first * 2 ** min(attempt, 16)))


class Rest:
    """One keep-alive client for everybody who plays; `patience` is in seconds."""

    def __init__(self, at: str, *, patience: float) -> None:
        self._http = httpx.AsyncClient(
            base_url=at.rstrip("/") + "/api/v1",
            timeout=REQUEST_SECONDS,
            limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
            trust_env=False,
        )
        self._patience = patience
        self._wait = Wait()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def ask(
        self,
        kind: type[T],
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        token: str | None = None,
        query: dict[str, str | int] | None = None,
    ) -> T:
        """The answer as `kind`; raises `Refused` on a 4xx and `Away` when patience ends.

        Sent again after a cut connection, so the request must be one that may be repeated.
        """
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        content = None if body is None else msgspec.json.encode(body)
        uncertain = False
        attempt = 0
        give_up = time.monotonic() + self._patience
        while True:
            pause = self._wait.before(attempt)
            try:
                answer = await self._http.request(method, path, content=content, headers=headers, params=query)
                if answer.status_code not in TEMPORARY:
                    return _parsed(kind, answer, uncertain=uncertain)
                uncertain = uncertain or _leaves_open(answer)
                reason = f"{method} {path} answers {answer.status_code}"
                pause = max(pause, _retry_after(answer))
            except httpx.TransportError as error:
                uncertain = uncertain or not isinstance(error, httpx.ConnectError)
                reason = f"{method} {path}: {type(error).__name__} {error}"
            if time.monotonic() + pause > give_up:
                raise Away(f"The server stayed away: {reason}")
            await asyncio.sleep(pause)
            attempt += 1


def _leaves_open(answer: httpx.Response) -> bool:
    """Whether the request may have had its effect: a proxy lost the answer, or the database did."""
    return answer.status_code in (502, 504) or b'"storage_unsettled"' in answer.content


def _parsed(kind: type[T], answer: httpx.Response, *, uncertain: bool) -> T:
    if answer.is_success:
        return msgspec.json.decode(answer.content or b"null", type=kind)
    try:
        problem = msgspec.json.decode(answer.content, type=wire.Problem)
    except msgspec.DecodeError:
        problem = wire.Problem(status=answer.status_code, title=answer.reason_phrase)
    problem.status = answer.status_code
    raise Refused(f"{answer.request.method} {answer.request.url.path}", problem, uncertain=uncertain)


def _retry_after(answer: httpx.Response) -> float:
    try:
        return float(answer.headers.get("Retry-After", "0"))
    except ValueError:
        return 0.0
