"""What makes an answer to odd input a clear one."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import httpx

from tests.faults.clients import Json
from tests.faults.history import BrokenPromise
from tests.running import Server

AT_ONCE = 16


def check_unharmed(server: Server, pid: int, told: int) -> None:
    """Raise unless the same process goes on and its log, past the first `told` characters, tells no fault."""
    ready = httpx.get(server.url + "/health/ready", trust_env=False)
    if not ready.is_success or server.pid != pid:
        raise BrokenPromise("G20", "servers that did not survive", [server.log[-2_000:]])
    faults = [line for line in server.log[told:].splitlines() if "Traceback" in line or '"level":"error"' in line]
    if faults:
        raise BrokenPromise("G20", "faults of the server's own in its log", faults)


async def all_of(jobs: Iterable[Awaitable[None]]) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def gated(job: Awaitable[None]) -> None:
        async with gate:
            await job

    await asyncio.gather(*(gated(job) for job in jobs))


def judge(answer: httpx.Response, field: str, text: str, may: bool, told: Callable[[Any], Any]) -> None:
    judge_problem(None if answer.is_success else {"status": answer.status_code, **answer.json()}, field, text, may)
    if answer.is_success:
        same(field, text, told(answer.json()))


def judge_problem(problem: Json | None, field: str, text: str, may: bool) -> None:
    if may and problem is not None:
        raise BrokenPromise("G20", f"allowed strings refused as {field}", [(text[:80], problem)])
    if not may and problem is None:
        raise BrokenPromise("G20", f"strings taken as {field} that are not allowed", [repr(text[:80])])
    if problem is not None:
        named = [str(error["field"]).rsplit(".", 1)[-1] for error in problem.get("errors", [])]
        if problem["status"] != 422 or field not in named:
            raise BrokenPromise("G20", f"refusals that are no 422 naming {field}", [(text[:80], problem)])


def same(where: str, sent: object, told: object) -> None:
    if sent != told:
        raise BrokenPromise("G20", f"strings altered in {where}", [f"{str(sent)[:200]!r} -> {str(told)[:200]!r}"])


def clear(answer: httpx.Response, *statuses: int) -> None:
    """One of the statuses, and for a refusal a problem document that says what is wrong."""
    if answer.status_code not in statuses:
        how = f"answers with a status not in {statuses}"
        raise BrokenPromise("G20", how, [(str(answer.url)[:200], answer.status_code, answer.text[:500])])
    if answer.status_code >= 400:
        kind = answer.headers.get("content-type", "")
        problem = answer.json() if "application/problem+json" in kind else {}
        if not {"type", "title", "status", "detail"} <= problem.keys():
            raise BrokenPromise("G20", "refusals without a problem document", [(kind, answer.text[:300])])


def found(value: Any, key: str) -> Any:
    """The first value under that key, however deep."""
    if isinstance(value, dict):
        if key in value:
            return value[key]
        return next((inner for v in value.values() if (inner := found(v, key)) is not None), None)
    return None
