"""Every statement a database is asked to run, so that tests can count them and look at their plans."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from shopbell.kernel.database import Connection, Database, Insert, Match, Row, Update
from shopbell.kernel.scope import Scope

Asked = tuple[str | Insert | Update | Match, Any]


class WatchedDatabase(Database):
    """The database itself, with a list of what its connections were asked; savepoints are not counted."""

    def __init__(self, real: Database) -> None:
        self._real = real
        self.locks_rows = real.locks_rows
        self.falls_silent = real.falls_silent
        self.asked: list[Asked] = []

    @contextmanager
    def watched(self) -> Iterator[list[Asked]]:
        """What is asked inside."""
        self.asked.clear()
        seen: list[Asked] = []
        yield seen
        seen.extend(self.asked)

    def writer(self) -> Connection:
        return WatchedConnection(self._real.writer(), self.asked)

    def reader(self) -> Connection:
        return WatchedConnection(self._real.reader(), self.asked)

    def held(self, *, shared: bool, lost: Callable[[], None]) -> AbstractContextManager[None]:
        return self._real.held(shared=shared, lost=lost)

    def is_full(self, error: Exception) -> bool:
        return self._real.is_full(error)

    def is_storage(self, error: Exception) -> bool:
        return self._real.is_storage(error)

    def is_down(self, error: Exception) -> bool:
        return self._real.is_down(error)

    def is_transient(self, error: Exception) -> bool:
        return self._real.is_transient(error)


class WatchedConnection(Connection):
    def __init__(self, real: Connection, asked: list[Asked]) -> None:
        self.for_update = real.for_update
        self.skip_locked = real.skip_locked
        self._real = real
        self._asked = asked

    def lock_names(self, names: Collection[str]) -> None:
        self._real.lock_names(names)

    def rows(self, sql: str, params: dict[str, Any]) -> list[Row]:
        self._asked.append((sql, dict(params)))
        return self._real.rows(sql, params)

    def run(self, sql: str, params: dict[str, Any]) -> int:
        if "SAVEPOINT" not in sql and not sql.startswith(("RELEASE", "ROLLBACK")):
            self._asked.append((sql, dict(params)))
        return self._real.run(sql, params)

    def many(self, statement: Insert | Update, rows: Sequence[Row]) -> None:
        self._asked.append((statement, rows))
        self._real.many(statement, rows)

    def matches(self, statement: Match, keys: Sequence[Row]) -> list[Row]:
        self._asked.append((statement, keys))
        return self._real.matches(statement, keys)

    def begin(self, scope: Scope) -> None:
        self._real.begin(scope)

    def admit(self, business_id: str) -> None:
        self._real.admit(business_id)

    def commit(self) -> None:
        self._real.commit()

    def rollback(self) -> None:
        self._real.rollback()

    def close(self) -> None:
        self._real.close()
