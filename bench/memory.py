"""What an idle server weighs, what sockets add to it, how soon it is ready, and whom one loud shop delays."""

import argparse
import asyncio
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.rig.crowd import assembled
from bench.rig.deployments import Shopbell
from bench.rig.disk import probe
from bench.rig.engines import Engine, opened
from bench.rig.entry import by_token
from bench.rig.figures import Bar, at_most, machine, say
from bench.rig.loud import Disturbance, disturb
from bench.rig.processes import pss_bytes, thread_count
from bench.rig.rest import Client, client
from bench.rig.server import Server, prepare_load
from bench.rig.sockets import Listener, open_all
from bench.rig.world import Shop, open_shops, sign_up

MEGABYTE = 1_000_000
SETTLE_SECONDS = 2.0
STARTS = 5
IDLE_SOCKETS = 1_000
SIGNING_UP_AT_ONCE = 8
SHOPS = 2
AGENTS = 10
CUSTOMERS = 8
USE_SECONDS = 5.0
USE_WINDOW = 8


@dataclass(frozen=True)
class Town:
    """What the used directory holds: two shops with some ten thousand messages, and members of the first."""

    loud: Shop
    other: Shop
    members: list[str]


def main() -> None:
    options = parser().parse_args()
    prepare_load()
    name = "postgresql" if options.postgres else "sqlite"
    with (
        opened(name) as engine,
        TemporaryDirectory(prefix="shopbell-bench-", dir=options.folder) as folder,
    ):
        empty = empty_directories(engine, Path(folder))
        used, disturbance = used_directory(engine, Path(folder) / "used")
        report = {
            "bench": "memory",
            "engine": name,
            "machine": machine(Path(folder)),
            "fsync": asdict(probe(Path(folder))),
            "empty_directory": empty,
            "used_directory": used,
            "one_event_to_many_sockets": disturbance.json(),
        }
    say(report, bars(empty, used, disturbance), check=options.check)


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--postgres", action="store_true", help="on a PostgreSQL started here")
    options.add_argument("--folder", type=Path, default=tempfile.gettempdir(), help="where the data lies")
    options.add_argument("--check", action="store_true", help="exit with 1 when a bar does not hold")
    return options


def empty_directories(engine: Engine, folder: Path) -> dict[str, Any]:
    """Ready times on directories nobody used before, and the weight of such a server at rest."""
    seconds, weight = [], 0.0
    for number in range(STARTS):
        server = Server(folder / f"empty-{number}", engine.fresh())
        seconds.append(ready_seconds(server))
        weight = settled_megabytes(server) if number == STARTS - 1 else weight
        server.stop()
    return {"ready_seconds": seconds, "idle_megabytes": weight}


def used_directory(engine: Engine, folder: Path) -> tuple[dict[str, Any], Disturbance]:
    """Ready times after a stop and after a kill, weights at rest and with sockets, and the loud shop."""
    server = Server(folder, engine.fresh())
    with server:
        town = uvloop.run(settle_town(server, engine))
    after_stop, after_kill = [], []
    for _ in range(STARTS):
        after_stop.append(ready_seconds(server))
        server.kill()
        after_kill.append(ready_seconds(server))
        server.stop()
    with server:
        idle = settled_megabytes(server)
        threads = thread_count(server.pid)
        with_sockets = uvloop.run(megabytes_with_sockets(server, town.members))
    with server:
        disturbance = uvloop.run(disturb(server, town.loud, town.other))
    figures = {
        "ready_seconds": after_stop,
        "ready_seconds_after_kill": after_kill,
        "idle_megabytes": idle,
        "threads": threads,
        "sockets": IDLE_SOCKETS,
        "megabytes_with_sockets": with_sockets,
        "megabytes_more": round(with_sockets - idle, 2),
    }
    return figures, disturbance


def ready_seconds(server: Server) -> float:
    """Starts `server` and says how long it took until it answered that it is ready."""
    begun = time.perf_counter()
    server.start()
    return round(time.perf_counter() - begun, 3)


def settled_megabytes(server: Server) -> float:
    time.sleep(SETTLE_SECONDS)
    return megabytes(server)


def megabytes(server: Server) -> float:
    """The proportional set size of all the server's processes, in 10^6 bytes."""
    return round(pss_bytes(server.pid) / MEGABYTE, 2)


async def settle_town(server: Server, engine: Engine) -> Town:
    loud, other = await open_shops(server, shops=SHOPS, customers=CUSTOMERS, agents=AGENTS)
    asking = await client(server, SIGNING_UP_AT_ONCE)
    members = await asyncio.gather(*(join(asking, loud, number) for number in range(IDLE_SOCKETS)))
    asking.close()
    async with assembled(Shopbell([server], engine), [loud, other]) as crowd:
        crowd.press(USE_WINDOW)
        await asyncio.sleep(USE_SECONDS)
        crowd.rest()
        await crowd.drain()
    return Town(loud, other, members)


async def join(asking: Client, shop: Shop, number: int) -> str:
    """The token of a new member of `shop`."""
    token = await sign_up(asking, f"idle-{number}")
    await asking.ask("PUT", f"/businesses/{shop.business_id}/membership", token=token)
    return token


async def megabytes_with_sockets(server: Server, tokens: list[str]) -> float:
    listeners = [Listener(by_token(token)) for token in tokens]
    await open_all([server.ws_url], listeners)
    await asyncio.sleep(SETTLE_SECONDS)
    weight = megabytes(server)
    for listener in listeners:
        listener.close()
    return weight


def bars(empty: dict[str, Any], used: dict[str, Any], disturbance: Disturbance) -> list[Bar]:
    starts = [*empty["ready_seconds"], *used["ready_seconds"], *used["ready_seconds_after_kill"]]
    heaviest = max(empty["idle_megabytes"], used["idle_megabytes"])
    faults = disturbance.missing + disturbance.closed + disturbance.refused
    return [
        at_most("idle server, 10^6 bytes of PSS", heaviest, 90),
        at_most("1,000 idle sockets more, 10^6 bytes of PSS", used["megabytes_more"], 30),
        at_most("slowest start to ready, s", max(starts), 2.0),
        at_most("worst delay by an event to 2,000 sockets, ms", max(disturbance.delays) * 1e3, 50),
        at_most("events missing, sockets closed, messages refused", faults, 0),
    ]


if __name__ == "__main__":
    main()
