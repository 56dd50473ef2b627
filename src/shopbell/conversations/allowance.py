"""How much one may upload and fetch, so that nobody fills the disk or the memory that everything else needs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shopbell.conversations import attachment_store as store
from shopbell.kernel.clock import DAY
from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import TooMany
from shopbell.kernel.rates import AtOnce, InTurn
from shopbell.signin.actors import Person
from shopbell.staff.actors import Staff

FILES_AT_ONCE = 4
# A thread full of pictures, in a few windows.
FETCHED_AT_ONCE = 32
# A browser asks for a hundred pictures at once, and never again for one that was refused.
FETCHING_WAITS_SECONDS = 20.0
DAILY_BYTES = 1_000_000_000


class Allowance:
    """One per process; what was uploaded today is asked of the database."""

    def __init__(self, desk: Desk, *, enforced: bool) -> None:
        self._desk = desk
        self._enforced = enforced
        self._sending = AtOnce(
            FILES_AT_ONCE, "You are sending several files already. Wait until one is there.", enforced=enforced
        )
        self.fetching = InTurn(
            FETCHED_AT_ONCE,
            FETCHING_WAITS_SECONDS,
            "You are fetching many files already. Wait until one is there.",
            enforced=enforced,
        )

    @asynccontextmanager
    async def used_by(self, author: Person | Staff) -> AsyncIterator[None]:
        """For the time of one upload. Raises TooMany."""
        # Counted before anything is waited for, so that files sent at once do not pass together.
        with self._sending.one(author.id):
            if self._enforced:
                await self._check_day(author)
            yield

    async def _check_day(self, author: Person | Staff) -> None:
        since = self._desk.clock() - DAY
        if await self._desk.read_for(author.scope, store.bytes_since, author.id, since) >= DAILY_BYTES:
            most = f"{DAILY_BYTES // 1_000_000_000} GB"
            raise TooMany(f"You have sent as much as one may in a day, {most}. Go on later.", retry_after=3_600)
