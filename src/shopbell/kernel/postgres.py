"""PostgreSQL through psycopg 3, synchronous: the writer and the readers each run on a thread of their own."""

import hashlib
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
from psycopg import pq, sql

from shopbell.kernel import ids
from shopbell.kernel.database import (
    LIST,
    LIST_PARAMETER,
    PARAMETER,
    Connection,
    Database,
    Insert,
    Match,
    Row,
    Unsettled,
    Update,
)
from shopbell.kernel.hold import WATCHFUL, Hold
from shopbell.kernel.scope import Scope

LOCK_TIMEOUT = "2s"
# A process that was stopped in the middle of a transaction keeps the others from its rows for no longer.
IDLE_TIMEOUT = "5s"
# Whom a login acts as that row-level security would not bind; migrating makes it.
BOUND_ROLE = "shopbell_serving"
BEGIN_SESSION = f"""
    SELECT set_config('lock_timeout', '{LOCK_TIMEOUT}', FALSE),
        set_config('idle_in_transaction_session_timeout', '{IDLE_TIMEOUT}', FALSE),
        CASE WHEN rolsuper OR rolbypassrls THEN set_config('role', '{BOUND_ROLE}', FALSE) END
    FROM pg_roles WHERE rolname = current_user"""
LOCK_NAMES = "SELECT pg_advisory_xact_lock(number) FROM unnest(%s::bigint[]) AS number"
ADMIT = """
    SELECT set_config('shopbell.businesses',
        concat_ws(',', NULLIF(current_setting('shopbell.businesses', TRUE), ''), %s::text), TRUE)"""
# Changes whenever the server recovers from a crash, its own or of one of its processes. It then gives the numbers of
# transactions again that were not on its disk yet, so that what it says of one may be about another's.
LIFE = "SELECT pg_postmaster_start_time(), stats_reset FROM pg_stat_wal"
STATUS_TRIES, STATUS_PAUSE_SECONDS = 20, 0.05


@cache
def translated(sql: str) -> str:
    """The text psycopg takes: `%(name)s` for `:name`, and an array where a list is meant."""
    text = LIST_PARAMETER.sub(r"= ANY(:\1)", sql.replace("%", "%%"))
    text = LIST.sub(r"= ANY(ARRAY(\1))", text)
    return PARAMETER.sub(r"%(\1)s", text)


def _number(name: str) -> int:
    """What stands for the name among advisory locks, which have 64 bits; the two that Shopbell has itself are small."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)


def columns(rows: Sequence[Row]) -> list[list[Any]]:
    """The rows as one array for each column, the way `unnest` takes them."""
    return [list(column) for column in zip(*rows, strict=True)]


def opening(begin: str, scope: Scope) -> str:
    """What begins a transaction in that scope, to be sent as one; whatever the scope leaves out stays unset."""
    if not all(ids.is_id(business_id) for business_id in scope.businesses):
        raise ValueError("the list takes ids alone, which are all of one length")
    named = {
        "businesses": ",".join(scope.businesses),
        "person": scope.person,
        "login": scope.login,
        "house": "on" if scope.house else "",
    }
    settings = [f"SET LOCAL shopbell.{name} = {sql.quote(value)}" for name, value in named.items() if value]
    return "; ".join([begin, *settings])


class PostgresConnection(Connection):
    for_update = " FOR UPDATE"
    skip_locked = " FOR UPDATE SKIP LOCKED"

    def __init__(self, url: str, *, begin: str) -> None:
        self._url = url
        self._begin = begin
        self._raw = self._connect()

    def _connect(self) -> psycopg.Connection[Row]:
        raw = psycopg.connect(self._url, autocommit=True, prepare_threshold=2, **WATCHFUL)
        raw.prepared_max = 500
        try:
            raw.execute(BEGIN_SESSION)
            self._life = raw.execute(LIFE).fetchone()
        except psycopg.Error:
            raw.close()
            raise
        return raw

    def lock_names(self, names: Collection[str]) -> None:
        if names:
            self._raw.execute(LOCK_NAMES, [sorted(_number(name) for name in names)])

    def rows(self, sql: str, params: dict[str, Any]) -> list[Row]:
        return self._raw.execute(translated(sql), params).fetchall()

    def run(self, sql: str, params: dict[str, Any]) -> int:
        return self._raw.execute(translated(sql), params).rowcount

    def many(self, statement: Insert | Update, rows: Sequence[Row]) -> None:
        self._raw.execute(statement.postgres, columns(rows))

    def matches(self, statement: Match, keys: Sequence[Row]) -> list[Row]:
        return self._raw.execute(statement.postgres, columns(keys)).fetchall()

    def begin(self, scope: Scope) -> None:
        if self._raw.closed:
            self._raw = self._connect()
        # Several statements at once can't be prepared.
        self._raw.execute(opening(self._begin, scope).encode(), prepare=False)

    def admit(self, business_id: str) -> None:
        self._raw.execute(ADMIT, [business_id])

    def commit(self) -> None:
        """Commit; when the connection breaks meanwhile, ask on a new one what became of the transaction."""
        row = self._raw.execute("SELECT pg_current_xact_id_if_assigned()").fetchone()
        try:
            self._raw.execute("COMMIT")
        except psycopg.OperationalError as error:
            self._raw.close()
            if row is None or row[0] is None or not self._had_committed(str(row[0])):
                raise error from None

    def _had_committed(self, xid: str) -> bool:
        """Whether the transaction took place. Raises Unsettled when that can't be found out now."""
        life = self._life
        try:
            self._raw = self._connect()
            if self._life != life:
                raise Unsettled
            for _ in range(STATUS_TRIES):
                row = self._raw.execute("SELECT pg_xact_status(CAST(%s AS xid8))", [xid]).fetchone()
                if row is not None and row[0] != "in progress":
                    return bool(row[0] == "committed")
                time.sleep(STATUS_PAUSE_SECONDS)
        except psycopg.Error as error:
            raise Unsettled from error
        raise Unsettled

    def rollback(self) -> None:
        try:
            if not self._raw.closed and self._raw.info.transaction_status != pq.TransactionStatus.IDLE:
                self._raw.execute("ROLLBACK")
        except psycopg.Error:
            # The connection is gone, and the transaction with it; `begin` opens a new one.
            self._raw.close()

    def close(self) -> None:
        self._raw.close()


class PostgresReader(PostgresConnection):
    """A connection that changes nothing, so there is nothing to find out about its commits."""

    def commit(self) -> None:
        self._raw.execute("COMMIT")


class Postgres(Database):
    """The database at `url`."""

    locks_rows = True
    falls_silent = True

    def __init__(self, url: str) -> None:
        self.url = url

    def writer(self) -> PostgresConnection:
        return PostgresConnection(self.url, begin="BEGIN")

    def reader(self) -> PostgresReader:
        return PostgresReader(self.url, begin="BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    @contextmanager
    def held(self, *, shared: bool, lost: Callable[[], None]) -> Iterator[None]:
        with Hold(self.url, shared=shared, lost=lost):
            yield

    def is_full(self, error: Exception) -> bool:
        return isinstance(error, psycopg.errors.DiskFull)

    def is_storage(self, error: Exception) -> bool:
        return isinstance(error, psycopg.Error | Unsettled)

    def is_down(self, error: Exception) -> bool:
        # Locks that could not be had are operational errors too, but of a server that answers.
        lost = isinstance(error, psycopg.OperationalError) and error.sqlstate is None
        return lost or isinstance(error, Unsettled)

    def is_transient(self, error: Exception) -> bool:
        return isinstance(
            error,
            psycopg.errors.DeadlockDetected
            | psycopg.errors.SerializationFailure
            | psycopg.errors.LockNotAvailable
            | psycopg.errors.IdleInTransactionSessionTimeout
            | psycopg.OperationalError,
        )
