"""Nobody waits long for storage that fell silent, as a stopped database does: it keeps connections and answers none."""

import asyncio
from typing import Any

from shopbell.kernel.errors import Refusal, StorageAway, StorageDown

# So long nobody may have been answered. Who waits while others are answered has to wait for a turn, or is slow.
PATIENCE_SECONDS = 2.0
# Then this process looks so often: one that was stopped itself, alone or with the whole machine, finds its time over
# before storage could answer.
LOOKS, LOOK_SECONDS = 10, 0.1


class Patience:
    """With the writer, or with readers of which `hands` can be at work at once. Lives on one event loop.

    The writer has 0: whenever somebody waits for it, it is at work. An `endless` one waits however long it takes.
    """

    def __init__(self, hands: int = 0, *, endless: bool) -> None:
        self._loop = asyncio.get_running_loop()
        self._hands = hands
        self._endless = endless
        self._at_work = 0
        self._heard_at = self._loop.time()
        self._silent = False

    def check(self) -> None:
        """Raises StorageDown while all hands are known to wait for an answer themselves."""
        if self._silent:
            raise StorageDown

    def begun(self) -> None:
        """A hand has something to do."""
        self._at_work += 1

    def freed(self) -> None:
        """A hand is done with it."""
        self._at_work -= 1

    def heard(self, outcome: object) -> None:
        """Only an answer tells that storage is there; after a failure it is worth asking again."""
        self._silent = False
        if not isinstance(outcome, StorageAway):
            self._heard_at = self._loop.time()

    async def wait(self, answer: "asyncio.Future[Any]", refusal: Refusal) -> Any:
        """What the answer brings. Raises the refusal once storage has answered nobody for long."""
        if self._endless:
            return await answer
        watch = self._loop.call_later(PATIENCE_SECONDS, self._give_up, answer, refusal)
        try:
            return await answer
        finally:
            watch.cancel()

    def _give_up(self, answer: "asyncio.Future[Any]", refusal: Refusal, looks: int = LOOKS) -> None:
        if answer.done():
            return
        left = self._heard_at + PATIENCE_SECONDS - self._loop.time()
        if left > 0:
            self._loop.call_later(left, self._give_up, answer, refusal)
        elif looks:
            self._loop.call_later(LOOK_SECONDS, self._give_up, answer, refusal, looks - 1)
        else:
            self._silent = self._at_work >= self._hands
            answer.set_exception(refusal)
