"""Nobody fetches more files at once than one needs, since each of them is held in memory piece by piece."""

import asyncio
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from shopbell.conversations.allowance import FETCHED_AT_ONCE
from shopbell.conversations.attachments import MOST_BYTES
from tests.faults.clients import Api
from tests.faults.town import Actor, Town
from tests.running import LENIENT, Server

pytestmark = pytest.mark.anyio

SECONDS = 10
# Little is read ahead, so that an answer nobody reads is still on its way.
UNREAD_BYTES = 64 * 1024


class Fetches:
    """What one person fetches from a server, and reads no further than to the head of each answer."""

    def __init__(self, server: Server, actor: Actor, attachment_id: str) -> None:
        self._address = urlsplit(server.url)
        self._asked = (
            f"GET /api/v1/attachments/{attachment_id} HTTP/1.1\r\nHost: {self._address.netloc}\r\n"
            f"Authorization: Bearer {actor.token}\r\n\r\n"
        ).encode()
        self._under_way: list[asyncio.StreamWriter] = []

    async def begin(self) -> str:
        """The head of the answer."""
        host, port = self._address.hostname, self._address.port
        reader, writer = await asyncio.open_connection(host, port, limit=UNREAD_BYTES)
        self._under_way.append(writer)
        writer.write(self._asked)
        return (await reader.readuntil(b"\r\n\r\n")).decode()

    async def begin_all(self) -> None:
        """As many as one may have, together."""
        async with asyncio.timeout(SECONDS):
            heads = await asyncio.gather(*(self.begin() for _ in range(FETCHED_AT_ONCE)))
        assert all(head.startswith("HTTP/1.1 200") for head in heads)

    def give_up(self, some: int) -> None:
        """Leave so many without a word, the oldest first."""
        for writer in self._under_way[:some]:
            writer.transport.abort()
        del self._under_way[:some]


async def test_who_fetches_too_many_waits_until_others_are_there_or_given_up(serve: Callable[..., Server]) -> None:
    server = serve(environment={**LENIENT, "SHOPBELL_RATE_LIMITS": "on"})
    async with Api(server) as api:
        town = Town(api, server.data)
        owner = await town.owner()
        person, conversation = await town.customer(owner.business_id)
        film = await town.send_file(person, conversation, "film.bin", bytes(MOST_BYTES))
        menu = await town.send_file(owner, conversation, "menu.bin", bytes(UNREAD_BYTES))
    fetches, others = Fetches(server, person, film), Fetches(server, owner, menu)
    try:
        await fetches.begin_all()
        more = asyncio.ensure_future(fetches.begin())
        # Another's answer takes as long as the refusal would.
        assert (await others.begin()).startswith("HTTP/1.1 200")
        assert not more.done()
        fetches.give_up(1)
        async with asyncio.timeout(SECONDS):
            assert (await more).startswith("HTTP/1.1 200")
        fetches.give_up(FETCHED_AT_ONCE)
        await fetches.begin_all()
    finally:
        fetches.give_up(FETCHED_AT_ONCE)
        others.give_up(1)
