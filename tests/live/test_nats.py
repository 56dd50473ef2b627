"""The connection to NATS comes back by itself, whatever the server said at its end, and takes only so much."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from nats.aio.client import Client
from structlog.testing import capture_logs

from shopbell.live.nats import WAITING_BYTES, Bus
from tests.cluster import Nats

SECONDS = 15


@asynccontextmanager
async def bus(
    url: str, missed: Callable[[], None] = lambda: None, lost: Callable[[], None] = lambda: None
) -> AsyncIterator[Bus]:
    bus = Bus(url, missed=missed, lost=lost)
    bus.start()
    try:
        yield bus
    finally:
        await bus.stop()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(SECONDS):
        while not holds():
            await asyncio.sleep(0.02)


async def test_who_is_refused_for_a_while_is_back_and_hears_what_was_followed_before() -> None:
    with Nats(teller="secret", hearer="old") as nats, capture_logs() as logged:
        heard: list[bytes] = []
        doubts: list[None] = []
        async with (
            bus(nats.url_of("teller", "secret")) as teller,
            bus(nats.url_of("hearer", "old"), lambda: doubts.append(None)) as hearer,
        ):
            await until(lambda: teller.is_up and hearer.is_up)
            await hearer.follow("news", heard.append)
            assert teller.tell("news", b"one")
            await until(lambda: heard == [b"one"])
            nats.rotate(teller="secret", hearer="new")
            # Or the doubt of the end would be taken for the one of the return.
            await until(lambda: any(line["event"] == "bus_lost" for line in logged))
            assert teller.is_up
            assert not hearer.tell("news", b"lost")
            doubts.clear()
            nats.rotate(teller="secret", hearer="old")
            await until(lambda: hearer.is_up and bool(doubts))
            await hearer.follow("more", heard.append)
            teller.tell("news", b"two")
            teller.tell("more", b"three")
            await until(lambda: heard == [b"one", b"two", b"three"])


async def test_who_comes_with_credentials_that_are_valid_only_later_gets_in() -> None:
    with Nats(hearer="new") as nats, capture_logs() as logged:
        async with bus(nats.url_of("hearer", "old")) as hearer:
            await until(lambda: any(line["event"] == "bus_failed" for line in logged))
            nats.rotate(hearer="old")
            await until(lambda: hearer.is_up)


async def test_a_connection_that_is_gone_beneath_the_client_is_replaced(
    nats: Nats, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[bytes] = []
    lost: list[None] = []
    async with bus(nats.url, lost=lambda: lost.append(None)) as teller, bus(nats.url) as hearer:
        await until(lambda: teller.is_up and hearer.is_up)
        await hearer.follow("news", heard.append)
        with monkeypatch.context() as closed:
            closed.setattr(Client, "publish", gone)
            assert teller.tell("news", b"lost")
            await until(lambda: bool(lost) and not teller.is_up)
        await until(lambda: teller.is_up)
        assert teller.tell("news", b"one")
        await until(lambda: heard == [b"one"])


async def gone(client: Client, subject: str, payload: bytes) -> None:
    """What uvloop says of a transport that it has closed."""
    raise RuntimeError("unable to perform operation; the handler is closed")


async def test_what_waits_to_be_sent_is_bounded_by_its_bytes(nats: Nats) -> None:
    async with bus(nats.url) as teller:
        await until(lambda: teller.is_up)
        message = b"x" * 512 * 1024
        # Nothing is sent before the loop has its next turn.
        taken = [teller.tell("news", message) for _ in range(WAITING_BYTES // len(message) + 1)]
        assert all(taken[:-1])
        assert not taken[-1]


async def test_after_a_bus_stood_still_what_is_told_arrives_again() -> None:
    message = b"x" * 256 * 1024
    heard: list[bytes] = []
    with Nats() as nats:
        async with bus(nats.url) as teller, bus(nats.url) as hearer:
            await until(lambda: teller.is_up and hearer.is_up)
            os.kill(nats.pid, signal.SIGSTOP)
            # More than the connection and the client beneath take.
            while teller.tell("news", message):
                await asyncio.sleep(0)
            await until(lambda: not teller.is_up)
            os.kill(nats.pid, signal.SIGCONT)
            await until(lambda: teller.is_up and hearer.is_up)
            await hearer.follow("news", heard.append)
            # Nobody is told when the bus knows who follows.
            await until(lambda: teller.tell("news", b"one") and heard[:1] == [b"one"])
