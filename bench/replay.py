"""Plays recorded dialogues against a real server, kills it on the way, and holds the play to its bars."""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec
import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.rig.engines import Engine, opened
from bench.rig.figures import Bar, at_least, at_most, machine, say
from bench.rig.server import Server, prepare_load
from shopbell.replay import dialogues
from shopbell.replay.bar import drawn
from shopbell.replay.dialogues import Script
from shopbell.replay.play import play
from shopbell.replay.progress import Progress
from shopbell.replay.report import Report
from shopbell.replay.settings import Settings

BESIDE_THE_CHECKOUT = Path(__file__).resolve().parents[2] / "shared" / "data"
RECORDINGS = Path(os.environ.get("SHOPBELL_TEST_DATA") or BESIDE_THE_CHECKOUT)
WHOLE = ((RECORDINGS / "star.jsonl.gz", 20.0), (RECORDINGS / "crosswoz_zh.jsonl.gz", 4.0))

PEER_P50_MS = 30.0
PEER_P99_MS = 250.0


def main() -> None:
    options = parser().parse_args()
    prepare_load()
    engine = "postgresql" if options.postgres or options.database_url else "sqlite"
    reports: list[dict[str, Any]] = []
    bars: list[Bar] = []
    with opened(engine, options.database_url) as under:
        for file, speed in ((options.file, options.speed),) if options.file else WHOLE:
            played, report = one_play(under, file, speed, options)
            reports.append(played)
            bars += judged(report, options.kills)
    machine_facts = machine(options.folder)
    say({"bench": "replay", "engine": engine, "machine": machine_facts, "plays": reports}, bars, check=True)


def parser() -> argparse.ArgumentParser:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file", nargs="?", type=Path, help="by default the whole of STAR, then of CrossWOZ")
    arguments.add_argument("--speed", type=float, default=20.0, help="times the recorded speed of FILE")
    arguments.add_argument("--parallel", type=int, default=200, help="lanes")
    arguments.add_argument("--kills", type=int, default=2, help="evenly spread over the play")
    arguments.add_argument("--first", type=int, help="play only so many dialogues")
    arguments.add_argument("--postgres", action="store_true", help="on a PostgreSQL started for this bench")
    arguments.add_argument("--database-url", help="on this PostgreSQL database")
    arguments.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="for the data")
    return arguments


def one_play(under: Engine, file: Path, speed: float, options: argparse.Namespace) -> tuple[dict[str, Any], Report]:
    """What is to be printed about one play on a fresh server, and its report."""
    script = dialogues.read(file, first=options.first)
    began = time.process_time()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        server = Server(Path(folder) / "data", under.fresh())
        with server, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            settings = Settings(file.name, server.url, speed=speed, lanes=options.parallel, mail=server.data / "mail")
            report, kills = runner.run(play_and_kill(script, settings, server, options.kills))
    player = {"kills": kills, "player_cpu_seconds": round(time.process_time() - began, 1)}
    return {**msgspec.to_builtins(report), **player}, report


async def play_and_kill(
    script: Script, settings: Settings, server: Server, kills: int
) -> tuple[Report, list[dict[str, float]]]:
    """The report, and for each kill how long the server was away."""
    progress = Progress(script.turns)
    killed: list[dict[str, float]] = []

    async def kill() -> None:
        for number in range(kills):
            await progress.reached((number + 1) / (kills + 1))
            at = time.monotonic()
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.restart)
            killed.append({"away_seconds": round(time.monotonic() - at, 3)})

    async with drawn(progress), asyncio.TaskGroup() as group:
        group.create_task(kill())
        report = group.create_task(play(script, settings, progress))
    return report.result(), killed


def judged(report: Report, kills: int) -> list[Bar]:
    """The bars of one play; latencies leave out the seconds after each kill."""
    messages, streams = report.messages, report.streams
    none = {
        "lost": messages.lost,
        "doubled": messages.doubled,
        "reordered": messages.reordered,
        "altered": messages.altered,
        "refused": messages.refused,
        "without an answer": messages.unknown,
        "undelivered": messages.sent - messages.delivered,
        "event gaps": streams.gaps,
        "doubled events": streams.doubled,
        "reordered events": streams.reordered,
        "resyncs": streams.resyncs,
        "wrong counters": report.counters.wrong,
        "troubles": report.troubles,
        "dialogues not closed": report.dialogues - report.closed,
        "disturbances besides the kills": abs(len(report.disturbances) - kills),
    }
    return [
        *(at_most(f"{report.file}: {what}", count, 0) for what, count in none.items()),
        at_least(f"{report.file}: messages timed", report.calm.peer.count, 1),
        at_most(f"{report.file}: send to peer p50, ms", report.calm.peer.p50, PEER_P50_MS),
        at_most(f"{report.file}: send to peer p99, ms", report.calm.peer.p99, PEER_P99_MS),
    ]


if __name__ == "__main__":
    main()
