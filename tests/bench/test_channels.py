"""The rival does the whole work of posting a message, or beating it would say nothing."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import msgspec
import pytest

from bench.rig.entry import Entry
from bench.rig.sockets import Listener, open_all
from bench.rig.wire import Acknowledged, Item, NotDone
from bench.rig.world import Shop
from bench.rivals.channels import Channels

ANSWER_SECONDS = 10.0


class Caller(Listener):
    """Says one thing at a time and waits for what comes of it."""

    def __init__(self, entry: Entry, conversation_id: str) -> None:
        super().__init__(entry)
        self._conversation_id = conversation_id
        self._answers: asyncio.Queue[Acknowledged | NotDone] = asyncio.Queue()

    async def say(self, nonce: str, text: str, *, conversation_id: str | None = None) -> Acknowledged | NotDone:
        frame = {"type": "post_message", "conversation_id": conversation_id or self._conversation_id}
        self._send(msgspec.json.encode({**frame, "ref": "1", "nonce": nonce, "text": text}))
        return await asyncio.wait_for(self._answers.get(), ANSWER_SECONDS)

    def take(self, item: Item, now: float) -> None:
        if isinstance(item, Acknowledged | NotDone):
            self._answers.put_nowait(item)
        else:
            super().take(item, now)


@dataclass(frozen=True)
class Pair:
    """Two customers of one business."""

    nell: Caller
    tom: Caller
    shop: Shop

    async def heard_by_nell(self, text: str) -> list[str]:
        """All the texts she heard, up to that one, which she is the last to say."""
        await self.nell.say(text, text)
        async with asyncio.timeout(ANSWER_SECONDS):
            while not any(event.body.text == text for event in self.nell.heard):
                await asyncio.sleep(0.01)
        return [event.body.text for event in self.nell.heard]


@pytest.fixture
async def pair(rival: Channels) -> AsyncIterator[Pair]:
    [shop] = await rival.open_shops(shops=1, customers=2, agents=0)
    nell, tom = (Caller(rival.entry(customer.token), customer.conversation_id) for customer in shop.customers)
    await open_all(rival.ws_urls, [nell, tom])
    yield Pair(nell, tom, shop)
    nell.close()
    tom.close()


async def test_a_message_sent_again_gets_its_first_answer_and_is_told_once(pair: Pair) -> None:
    first = await pair.nell.say("a", "Hello?")
    again = await pair.nell.say("a", "Hello?")
    assert isinstance(first, Acknowledged)
    assert again == first
    assert await pair.heard_by_nell("Bye.") == ["Hello?", "Bye."]


async def test_something_else_under_the_same_nonce_is_refused(pair: Pair) -> None:
    await pair.nell.say("a", "Hello?")
    assert isinstance(await pair.nell.say("a", "Good-bye."), NotDone)
    assert isinstance(await pair.tom.say("a", "Good-bye."), Acknowledged)


async def test_a_thread_of_somebody_else_cannot_be_written_in_or_heard(pair: Pair) -> None:
    nells = pair.shop.customers[0].conversation_id
    assert isinstance(await pair.tom.say("a", "Let me in.", conversation_id=nells), NotDone)
    await pair.tom.say("b", "In my own, then.")
    assert await pair.heard_by_nell("Anybody?") == ["Anybody?"]


async def test_a_business_numbers_what_happens_without_gaps(pair: Pair) -> None:
    said = [await caller.say(nonce, nonce) for nonce in "abc" for caller in (pair.nell, pair.tom)]
    numbers = [answer.seq for answer in said if isinstance(answer, Acknowledged)]
    # Each customer's first message opens a ticket, and that is an event before it.
    assert numbers == [2, 4, 5, 6, 7, 8]


async def test_nobody_is_let_in_without_a_session(rival: Channels) -> None:
    stranger = Listener(rival.entry("no-such-session"))
    with pytest.raises(Exception, match=r"403|closed with"):
        await open_all(rival.ws_urls, [stranger])
