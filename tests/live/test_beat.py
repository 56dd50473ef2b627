"""What is done again and again goes on after it failed once."""

import asyncio

import pytest
from structlog.testing import capture_logs

from shopbell.kernel.errors import StorageDown
from shopbell.live.beat import every

SECONDS = 10


@pytest.mark.parametrize("failure", [RuntimeError("once"), StorageDown()])
@pytest.mark.parametrize("is_async", [False, True])
async def test_a_beat_that_fails_is_logged_and_comes_again(failure: Exception, is_async: bool) -> None:
    beats = 0
    twice = asyncio.Event()

    def beat() -> None:
        nonlocal beats
        beats += 1
        if beats == 1:
            raise failure
        twice.set()

    async def later() -> None:
        beat()

    with capture_logs() as logged:
        beating = asyncio.create_task(every(0.001, later if is_async else beat, missed="beat_missed"))
        async with asyncio.timeout(SECONDS):
            await twice.wait()
        beating.cancel()
    assert [line["event"] for line in logged] == ["beat_missed"]
