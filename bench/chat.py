"""How many durable, acknowledged messages a second a server carries, at what cost, how soon they arrive."""

import argparse
import sys
import tempfile
from collections import defaultdict
from functools import partial
from itertools import chain
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.rig.deployments import shopbell
from bench.rig.engines import Engine, opened
from bench.rig.figures import Bar, at_least, at_most, machine, say
from bench.rig.run import (
    AGENTS,
    CUSTOMERS,
    SHOPS,
    WARM_SECONDS,
    Arrivals,
    Load,
    Posting,
    Run,
    Saturation,
    run,
)
from bench.rig.server import prepare_load
from bench.rig.summaries import load_was_the_limit, machine_was_busy, summary, throughput

STEADY_PER_SECOND = 1_000
ONE_BY_ONE = {"SHOPBELL_BATCH": "1"}

Runs = dict[str, list[Run]]


def main() -> None:
    options = parser().parse_args()
    prepare_load()
    name = "postgresql" if options.postgres or options.database_url else "sqlite"
    with opened(name, options.database_url) as under:
        runs = measure(under, options)
        report = {
            "bench": "chat",
            "engine": name,
            "machine": machine(options.folder),
            "database": under.settings(),
            "load": {
                "businesses": SHOPS,
                "customers_each": CUSTOMERS,
                "agents_each": AGENTS,
                "window": options.window,
                "warm_seconds": WARM_SECONDS,
                "seconds": options.seconds,
            },
            **{mode: summary(of_mode) for mode, of_mode in runs.items()},
            "load_was_the_limit": load_was_the_limit(*runs.get("saturation", []), *runs.get("post", [])),
            "machine_was_busy": machine_was_busy(*chain(*runs.values())),
        }
    say(report, bars(runs, name), check=options.check)


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--postgres", action="store_true", help="on a PostgreSQL started here")
    options.add_argument("--database-url", help="on this PostgreSQL; the database should be empty")
    options.add_argument("--runs", type=int, default=3, help="interleaved runs of each mode")
    options.add_argument("--seconds", type=float, default=10.0, help="measured seconds of each run")
    options.add_argument("--window", type=int, default=8, help="unacknowledged messages of each socket")
    options.add_argument("--only", type=lambda text: text.split(","), help="modes, such as saturation,steady")
    options.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="where the data lies")
    options.add_argument("--check", action="store_true", help="exit with 1 when a bar does not hold")
    return options


def measure(under: Engine, options: argparse.Namespace) -> Runs:
    """All modes in turn, again and again, so that a bad minute of the machine falls on all of them."""
    runs: Runs = defaultdict(list)
    wanted = options.only or ["saturation", "control", "window_1", "steady", "post", "half"]

    def once(mode: str, load: Load, settings: dict[str, str]) -> None:
        if mode in wanted:
            start = partial(shopbell, engine=under, settings=settings)
            result = run(load, start, seconds=options.seconds, parent=options.folder)
            print(f"{mode}: {result.messages_per_second:,.0f}/s, {result.faults} faults", file=sys.stderr)
            runs[mode].append(result)

    for _ in range(options.runs):
        once("saturation", Saturation(options.window), {})
        once("control", Saturation(options.window), ONE_BY_ONE)
        once("window_1", Saturation(1), {})
        once("steady", Arrivals(STEADY_PER_SECOND), {})
        once("post", Posting(), {})
    if runs["saturation"]:
        half = Arrivals(throughput(runs["saturation"]) / 2)
        for _ in range(options.runs):
            once("half", half, {})
    return {mode: of_mode for mode, of_mode in runs.items() if of_mode}


def bars(runs: Runs, engine_name: str) -> list[Bar]:
    """The bars of the modes that ran; PostgreSQL has one of speed."""
    found = []
    if saturation := runs.get("saturation"):
        least = 8_000 if engine_name == "sqlite" else 4_000
        found.append(at_least("messages/s", throughput(saturation), least))
    if engine_name == "sqlite":
        found += sqlite_bars(runs)
    faults = sum(run.faults for of_mode in runs.values() for run in of_mode)
    found.append(at_most("messages lost, doubled, reordered, altered or refused", faults, 0))
    return found


def sqlite_bars(runs: Runs) -> list[Bar]:
    found = []
    saturation, control = runs.get("saturation"), runs.get("control")
    if saturation:
        cost = median(run.server_cpu_ms for run in saturation)
        found.append(at_most("server CPU a message, ms", cost, 0.12))
    if saturation and control:
        found.append(at_least("times the server with batch size 1", throughput(saturation) / throughput(control), 4))
    if post := runs.get("post"):
        found.append(at_least("messages/s over POST", throughput(post), 3_000))
    for mode, p50, p99 in (("steady", 5, 25), ("half", 10, 60)):
        if of_mode := runs.get(mode):
            for figure, limit in (("p50_ms", p50), ("p99_ms", p99)):
                delivered = median(run.delivered_ms(figure) for run in of_mode)
                found.append(at_most(f"{mode}: sent to delivered, {figure}", delivered, limit))
    return found


if __name__ == "__main__":
    main()
