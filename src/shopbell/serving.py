"""The serving process: its lock, its database, its sockets, and how it begins and ends."""

import asyncio
import gc
import os
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
from shopbell.settings import CannotServe, Settings, address

log = structlog.get_logger()

BACKLOG = 2_048
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
    """A bound socket, so that its port is known before anything needs it."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise CannotServe(
            f"Cannot listen on {settings.host} port {settings.port}: {error.strerror or error}."
            " Choose another with --host and --port."
        ) from error
    with listener:
        # Inherited by every connection: what a reader that stopped reading may cost the kernel.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        yield listener


def _begin_migrating(settings: Settings) -> "subprocess.Popen[bytes] | None":
    """Migrate in another process, if there is anything to do: this one never needs Alembic in its memory."""
    try:
        if migrations.is_current(settings.database):
            return None
    except Exception as error:
        raise CannotServe(f"Cannot open the database: {error}") from error
    log.info("migrating")
    return subprocess.Popen(
        [sys.executable, "-m", "shopbell", "migrate", "--no-lock", "--data", str(settings.data)],
        env={**os.environ, "DATABASE_URL": settings.database},
        stdout=sys.stderr,
    )


def _await(migrating: "subprocess.Popen[bytes] | None") -> None:
    if migrating is not None and migrating.wait() != 0:
        raise CannotServe("The database could not be brought to this version; see above.")
