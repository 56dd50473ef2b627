"""Plays recorded dialogues against a real server, kills it on the way, and holds the play to its bars."""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.rig.engines import Engine, opened
from bench.rig.figures import Bar, at_least, at_most, machine, say
from bench.rig.server import SHOPBELL, Server, prepare_load
from shopbell.replay import dialogues
from shopbell.replay.bar import drawn
from shopbell.replay.dialogues import Script
from shopbell.replay.play import play
from shopbell.replay.progress import Progress
from shopbell.replay.report import Report
from shopbell.replay.settings import Settings
from tests.cluster import Cluster, Nats
from tests.gateway import Gateway
from tests.running import LENIENT, Service

BESIDE_THE_CHECKOUT = Path(__file__).resolve().parents[2] / "shared" / "data"
RECORDINGS = Path(os.environ.get("SHOPBELL_TEST_DATA") or BESIDE_THE_CHECKOUT)
WHOLE = ((RECORDINGS / "star.jsonl.gz", 20.0), (RECORDINGS / "crosswoz_zh.jsonl.gz", 4.0))

# Several processes share the server's core.
PINNED = ("taskset", "--cpu-list", "0", SHOPBELL)
PEER_P50_MS = 30.0
PEER_P99_MS = 250.0


@dataclass(frozen=True)
class Kill:
    """What is killed and at once started again when that share of the play is over."""

    share: float
    what: str
    kill: Callable[[], object]
    start: Callable[[], object]


def main() -> None:
    options = parser().parse_args()
    prepare_load()
    engine = "postgresql" if options.postgres or options.database_url or options.processes > 1 else "sqlite"
    reports: list[dict[str, Any]] = []
    bars: list[Bar] = []
    with opened(engine, options.database_url) as under:
        for file, speed in ((options.file, options.speed),) if options.file else WHOLE:
            played, report = one_play(under, file, speed, options)
            reports.append(played)
            bars += judged(report, len(played["kills"]), options)
    machine_facts = machine(options.folder)
    say({"bench": "replay", "engine": engine, "machine": machine_facts, "plays": reports}, bars, check=True)


def parser() -> argparse.ArgumentParser:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file", nargs="?", type=Path, help="by default the whole of STAR, then of CrossWOZ")
    arguments.add_argument("--speed", type=float, default=20.0, help="times the recorded speed of FILE")
    arguments.add_argument("--parallel", type=int, default=200, help="lanes")
    arguments.add_argument("--kills", type=int, default=2, help="evenly spread over the play")
    arguments.add_argument("--processes", type=int, default=1, help="more than one: on PostgreSQL, with NATS")
    arguments.add_argument("--bus-kills", type=int, default=0, help="of NATS, likewise spread")
    arguments.add_argument("--database-kills", type=int, default=0, help="of PostgreSQL, likewise, in mid-commit")
    arguments.add_argument("--first", type=int, help="play only so many dialogues")
    arguments.add_argument("--postgres", action="store_true", help="on a PostgreSQL started for this bench")
    arguments.add_argument("--database-url", help="on this PostgreSQL database")
    arguments.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="for the data")
    return arguments


def one_play(under: Engine, file: Path, speed: float, options: argparse.Namespace) -> tuple[dict[str, Any], Report]:
    """What is to be printed about one play on a fresh server, and its report."""
    script = dialogues.read(file, first=options.first)
    began = time.process_time()
    with ExitStack() as running:
        data = Path(running.enter_context(tempfile.TemporaryDirectory(dir=options.folder))) / "data"
        nats = running.enter_context(Nats()) if options.processes > 1 else None
        gateway = running.enter_context(Gateway()) if options.processes > 1 else None
        server = running.enter_context(deployed(data, under.fresh(), nats, gateway, options.processes))
        runner = running.enter_context(asyncio.Runner(loop_factory=uvloop.new_event_loop))
        settings = Settings(file.name, server.url, speed=speed, lanes=options.parallel, mail=server.data / "mail")
        kills = planned(options, server, nats, under)
        report, killed = runner.run(play_and_kill(script, settings, kills))
    player = {
        "processes": options.processes,
        "kills": killed,
        "player_cpu_seconds": round(time.process_time() - began, 1),
    }
    return {**msgspec.to_builtins(report), **player}, report


def deployed(
    data: Path, environment: dict[str, str], nats: Nats | None, gateway: Gateway | None, count: int
) -> Service:
    """The server, or so many processes behind one address."""
    if nats is None or gateway is None:
        return Server(data, environment)
    data.mkdir()
    url = environment.pop("DATABASE_URL")
    settings = {**LENIENT, **environment}
    urls = [nats.url] * count
    return Cluster(data, database_url=url, nats_urls=urls, gateway=gateway, environment=settings, command=PINNED)


def planned(options: argparse.Namespace, server: Service, nats: Nats | None, under: Engine) -> list[Kill]:
    """What to kill and start again, in the order of how far the play is then."""
    of_all: list[tuple[int, str, Callable[[], object], Callable[[], object]]] = [
        (options.kills, "process", server.kill, server.start)
    ]
    if nats is not None:
        of_all.append((options.bus_kills, "bus", nats.kill, nats.start))
    if under.cluster is not None:
        of_all.append((options.database_kills, "database", under.cluster.stop, under.cluster.start))
    kills = [
        Kill((number + 1) / (times + 1), what, kill, start)
        for times, what, kill, start in of_all
        for number in range(times)
    ]
    return sorted(kills, key=lambda kill: kill.share)


async def play_and_kill(
    script: Script, settings: Settings, kills: Sequence[Kill]
) -> tuple[Report, list[dict[str, Any]]]:
    """The report, and for each kill what it was and how long that was away."""
    progress = Progress(script.turns)
    killed: list[dict[str, Any]] = []

    async def kill_all() -> None:
        for kill in kills:
            await progress.reached(kill.share)
            at = time.monotonic()
            await asyncio.to_thread(kill.kill)
            await asyncio.to_thread(kill.start)
            killed.append({"what": kill.what, "away_seconds": round(time.monotonic() - at, 3)})

    async with drawn(progress), asyncio.TaskGroup() as group:
        group.create_task(kill_all())
        report = group.create_task(play(script, settings, progress))
    return report.result(), killed


def judged(report: Report, kills: int, options: argparse.Namespace) -> list[Bar]:
    """The bars of one play; latencies leave out the seconds after each kill, and are not held on a cluster."""
    messages, streams = report.messages, report.streams
    # Killing the bus takes no socket along, and two kills of a cluster may be felt as one.
    besides = len(report.disturbances) - kills
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
        "disturbances besides the kills": abs(besides) if options.processes == 1 else max(0, besides),
        "kills left out": options.kills + options.bus_kills + options.database_kills - kills,
    }
    nothing_wrong = [at_most(f"{report.file}: {what}", count, 0) for what, count in none.items()]
    if options.processes > 1:
        return nothing_wrong
    return [
        *nothing_wrong,
        at_least(f"{report.file}: messages timed", report.calm.peer.count, 1),
        at_most(f"{report.file}: send to peer p50, ms", report.calm.peer.p50, PEER_P50_MS),
        at_most(f"{report.file}: send to peer p99, ms", report.calm.peer.p99, PEER_P99_MS),
    ]


if __name__ == "__main__":
    main()
