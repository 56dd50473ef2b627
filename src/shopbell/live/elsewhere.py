"""How many wait in the other businesses of a login, told to its screens as long as it works there."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog

from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import Refusal
from shopbell.kernel.gathering import Gathered
from shopbell.kernel.scope import HOUSE
from shopbell.live.frames import OtherWaiting, encode
from shopbell.live.hub import Hub
from shopbell.staff.actors import Staff
from shopbell.staff.signals import StaffChanged
from shopbell.tickets import queries

log = structlog.get_logger()

AGAIN_SECONDS = 0.5


class Screen(Protocol):
    async def follow(self, business_ids: Sequence[str]) -> None:
        """Have the events of those businesses brought to this process."""

    def hear_now(self, frame: bytes) -> None: ...


class Count:
    """How many wait in one other business, for one screen.

    It comes from events and from reads, in any order: the newest by number counts, and is told only while it is
    known that the login works there. `doubts` counts how often that came into question.
    """

    def __init__(self, tell: Callable[[bytes], None]) -> None:
        self._tell = tell
        self._seq = -1
        self._newest = self._told = b""
        self.is_sure = False
        self.doubts = 0

    def doubt(self) -> None:
        self.is_sure = False
        self.doubts += 1

    def hear(self, seq: int, frame: bytes) -> None:
        """Take the count as it was with that event."""
        if seq > self._seq:
            self._seq, self._newest = seq, frame
        if self.is_sure and self._newest != self._told:
            self._told = self._newest
            self._tell(self._newest)

    def confirm(self, seq: int, frame: bytes) -> None:
        """Take the count from a read which also showed that the login works there."""
        self.is_sure = True
        self.hear(seq, frame)


Counts = dict[str, Count]


class Elsewhere:
    """One per process: the screens of those who work for several businesses, and what each counts."""

    def __init__(self, desk: Desk, hub: Hub) -> None:
        self._hub = hub
        self._working = Gathered(desk, HOUSE, queries.waiting_elsewhere)
        self._screens: dict[Screen, tuple[Staff, Counts]] = {}
        self._settling: asyncio.Task[None] | None = None

    async def close(self) -> None:
        if self._settling is not None:
            self._settling.cancel()
            await asyncio.gather(self._settling, return_exceptions=True)

    async def enter(self, screen: Screen, staff: Staff) -> None:
        """Tell the screen how many wait in the other businesses of its login, now and from now on."""
        working = await self._working.ask(staff)
        if not working:
            return
        await screen.follow([one.business_id for one in working])
        counts = {one.business_id: Count(screen.hear_now) for one in working}
        self._screens[screen] = (staff, counts)
        for business_id, count in counts.items():
            self._hub.add_count(business_id, count)
        # Read again, since only what happens from here on is brought.
        await self._look(staff, counts)

    def leave(self, screen: Screen) -> None:
        _, counts = self._screens.pop(screen, (None, {}))
        for business_id, count in counts.items():
            self._hub.remove_count(business_id, count)
        counts.clear()

    def look_again(self, changed: StaffChanged) -> None:
        """Who was let go there may hear no more of it; the others go on once it is known who they are."""
        doubtful = self._hub.counts(changed.business_id)
        for count in doubtful:
            count.doubt()
        if doubtful and self._settling is None:
            self._settling = asyncio.get_running_loop().create_task(self._settle())

    async def look_around(self) -> None:
        """Find who was let go in a business without this process hearing of it."""
        await self._look_at(list(self._screens.values()))

    async def _settle(self) -> None:
        """Ask until there is no doubt left."""
        while doubtful := [screen for screen in self._screens.values() if not _all_sure(screen[1])]:
            try:
                await self._look_at(doubtful)
                continue
            except Refusal as refusal:
                log.info("counts_not_read", reason=refusal.code)
            except Exception as error:
                log.error("counts_not_read", exc_info=error)
            await asyncio.sleep(AGAIN_SECONDS)
        self._settling = None

    async def _look_at(self, screens: list[tuple[Staff, Counts]]) -> None:
        looks = await asyncio.gather(*(self._look(*screen) for screen in screens), return_exceptions=True)
        for failed in looks:
            if failed is not None:
                raise failed

    async def _look(self, staff: Staff, counts: Counts) -> None:
        doubts = {business_id: count.doubts for business_id, count in counts.items()}
        working = {one.business_id: one for one in await self._working.ask(staff)}
        for business_id, count in tuple(counts.items()):
            if count.doubts != doubts[business_id]:
                # It came into question after this was asked.
                continue
            if one := working.get(business_id):
                count.confirm(one.seq, encode(OtherWaiting(business_id, one.waiting)))
            else:
                del counts[business_id]
                self._hub.remove_count(business_id, count)


def _all_sure(counts: Counts) -> bool:
    return all(count.is_sure for count in counts.values())
