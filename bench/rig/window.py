"""What a measured stretch of time cost and carried, as the difference of two marks."""

import time
from dataclasses import asdict, dataclass
from typing import Any

from bench.rig.authors import Tally
from bench.rig.engines import Engine
from bench.rig.processes import busy_seconds, cpu_seconds, stolen_seconds
from bench.rig.server import Server


@dataclass(frozen=True)
class Mark:
    """All in seconds, but for the count of acknowledged messages."""

    at: float
    acknowledged: int
    server_cpu: float
    database_cpu: float
    load_cpu: float
    busy: float
    stolen: float


def mark(server: Server, engine: Engine, tally: Tally) -> Mark:
    return Mark(
        at=time.perf_counter(),
        acknowledged=tally.acknowledged,
        server_cpu=cpu_seconds(server.pid),
        database_cpu=engine.cpu_seconds(),
        load_cpu=time.process_time(),
        busy=busy_seconds(),
        stolen=stolen_seconds(),
    )


@dataclass(frozen=True)
class Stretch:
    """Shares are of one core; `other_cpu_share` is what neither server, database nor load used."""

    seconds: float
    messages: int
    messages_per_second: float
    server_cpu_ms_per_message: float
    server_cpu_share: float
    database_cpu_ms_per_message: float
    database_cpu_share: float
    load_cpu_share: float
    other_cpu_share: float
    stolen_share: float

    def json(self) -> dict[str, Any]:
        return {name: round(value, 4) for name, value in asdict(self).items()}


def between(first: Mark, last: Mark) -> Stretch:
    seconds = last.at - first.at
    messages = last.acknowledged - first.acknowledged
    server, database = last.server_cpu - first.server_cpu, last.database_cpu - first.database_cpu
    load = last.load_cpu - first.load_cpu
    return Stretch(
        seconds=seconds,
        messages=messages,
        messages_per_second=messages / seconds,
        server_cpu_ms_per_message=server / max(messages, 1) * 1e3,
        server_cpu_share=server / seconds,
        database_cpu_ms_per_message=database / max(messages, 1) * 1e3,
        database_cpu_share=database / seconds,
        load_cpu_share=load / seconds,
        other_cpu_share=max(0.0, last.busy - first.busy - server - database - load) / seconds,
        stolen_share=(last.stolen - first.stolen) / seconds,
    )
