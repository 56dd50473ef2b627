"""Who listens to what: each committed event is handed to those of this process who may hear it."""

import asyncio
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Protocol

import structlog

from shopbell.kernel.cursors import cursor
from shopbell.live.frames import CursorFrame, encode
from shopbell.live.told import Passing, Told

log = structlog.get_logger()

# A fan-out to more listeners than this makes room for other work after each so many.
LISTENERS_AT_ONCE = 100


class Listener(Protocol):
    """An open socket as the hub sees it. `told` is the last cursor position it was sent, by business."""

    actor_id: str
    told: dict[str, int]

    def hear(self, business_id: str, seq: int, frame: bytes) -> None: ...

    def hear_now(self, frame: bytes) -> None: ...

    def flush(self) -> None: ...


class Counting(Protocol):
    """The count of those who wait in a business, for a screen of another one."""

    def doubt(self) -> None: ...

    def hear(self, seq: int, frame: bytes) -> None: ...


Topics = dict[str, set[Listener]]


class Hub:
    """One per process; everything happens on the event loop."""

    def __init__(self, epoch: str) -> None:
        self._epoch = epoch
        self._staff: Topics = {}
        self._people: Topics = {}
        self._counts: dict[str, set[Counting]] = {}
        self._heads: dict[str, int] = {}
        self._untold: deque[Told] = deque()
        self._telling = False
        self._full: dict[Listener, None] = {}
        self._late: deque[Listener] = deque()

    def add_staff(self, business_id: str, listener: Listener) -> None:
        self._staff.setdefault(business_id, set()).add(listener)

    def add_person(self, person_id: str, listener: Listener) -> None:
        self._people.setdefault(person_id, set()).add(listener)

    def add_count(self, business_id: str, count: Counting) -> None:
        """Tell it whenever another number of customers waits in that business."""
        self._counts.setdefault(business_id, set()).add(count)

    def counts(self, business_id: str) -> Collection[Counting]:
        """Who counts there."""
        return tuple(self._counts.get(business_id, ()))

    def remove_count(self, business_id: str, count: Counting) -> None:
        counts = self._counts.get(business_id, set())
        counts.discard(count)
        if not counts:
            self._counts.pop(business_id, None)

    def people(self, person_id: str) -> Collection[Listener]:
        """The open screens of that person."""
        return tuple(self._people.get(person_id, ()))

    def listening_people(self) -> list[str]:
        """Everybody who has a screen open."""
        return list(self._people)

    def remove(self, listener: Listener, key: str) -> None:
        """Forget the listener under the business or person id it was added with."""
        for topics in (self._staff, self._people):
            if (listeners := topics.get(key)) is not None:
                listeners.discard(listener)
                if not listeners:
                    del topics[key]

    def tell(self, told: Sequence[Told]) -> None:
        """Deliver some events, which come in the order of their numbers."""
        self._untold.extend(told)
        if not self._telling:
            self._telling = True
            self._go_on(self._steps())

    def _go_on(self, steps: Iterator[None]) -> None:
        """Tell until a large group asks for a pause; the rest follows after other work had its turn."""
        for _ in steps:
            asyncio.get_running_loop().call_soon(self._go_on, steps)
            return
        self._telling = False

    def _steps(self) -> Iterator[None]:
        while self._untold:
            told = self._untold.popleft()
            try:
                yield from self._handed_out(told)
            except Exception as error:
                # One event that can't be told must not end the telling of all others.
                log.error("event_not_told", business_id=told.business_id, seq=told.seq, exc_info=error)

    def _handed_out(self, told: Told) -> Iterator[None]:
        """Tell everyone about one event, with a pause after each large group."""
        business_id, seq = told.business_id, told.seq
        self._heads[business_id] = seq
        if told.to_staff is not None and (staff := self._staff.get(business_id)):
            for count, listener in enumerate(tuple(staff), 1):
                own = told.to_author if listener.actor_id == told.author_id else None
                listener.hear(business_id, seq, own or told.to_staff)
                if count % LISTENERS_AT_ONCE == 0:
                    yield
        if told.to_person is not None and (people := self._people.get(told.person_id or "")):
            for listener in tuple(people):
                listener.hear(business_id, seq, told.to_person)
        if told.elsewhere is not None:
            for counting in self.counts(business_id):
                counting.hear(seq, told.elsewhere)

    def tell_now(self, passing: Passing, *, teller: Listener | None = None) -> None:
        """Pass on what is never stored to both sides of a conversation, but not back to who told it."""
        staff, people = self._staff.get(passing.business_id), self._people.get(passing.person_id)
        for listeners, frame in ((staff, passing.to_staff), (people, passing.to_person)):
            for listener in tuple(listeners or ()):
                if listener is not teller:
                    listener.hear_now(frame)

    def tell_colleagues(self, business_id: str, frame: bytes, *, of: str) -> None:
        """Pass on to the staff of a business what is never stored, but not to that one of them."""
        for listener in tuple(self._staff.get(business_id, ())):
            if listener.actor_id != of:
                listener.hear_now(frame)

    def has_mail(self, listener: Listener) -> None:
        """The listener has something to send: all that comes until the loop's next turn goes in one frame."""
        if not self._full and not self._late:
            asyncio.get_running_loop().call_soon(self._flush)
        self._full[listener] = None

    def _flush(self) -> None:
        """Send for some listeners: newcomers before those a large fan-out left over, so that no answer waits for it."""
        fresh, self._full = iter(self._full), {}
        turn = list(islice(fresh, LISTENERS_AT_ONCE))
        turn += [self._late.popleft() for _ in range(min(LISTENERS_AT_ONCE, len(self._late)))]
        self._late.extend(fresh)
        for listener in turn:
            _flushed(listener)
        if self._full or self._late:
            asyncio.get_running_loop().call_soon(self._flush)

    async def tell_cursors(self) -> None:
        """Move the cursors of quiet listeners on, past events that were not for them."""
        if self._telling:
            return
        # As they are now, with everything handed out: an event that comes during a pause may be handed out by half.
        cursors = Cursors(self._epoch, dict(self._heads))
        topics = (*self._staff.values(), *self._people.values())
        for count, listener in enumerate([listener for listeners in topics for listener in listeners], 1):
            cursors.move_on(listener)
            if count % LISTENERS_AT_ONCE == 0:
                await asyncio.sleep(0)


class Cursors:
    """Where businesses stood at one moment, as frames that are each made once."""

    def __init__(self, epoch: str, heads: dict[str, int]) -> None:
        self._epoch = epoch
        self._heads = heads
        self._frames: dict[str, bytes] = {}

    def move_on(self, listener: Listener) -> None:
        """Tell the listener of each business in which they stand further back."""
        for business_id, told in tuple(listener.told.items()):
            head = self._heads.get(business_id, 0)
            if head > told:
                listener.hear(business_id, head, self._frame(business_id, head))

    def _frame(self, business_id: str, head: int) -> bytes:
        if business_id not in self._frames:
            frame = CursorFrame(business_id, cursor(self._epoch, business_id, head))
            self._frames[business_id] = encode(frame)
        return self._frames[business_id]


def _flushed(listener: Listener) -> None:
    try:
        listener.flush()
    except Exception as error:
        log.error("listener_not_flushed", exc_info=error)
