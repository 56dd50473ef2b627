"""SQLite: one file in write-ahead mode, one connection that writes, each commit on the disk before it counts."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any

import apsw
import msgspec

from shopbell.kernel.database import LIST, LIST_PARAMETER, Connection, Database, Insert, Match, Row, Update
from shopbell.kernel.scope import Scope

# A connection is used by one thread at a time, so SQLite needs no locks of its own around each call and count.
apsw.shutdown()
apsw.config(apsw.SQLITE_CONFIG_MULTITHREAD)
apsw.config(apsw.SQLITE_CONFIG_MEMSTATUS, False)
apsw.initialize()

STATEMENTS = 256
BUSY_MILLISECONDS = 10_000
WRITER_CACHE_KIB = 32_768
READER_CACHE_KIB = 4_096
# Seldom enough to cost little (most pages are written again before), and often enough to keep the log at 32 MB.
CHECKPOINT_PAGES = 8_000
# Readers look at pages where the system keeps them, instead of copying each.
MAPPED_BYTES = 1 << 30


@cache
def translated(sql: str) -> tuple[str, tuple[str, ...]]:
    """The text SQLite takes, and the names of its list parameters, which are handed over as JSON arrays."""
    # A list may stand at several places of the text; it is handed over once.
    lists = tuple(dict.fromkeys(LIST_PARAMETER.findall(sql)))
    text = LIST.sub(r"IN (\1)", sql)
    return LIST_PARAMETER.sub(r"IN (SELECT value FROM json_each(:\1))", text), lists


class SqliteConnection(Connection):
    for_update = skip_locked = ""

    def __init__(self, path: str, *, begin: str, cache_kib: int) -> None:
        self._raw = apsw.Connection(path, statementcachesize=STATEMENTS)
        self._raw.set_busy_timeout(BUSY_MILLISECONDS)
        self._begin = begin
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON",
                       f"cache_size = -{cache_kib}", f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
                       "temp_store = MEMORY", "secure_delete = FAST"):  # fmt: skip
            self._raw.execute(f"PRAGMA {pragma}")

    def query_only(self) -> "SqliteConnection":
        """This connection, unable to change anything from here on."""
        self._raw.execute("PRAGMA query_only = ON")
        self._raw.execute(f"PRAGMA mmap_size = {MAPPED_BYTES}")
        return self

    def lock_names(self, names: Collection[str]) -> None:
        """The one writer has everything to itself."""

    def rows(self, sql: str, params: dict[str, Any]) -> list[Row]:
        return self._execute(sql, params).fetchall()

    def run(self, sql: str, params: dict[str, Any]) -> int:
        self._execute(sql, params)
        return self._raw.changes()

    def _execute(self, sql: str, params: dict[str, Any]) -> apsw.Cursor:
        text, lists = translated(sql)
        for name in lists:
            params[name] = msgspec.json.encode(params[name]).decode()
        return self._raw.execute(text, params)

    def many(self, statement: Insert | Update, rows: Sequence[Row]) -> None:
        self._raw.executemany(statement.sqlite, rows)

    def matches(self, statement: Match, keys: Sequence[Row]) -> list[Row]:
        return self._raw.execute(statement.sqlite, (msgspec.json.encode(keys).decode(),)).fetchall()

    def begin(self, scope: Scope) -> None:
        self._raw.execute(self._begin)

    def admit(self, business_id: str) -> None:
        """Every row is there in any scope."""

    def commit(self) -> None:
        self._raw.execute("COMMIT")

    def rollback(self) -> None:
        if self._raw.in_transaction:
            self._raw.execute("ROLLBACK")

    def close(self) -> None:
        self._raw.close()


class Sqlite(Database):
    """The database file at `path`."""

    locks_rows = False
    falls_silent = False

    def __init__(self, path: str) -> None:
        self.path = path

    def writer(self) -> SqliteConnection:
        return SqliteConnection(self.path, begin="BEGIN IMMEDIATE", cache_kib=WRITER_CACHE_KIB)

    def reader(self) -> SqliteConnection:
        return SqliteConnection(self.path, begin="BEGIN", cache_kib=READER_CACHE_KIB).query_only()

    def held(self, *, shared: bool, lost: Callable[[], None]) -> AbstractContextManager[None]:
        """The lock on the data directory keeps others out already."""
        return nullcontext()

    def is_full(self, error: Exception) -> bool:
        return isinstance(error, apsw.FullError)

    def is_storage(self, error: Exception) -> bool:
        return isinstance(error, apsw.Error)

    def is_down(self, error: Exception) -> bool:
        return False

    def is_transient(self, error: Exception) -> bool:
        return isinstance(error, (apsw.BusyError, apsw.LockedError))
