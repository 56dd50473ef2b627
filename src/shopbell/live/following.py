"""The businesses whose events are brought to this process: in order, without gaps, whoever committed them."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

import structlog

from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import Refusal
from shopbell.kernel.gathering import Gathered
from shopbell.kernel.scope import HOUSE, of_business
from shopbell.live import reread
from shopbell.live.course import Course
from shopbell.live.hub import Hub
from shopbell.live.told import Told

log = structlog.get_logger()

# How long an event may wait for the ones before it until the log is asked for them.
GAP_SECONDS = 0.2


class Followed:
    """One of them, told in order once `beginning` has found where that begins."""

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


class Following:
    """One per process, on the desk's event loop. `subscribe` has what others say of a business brought here."""

    def __init__(
        self,
        desk: Desk,
        hub: Hub,
        *,
        subscribe: Callable[[str], Awaitable[None]],
        unsubscribe: Callable[[str], None],
    ) -> None:
        self._desk = desk
        self._hub = hub
        self._subscribe = subscribe
        self._unsubscribe = unsubscribe
        # Somebody may know hundreds of businesses.
        self._heads = Gathered(desk, HOUSE, reread.heads)
        self._followed: dict[str, Followed] = {}
        self._followers: Counter[str] = Counter()

    async def stop(self) -> None:
        tasks = [task for followed in self._followed.values() for task in followed.end()]
        await asyncio.gather(*tasks, return_exceptions=True)

    async def follow(self, business_ids: Sequence[str]) -> None:
        """Tell their events from now on, in order; each time counts. Raises StorageDown."""
        self._followers.update(business_ids)
        beginnings = [self._following(business_id).beginning for business_id in business_ids]
        # Who waits may be cancelled with their socket; others wait for the same.
        await asyncio.gather(*(asyncio.shield(beginning) for beginning in beginnings if beginning is not None))

    def _following(self, business_id: str) -> Followed:
        followed = self._followed.get(business_id)
        if followed is None:
            followed = self._followed[business_id] = Followed()
            followed.beginning = asyncio.create_task(self._begin(business_id, followed))
        return followed

    async def _begin(self, business_id: str, followed: Followed) -> None:
        try:
            await self._subscribe(business_id)
            self._let_on(business_id, followed, followed.course.begin(await self._heads.ask(business_id)))
        except BaseException:
            # The next one to follow tries again; those who wait now hear why it failed.
            if self._followed.get(business_id) is followed:
                self._forget(business_id)
            raise
        finally:
            followed.beginning = None

    def unfollow(self, business_ids: Sequence[str]) -> None:
        """Take one `follow` of each back."""
        for business_id in business_ids:
            self._followers[business_id] -= 1
            if self._followers[business_id] <= 0:
                del self._followers[business_id]
                if business_id in self._followed:
                    self._forget(business_id).end()

    def _forget(self, business_id: str) -> Followed:
        self._unsubscribe(business_id)
        return self._followed.pop(business_id)

    def take(self, business_id: str, events: Sequence[Told]) -> None:
        """Take events of the business that happened here or elsewhere, in any order."""
        followed = self._followed.get(business_id)
        if followed is not None:
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

    async def compare(self) -> None:
        """Read the log of each business whose newest event is not heard of a moment after it was seen there."""
        business_ids = list(self._followed)
        if not business_ids:
            return
        heads = await self._desk.read_for(HOUSE, reread.heads, business_ids)
        await asyncio.sleep(GAP_SECONDS)
        for business_id, head in zip(business_ids, heads, strict=True):
            followed = self._followed.get(business_id)
            if followed is not None and followed.beginning is None and followed.course.position < head:
                self._fill(business_id, followed)
