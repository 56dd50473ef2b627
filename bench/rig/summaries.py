"""Several runs of one kind in one figure each, and whether they can be believed."""

from statistics import median
from typing import Any

from bench.rig.run import Run

BUSY_LOAD_SHARE = 0.9
BUSY_OTHERS_SHARE = 0.25


def throughput(runs: list[Run]) -> float:
    return median(run.messages_per_second for run in runs)


def summary(runs: list[Run]) -> dict[str, Any]:
    """The median of each figure, and all runs."""
    return {
        "messages_per_second": round(throughput(runs), 1),
        "server_cpu_ms_per_message": round(median(run.server_cpu_ms for run in runs), 4),
        "database_cpu_ms_per_message": round(median(run.database_cpu_ms for run in runs), 4),
        "bus_cpu_ms_per_message": round(median(run.bus_cpu_ms for run in runs), 4),
        "sent_to_delivered": {
            figure: round(median(run.delivered_ms(figure) for run in runs), 3) for figure in ("p50_ms", "p99_ms")
        },
        "fsync": {
            "p50_ms": round(median(one.p50_ms for run in runs for one in run.fsync), 3),
            "p99_ms": round(max(one.p99_ms for run in runs for one in run.fsync), 3),
        },
        "runs": [run.json() for run in runs],
    }


def load_was_the_limit(*saturating: Run) -> bool:
    """Whether a saturating load had no core left, so that the server may have been able to do more."""
    return any(run.stretch.load_cpu_share > BUSY_LOAD_SHARE for run in saturating)


def machine_was_busy(*runs: Run) -> bool:
    """Whether other programs took so much of the cores that the figures say little."""
    return any(run.stretch.other_cpu_share > BUSY_OTHERS_SHARE for run in runs)
