"""Requests, against a server that answers what each test needs."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from shopbell.replay import wire
from shopbell.replay.rest import Away, Refused, Rest

pytestmark = pytest.mark.anyio

CUT = b""
"""An answer that never comes: the connection is cut instead."""


def answer(status: str, body: bytes = b"{}", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


OK = answer("200 OK", b'{"waiting":1,"unclaimed":2}')
CONFLICT = answer("409 Conflict", b'{"status":409,"title":"Held","detail":"Ada has this ticket."}')


@asynccontextmanager
async def answering(*answers: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
    """The address of a server that gives these answers, one a request, and the requests it got."""
    asked: list[bytes] = []
    waiting = iter(answers)

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                asked.append(head)
                writer.write(next(waiting))
                if asked and answers[len(asked) - 1] == CUT:
                    return
        except asyncio.IncompleteReadError:
            return
        finally:
            writer.close()

    server = await asyncio.start_server(converse, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


async def ask(url: str, patience: float = 10.0) -> wire.Desk:
    async with Rest(url, patience=patience) as rest:
        return await rest.ask(wire.Desk, "GET", "/desk", token="secret")


async def test_an_answer_is_parsed_and_the_token_is_sent() -> None:
    async with answering(OK) as (url, asked):
        assert await ask(url) == wire.Desk(1, 2)
    assert asked[0].startswith(b"GET /api/v1/desk HTTP/1.1")
    assert b"authorization: bearer secret" in asked[0].lower()


async def test_a_cut_connection_is_asked_again() -> None:
    async with answering(CUT, CUT, OK) as (url, asked):
        assert await ask(url) == wire.Desk(1, 2)
    assert len(asked) == 3


async def test_a_busy_server_is_given_the_time_it_asks_for() -> None:
    busy = answer("503 Service Unavailable", b"{}", "Retry-After: 1")
    async with answering(busy, OK) as (url, _):
        began = time.monotonic()
        assert await ask(url) == wire.Desk(1, 2)
    assert time.monotonic() - began >= 1.0


async def test_a_refusal_says_what_and_why() -> None:
    async with answering(CONFLICT) as (url, _):
        with pytest.raises(Refused, match=r"GET /api/v1/desk: 409 Ada has this ticket\.") as refused:
            await ask(url)
    assert not refused.value.uncertain


async def test_a_refusal_after_a_cut_connection_may_be_the_echo_of_success() -> None:
    async with answering(CUT, CONFLICT) as (url, _):
        with pytest.raises(Refused) as refused:
            await ask(url)
    assert refused.value.uncertain


@pytest.mark.parametrize(
    ("first", "uncertain"),
    [
        (answer("503 Service Unavailable", b'{"code":"storage_unsettled"}'), True),
        (answer("503 Service Unavailable", b'{"code":"storage_down"}'), False),
        (answer("502 Bad Gateway", b""), True),
    ],
)
async def test_so_may_one_after_an_answer_that_left_it_open(first: bytes, uncertain: bool) -> None:
    async with answering(first, CONFLICT) as (url, _):
        with pytest.raises(Refused) as refused:
            await ask(url)
    assert refused.value.uncertain is uncertain


async def test_a_server_that_stays_away_ends_patience() -> None:
    async with answering() as (url, _):
        pass
    with pytest.raises(Away, match="ConnectError"):
        await ask(url, patience=0.5)
