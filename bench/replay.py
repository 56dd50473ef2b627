"""The recorded dialogues as live customers and agents, while the server is killed in the middle of them."""

import argparse
import asyncio
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.rig.engines import opened
from bench.rig.figures import Bar, at_least, at_most, machine, say
from bench.rig.server import Server, prepare_load
from shopbell.replay import dialogues
from shopbell.replay.play import play
from shopbell.replay.progress import Progress
from shopbell.replay.report import Report
from shopbell.replay.settings import Settings

LANES = 200
KILLED_AT = (1 / 3, 2 / 3)
RECORDINGS = Path(os.environ.get("SHOPBELL_TEST_DATA", "../shared/data"))


@dataclass(frozen=True)
class Recording:
    """A file of dialogues and how many times faster than life it is played."""

    name: str
    speed: float


STAR = Recording("star.jsonl.gz", 20)
CROSSWOZ = Recording("crosswoz_zh.jsonl.gz", 4)


def main() -> None:
    options = parser().parse_args()
    missing = [one.name for one in (STAR, CROSSWOZ) if not (RECORDINGS / one.name).exists()]
    if missing:
        sys.exit(f"{', '.join(missing)} not found in {RECORDINGS}; SHOPBELL_TEST_DATA names another folder.")
    prepare_load()
    name = "postgresql" if options.postgres else "sqlite"
    reports = {}
    with opened(name) as engine:
        for recording in (STAR, CROSSWOZ):
            with TemporaryDirectory(prefix="shopbell-replay-", dir=options.folder) as folder:
                server = Server(Path(folder) / "data", engine.fresh())
                with server:
                    reports[recording.name] = uvloop.run(played(recording, server, options.first))
    say(
        {
            "bench": "replay",
            "engine": name,
            "machine": machine(options.folder),
            "plays": {name: msgspec.to_builtins(report) for name, report in reports.items()},
        },
        [bar for name, report in reports.items() for bar in bars(name, report)],
        check=options.check,
    )


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--postgres", action="store_true", help="on a PostgreSQL started here")
    options.add_argument("--first", type=int, help="play only so many dialogues of each recording")
    options.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="where the data lies")
    options.add_argument("--check", action="store_true", help="exit with 1 when a bar does not hold")
    return options


async def played(recording: Recording, server: Server, first: int | None) -> Report:
    """Plays the recording against `server`, killing and restarting it whenever that share has been heard."""
    script = dialogues.read(RECORDINGS / recording.name, first=first)
    progress = Progress(script.turns)
    settings = Settings(recording.name, server.url, speed=recording.speed, lanes=LANES, mail=server.data / "mail")
    print(f"{recording.name}: {script.turns:,} messages", file=sys.stderr)
    async with asyncio.TaskGroup() as group:
        killing = group.create_task(kill(server, progress))
        report = await play(script, settings, progress)
        await killing
    return report


async def kill(server: Server, progress: Progress) -> None:
    for share in KILLED_AT:
        await progress.reached(share)
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)
        print(f"killed and started again after {progress.done:,} messages", file=sys.stderr)


def bars(name: str, report: Report) -> list[Bar]:
    messages, streams, peer = report.messages, report.streams, report.calm.peer
    return [
        at_least(f"{name}: messages delivered", messages.delivered, report.turns),
        at_most(f"{name}: lost, doubled, reordered", messages.lost + messages.doubled + messages.reordered, 0),
        at_most(f"{name}: texts altered", messages.altered, 0),
        at_most(
            f"{name}: gaps, doubles, reorders of events",
            streams.gaps + streams.doubled + streams.reordered,
            0,
        ),
        at_most(f"{name}: counters wrong", report.counters.wrong, 0),
        at_least(f"{name}: kills felt", len(report.disturbances), len(KILLED_AT)),
        at_least(f"{name}: nothing else amiss", report.clean, True),
        at_most(f"{name}: send to peer p50 in calm, ms", peer.p50, 30),
        at_most(f"{name}: send to peer p99 in calm, ms", peer.p99, 250),
    ]


if __name__ == "__main__":
    main()
