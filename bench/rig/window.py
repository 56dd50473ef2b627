"""What a measured stretch of time cost and carried, as the difference of two marks."""

import time
from dataclasses import asdict, dataclass
from typing import Any

from bench.rig.authors import Tally
from bench.rig.deployments import Cpu, Deployment
from bench.rig.processes import busy_seconds, stolen_seconds


@dataclass(frozen=True)
class Mark:
    """All in seconds, but for the count of acknowledged messages."""

    at: float
    acknowledged: int
    cpu: Cpu
    load_cpu: float
    busy: float
    stolen: float


def mark(deployment: Deployment, tally: Tally) -> Mark:
    return Mark(
        at=time.perf_counter(),
        acknowledged=tally.acknowledged,
        cpu=deployment.cpu(),
        load_cpu=time.process_time(),
        busy=busy_seconds(),
        stolen=stolen_seconds(),
    )


@dataclass(frozen=True)
class Stretch:
    """Shares are of one core; `other_cpu_share` is what neither servers, database, message bus nor load used."""

    seconds: float
    messages: int
    messages_per_second: float
    server_cpu_ms_per_message: float
    server_cpu_share: float
    database_cpu_ms_per_message: float
    database_cpu_share: float
    bus_cpu_ms_per_message: float
    bus_cpu_share: float
    load_cpu_share: float
    other_cpu_share: float
    stolen_share: float

    def json(self) -> dict[str, Any]:
        return {name: round(value, 4) for name, value in asdict(self).items()}


def between(first: Mark, last: Mark) -> Stretch:
    seconds = last.at - first.at
    messages = last.acknowledged - first.acknowledged
    server, database = last.cpu.servers - first.cpu.servers, last.cpu.database - first.cpu.database
    bus = last.cpu.bus - first.cpu.bus
    load = last.load_cpu - first.load_cpu
    return Stretch(
        seconds=seconds,
        messages=messages,
        messages_per_second=messages / seconds,
        server_cpu_ms_per_message=server / max(messages, 1) * 1e3,
        server_cpu_share=server / seconds,
        database_cpu_ms_per_message=database / max(messages, 1) * 1e3,
        database_cpu_share=database / seconds,
        bus_cpu_ms_per_message=bus / max(messages, 1) * 1e3,
        bus_cpu_share=bus / seconds,
        load_cpu_share=load / seconds,
        other_cpu_share=max(0.0, last.busy - first.busy - server - database - bus - load) / seconds,
        stolen_share=(last.stolen - first.stolen) / seconds,
    )
