"""Who listens to what: each committed event is encoded once for each audience and handed to its listeners."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Protocol

import structlog

from shopbell.kernel.cursors import cursor
from shopbell.kernel.events import Audience, Frame, Recorded
from shopbell.live.frames import CursorFrame, OtherWaiting, encode
from shopbell.tickets.events import WaitingChanged

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


Topics = dict[str, set[Listener]]


class Hub:
    """One per process; everything happens on the event loop."""

    def __init__(self, epoch: str) -> None:
        self._epoch = epoch
        self._staff: Topics = {}
        self._people: Topics = {}
        self._elsewhere: Topics = {}
        self._heads: dict[str, int] = {}
        self._untold: deque[Recorded] = deque()
        self._telling = False
        self._full: dict[Listener, None] = {}
        self._late: deque[Listener] = deque()

    def add_staff(self, business_id: str, listener: Listener) -> None:
        self._staff.setdefault(business_id, set()).add(listener)

    def add_person(self, person_id: str, listener: Listener) -> None:
        self._people.setdefault(person_id, set()).add(listener)

    def add_elsewhere(self, business_id: str, listener: Listener) -> None:
        """Tell the listener how many wait in another business of the same login."""
        self._elsewhere.setdefault(business_id, set()).add(listener)

    def leave_elsewhere(self, business_id: str) -> set[Listener]:
        """Tell nobody elsewhere of that business any more; who was told so far."""
        return self._elsewhere.pop(business_id, set())

    def remove(self, listener: Listener, keys: Sequence[str]) -> None:
        """Forget the listener under each of the business or person ids it was added with."""
        for topics in (self._staff, self._people, self._elsewhere):
            for key in keys:
                if (listeners := topics.get(key)) is not None:
                    listeners.discard(listener)
                    if not listeners:
                        del topics[key]

    def tell(self, recorded: Sequence[Recorded]) -> None:
        """Deliver the events of one commit, in order."""
        self._untold.extend(recorded)
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
            recorded = self._untold.popleft()
            try:
                yield from self._told(recorded)
            except Exception as error:
                # One event that can't be told must not end the telling of all others.
                log.error("event_not_told", name=recorded.event.name, exc_info=error)

    def _told(self, recorded: Recorded) -> Iterator[None]:
        """Tell everyone about one event, with a pause after each large group."""
        event, business_id, seq = recorded.event, recorded.business_id, recorded.seq
        self._heads[business_id] = seq
        if event.audience != Audience.PERSON and (staff := self._staff.get(business_id)):
            author_id = event.author_id
            frame = encode(Frame.of(self._epoch, recorded, event.for_staff()))
            own = encode(Frame.of(self._epoch, recorded, event.for_author())) if author_id else frame
            for count, listener in enumerate(tuple(staff), 1):
                listener.hear(business_id, seq, own if listener.actor_id == author_id else frame)
                if count % LISTENERS_AT_ONCE == 0:
                    yield
        if event.audience != Audience.STAFF and (people := self._people.get(recorded.person_id or "")):
            frame = encode(Frame.of(self._epoch, recorded, event.for_person()))
            for listener in tuple(people):
                listener.hear(business_id, seq, frame)
        if isinstance(event, WaitingChanged) and (elsewhere := self._elsewhere.get(business_id)):
            frame = encode(OtherWaiting(business_id, event.waiting))
            for listener in tuple(elsewhere):
                listener.hear_now(frame)

    def tell_now(self, teller: Listener, business_id: str, to_staff: bytes, person_id: str, to_person: bytes) -> None:
        """Pass on what is never stored to both sides of a conversation, but not back to who told it."""
        for listeners, frame in ((self._staff.get(business_id), to_staff), (self._people.get(person_id), to_person)):
            for listener in tuple(listeners or ()):
                if listener is not teller:
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

    def tell_cursors(self) -> None:
        """Move the cursors of quiet listeners on, past events that were not for them."""
        if self._telling:
            return
        for topics in (self._staff, self._people):
            for listener in {listener for listeners in topics.values() for listener in listeners}:
                for business_id, told in tuple(listener.told.items()):
                    head = self._heads.get(business_id, 0)
                    if head > told:
                        frame = encode(CursorFrame(business_id, cursor(self._epoch, business_id, head)))
                        listener.hear(business_id, head, frame)


def _flushed(listener: Listener) -> None:
    try:
        listener.flush()
    except Exception as error:
        log.error("listener_not_flushed", exc_info=error)


async def every(seconds: float, work: Callable[[], None]) -> None:
    """Do the work again and again until cancelled."""
    while True:
        await asyncio.sleep(seconds)
        work()
