"""Taking turns: who asks for too much at once waits for a place, though not for ever."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from shopbell.kernel.errors import TooMany
from shopbell.kernel.rates import InTurn

SECONDS = 5


async def test_who_has_as_much_as_one_may_gets_the_next_place_that_is_free() -> None:
    turns = InTurn(2, SECONDS, "Too many.", enforced=True)
    begun: list[int] = []

    async def take(at: int) -> None:
        async with turns.one("nell"):
            begun.append(at)

    async with AsyncExitStack() as first, AsyncExitStack() as second:
        await first.enter_async_context(turns.one("nell"))
        await second.enter_async_context(turns.one("nell"))
        waiting = [asyncio.ensure_future(take(at)) for at in range(3)]
        await asyncio.sleep(0)
        async with turns.one("somebody else"):
            assert begun == []
        await first.aclose()
        await asyncio.gather(*waiting)
        assert begun == [0, 1, 2]


async def test_who_waits_in_vain_is_refused_and_leaves_the_place_to_others() -> None:
    turns = InTurn(1, 0.02, "Too many.", enforced=True)
    async with turns.one("nell"):
        with pytest.raises(TooMany, match=r"Too many\."):
            async with turns.one("nell"):
                raise AssertionError
    async with turns.one("nell"):
        pass


async def test_where_limits_are_not_enforced_nobody_waits() -> None:
    turns = InTurn(1, SECONDS, "Too many.", enforced=False)
    async with turns.one("nell"), turns.one("nell"):
        pass
