"""Who may serve a PostgreSQL database: one process alone, or several that share all they need."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Self

import psycopg
import structlog

from shopbell.kernel.lock import Taken

log = structlog.get_logger()

# Any fixed number will do, as long as every process asks for the same.
SERVING = 7_460_236
# A process that was killed a moment ago is not gone for the database yet.
TRIES, PAUSE_SECONDS = 50, 0.2
# A database that went silent is noticed within seconds, instead of the kernel's quarter of an hour.
WATCHFUL: Mapping[str, Any] = {
    "connect_timeout": 4, "tcp_user_timeout": 4_000,
    "keepalives_idle": 2, "keepalives_interval": 1, "keepalives_count": 2,
}  # fmt: skip
LEAVE_SECONDS = 2.0
LOOK_SECONDS = 2.0

TAKEN = (
    "Another Shopbell serves this database. Several may share one if each has NATS_URL and the same S3 storage;"
    " else stop the other first, or give each its own database."
)


class Hold:
    """An advisory lock, exclusive or shared, kept for as long as the process serves.

    The database forgets it when it restarts or the connection breaks: it is taken again then, and `lost` is
    called, on a thread of its own, if another process was quicker.
    """

    def __init__(self, url: str, *, shared: bool, lost: Callable[[], None]) -> None:
        self._url = url
        self._lock = "pg_try_advisory_lock_shared" if shared else "pg_try_advisory_lock"
        self._lost = lost
        self._leaving = threading.Event()
        self._connection: psycopg.Connection | None = None
        self._watch = threading.Thread(target=self._keep, name="hold", daemon=True)

    def __enter__(self) -> Self:
        for _ in range(TRIES):
            if self._has():
                break
            time.sleep(PAUSE_SECONDS)
        else:
            raise Taken(TAKEN)
        self._watch.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._leaving.set()
        self._watch.join(LEAVE_SECONDS)
        # Who is still asking a database that does not answer gives the lock back by the end of the process.
        if self._connection is not None and not self._watch.is_alive():
            self._connection.close()

    def _has(self) -> bool:
        """Whether the lock could be taken, on a new connection that stands for it from then on."""
        connection = psycopg.connect(self._url, autocommit=True, **WATCHFUL)
        try:
            if connection.execute(f"SELECT {self._lock}(%s)", [SERVING]).fetchone() == (True,):
                self._connection = connection
        finally:
            if self._connection is not connection:
                connection.close()
        return self._connection is connection

    def _keep(self) -> None:
        refused = 0
        while not self._leaving.wait(LOOK_SECONDS if not refused else PAUSE_SECONDS):
            try:
                refused = 0 if self._still() else refused + 1
            except psycopg.Error as error:
                # Nobody else can take it either while the database is away.
                log.info("hold_interrupted", reason=type(error).__name__)
            if refused == TRIES:
                log.error("hold_lost", reason=TAKEN)
                self._lost()
                return

    def _still(self) -> bool:
        """Whether the lock is held, taken again if the connection has gone."""
        if self._connection is not None:
            try:
                self._connection.execute("SELECT 1")
                return True
            except psycopg.Error:
                self._connection.close()
                self._connection = None
        return self._has()
