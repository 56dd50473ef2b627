"""Several processes, one desk: each tells the others what it commits, and misses nothing that they do.

What a process hears of a business comes from its own commits and, over NATS, from those of others, in no order.
`Following` puts it in order. NATS may lose anything: a gap is filled from the log after a moment, and again and
again the heads of all followed businesses are compared, which also finds a last message that was lost.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import groupby

import msgspec
import structlog

from shopbell.conversations.events import ConversationOpened
from shopbell.kernel import ids
from shopbell.kernel.desk import Desk
from shopbell.kernel.events import Recorded
from shopbell.kernel.writer import Interrupted
from shopbell.live.beat import every
from shopbell.live.bus_messages import (
    Fleeting,
    Met,
    News,
    OfAll,
    Presents,
    Unheard,
    decode_all,
    decode_business,
    encode,
    parts,
)
from shopbell.live.following import Following
from shopbell.live.hub import Hub
from shopbell.live.nats import Bus
from shopbell.live.presence import Colleagues
from shopbell.live.told import Passing, told
from shopbell.loop.events import MemberJoined
from shopbell.signin.signals import SessionsEnded
from shopbell.staff.signals import StaffChanged

log = structlog.get_logger()

# Below the two seconds within which who lost a right hears no more, even if NATS lost the news of it.
POLL_SECONDS = 1.5
# The first that a person hears of a business; whoever left and comes again hears one of them anew.
COMING = (MemberJoined, ConversationOpened)


class Relay:
    """One per process, on the desk's event loop.

    `met` is called when a person of an open screen may have come to a business; `presence` with who is at another
    process; `looking` again and again, with whether messages are known to be lost, to find what NATS did not bring of
    new acquaintances and ended sessions.
    """

    tell_apart = True
    finds_untold = True

    def __init__(
        self,
        desk: Desk,
        hub: Hub,
        url: str,
        *,
        met: Callable[[str, str, int], None],
        looking: Callable[[bool], Awaitable[None]],
        presence: Callable[[str, str, Colleagues, bool], None],
    ) -> None:
        self._desk = desk
        self._hub = hub
        self._bus = Bus(url, missed=self._missed, lost=self._lost)
        self._subjects = f"shopbell.{desk.epoch}"
        self._following = Following(desk, hub, subscribe=self._subscribe, unsubscribe=self._unsubscribe)
        self._on_met = met
        self._on_presence = presence
        self._process = ids.new()
        self._look = looking
        self._doubts = 0
        self._is_unheard = False
        self._not_understood = 0
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def failing(self) -> list[str]:
        return [] if self._bus.is_up else ["nats"]

    def start(self) -> None:
        self._bus.start()
        self._desk.hear(self._tell)
        self._desk.hear_own_signals(self._pass_on_signal)
        self._desk.hear_signal(Interrupted, self._interrupted)
        # Beats apart, so that neither is late behind the other.
        self._tasks = [
            asyncio.create_task(self._bus.follow(self._subject("all"), self._heard_all)),
            asyncio.create_task(every(POLL_SECONDS, self._following.compare, missed="heads_not_compared")),
            asyncio.create_task(every(POLL_SECONDS, self._look_around, missed="not_looked_around")),
        ]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._following.stop()
        await self._bus.stop()

    async def follow(self, business_ids: Sequence[str]) -> None:
        await self._following.follow(business_ids)

    def unfollow(self, business_ids: Sequence[str]) -> None:
        self._following.unfollow(business_ids)

    # What happens here, for the others

    def _tell(self, recorded: Sequence[Recorded]) -> None:
        self._meet(recorded)
        encoded = sorted(told(self._desk.epoch, recorded), key=lambda one: one.business_id)
        for business_id, group in groupby(encoded, key=lambda one: one.business_id):
            events = list(group)
            for part in parts(events):
                self._say_of(business_id, encode(News(part)))
            self._following.take(business_id, events)

    def _meet(self, recorded: Sequence[Recorded]) -> None:
        """Say of each person who came to a business, also again, that their screens have to follow it."""
        for one in recorded:
            if isinstance(one.event, COMING) and one.person_id is not None:
                met = (one.person_id, one.business_id, one.seq - 1)
                self._on_met(*met)
                self._say(Met(*met))

    def pass_on(self, passing: Passing) -> None:
        self._say_of(passing.business_id, encode(Fleeting(passing)))

    def present(self, business_id: str, colleagues: Colleagues, asks: bool) -> None:
        self._say_of(business_id, encode(Presents(self._process, colleagues, asks)))

    def _pass_on_signal(self, signal: object) -> None:
        if isinstance(signal, SessionsEnded | StaffChanged):
            self._say(signal)

    def _say_of(self, business_id: str, message: bytes) -> None:
        self._publish(self._subject(business_id), message)

    def _say(self, message: OfAll) -> None:
        self._publish(self._subject("all"), encode(message))

    def _publish(self, subject: str, message: bytes) -> None:
        self._own_up()
        if not self._bus.tell(subject, message):
            self._lost()

    def _own_up(self) -> None:
        """Before anything else is said, say that what was said before may be lost."""
        if self._is_unheard:
            self._is_unheard = not self._bus.tell(self._subject("all"), encode(Unheard()))

    def _subject(self, name: str) -> str:
        return f"{self._subjects}.{name}"

    # What the others say

    async def _subscribe(self, business_id: str) -> None:
        await self._bus.follow(self._subject(business_id), lambda message: self._heard(business_id, message))

    def _unsubscribe(self, business_id: str) -> None:
        self._bus.unfollow(self._subject(business_id))

    def _heard(self, business_id: str, message: bytes) -> None:
        try:
            news = decode_business(message)
        except msgspec.DecodeError:
            # Of a version that is no longer, or not yet, spoken here: the log tells the same.
            self._not_understood += 1
            return
        if isinstance(news, News):
            self._following.take(business_id, news.told)
        elif isinstance(news, Fleeting):
            self._hub.tell_now(news.passing)
        else:
            self._on_presence(business_id, news.process, news.colleagues, news.asks)

    def _heard_all(self, message: bytes) -> None:
        try:
            said = decode_all(message)
        except msgspec.DecodeError:
            self._not_understood += 1
            self._missed()
            return
        if isinstance(said, Met):
            self._on_met(said.person_id, said.business_id, said.after)
        elif isinstance(said, Unheard):
            self._missed()
        else:
            self._desk.signalled(said)

    # What may be lost

    def _missed(self) -> None:
        """Something that others said may not have arrived."""
        self._doubts += 1

    def _lost(self) -> None:
        """Something that happened here may not have been told to the others."""
        self._is_unheard = True

    def _interrupted(self, _: Interrupted) -> None:
        """Something may have happened that nobody was told of."""
        self._missed()
        self._lost()

    async def _look_around(self) -> None:
        self._own_up()
        if self._not_understood:
            log.warning("bus_not_understood", messages=self._not_understood)
            self._not_understood = 0
        doubts = self._doubts
        try:
            await self._look(doubts > 0 or not self._bus.is_up)
        except BaseException:
            self._missed()
            raise
        if self._doubts == doubts:
            self._doubts = 0
