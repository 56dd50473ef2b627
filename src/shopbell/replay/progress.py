"""How far a play has come."""

import asyncio
import math


class Progress:
    """Counts messages that both sides have heard, for whoever watches or waits for a point of the play."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self._moved = asyncio.Event()

    def advance(self) -> None:
        self.done += 1
        self._moved.set()

    async def reached(self, share: float) -> None:
        """Waits until this share of the messages has been heard."""
        while self.done < math.ceil(share * self.total):
            self._moved.clear()
            await self._moved.wait()
