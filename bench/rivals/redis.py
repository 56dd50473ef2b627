"""A Redis of our own: in memory only, as a channel layer needs it, on a socket in its own folder."""

import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.rig.server import SERVER_CORE, core
from bench.rivals.installed import redis_server

START_SECONDS = 10
IN_MEMORY = ("--port", "0", "--save", "", "--appendonly", "no", "--daemonize", "no")


class Redis:
    def __init__(self, folder: Path) -> None:
        self._socket = folder / "redis.sock"
        self._log = folder / "redis.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self._socket}"

    @property
    def pid(self) -> int:
        if self._process is None:
            raise ProcessLookupError("Redis is not running")
        return self._process.pid

    def __enter__(self) -> Self:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *("taskset", "--cpu-list", str(core(SERVER_CORE)), redis_server()),
                    *("--unixsocket", self._socket, *IN_MEMORY),
                ],
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._socket.exists():
            if time.monotonic() > deadline or self._process.poll() is not None:
                self._end()
                raise ConnectionError(self._log.read_text())
            time.sleep(0.01)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
