"""One of the rival's server processes, on the servers' core."""

import re
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.rig.server import SERVER_CORE, core
from bench.rivals.installed import PYTHON

START_SECONDS = 20
STOP_SECONDS = 10
APPLICATION = "project.asgi:application"
OPTIONS = (
    *("--loop", "uvloop", "--http", "httptools", "--ws", "websockets-sansio", "--ws-per-message-deflate", "false"),
    *("--lifespan", "off", "--no-access-log"),
)
LISTENS = re.compile(r"running on http://([\d.]+:\d+)")


class Uvicorn:
    """Serves on a free port, which it writes into its log once it takes connections."""

    def __init__(self, log: Path, environment: Mapping[str, str]) -> None:
        self._log = log
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self.ws_url = ""

    @property
    def pid(self) -> int:
        if self._process is None:
            raise ProcessLookupError("the rival is not running")
        return self._process.pid

    def __enter__(self) -> Self:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *("taskset", "--cpu-list", str(core(SERVER_CORE)), PYTHON, "-m", "uvicorn"),
                    *(APPLICATION, "--port", "0", *OPTIONS),
                ],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_SECONDS
        while not (listens := LISTENS.search(self._log.read_text())):
            if time.monotonic() > deadline or self._process.poll() is not None:
                self._end()
                raise ConnectionError(self._log.read_text())
            time.sleep(0.02)
        self.ws_url = f"ws://{listens[1]}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
