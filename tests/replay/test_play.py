"""Whole plays against a real server."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from shopbell.replay import dialogues
from shopbell.replay.play import play
from shopbell.replay.progress import Progress
from shopbell.replay.report import Report
from shopbell.replay.settings import Settings
from tests.faults.proxy import HEALTHY, CuttingProxy, Fault
from tests.replay import invented, recordings
from tests.running import Server

pytestmark = pytest.mark.anyio

Disturb = Callable[[Progress], Coroutine[Any, Any, None]]

DIALOGUES = 300
FEW_DIALOGUES = 60
LANES = 80
SPEED = 250.0
SHORTEST_CUT_BYTES = 2_000
CUT_DOUBLINGS = 9
"""A cut must sometimes come later than the largest frame of a catch-up, or that would never arrive."""


async def undisturbed(_: Progress) -> None:
    return


async def played(
    server: Server, file: Path, count: int, *, at: str | None = None, disturb: Disturb = undisturbed
) -> Report:
    """Plays so many dialogues, with agents hired by mail, while `disturb` does its worst."""
    script = dialogues.read(file, first=count)
    progress = Progress(script.turns)
    settings = Settings(
        file.name, at or server.url, speed=SPEED, lanes=LANES, rest_share=0.2, mail=server.data / "mail"
    )
    async with asyncio.timeout(120), asyncio.TaskGroup() as group:
        group.create_task(disturb(progress))
        report = group.create_task(play(script, settings, progress))
    return report.result()


def check(report: Report) -> None:
    messages, streams = report.messages, report.streams
    assert messages.examples == []
    assert (messages.lost, messages.doubled, messages.reordered, messages.altered) == (0, 0, 0, 0)
    assert messages.sent == messages.acknowledged == messages.delivered == report.turns
    assert (streams.gaps, streams.doubled, streams.reordered, streams.resyncs) == (0, 0, 0, 0)
    assert report.counters.examples == []
    assert report.first_troubles == []
    assert report.closed == report.dialogues
    assert report.clean


async def test_three_hundred_dialogues_outlive_a_kill_without_a_loss(server: Server, tmp_path: Path) -> None:
    async def kill(progress: Progress) -> None:
        await progress.reached(0.5)
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.restart)

    report = await played(server, recordings.dialogues(tmp_path, DIALOGUES), DIALOGUES, disturb=kill)
    check(report)
    assert report.dialogues == DIALOGUES
    assert len(report.disturbances) == 1


async def test_agents_who_write_first_are_played_too(server: Server, tmp_path: Path) -> None:
    """Invented dialogues begin with the agent now and then; recorded ones never do."""
    report = await played(server, invented.write(tmp_path / "talk.jsonl", FEW_DIALOGUES), FEW_DIALOGUES)
    check(report)
    assert report.disturbances == []


async def test_answers_cut_off_at_any_byte_cost_no_message_and_close_no_ticket_twice(
    server: Server, tmp_path: Path
) -> None:
    dice = random.Random(11)
    cutting = False

    def plan(_: int) -> Fault:
        later = 2 ** dice.uniform(0, CUT_DOUBLINGS)
        return Fault(cut_down=round(SHORTEST_CUT_BYTES * later)) if cutting else HEALTHY

    async def cut(progress: Progress) -> None:
        nonlocal cutting
        await progress.reached(0.1)
        cutting = True
        proxy.cut_all()

    file = invented.write(tmp_path / "talk.jsonl", FEW_DIALOGUES)
    async with CuttingProxy(int(server.url.rpartition(":")[2]), plan) as proxy:
        report = await played(server, file, FEW_DIALOGUES, at=f"http://127.0.0.1:{proxy.port}", disturb=cut)
        check(report)
        assert proxy.cuts > LANES
