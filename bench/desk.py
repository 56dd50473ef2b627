"""How long the server takes over a business with a million tickets: panel, counts, threads and search."""

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.rig import questions, rest
from bench.rig.asking import Asking, Timing
from bench.rig.bulk import Loader, postgres_loader, sqlite_loader
from bench.rig.engines import Engine, opened
from bench.rig.figures import Bar, at_most, machine, percentile, say
from bench.rig.history import Desk, Ticket, invent
from bench.rig.questions import Question
from bench.rig.rows import LONG_THREAD_MESSAGES, load
from bench.rig.server import Server, prepare_load
from bench.rig.world import Shop, open_shops

TICKETS = 1_000_000
AGENTS = 12
SHORT_THREADS = 20
LIMIT_MS = 10.0
SLOWEST_SHOWN = 5


def main() -> None:
    options = parser().parse_args()
    prepare_load()
    name = "postgresql" if options.postgres else "sqlite"
    with (
        opened(name) as engine,
        TemporaryDirectory(prefix="shopbell-bench-", dir=options.folder) as folder,
    ):
        environment = engine.fresh()
        server = Server(Path(folder) / "data", environment)
        with server:
            shop, staff_ids = uvloop.run(staffed(server))
        begun = time.perf_counter()
        desk = invent(shop.business_id, staff_ids, options.tickets, time.time_ns() // 1000)
        with loader(engine, environment, server) as into:
            long = load(into, desk)
        built_seconds = time.perf_counter() - begun
        with server:
            timings = uvloop.run(timed(server, shop, asked(desk, long, staff_ids[-1]), options.rounds))
        report = {
            "bench": "desk",
            "engine": name,
            "machine": machine(Path(folder)),
            "database": engine.settings(),
            "tickets": len(desk.tickets),
            "customers": len(desk.customers),
            "open": {state: desk.count(state) for state in ("waiting", "pulled", "assigned")},
            "built_seconds": round(built_seconds, 1),
            **{group: summary(of_group) for group, of_group in grouped(timings).items()},
        }
    say(report, bars(grouped(timings)), check=options.check)


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--postgres", action="store_true", help="on a PostgreSQL started here")
    options.add_argument("--tickets", type=int, default=TICKETS)
    options.add_argument("--rounds", type=int, default=5, help="how often each question is asked")
    options.add_argument("--folder", type=Path, default=tempfile.gettempdir(), help="where the data lies")
    options.add_argument("--check", action="store_true", help="exit with 1 when a bar does not hold")
    return options


async def staffed(server: Server) -> tuple[Shop, list[str]]:
    """A business with its agents, all made and signed in by the server itself; and the ids of its staff."""
    [shop] = await open_shops(server, shops=1, customers=0, agents=AGENTS)
    asking = await rest.client(server, 1)
    colleagues = await asking.ask("GET", "/staff", token=shop.owner_token)
    asking.close()
    return shop, [colleague["id"] for colleague in colleagues["items"]]


def loader(engine: Engine, environment: dict[str, str], server: Server) -> AbstractContextManager[Loader]:
    """A way past the stopped server into its database."""
    if engine.name == "sqlite":
        return sqlite_loader(server.data / "shopbell.db")
    return postgres_loader(environment["DATABASE_URL"])


def asked(desk: Desk, long: Ticket, colleague_id: str) -> Iterator[Question]:
    """Everything the bench asks of `desk`, whose long thread belongs to the ticket `long`."""
    messages = range(long.updated_seq - LONG_THREAD_MESSAGES + 1, long.updated_seq + 1)
    short = desk.tickets[-SHORT_THREADS - 1 : -1]
    return chain(
        questions.counts(),
        questions.panel(colleague_id),
        questions.thread(long, messages, short),
        questions.one_ticket(long, short),
        questions.search(desk),
    )


async def timed(server: Server, shop: Shop, all_asked: Iterator[Question], rounds: int) -> list[Timing]:
    connection = await rest.connect(server)
    asking = Asking(server, connection, shop.agent_tokens[0])
    timings = [await asking.time(question, rounds) for question in all_asked]
    connection.close()
    return timings


def grouped(timings: list[Timing]) -> dict[str, list[Timing]]:
    groups: dict[str, list[Timing]] = defaultdict(list)
    for timing in timings:
        groups[timing.question.group].append(timing)
    return groups


def everything(timings: list[Timing]) -> list[float]:
    """Seconds in the server of all requests of these kinds."""
    return [seconds for timing in timings for seconds in timing.server]


def summary(timings: list[Timing]) -> dict[str, Any]:
    """All requests together, and the kinds of them that are slowest in the middle."""
    together = Timing(
        timings[0].question,
        server=everything(timings),
        client=[seconds for timing in timings for seconds in timing.client],
        items=sum(timing.items for timing in timings),
    )
    slowest = sorted(timings, key=middle, reverse=True)[:SLOWEST_SHOWN]
    return {
        **together.json(),
        "kinds": len(timings),
        "kinds_over_the_limit": sum(middle(timing) * 1e3 > LIMIT_MS for timing in timings),
        "slowest": {timing.question.name: timing.json() for timing in slowest},
    }


def middle(timing: Timing) -> float:
    return percentile(timing.server, 50)


def bars(groups: dict[str, list[Timing]]) -> list[Bar]:
    """Both must hold: all requests of a group but 1 in 100, and the usual request of its slowest kind."""
    found = []
    for group, timings in groups.items():
        slowest = max(timings, key=middle)
        p99 = percentile(everything(timings), 99) * 1e3
        found.append(at_most(f"{group}: p99 in the server, ms", round(p99, 3), LIMIT_MS))
        p50 = round(middle(slowest) * 1e3, 3)
        found.append(at_most(f"{group}: p50 of its slowest ({slowest.question.name}), ms", p50, LIMIT_MS))
    return found


if __name__ == "__main__":
    main()
