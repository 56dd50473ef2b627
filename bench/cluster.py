"""How much more chat one core carries for us than for a plain Django Channels desk, in one run."""

import argparse
import sys
import tempfile
from collections import defaultdict
from functools import partial
from itertools import chain
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.rig.deployments import shopbell
from bench.rig.engines import Engine, opened
from bench.rig.figures import Bar, at_least, at_most, machine, say
from bench.rig.run import AGENTS, CUSTOMERS, SHOPS, WARM_SECONDS, Arrivals, Load, Run, Saturation, Start, run
from bench.rig.server import SERVER_CORE, core, prepare_load
from bench.rig.summaries import load_was_the_limit, machine_was_busy, summary, throughput
from bench.rivals.channels import channels
from bench.rivals.installed import install, versions

LEAST_TIMES_THE_RIVAL = 12

Sides = dict[str, Start]
Runs = dict[str, list[Run]]


def main() -> None:
    options = parser().parse_args()
    install()
    prepare_load()
    with opened("postgresql", on_core=core(SERVER_CORE)) as engine:
        sides = both(engine, options)
        saturation = measure(sides, Saturation(options.window), options)
        same_load = measure(sides, Arrivals(throughput(saturation["rival"]) / 2), options)
        report = {
            "bench": "cluster",
            "machine": machine(options.folder),
            "database": engine.settings(),
            "rival": versions(),
            "load": {
                "businesses": SHOPS,
                "customers_each": CUSTOMERS,
                "agents_each": AGENTS,
                "window": options.window,
                "warm_seconds": WARM_SECONDS,
                "seconds": options.seconds,
            },
            "processes": {"shopbell": options.processes, "rival": options.rival_processes},
            "saturation": {side: summary(runs) for side, runs in saturation.items()},
            "times_the_rival": round(times_the_rival(saturation), 2),
            "same_load": {side: summary(runs) for side, runs in same_load.items()},
            "load_was_the_limit": load_was_the_limit(*chain(*saturation.values())),
            "machine_was_busy": machine_was_busy(*chain(*saturation.values(), *same_load.values())),
        }
    say(report, bars(saturation, same_load), check=options.check)


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--processes", type=int, default=2, help="server processes of ours; several have NATS")
    options.add_argument("--rival-processes", type=int, default=2, help="server processes of the rival")
    options.add_argument("--set", type=setting, action="append", default=[], help="a setting of ours, NAME=VALUE")
    options.add_argument("--runs", type=int, default=3, help="runs of each side, taking turns")
    options.add_argument("--seconds", type=float, default=10.0, help="measured seconds of each run")
    options.add_argument("--window", type=int, default=8, help="unacknowledged messages of each socket")
    options.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="where logs and files lie")
    options.add_argument("--check", action="store_true", help="exit with 1 when a bar does not hold")
    return options


def setting(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value


def both(engine: Engine, options: argparse.Namespace) -> Sides:
    """How each side is started, always on an empty database of the same PostgreSQL."""
    return {
        "shopbell": partial(shopbell, engine=engine, processes=options.processes, settings=dict(options.set)),
        "rival": partial(channels, engine=engine, processes=options.rival_processes),
    }


def measure(sides: Sides, load: Load, options: argparse.Namespace) -> Runs:
    """Both sides in turn, again and again, so that a bad minute of the machine falls on both."""
    runs: Runs = defaultdict(list)
    for _ in range(options.runs):
        for side, start in sides.items():
            result = run(load, start, seconds=options.seconds, parent=options.folder)
            print(f"{side}: {result.messages_per_second:,.0f}/s, {result.faults} faults", file=sys.stderr)
            runs[side].append(result)
    return runs


def times_the_rival(saturation: Runs) -> float:
    return throughput(saturation["shopbell"]) / throughput(saturation["rival"])


def bars(saturation: Runs, same_load: Runs) -> list[Bar]:
    faults = sum(run.faults for run in (*saturation["shopbell"], *same_load["shopbell"]))
    return [
        at_least("times the messages/s of the rival", times_the_rival(saturation), LEAST_TIMES_THE_RIVAL),
        at_most("messages of ours lost, doubled, reordered, altered or refused", faults, 0),
    ]


if __name__ == "__main__":
    main()
