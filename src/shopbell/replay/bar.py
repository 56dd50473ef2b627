"""The progress bar, drawn only where somebody can see it."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import click

from shopbell.replay.progress import Progress

DRAW_SECONDS = 0.2


@asynccontextmanager
async def drawn(progress: Progress) -> AsyncIterator[None]:
    """Shows on the terminal how many messages have been heard; standard output stays for the report."""
    if not sys.stderr.isatty():
        yield
        return
    with click.progressbar(length=progress.total, label="messages", file=sys.stderr) as bar:

        async def draw() -> None:
            while True:
                await asyncio.sleep(DRAW_SECONDS)
                bar.update(progress.done - bar.pos)

        drawing = asyncio.create_task(draw())
        try:
            yield
        finally:
            drawing.cancel()
            bar.update(progress.done - bar.pos)
