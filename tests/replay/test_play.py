"""Whole plays against a real server."""

import asyncio
from pathlib import Path

import pytest

from shopbell.replay import dialogues
from shopbell.replay.play import play
from shopbell.replay.progress import Progress
from shopbell.replay.report import Report
from shopbell.replay.settings import Settings
from tests.replay import invented, recordings
from tests.running import Server

pytestmark = pytest.mark.anyio

DIALOGUES = 300
LANES = 60
SPEED = 150.0


async def played(server: Server, file: Path, *, killed_at: tuple[float, ...] = ()) -> Report:
    """Plays the file's first dialogues; kills and restarts the server whenever that share has been heard."""
    script = dialogues.read(file, first=DIALOGUES)
    progress = Progress(script.turns)
    settings = Settings(
        file.name, server.url, speed=SPEED, lanes=LANES, rest_share=0.2, mail=server.data / "mail"
    )

    async def kill() -> None:
        for share in killed_at:
            await progress.reached(share)
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.restart)

    async with asyncio.timeout(120), asyncio.TaskGroup() as group:
        group.create_task(kill())
        report = group.create_task(play(script, settings, progress))
    return report.result()


def check(report: Report, *, kills: int) -> None:
    messages, streams = report.messages, report.streams
    assert (messages.lost, messages.doubled, messages.reordered, messages.altered) == (0, 0, 0, 0)
    assert messages.sent == messages.acknowledged == messages.delivered == report.turns
    assert (streams.gaps, streams.doubled, streams.reordered, streams.resyncs) == (0, 0, 0, 0)
    assert report.counters.examples == []
    assert report.first_troubles == []
    assert report.closed == report.dialogues == DIALOGUES
    assert len(report.disturbances) == kills
    assert report.clean


async def test_three_hundred_dialogues_outlive_a_kill_without_a_loss(server: Server, tmp_path: Path) -> None:
    report = await played(server, recordings.dialogues(tmp_path, DIALOGUES), killed_at=(0.5,))
    check(report, kills=1)


async def test_agents_who_write_first_are_played_too(server: Server, tmp_path: Path) -> None:
    """Invented dialogues begin with the agent now and then; recorded ones never do."""
    report = await played(server, invented.write(tmp_path / "invented.jsonl", DIALOGUES))
    check(report, kills=0)
