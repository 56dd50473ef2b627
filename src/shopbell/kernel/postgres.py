"""PostgreSQL through psycopg 3, synchronous: the writer and the readers each run on a thread of their own."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
from psycopg import pq

from shopbell.kernel.database import (
    LIST_PARAMETER,
    PARAMETER,
    Connection,
    Database,
    Insert,
    Match,
    Row,
    Update,
)
from shopbell.kernel.lock import Taken

LOCK_TIMEOUT = "2s"
# Any fixed number will do, as long as every process asks for the same.
SERVING = 7_460_236
HOLD_TRIES, HOLD_PAUSE_SECONDS = 50, 0.2


@cache
def translated(sql: str) -> str:
    """The text psycopg takes: `%(name)s` for `:name`, and any array where a list is meant."""
    text = LIST_PARAMETER.sub(r"= ANY(:\1)", sql.replace("%", "%%"))
    return PARAMETER.sub(r"%(\1)s", text)


def columns(rows: Sequence[Row]) -> list[list[Any]]:
    """The rows as one array for each column, the way `unnest` takes them."""
    return [list(column) for column in zip(*rows, strict=True)]


class PostgresConnection(Connection):
    def __init__(self, url: str, *, begin: str) -> None:
        self._url = url
        self._begin = begin
        self._raw = self._connect()

    def _connect(self) -> psycopg.Connection[Row]:
        raw = psycopg.connect(self._url, autocommit=True, connect_timeout=5, prepare_threshold=2)
        raw.prepared_max = 500
        raw.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
        return raw

    def rows(self, sql: str, params: dict[str, Any]) -> list[Row]:
        return self._raw.execute(translated(sql), params).fetchall()

    def run(self, sql: str, params: dict[str, Any]) -> int:
        return self._raw.execute(translated(sql), params).rowcount

    def many(self, statement: Insert | Update, rows: Sequence[Row]) -> None:
        self._raw.execute(statement.postgres, columns(rows))

    def matches(self, statement: Match, keys: Sequence[Row]) -> list[Row]:
        return self._raw.execute(statement.postgres, columns(keys)).fetchall()

    def begin(self) -> None:
        if self._raw.closed:
            self._raw = self._connect()
        self._raw.execute(self._begin)

    def commit(self) -> None:
        self._raw.execute("COMMIT")

    def rollback(self) -> None:
        try:
            if self.in_transaction():
                self._raw.execute("ROLLBACK")
        except psycopg.Error:
            # The connection is gone, and the transaction with it; `begin` opens a new one.
            self._raw.close()

    def in_transaction(self) -> bool:
        return not self._raw.closed and self._raw.info.transaction_status != pq.TransactionStatus.IDLE

    def close(self) -> None:
        self._raw.close()


class Postgres(Database):
    """The database at `url`."""

    locks_rows = True

    def __init__(self, url: str) -> None:
        self.url = url

    def writer(self) -> PostgresConnection:
        return PostgresConnection(self.url, begin="BEGIN")

    def reader(self) -> PostgresConnection:
        return PostgresConnection(self.url, begin="BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    @contextmanager
    def held(self) -> Iterator[None]:
        """Be the only process that serves this database. Raises Taken while another one does.

        Events reach open screens within one process only, so a second one would keep its news to itself.
        """
        with psycopg.connect(self.url, autocommit=True, connect_timeout=5) as connection:
            for _ in range(HOLD_TRIES):
                if connection.execute("SELECT pg_try_advisory_lock(%s)", [SERVING]).fetchone() == (True,):
                    break
                # A process that was killed a moment ago is not gone for the database yet.
                time.sleep(HOLD_PAUSE_SECONDS)
            else:
                raise Taken("Another Shopbell serves this database. Stop it first, or give each its own database.")
            yield

    def is_full(self, error: Exception) -> bool:
        return isinstance(error, psycopg.errors.DiskFull)

    def is_storage(self, error: Exception) -> bool:
        return isinstance(error, psycopg.Error)

    def is_down(self, error: Exception) -> bool:
        # Locks that could not be had are operational errors too, but of a server that answers.
        return isinstance(error, psycopg.OperationalError) and error.sqlstate is None

    def is_transient(self, error: Exception) -> bool:
        return isinstance(
            error,
            psycopg.errors.DeadlockDetected
            | psycopg.errors.SerializationFailure
            | psycopg.errors.LockNotAvailable
            | psycopg.OperationalError,
        )
