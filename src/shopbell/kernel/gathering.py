"""One read for all who ask the same at once, so that a crowd costs little more than one of it."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from shopbell.kernel.database import Snapshot
from shopbell.kernel.desk import Desk
from shopbell.kernel.scope import Scope

# More at once would keep a reader, and whoever waits behind it, for too long.
AT_ONCE = 200

Q = TypeVar("Q")
A = TypeVar("A")


class Gathered(Generic[Q, A]):
    """Asks `query`, which answers many questions, in turn: whatever was asked while it ran is asked together.

    Each question is answered by a snapshot that is taken after it was asked.
    """

    def __init__(self, desk: Desk, scope: Scope, query: Callable[[Snapshot, Sequence[Q]], Sequence[A]]) -> None:
        self._desk = desk
        self._scope = scope
        self._query = query
        self._waiting: list[tuple[Q, asyncio.Future[A]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def ask(self, question: Q) -> A:
        """Raises what the reading raises: StorageDown, or Stopping."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[A] = loop.create_future()
        self._waiting.append((question, answer))
        if self._asking is None:
            self._asking = loop.create_task(self._ask_all())
        return await answer

    async def _ask_all(self) -> None:
        while self._waiting:
            together, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            # Who asked may have left meanwhile.
            here = [(question, answer) for question, answer in together if not answer.done()]
            try:
                found = await self._desk.read_for(self._scope, self._query, [question for question, _ in here])
                for (_, answer), one in zip(here, found, strict=True):
                    if not answer.done():
                        answer.set_result(one)
            except Exception as error:
                for _, answer in here:
                    if not answer.done():
                        answer.set_exception(error)
        self._asking = None
