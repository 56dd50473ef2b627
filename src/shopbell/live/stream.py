"""What one socket is told: first what it missed, then what happens, joined into as few frames as possible."""

import asyncio
from collections.abc import Collection, Sequence

import structlog

from shopbell.kernel.desk import Desk
from shopbell.kernel.scope import of_business
from shopbell.live import resume
from shopbell.live.frames import Resync, encode
from shopbell.live.hub import Hub
from shopbell.live.neighbours import Neighbours
from shopbell.live.outbox import Outbox
from shopbell.live.wire import Wire
from shopbell.signin.actors import Person
from shopbell.staff.actors import Staff

log = structlog.get_logger()

HELD = 1_000
RESTART, TOO_SLOW = 1012, 1013

Held = tuple[str, int, bytes]


class Stream:
    """The way out of a socket, and the hub's listener for it."""

    def __init__(self, desk: Desk, hub: Hub, neighbours: Neighbours, wire: Wire) -> None:
        self._desk = desk
        self._hub = hub
        self._neighbours = neighbours
        self._wire = wire
        self._outbox = Outbox()
        # While catching up, events that arrive live wait here; None once the stream is live.
        self._held: list[Held] | None = []
        self._missed = False
        self._drained: asyncio.Future[None] | None = None
        self._key = ""
        self._followed: set[str] = set()
        self._left = False
        self._meetings: set[asyncio.Task[None]] = set()
        # Businesses that the log is about to be read of: what happens there meanwhile is read with the rest.
        self._to_meet: set[str] = set()
        # Held while catching up, at first by whoever begins.
        self.catching_up = asyncio.Lock()
        self._actor: Person | Staff | None = None
        self.actor_id = ""
        self.told: dict[str, int] = {}

    def subscribe(self, actor: Person | Staff) -> None:
        """Hear everything from now on; until the catch-up is done, events are held."""
        self._actor = actor
        self.actor_id = actor.id
        if isinstance(actor, Staff):
            self._key = actor.business_id
            self._hub.add_staff(actor.business_id, self)
        else:
            self._key = actor.id
            self._hub.add_person(actor.id, self)

    async def follow(self, business_ids: Sequence[str]) -> None:
        """Have the events of those businesses brought here, whichever process they happen in."""
        self._followed.update(business_ids)
        await self._neighbours.follow(business_ids)

    def follows(self, business_id: str) -> bool:
        """Whether the events of that business are brought here."""
        return business_id in self._followed

    def unsubscribe(self) -> None:
        """Hear nothing more, for good."""
        self._left = True
        for meeting in self._meetings:
            meeting.cancel()
        self._hub.remove(self, self._key)
        self._neighbours.unfollow(list(self._followed))
        self._followed = set()

    def meet(self, business_id: str, after: int | None) -> None:
        """Hear a business too that the person came to, perhaps in another process, after that number.

        Where more was said than what came after it, or with None, the client is asked to fetch anew.
        """
        if not self._left and business_id not in self._to_meet:
            self._to_meet.add(business_id)
            meeting = asyncio.create_task(self._met(business_id, after))
            self._meetings.add(meeting)
            meeting.add_done_callback(self._meetings.discard)

    async def _met(self, business_id: str, after: int | None) -> None:
        async with self.catching_up:
            try:
                if not self.follows(business_id):
                    await self.follow([business_id])
                    if after is None or await self._heard_before(business_id, after):
                        now = await self._desk.read_for(of_business(business_id), resume.now, business_id)
                        self.put(encode(Resync(business_id, now.cursor)))
                        after = now.position
                self._to_meet.discard(business_id)
                # Of all others everything was told until now, and is held from here on.
                await self.catch_up({business_id: after or 0, **self.told}, behind=[business_id])
            except Exception as error:
                # Half caught up it would hold back all that happens.
                log.info("business_not_met", reason=type(error).__name__)
                self._wire.end(RESTART, "Reconnect with your cursors.")

    async def _heard_before(self, business_id: str, after: int) -> bool:
        """Whether the two met before that number already, of which no news came here."""
        assert isinstance(self._actor, Person)
        return await self._desk.read(resume.heard_before, self._actor, business_id, after)

    async def catch_up(self, positions: dict[str, int], *, behind: Collection[str]) -> None:
        """Read the log up to the head, then let go what was held meanwhile; again when too much was held.

        `behind` names the businesses that have anything in the log after their position.
        """
        actor = self._actor
        assert actor is not None
        # At the beginning much may be held already that came since the head was read; it is all there is of that.
        if self._held is None:
            self._held, self._missed = [], False
        while True:
            for business_id in behind:
                more = True
                while more:
                    page = await self._desk.read(resume.page, actor, business_id, positions[business_id])
                    for _, frame in page.frames:
                        self.put(frame)
                    positions[business_id], more = page.position, page.more
                    await self._sent()
            if not self._missed:
                break
            # Whatever the actor came to meanwhile was among what was held, and is read from its beginning.
            positions = await self._desk.read(resume.floors, actor) | positions
            behind = tuple(positions)
            self._held, self._missed = [], False
        held, self._held = self._held, None
        for business_id, seq, frame in held:
            if seq > positions.get(business_id, 0):
                positions[business_id] = seq
                self.put(frame)
        self.told = positions

    async def _sent(self) -> None:
        """Wait until the transport has taken what was put, so that a long catch-up piles nothing up."""
        if self._outbox:
            self._drained = asyncio.get_running_loop().create_future()
            await self._drained

    def hear(self, business_id: str, seq: int, frame: bytes) -> None:
        """Take an event from the hub."""
        if self._neighbours.tell_apart and (business_id not in self._followed or business_id in self._to_meet):
            # Heard by chance, since another screen follows it: the log is read from its beginning in a moment.
            return
        if self._held is None:
            # What the catch-up read may be published only after it: it was told already.
            if seq > self.told.get(business_id, 0):
                self.told[business_id] = seq
                self.put(frame)
        elif len(self._held) < HELD:
            self._held.append((business_id, seq, frame))
        else:
            self._missed = True

    def hear_now(self, frame: bytes) -> None:
        """Take what is worth hearing only while it is fresh."""
        if self._held is None:
            self.put(frame)

    def put(self, frame: bytes) -> None:
        """Queue one JSON object; a reader that lets too much pile up is closed, and resumes by its cursors."""
        self._outbox.put(frame)
        if self._outbox.overflowed:
            self._wire.end(TOO_SLOW, "Too slow: reconnect with your cursors.")
        else:
            self._hub.has_mail(self)

    def flush(self) -> None:
        """Send what is queued, if the connection takes it; else wait until it does."""
        if self._outbox and self._wire.writable_now:
            self._wire.put(self._outbox.taken())
        if self._drained is not None and not self._outbox:
            # Whoever waited may have been cancelled with its connection.
            if not self._drained.done():
                self._drained.set_result(None)
            self._drained = None
