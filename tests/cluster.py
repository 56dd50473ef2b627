"""Several processes over one PostgreSQL, and the NATS they tell each other's news by."""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.running import LENIENT, Server

START_SECONDS = 10


class Nats:
    """A private nats-server on a free loopback port, which it keeps when it is started again."""

    def __init__(self) -> None:
        self._program = Path(sys.executable).with_name("nats-server")
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = Path(tempfile.mkdtemp(prefix="shopbell-nats-"))
        self._port = -1

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        if self._process is None:
            raise ProcessLookupError("the message bus is not running")
        return self._process.pid

    def start(self) -> Self:
        """Return once it takes connections."""
        with (self._folder / "nats.log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._program, "-a", "127.0.0.1", "-p", str(self._port), "--ports_file_dir", str(self._folder)],
                stdout=log,
                stderr=log,
            )
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
def processes(
    folder: Path, count: int, database_url: str, nats_url: str, *, environment: Mapping[str, str] = LENIENT
) -> Iterator[list[Server]]:
    """So many servers of one store, each with a directory of its own and one mail folder for all."""
    mail = folder / "mail"
    mail.mkdir()
    with ExitStack() as running:
        servers = []
        for number in range(count):
            data = folder / f"data{number}"
            data.mkdir()
            (data / "mail").symlink_to(mail)
            server = Server(data, database_url=database_url, environment={**environment, "NATS_URL": nats_url})
            servers.append(running.enter_context(server))
        yield servers
