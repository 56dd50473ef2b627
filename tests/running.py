"""A real `shopbell serve` in a process of its own, to be asked, killed and started again."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import httpx

READY_SECONDS = 20
STOP_SECONDS = 15
COMMAND = (sys.executable, "-m", "shopbell")

# For tests that are not about limits: argon2 and throttles would only make them slow.
LENIENT: Mapping[str, str] = {
    "SHOPBELL_RATE_LIMITS": "off",
    "SHOPBELL_PASSWORD_COST": "low",
    "SHOPBELL_REGISTRATION": "open",
}


class DidNotServe(Exception):
    """The process ended, or was not ready in time; the text is what it wrote."""


class Service(Protocol):
    """Whatever serves at one address, however many processes that takes."""

    data: Path

    @property
    def url(self) -> str: ...

    @property
    def ws_url(self) -> str: ...

    @property
    def log(self) -> str: ...

    @property
    def processes(self) -> "Sequence[Server]":
        """The processes that serve, those that are down among them."""

    def start(self) -> Self:
        """Start what does not run; return once it serves."""

    def kill(self) -> None:
        """SIGKILL to one process."""

    def stop(self, seconds: float = STOP_SECONDS) -> int:
        """SIGTERM to every process; 0 if all of them ended well, in time."""

    def restart(self) -> Self:
        """Start again at the same address, over the same data; stop first what still runs."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Server:
    """One server over one data directory, on a loopback port that it keeps when it is started again.

    `environment` is laid over this process's own, without what may be set there for Shopbell;
    `command` starts the program, and may begin with what it is to run under, such as taskset; with `source`,
    which may change from start to start, it is the program in that folder and not the installed one.
    """

    def __init__(
        self,
        data: Path,
        *,
        database_url: str | None = None,
        environment: Mapping[str, str] = LENIENT,
        command: Sequence[str] = COMMAND,
        options: Sequence[str] = (),
    ) -> None:
        self.data = data
        self.url = ""
        self.source: Path | None = None
        self._command = [*command, "serve", "--host", "127.0.0.1", "--data", str(data), *options]
        self._environment = {**_foreign_environment(), **environment}
        if database_url is not None:
            self._environment["DATABASE_URL"] = database_url
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._log_file = data.with_name(data.name + ".log")

    @property
    def ws_url(self) -> str:
        return self.url.replace("http", "ws", 1) + "/api/v1/live"

    @property
    def pid(self) -> int:
        return self._running().pid

    @property
    def processes(self) -> "Sequence[Server]":
        """The processes that serve: this one."""
        return (self,)

    @property
    def runs(self) -> bool:
        """Whether it was started, and not stopped or killed since."""
        return self._process is not None

    @property
    def port(self) -> int:
        """The port it serves at, once it was started."""
        return self._port

    @property
    def log(self) -> str:
        """All that the process wrote to both its outputs since it was first started."""
        return self._log_file.read_text(errors="replace")

    def start(self) -> Self:
        """Return once the server answers that it is ready; raises DidNotServe."""
        self._log_file.parent.mkdir(parents=True, exist_ok=True)
        with self._log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._command, "--port", str(self._port)],
                env={**self._environment, **({"PYTHONPATH": str(self.source)} if self.source else {})},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        deadline = time.monotonic() + READY_SECONDS
        try:
            self._learn_address(self._process, deadline)
            self._await_ready(self._process, deadline)
        except BaseException:
            self.kill()
            raise
        return self

    def kill(self) -> None:
        """SIGKILL, and wait until the process is gone."""
        process = self._running()
        process.kill()
        process.wait()
        self._process = None

    def stop(self, seconds: float = STOP_SECONDS) -> int:
        """SIGTERM; return the exit status, or kill the server and raise if it stays longer."""
        process = self._running()
        process.terminate()
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        self._process = None
        return status

    def restart(self) -> Self:
        """Start again at the same address, over the same data; stop first if it still runs."""
        if self._process is not None:
            self.stop()
        return self.start()

    def pause(self) -> None:
        self._running().send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._running().send_signal(signal.SIGCONT)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self.stop()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise ProcessLookupError("the server is not running")
        return self._process

    def _learn_address(self, process: subprocess.Popen[bytes], deadline: float) -> None:
        """Read the one line that names the URL, and go on emptying the pipe behind it into the log."""
        found = threading.Event()

        def read() -> None:
            assert process.stdout is not None
            with process.stdout as lines, self._log_file.open("ab", buffering=0) as log:
                for line in lines:
                    log.write(line)
                    address = re.search(rb"https?://[^\s/\"']+:(\d+)", line)
                    if address and not found.is_set():
                        self.url, self._port = address[0].decode(), int(address[1])
                        found.set()
            found.set()

        threading.Thread(target=read, daemon=True).start()
        if not found.wait(deadline - time.monotonic()) or process.poll() is not None:
            raise DidNotServe(self.log)

    def _await_ready(self, process: subprocess.Popen[bytes], deadline: float) -> None:
        with httpx.Client(trust_env=False) as client:
            while time.monotonic() < deadline and process.poll() is None:
                try:
                    if client.get(self.url + "/health/ready").is_success:
                        return
                except httpx.TransportError:
                    pass
                time.sleep(0.02)
        raise DidNotServe(self.log)


def _foreign_environment() -> dict[str, str]:
    ours = ("DATABASE_URL", "NATS_URL")
    return {name: value for name, value in os.environ.items() if not name.startswith("SHOPBELL_") and name not in ours}
