"""The real server, pinned to a core of its own, as every bench runs it."""

import os
import resource
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from tests import running

SERVER_CORE = 0
LOAD_CORE = 1
SHOPBELL = str(Path(sys.executable).with_name("shopbell"))


class Server(running.Server):
    """A server on the data directory `data`; `environment` comes on top of the settings for benches."""

    def __init__(self, data: Path, environment: Mapping[str, str]) -> None:
        super().__init__(
            data,
            environment={**running.LENIENT, **environment},
            command=("taskset", "--cpu-list", str(core(SERVER_CORE)), SHOPBELL),
        )

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 80


def prepare_load() -> None:
    """Keeps this process off the server's core, and lets both have many sockets."""
    os.sched_setaffinity(0, {core(LOAD_CORE)})
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def core(wanted: int) -> int:
    """That core, or the last one where the machine has fewer."""
    return min(wanted, (os.cpu_count() or 1) - 1)
