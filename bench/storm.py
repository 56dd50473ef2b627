"""What thousands of open sockets weigh, and how soon all are back and know everything after the server was killed."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.rig.authors import Author, Tally
from bench.rig.disk import probe
from bench.rig.engines import Engine, opened
from bench.rig.figures import Bar, at_most, machine, milliseconds, say
from bench.rig.members import join_up
from bench.rig.processes import busy_seconds, cpu_seconds, pss_bytes
from bench.rig.returning import Returning, by_business
from bench.rig.server import Server, prepare_load
from bench.rig.steadfast import Steadfast
from bench.rig.verdict import Verdict
from bench.rig.world import open_shops
from tests.cluster import Nats

MEGABYTE = 1_000_000
SHOPS = 20
LOOPS_OF_A_MEMBER = 3
AGENTS = 5
SCREENS_OF_AN_AGENT = 2
WRITING_CONNECTIONS = 64
MESSAGES_PER_SECOND = 200
QUIET_SECONDS = 2.0
BUSY_SECONDS = 3.0
COMING_AT_ONCE = 100
POLL_SECONDS = 0.02
LONGEST_STORM_SECONDS = 60.0


@dataclass(frozen=True)
class Crowd:
    """Everybody with a socket, and for each of them the customers whose messages they hear."""

    clients: list[Returning]
    hears: list[list[Author]]
    writers: list[tuple[str, Author]]
    tally: Tally

    @property
    def owed(self) -> list[int]:
        """How many messages each of them has to have heard by now."""
        return [sum(len(author.ids) for author in authors) for authors in self.hears]


@dataclass(frozen=True)
class Return:
    """In seconds after the kill; `settled`: all had all that was acknowledged until the last one was welcomed."""

    serving: float
    welcomed: list[float]
    settled: float
    written_meanwhile: int
    server_cpu: float
    database_cpu: float
    load_cpu: float
    other_cpu: float


@dataclass(frozen=True)
class Storm:
    megabytes_before: float
    megabytes_after: float
    back: Return
    unlike_the_log: int
    crowd: Crowd
    verdict: Verdict


def main() -> None:
    options = parser().parse_args()
    prepare_load()
    name = "postgresql" if options.postgres else "sqlite"
    with (
        opened(name) as engine,
        TemporaryDirectory(prefix="shopbell-bench-", dir=options.folder) as folder,
        ExitStack() as bus,
    ):
        joined = {"NATS_URL": bus.enter_context(Nats()).url} if options.postgres else {}
        with Server(Path(folder) / "data", {**engine.fresh(), **joined}) as server:
            storm = uvloop.run(weathered(server, engine, options.sockets))
        report = {
            "bench": "storm",
            "engine": name,
            "machine": machine(Path(folder)),
            "database": engine.settings(),
            "fsync": asdict(probe(Path(folder))),
            "load": {
                "sockets": options.sockets,
                "of_staff": of_staff(),
                "businesses": SHOPS,
                "loops_of_a_member": LOOPS_OF_A_MEMBER,
                "messages_per_second": MESSAGES_PER_SECOND,
            },
            **told(storm),
        }
    say(report, bars(storm, options.sockets), check=options.check)


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--postgres", action="store_true", help="on a PostgreSQL and a NATS started here")
    options.add_argument("--sockets", type=int, default=5_000, help="how many, staff among them")
    options.add_argument("--folder", type=Path, default=tempfile.gettempdir(), help="where the data lies")
    options.add_argument("--check", action="store_true", help="exit with 1 when a bar does not hold")
    return options


async def weathered(server: Server, engine: Engine, sockets: int) -> Storm:
    """Everybody comes, many write, the server is killed and started again, and everybody comes back at once."""
    crowd = await gathered(server, sockets)
    begin_at = {client: dict(client.cursors) for client in crowd.clients}
    await asyncio.sleep(QUIET_SECONDS)
    megabytes_before = megabytes(server)
    writing = Steadfast(server, crowd.writers, connections=WRITING_CONNECTIONS, per_second=MESSAGES_PER_SECOND)
    writing.begin()
    await asyncio.sleep(BUSY_SECONDS)
    back = await killed(server, engine, crowd)
    await asyncio.sleep(BUSY_SECONDS)
    await writing.rest()
    await caught_up(crowd)
    await asyncio.sleep(QUIET_SECONDS)
    megabytes_after = megabytes(server)
    for client in crowd.clients:
        client.leave()
    return Storm(megabytes_before, megabytes_after, back, await unlike_the_log(crowd, begin_at), crowd, judged(crowd))


async def gathered(server: Server, sockets: int) -> Crowd:
    tally = Tally()
    shops = await open_shops(server, shops=SHOPS, customers=0, agents=AGENTS)
    members = await join_up(server, shops, sockets - of_staff(), loops=LOOPS_OF_A_MEMBER)
    authors = [Author(one.customer.name, one.customer.conversation_id, tally) for one in members]
    crowd = Crowd([], [], [(one.customer.token, author) for one, author in zip(members, authors, strict=True)], tally)
    for shop in shops:
        writing_there = [author for one, author in zip(members, authors, strict=True) if one.home == shop]
        for token in shop.agent_tokens * SCREENS_OF_AN_AGENT:
            crowd.clients.append(Returning(server.ws_url, token, shop.business_id))
            crowd.hears.append(writing_there)
    for one, author in zip(members, authors, strict=True):
        crowd.clients.append(Returning(server.ws_url, one.customer.token))
        crowd.hears.append([author])
    await arrived(crowd.clients)
    return crowd


async def arrived(clients: list[Returning]) -> None:
    """Return once all of them are welcomed, who come some at a time."""
    for first in range(0, len(clients), COMING_AT_ONCE):
        some = clients[first : first + COMING_AT_ONCE]
        for client in some:
            client.come()
        await welcomed(some)


async def welcomed(clients: list[Returning]) -> None:
    await until(lambda: all(client.is_welcome for client in clients))


async def caught_up(crowd: Crowd) -> None:
    """Return once everybody heard what is acknowledged by now; what is missing in the end shows in the verdict."""
    owed = crowd.owed
    await until(lambda: all(len(c.heard) >= count for c, count in zip(crowd.clients, owed, strict=True)))


async def until(true: Callable[[], bool]) -> None:
    deadline = time.perf_counter() + LONGEST_STORM_SECONDS
    while not true() and time.perf_counter() < deadline:
        await asyncio.sleep(POLL_SECONDS)


async def killed(server: Server, engine: Engine, crowd: Crowd) -> Return:
    """Kill the server, start it again, and wait until everybody is back and knows everything."""
    before = crowd.tally.acknowledged
    database, load, busy = engine.cpu_seconds(), time.process_time(), busy_seconds()
    killed_at = time.perf_counter()
    server.kill()
    await asyncio.to_thread(server.start)
    serving_at = time.perf_counter()
    await welcomed(crowd.clients)
    meanwhile = crowd.tally.acknowledged - before
    await caught_up(crowd)
    settled_at = time.perf_counter()
    ours, database = cpu_seconds(server.pid), engine.cpu_seconds() - database
    load = time.process_time() - load
    return Return(
        serving=serving_at - killed_at,
        welcomed=[client.welcomed_at - killed_at for client in crowd.clients],
        settled=settled_at - killed_at,
        written_meanwhile=meanwhile,
        server_cpu=ours,
        database_cpu=database,
        load_cpu=load,
        other_cpu=max(0.0, busy_seconds() - busy - ours - database - load),
    )


async def unlike_the_log(crowd: Crowd, begin_at: dict[Returning, dict[str, str]]) -> int:
    """How many clients heard anything else than one that, with all at rest, resumes from where they began."""
    again = {client: client.anew(begin_at[client]) for client in crowd.clients}
    await arrived(list(again.values()))
    owed = [len(client.stream) for client in again]
    await until(lambda: all(len(c.stream) >= count for c, count in zip(again.values(), owed, strict=True)))
    for witness in again.values():
        witness.leave()
    return sum(by_business(client.stream) != by_business(witness.stream) for client, witness in again.items())


def judged(crowd: Crowd) -> Verdict:
    verdict = Verdict()
    verdict.judge_authors(author for _, author in crowd.writers)
    for client, authors in zip(crowd.clients, crowd.hears, strict=True):
        verdict.judge(client, authors)
    return verdict


def of_staff() -> int:
    return SHOPS * AGENTS * SCREENS_OF_AN_AGENT


def megabytes(server: Server) -> float:
    return round(pss_bytes(server.pid) / MEGABYTE, 2)


def told(storm: Storm) -> dict[str, Any]:
    back, tally = storm.back, storm.crowd.tally
    return {
        "megabytes_with_sockets": storm.megabytes_before,
        "megabytes_after_the_storm": storm.megabytes_after,
        "storm": {
            "seconds_until_serving": round(back.serving, 3),
            "until_welcomed": milliseconds(back.welcomed),
            "seconds_until_settled": round(back.settled, 3),
            "server_cpu_seconds": round(back.server_cpu, 2),
            "database_cpu_seconds": round(back.database_cpu, 2),
            "load_cpu_seconds": round(back.load_cpu, 2),
            "other_cpu_seconds": round(back.other_cpu, 2),
            "messages_written_meanwhile": back.written_meanwhile,
            "hellos": sum(client.hellos for client in storm.crowd.clients),
        },
        "messages": tally.acknowledged,
        "refused": tally.refused,
        "problems": tally.problems,
        "unlike_the_log": storm.unlike_the_log,
        "deliveries": asdict(storm.verdict),
    }


def bars(storm: Storm, sockets: int) -> list[Bar]:
    heaviest = max(storm.megabytes_before, storm.megabytes_after)
    faults = storm.verdict.faults + storm.crowd.tally.refused + storm.unlike_the_log
    return [
        at_most(f"{sockets:,} sockets, 10^6 bytes of PSS", heaviest, 250),
        at_most("from the kill until everybody is back and caught up, s", storm.back.settled, 15),
        at_most("messages lost, doubled, reordered, altered or refused, streams unlike the log", faults, 0),
    ]


if __name__ == "__main__":
    main()
