"""Percentiles, medians and bars: how a bench says what it measured and whether that is enough."""

import json
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import apsw


@dataclass(frozen=True)
class Bar:
    """One figure and the limit it must keep."""

    name: str
    measured: float
    limit: float
    sense: str
    holds: bool


def at_least(name: str, measured: float, limit: float) -> Bar:
    return Bar(name, measured, limit, ">=", measured >= limit)


def at_most(name: str, measured: float, limit: float) -> Bar:
    return Bar(name, measured, limit, "<=", measured <= limit)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` of a non-empty `values` do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100).__trunc__() - 1)]


def milliseconds(seconds: Sequence[float]) -> dict[str, float]:
    """p50, p99 and the largest of `seconds`, in milliseconds."""
    if not seconds:
        return {}
    return {
        "p50_ms": round(percentile(seconds, 50) * 1e3, 3),
        "p99_ms": round(percentile(seconds, 99) * 1e3, 3),
        "max_ms": round(max(seconds) * 1e3, 3),
    }


def machine(folder: Path) -> dict[str, Any]:
    """What the figures were taken on; `folder` is where the data lay."""
    processors = Path("/proc/cpuinfo").read_text().splitlines()
    models = (line.split(":", 1)[1].strip() for line in processors if line.startswith("model name"))
    return {
        "cpu": next(models, "unknown"),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "sqlite": apsw.sqlite_lib_version(),
        "file_system": _file_system(folder),
    }


def _file_system(folder: Path) -> str:
    where = str(folder.resolve())
    best = ("", "unknown")
    for line in Path("/proc/mounts").read_text().splitlines():
        _, mount, kind, *_ = line.split()
        inside = where == mount or where.startswith(mount.rstrip("/") + "/")
        if inside and len(mount) >= len(best[0]):
            best = (mount, kind)
    return best[1]


def say(report: dict[str, Any], bars: list[Bar], *, check: bool) -> None:
    """Prints `report` and `bars` as JSON; with `check`, ends the process with 1 when a bar does not hold."""
    holds = all(bar.holds for bar in bars)
    report = {**report, "bars": [asdict(bar) for bar in bars], "holds": holds}
    print(json.dumps(report, indent=2, ensure_ascii=False))
    if check and not holds:
        sys.exit(1)
