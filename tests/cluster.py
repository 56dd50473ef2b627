"""Several processes over one PostgreSQL, and the NATS they tell each other's news by."""

import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.gateway import Gateway
from tests.running import COMMAND, LENIENT, STOP_SECONDS, Server

START_SECONDS = 10


class Nats:
    """A private nats-server on a free loopback port, which it keeps when it is started again.

    It takes everybody, or only who knows one of the `passwords`.
    """

    def __init__(self, **passwords: str) -> None:
        self._program = Path(sys.executable).with_name("nats-server")
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = Path(tempfile.mkdtemp(prefix="shopbell-nats-"))
        self._port = -1
        self._configuration = self._folder / "nats.conf"
        self.rotate(**passwords)

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self._port}"

    @property
    def port(self) -> int:
        return self._port

    def url_of(self, user: str, password: str) -> str:
        return self.url.replace("//", f"//{user}:{password}@")

    def rotate(self, **passwords: str) -> None:
        """Take these users alone from now on, and soon cut off who came in by another password."""
        users = ", ".join(f"{{user: {user}, password: {password}}}" for user, password in passwords.items())
        self._configuration.write_text(f"authorization: {{users: [{users}]}}\n" if users else "")
        if self._process is not None:
            self._process.send_signal(signal.SIGHUP)

    @property
    def pid(self) -> int:
        if self._process is None:
            raise ProcessLookupError("the message bus is not running")
        return self._process.pid

    def start(self) -> Self:
        """Return once it takes connections."""
        with (self._folder / "nats.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    self._program, "-a", "127.0.0.1", "-p", str(self._port),
                    "--ports_file_dir", str(self._folder), "-c", str(self._configuration),
                ],
                stdout=log,
                stderr=log,
            )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            if self._port == -1:
                self._port = _port_in(self._folder)
            elif _answers(self._port):
                return self
            time.sleep(0.01)
        self.kill()
        raise ConnectionError((self._folder / "nats.log").read_text())

    def kill(self) -> None:
        """SIGKILL; whatever was on its way is lost."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        shutil.rmtree(self._folder)


def _port_in(folder: Path) -> int:
    """The port that the server wrote down, or -1."""
    for file in folder.glob("*.ports"):
        written = file.read_text()
        if written.endswith("}"):
            return int(written.split("nats://", 1)[1].split('"', 1)[0].rsplit(":", 1)[1])
    return -1


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@contextmanager
def processes(folder: Path, count: int, database_url: str, nats_url: str, gateway: Gateway) -> Iterator[list[Server]]:
    """So many running servers of one store, whose files lie behind the gateway."""
    with ExitStack() as running:
        yield [
            running.enter_context(
                Server(
                    _own(folder, number),
                    database_url=database_url,
                    environment={**LENIENT, **gateway.environment, "NATS_URL": nats_url},
                )
            )
            for number in range(count)
        ]


def _own(folder: Path, number: int) -> Path:
    """The data directory of one process, which has the mail folder in common with the others."""
    mail = folder / "mail"
    mail.mkdir(exist_ok=True)
    own = folder / f"data{number}"
    own.mkdir()
    (own / "mail").symlink_to(mail)
    return own


class Cluster:
    """Several processes that look like one `Server`: behind their one address each connection goes to another.

    `nats_urls` names the way of each process to the message bus; their files lie behind the gateway. `kill` takes one
    of those that run, as the seed has it, while the others go on.
    """

    def __init__(
        self,
        data: Path,
        *,
        database_url: str,
        nats_urls: Sequence[str],
        gateway: Gateway,
        environment: Mapping[str, str] = LENIENT,
        command: Sequence[str] = COMMAND,
        seed: int = 0,
    ) -> None:
        self.data = data
        self.url = ""
        self.processes: Sequence[Server] = []
        self._database_url = database_url
        self._nats_urls = nats_urls
        self._environment = {**environment, **gateway.environment}
        self._command = command
        self._random = random.Random(seed)
        self._balancer: subprocess.Popen[str] | None = None

    @property
    def ws_url(self) -> str:
        return self.url.replace("http", "ws", 1) + "/api/v1/live"

    @property
    def log(self) -> str:
        """What the processes wrote, one after the other."""
        return "".join(process.log for process in self.processes)

    def start(self) -> Self:
        """Start every process that does not run; return once all of them are ready."""
        if self._balancer is None:
            self._begin()
            # The first brings the schema up to date; where cores are few, all of them at once would take minutes.
            self.processes[0].start()
        down = [process for process in self.processes if not process.runs]
        with ThreadPoolExecutor(len(down) or 1) as starting:
            list(starting.map(Server.start, down))
        assert self._balancer is not None and self._balancer.stdin is not None
        print(*(process.port for process in self.processes), file=self._balancer.stdin, flush=True)
        return self

    def kill(self) -> None:
        """SIGKILL to one of those that run."""
        running = [process for process in self.processes if process.runs]
        if not running:
            raise ProcessLookupError("no process is running")
        self._random.choice(running).kill()

    def stop(self, seconds: float = STOP_SECONDS) -> int:
        """SIGTERM to all at once; the worst of their exit statuses."""
        running = [process for process in self.processes if process.runs]
        with ThreadPoolExecutor(len(running) or 1) as stopping:
            return max(stopping.map(lambda process: process.stop(seconds), running), default=0)

    def restart(self) -> Self:
        self.stop()
        return self.start()

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if self._balancer is not None:
            self._balancer.communicate()

    def _begin(self) -> None:
        """Open the one address, which every process tells people to come to."""
        self._balancer = subprocess.Popen(
            [sys.executable, "-m", "tests.balancer"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1],
        )  # fmt: skip
        assert self._balancer.stdout is not None
        self.url = f"http://127.0.0.1:{int(self._balancer.stdout.readline())}"
        self.processes = [
            Server(_own(self.data, number), database_url=self._database_url, command=self._command,
                   environment={**self._environment, "NATS_URL": nats_url, "SHOPBELL_BASE_URL": self.url})
            for number, nats_url in enumerate(self._nats_urls)
        ]  # fmt: skip
