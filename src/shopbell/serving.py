"""The serving process: its lock, its database, its sockets, and how it begins and ends."""

import asyncio
import gc
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import cast

import structlog
import uvicorn
import uvloop

from shopbell import migrations
from shopbell.kernel import logs
from shopbell.kernel.database import open_database
from shopbell.kernel.lock import DirectoryLock
from shopbell.migrations import Standing
from shopbell.settings import CannotServe, Settings, address

log = structlog.get_logger()

# What the kernel takes for us between two turns of the loop; it takes no more than its own somaxconn.
BACKLOG = 8_192
SEND_BUFFER_BYTES = 256 * 1024
# Longer than the 60 s after which common proxies drop their idle connections themselves.
KEEP_ALIVE_SECONDS = 65
# Requests and sockets have so long to end, the whole process so long.
GRACE_SECONDS = 7
EXIT_SECONDS = 9.5
# Request objects are freed by counting; the collector only has to find the rare cycle.
GC_THRESHOLDS = (20_000, 20, 50)


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raises CannotServe and Taken."""
    logs.configure()
    _allow_many_sockets()
    with DirectoryLock(settings.data), _listening(settings) as listener:
        settings = settings.served_at(listener.getsockname()[1])
        migrating = _begin_migrating(settings)
        # Loaded while the other process migrates; a start over an empty directory has no time to waste.
        from shopbell.app import build  # noqa: PLC0415
        from shopbell.kernel.desk import Desk  # noqa: PLC0415
        from shopbell.live.wire import Wire  # noqa: PLC0415

        _await(migrating)
        for warning in settings.warnings:
            log.warning(warning)
        database = open_database(settings.database)
        desk = Desk(database, batch=settings.batch)
        config = uvicorn.Config(
            build(settings, desk),
            loop="uvloop",
            http="httptools",
            ws=cast(type[asyncio.Protocol], Wire),
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            backlog=BACKLOG,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        with (
            database.held(shared=settings.shares, lost=_stop_ourselves),
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            runner.run(Server(config, settings).serve(sockets=[listener]))


def _allow_many_sockets() -> None:
    """Each screen is an open file, and what a shell allows by default is for programs with few."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _stop_ourselves() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


class Server(uvicorn.Server):
    """Says once where it listens; a signal ends it with success, and soon, whatever hangs."""

    def __init__(self, config: uvicorn.Config, settings: Settings) -> None:
        super().__init__(config)
        self._settings = settings

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GC_THRESHOLDS)
        print(f"Shopbell is ready at {address(self._settings.host, self._settings.port)}", flush=True)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.should_exit:
            # Nothing is acknowledged before its commit, so even this loses no promise.
            watchdog = threading.Timer(EXIT_SECONDS, os._exit, [1])
            watchdog.daemon = True
            watchdog.start()
        super().handle_exit(sig, frame)


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """A bound socket, so that its port is known before anything needs it.

    It listens only once there is somebody to answer. Thousands who come back at once would overflow a queue that
    nobody empties yet, and then wait longer for each try (RFC 6298, 5.5); refused, they ask again when they like.
    """
    over_ipv6 = ":" in settings.host
    with socket.socket(socket.AF_INET6 if over_ipv6 else socket.AF_INET) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if over_ipv6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        # Inherited by every connection: what a reader that stopped reading may cost the kernel.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            raise CannotServe(
                f"Cannot listen on {settings.host} port {settings.port}: {error.strerror or error}."
                " Choose another with --host and --port."
            ) from error
        yield listener


def _begin_migrating(settings: Settings) -> "subprocess.Popen[bytes] | None":
    """Migrate in another process, if there is anything to do: this one never needs Alembic in its memory."""
    try:
        standing = migrations.standing(settings.database)
    except Exception as error:
        raise CannotServe(f"Cannot open the database: {error}") from error
    match standing:
        case Standing.BEYOND:
            raise CannotServe(
                f"The database was brought to a newer version, and this one (schema {migrations.head()}) can't serve"
                " it any more. Install the newer version."
            )
        case Standing.AHEAD:
            log.warning("schema_ahead", known=migrations.head())
        case Standing.BEHIND:
            log.info("migrating")
            return subprocess.Popen(
                [sys.executable, "-m", "shopbell", "migrate", "--no-lock", "--data", str(settings.data)],
                env={**os.environ, "DATABASE_URL": settings.database},
                stdout=sys.stderr,
            )
    return None


def _await(migrating: "subprocess.Popen[bytes] | None") -> None:
    if migrating is not None and migrating.wait() != 0:
        raise CannotServe("The database could not be brought to this version; see above.")
