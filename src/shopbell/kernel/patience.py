"""Nobody waits long for storage that fell silent, as a stopped database does: it keeps connections and answers none."""

import asyncio
from typing import Any

from shopbell.kernel.errors import Refusal

# So long nobody at all may have been answered. Slow is who answers others meanwhile.
PATIENCE_SECONDS = 3.0
# Once it is silent: who asks then soon learns it, or that it is back.
HURRIED_SECONDS = 0.3


class Patience:
    """One per process; lives on the event loop that makes it."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._heard_at = self._loop.time()
        self._silent = False

    def heard(self) -> None:
        """Storage has answered somebody."""
        self._heard_at = self._loop.time()
        self._silent = False

    async def wait(self, answer: "asyncio.Future[Any]", refusal: Refusal) -> Any:
        """What the answer brings. Raises the refusal once storage has answered nobody for long."""
        patience = HURRIED_SECONDS if self._silent else PATIENCE_SECONDS
        watch = self._loop.call_later(patience, self._give_up, answer, patience, refusal)
        try:
            return await answer
        finally:
            watch.cancel()

    def _give_up(self, answer: "asyncio.Future[Any]", patience: float, refusal: Refusal) -> None:
        if answer.done():
            return
        left = self._heard_at + patience - self._loop.time()
        if left > 0:
            self._loop.call_later(left, self._give_up, answer, patience, refusal)
        else:
            self._silent = True
            answer.set_exception(refusal)
