"""How long the disk takes to make 4 KiB durable, probed beside every run."""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from bench.rig.figures import percentile

PROBE_WRITES = 400
PROBE_BYTES = 4096


@dataclass(frozen=True)
class Fsync:
    p50_ms: float
    p99_ms: float


def probe(folder: Path) -> Fsync:
    """Appends 4 KiB and calls fdatasync, again and again, on the file system of `folder`."""
    seconds = []
    block = os.urandom(PROBE_BYTES)
    with NamedTemporaryFile(dir=folder) as file:
        for number in range(PROBE_WRITES):
            begun = time.perf_counter()
            os.pwrite(file.fileno(), block, number * PROBE_BYTES)
            os.fdatasync(file.fileno())
            seconds.append(time.perf_counter() - begun)
    return Fsync(round(percentile(seconds, 50) * 1e3, 3), round(percentile(seconds, 99) * 1e3, 3))
