"""One way to speak SQL to both engines: hand-written text with named parameters in, tuples out.

SQL is portable text: `:name` is a parameter, `IN :names` takes a list, `IN LIST (SELECT ...)` makes one first, where
`IN (SELECT ...)` leaves it to the planner to join instead. `Insert` and `Update` write many rows
at once, `Match` looks many up: `executemany` and JSON on SQLite, arrays through `unnest` on PostgreSQL.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from typing import Any

from shopbell.kernel.cursors import cursor
from shopbell.kernel.scope import Scope

Row = tuple[Any, ...]

PARAMETER = re.compile(r"(?<![:\w]):(\w+)")
LIST_PARAMETER = re.compile(r"\bIN :(\w+)")
LIST = re.compile(r"\bIN LIST \(([^()]*)\)")


class Unsettled(Exception):
    """The connection broke in a commit, and whether that took place can't be found out now."""


class Rows:
    """The columns of a statement for many rows, written as in a table: `"id text, seq bigint"`."""

    def __init__(self, columns: str) -> None:
        pairs = [column.split() for column in columns.split(",")]
        self.names = [name for name, _ in pairs]
        self.types = [kind for _, kind in pairs]

    @property
    def marks(self) -> str:
        return ", ".join("?" * len(self.names))

    @property
    def arrays(self) -> str:
        return "unnest(" + ", ".join(f"%s::{kind}[]" for kind in self.types) + ")"


class Insert:
    """`INSERT` of many rows, given as tuples in the order of `columns`."""

    def __init__(self, table: str, columns: str) -> None:
        rows = Rows(columns)
        names = ", ".join(rows.names)
        self.sqlite = f"INSERT INTO {table} ({names}) VALUES ({rows.marks})"
        self.postgres = f"INSERT INTO {table} ({names}) SELECT * FROM {rows.arrays}"


class Update:
    """`UPDATE` of many rows by key; each tuple holds the values of `columns`, then those of `key`."""

    def __init__(self, table: str, columns: str, key: str) -> None:
        values, keys, both = Rows(columns), Rows(key), Rows(f"{columns}, {key}")
        equal = " AND ".join(f"{name} = ?" for name in keys.names)
        self.sqlite = f"UPDATE {table} SET {', '.join(f'{n} = ?' for n in values.names)} WHERE {equal}"
        new = ", ".join(f"{name} = v.{name}" for name in values.names)
        match = " AND ".join(f"{table}.{name} = v.{name}" for name in keys.names)
        self.postgres = f"UPDATE {table} SET {new} FROM {both.arrays} AS v({', '.join(both.names)}) WHERE {match}"


class Match:
    """`SELECT` of `columns` from the rows of a table whose key is among those given as tuples.

    A row-value `IN` would make SQLite scan the table; driving the join from the keys makes it use the index.
    `table` is a name and its alias, `key` the aliased columns and their types, `rest` further joins.
    """

    def __init__(self, table: str, columns: str, key: str, rest: str = "") -> None:
        keys = Rows(key)
        equal = [f"{name} = json_extract(k.value, '$[{i}]')" for i, name in enumerate(keys.names)]
        self.sqlite = f"SELECT {columns} FROM json_each(?) AS k CROSS JOIN {table} ON {' AND '.join(equal)} {rest}"
        aliases = [f"k{i}" for i in range(len(keys.names))]
        equal = [f"{name} = k.{alias}" for name, alias in zip(keys.names, aliases, strict=True)]
        self.postgres = (
            f"SELECT {columns} FROM {keys.arrays} AS k({', '.join(aliases)})"
            f" JOIN {table} ON {' AND '.join(equal)} {rest}"
        )


class Connection(ABC):
    """One connection of either engine, used by one thread at a time.

    `for_update` ends a `SELECT` of rows that are changed next, `skip_locked` one that leaves out what another
    process is about to change; both are empty where nobody else writes.
    """

    for_update: str
    skip_locked: str

    @abstractmethod
    def lock_names(self, names: Collection[str]) -> None:
        """Have each of the names to oneself until the transaction ends, taken in an order that is the same for all."""

    @abstractmethod
    def rows(self, sql: str, params: dict[str, Any]) -> list[Row]: ...

    @abstractmethod
    def run(self, sql: str, params: dict[str, Any]) -> int:
        """Execute and give the number of rows changed."""

    @abstractmethod
    def many(self, statement: Insert | Update, rows: Sequence[Row]) -> None: ...

    @abstractmethod
    def matches(self, statement: Match, keys: Sequence[Row]) -> list[Row]: ...

    @abstractmethod
    def begin(self, scope: Scope) -> None:
        """Open a transaction in that scope: for writing on the writer's connection, one snapshot on a reader's."""

    @abstractmethod
    def admit(self, business_id: str) -> None:
        """Take one more business into the scope of the open transaction."""

    @abstractmethod
    def commit(self) -> None: ...

    @abstractmethod
    def rollback(self) -> None:
        """Leave any transaction; never raises, whatever state the connection is in."""

    @abstractmethod
    def close(self) -> None: ...


class Database(ABC):
    """Where everything is kept.

    `locks_rows` is true where several processes may write, `falls_silent` where connections may stay without an answer.
    """

    locks_rows: bool
    falls_silent: bool

    @abstractmethod
    def writer(self) -> Connection: ...

    @abstractmethod
    def reader(self) -> Connection: ...

    @abstractmethod
    def held(self, *, shared: bool, lost: Callable[[], None]) -> AbstractContextManager[None]:
        """The right to serve this database: alone, or with others that share it. Raises Taken.

        `lost` is called, on a thread of its own, if the right is lost and another process has it now.
        """

    @abstractmethod
    def is_full(self, error: Exception) -> bool:
        """Whether the error says that there is no space left."""

    @abstractmethod
    def is_storage(self, error: Exception) -> bool:
        """Whether the error comes from the storage (rather than from a fault in a command)."""

    @abstractmethod
    def is_transient(self, error: Exception) -> bool:
        """Whether the same transaction may well succeed when run again: a deadlock, a lost connection."""

    @abstractmethod
    def is_down(self, error: Exception) -> bool:
        """Whether the database can't be reached, so that nothing else will fare better for now."""


class Snapshot:
    """One read transaction: all its answers are of the same instant."""

    def __init__(self, connection: Connection, epoch: str) -> None:
        self._connection = connection
        self.epoch = epoch

    def rows(self, sql: str, **params: Any) -> list[Row]:
        return self._connection.rows(sql, params)

    def row(self, sql: str, **params: Any) -> Row | None:
        found = self._connection.rows(sql, params)
        return found[0] if found else None

    def matches(self, statement: Match, keys: Sequence[Row]) -> list[Row]:
        """The rows whose key is among those given."""
        return self._connection.matches(statement, keys) if keys else []

    def value(self, sql: str, **params: Any) -> Any:
        """The first column of the first row, or None."""
        found = self._connection.rows(sql, params)
        return found[0][0] if found else None

    def head(self, business_id: str) -> int:
        """The number of the newest event of the business in this snapshot."""
        return self.value("SELECT seq FROM event_heads WHERE business_id = :id", id=business_id) or 0

    def cursor(self, business_id: str) -> str:
        """Where the stream of the business goes on after this snapshot."""
        return cursor(self.epoch, business_id, self.head(business_id))


def open_database(url: str) -> Database:
    """The database behind `sqlite:///path` or `postgresql://...`. Raises ValueError for any other address."""
    # Imported on demand: the drivers cost memory, and a process needs only one of them.
    if url.startswith("sqlite:///"):
        from shopbell.kernel.sqlite import Sqlite  # noqa: PLC0415

        return Sqlite(url.removeprefix("sqlite:///"))
    if url.startswith(("postgresql://", "postgres://")):
        from shopbell.kernel.postgres import Postgres  # noqa: PLC0415

        return Postgres(url)
    raise ValueError(
        f"DATABASE_URL must start with sqlite:/// or postgresql://, not {url.split(':', maxsplit=1)[0]!r}."
    )
