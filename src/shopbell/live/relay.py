"""Several processes, one desk: each tells the others what it commits, and misses nothing that they do.

What a process hears of a business comes from its own commits and, over NATS, from those of others, in no order.
`Course` puts it in order. NATS may lose anything: a gap is filled from the log after a moment, and again and
again the heads of all followed businesses are compared, which also finds a last message that was lost.
"""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import groupby

import msgspec
import structlog

from shopbell.kernel import ids
from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import Refusal
from shopbell.kernel.events import Recorded
from shopbell.kernel.scope import HOUSE, of_business
from shopbell.live import reread
from shopbell.live.beat import every
from shopbell.live.course import Course
from shopbell.live.hub import Hub
from shopbell.live.nats import Bus
from shopbell.live.presence import Colleagues
from shopbell.live.told import Passing, Told, told
from shopbell.signin.signals import SessionsEnded
from shopbell.staff.signals import StaffChanged

log = structlog.get_logger()

# How long an event may wait for the ones before it until the log is asked for them.
GAP_SECONDS = 0.2
# Below the two seconds within which who lost a right hears no more, even if NATS lost the news of it.
POLL_SECONDS = 1.5
# Well below the largest message that NATS takes, which is 1 MiB.
MESSAGE_BYTES = 256 * 1024
MET = 50_000


class News(msgspec.Struct, frozen=True, array_like=True, tag="news"):
    """Some events of one business, by rising numbers."""

    told: list[Told]


class Fleeting(msgspec.Struct, frozen=True, array_like=True, tag="fleeting"):
    passing: Passing


class Presents(msgspec.Struct, frozen=True, array_like=True, tag="presents"):
    """Who of the staff has a screen open in that process; `asks` for the same of the others."""

    process: str
    colleagues: Colleagues
    asks: bool


class Met(msgspec.Struct, frozen=True, array_like=True, tag="met"):
    """A person heard of a business after that number: their screens elsewhere have to follow it too."""

    person_id: str
    business_id: str
    after: int


OfBusiness = News | Fleeting | Presents
OfAll = SessionsEnded | StaffChanged | Met

encode = msgspec.msgpack.Encoder().encode
decode_business = msgspec.msgpack.Decoder(OfBusiness).decode
decode_all = msgspec.msgpack.Decoder(OfAll).decode


class Followed:
    """A business whose events are brought here: in their order, once `beginning` has found where that begins."""

    def __init__(self) -> None:
        self.course = Course()
        self.beginning: asyncio.Task[None] | None = None
        self.filling: asyncio.Task[None] | None = None

    def end(self) -> list[asyncio.Task[None]]:
        """Cancel what is under way for it."""
        tasks = [task for task in (self.beginning, self.filling) if task]
        for task in tasks:
            task.cancel()
        return tasks


class Relay:
    """One per process, on the desk's event loop.

    `met` is called when a person of an open screen may have come to a business; `presence` with who is at another
    process; `looking` again and again, with whether messages are known to be lost, to find what NATS did not bring of
    new acquaintances and ended sessions.
    """

    tell_apart = True

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
        self._bus = Bus(url, self._doubt)
        self._subjects = f"shopbell.{desk.epoch}"
        self._on_met = met
        self._on_presence = presence
        self._process = ids.new()
        self._look = looking
        self._in_doubt = False
        self._not_understood = 0
        self._followed: dict[str, Followed] = {}
        self._followers: Counter[str] = Counter()
        self._met: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._beats: list[asyncio.Task[None]] = []

    @property
    def failing(self) -> list[str]:
        return [] if self._bus.is_up else ["nats"]

    def start(self) -> None:
        self._bus.start()
        self._desk.hear(self._tell)
        self._desk.hear_own_signals(self._pass_on_signal)
        # Apart, so that neither is late behind the other.
        self._beats = [
            asyncio.create_task(self._bus.follow(self._subject("all"), self._heard_all)),
            asyncio.create_task(every(POLL_SECONDS, self._compare, missed="heads_not_compared")),
            asyncio.create_task(every(POLL_SECONDS, self._look_around, missed="not_looked_around")),
        ]

    async def stop(self) -> None:
        tasks = [task for followed in self._followed.values() for task in followed.end()]
        for beat in self._beats:
            beat.cancel()
        await asyncio.gather(*tasks, *self._beats, return_exceptions=True)
        await self._bus.stop()

    # What happens here, for the others

    def _tell(self, recorded: Sequence[Recorded]) -> None:
        encoded = sorted(told(self._desk.epoch, recorded), key=lambda one: one.business_id)
        for business_id, group in groupby(encoded, key=lambda one: one.business_id):
            events = list(group)
            for part in parts(events):
                self._bus.tell(self._subject(business_id), encode(News(part)))
            self._meet(events)
            self._take(business_id, events)

    def _meet(self, events: list[Told]) -> None:
        """Say once of each person and business that they have to do with each other."""
        for event in events:
            if event.to_person is not None and event.person_id is not None:
                pair = (event.person_id, event.business_id)
                if pair not in self._met:
                    self._met[pair] = None
                    if len(self._met) > MET:
                        self._met.popitem(last=False)
                    self._say(Met(*pair, event.seq - 1))

    def pass_on(self, passing: Passing) -> None:
        self._bus.tell(self._subject(passing.business_id), encode(Fleeting(passing)))

    def present(self, business_id: str, colleagues: Colleagues, asks: bool) -> None:
        self._bus.tell(self._subject(business_id), encode(Presents(self._process, colleagues, asks)))

    def _pass_on_signal(self, signal: object) -> None:
        if isinstance(signal, SessionsEnded | StaffChanged):
            self._say(signal)

    def _say(self, message: OfAll) -> None:
        if isinstance(message, Met):
            self._on_met(message.person_id, message.business_id, message.after)
        self._bus.tell(self._subject("all"), encode(message))

    def _subject(self, name: str) -> str:
        return f"{self._subjects}.{name}"

    # What the others say

    def _heard(self, business_id: str, message: bytes) -> None:
        try:
            news = decode_business(message)
        except msgspec.DecodeError:
            # Of a version that is no longer, or not yet, spoken here: the log tells the same.
            self._not_understood += 1
            return
        if isinstance(news, News):
            self._take(business_id, news.told)
        elif isinstance(news, Fleeting):
            self._hub.tell_now(news.passing)
        else:
            self._on_presence(business_id, news.process, news.colleagues, news.asks)

    def _heard_all(self, message: bytes) -> None:
        try:
            said = decode_all(message)
        except msgspec.DecodeError:
            self._not_understood += 1
            self._doubt()
            return
        if isinstance(said, Met):
            self._on_met(said.person_id, said.business_id, said.after)
        else:
            self._desk.signalled(said)

    # In order, without gaps

    async def follow(self, business_ids: Sequence[str]) -> None:
        self._followers.update(business_ids)
        for followed in [self._following(business_id) for business_id in business_ids]:
            if followed.beginning is not None:
                # Who waits may be cancelled with their socket; others wait for the same.
                await asyncio.shield(followed.beginning)

    def _following(self, business_id: str) -> Followed:
        followed = self._followed.get(business_id)
        if followed is None:
            followed = self._followed[business_id] = Followed()
            followed.beginning = asyncio.create_task(self._begin(business_id, followed))
        return followed

    async def _begin(self, business_id: str, followed: Followed) -> None:
        try:
            await self._bus.follow(self._subject(business_id), lambda message: self._heard(business_id, message))
            found = await self._desk.read_for(HOUSE, reread.heads, [business_id])
            self._let_on(business_id, followed, followed.course.begin(found.get(business_id, 0)))
        except BaseException:
            # The next one to follow tries again; those who wait now hear why it failed.
            if self._followed.get(business_id) is followed:
                self._forget(business_id)
            raise
        finally:
            followed.beginning = None

    def unfollow(self, business_ids: Sequence[str]) -> None:
        for business_id in business_ids:
            self._followers[business_id] -= 1
            if self._followers[business_id] <= 0:
                del self._followers[business_id]
                if business_id in self._followed:
                    self._forget(business_id).end()

    def _forget(self, business_id: str) -> Followed:
        self._bus.unfollow(self._subject(business_id))
        return self._followed.pop(business_id)

    def _take(self, business_id: str, events: Sequence[Told]) -> None:
        followed = self._followed.get(business_id)
        if followed is None:
            return
        self._let_on(business_id, followed, followed.course.take(events))

    def _let_on(self, business_id: str, followed: Followed, onward: list[Told]) -> None:
        self._hub.tell(onward)
        if followed.course.has_gap:
            self._fill(business_id, followed, after_seconds=GAP_SECONDS)

    def _fill(self, business_id: str, followed: Followed, *, after_seconds: float = 0) -> None:
        if followed.filling is None:
            followed.filling = asyncio.create_task(self._filled(business_id, followed, after_seconds))

    async def _filled(self, business_id: str, followed: Followed, after_seconds: float) -> None:
        course = followed.course
        try:
            await asyncio.sleep(after_seconds)
            if after_seconds and not course.has_gap:
                return
            scope = of_business(business_id)
            while events := await self._desk.read_for(scope, reread.after, business_id, course.position):
                self._hub.tell(course.take(events))
        except Refusal as refusal:
            # The next look at the heads finds it again.
            log.info("gap_not_filled", reason=refusal.code)
        except Exception as error:
            log.error("gap_not_filled", business_id=business_id, exc_info=error)
        finally:
            followed.filling = None

    # What NATS may have lost

    def _doubt(self) -> None:
        self._in_doubt = True

    async def _look_around(self) -> None:
        in_doubt, self._in_doubt = self._in_doubt or not self._bus.is_up, False
        try:
            await self._look(in_doubt)
        except BaseException:
            self._doubt()
            raise

    async def _compare(self) -> None:
        """Read the log of each business whose newest event is not heard of a moment after it was seen there."""
        if self._not_understood:
            log.warning("bus_not_understood", messages=self._not_understood)
            self._not_understood = 0
        if not self._followed:
            return
        heads = await self._desk.read_for(HOUSE, reread.heads, list(self._followed))
        await asyncio.sleep(GAP_SECONDS)
        for business_id, head in heads.items():
            followed = self._followed.get(business_id)
            if followed is not None and followed.beginning is None and followed.course.position < head:
                self._fill(business_id, followed)


def parts(events: Sequence[Told]) -> Iterator[list[Told]]:
    """The events in lists that each make one message."""
    part: list[Told] = []
    size = 0
    for event in events:
        if part and size + event.size > MESSAGE_BYTES:
            yield part
            part, size = [], 0
        part.append(event)
        size += event.size
    if part:
        yield part
