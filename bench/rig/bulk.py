"""Rows by the million into a migrated database, past the server, which must not be running."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import LiteralString, Protocol

import psycopg
from psycopg import sql

Row = tuple[object, ...]


class Loader(Protocol):
    def insert(self, table: str, columns: str, rows: Iterable[Row]) -> None:
        """Adds `rows`, whose values are in the order of `columns`, a list with commas."""

    def run(self, statement: str) -> None: ...


class SqliteLoader:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def insert(self, table: str, columns: str, rows: Iterable[Row]) -> None:
        marks = ", ".join("?" for _ in columns.split(","))
        self._connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)

    def run(self, statement: str) -> None:
        self._connection.execute(statement)


class PostgresLoader:
    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def insert(self, table: str, columns: str, rows: Iterable[Row]) -> None:
        names = [sql.Identifier(name.strip()) for name in columns.split(",")]
        copying = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), sql.SQL(", ").join(names))
        with self._connection.cursor() as cursor, cursor.copy(copying) as copy:
            for row in rows:
                copy.write_row(row)

    def run(self, statement: str) -> None:
        self._connection.execute(statement.encode())


@contextmanager
def sqlite_loader(file: Path) -> Iterator[SqliteLoader]:
    """Loads in one transaction, with haste: the bench can always begin anew."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -2000000")
        connection.execute("BEGIN")
        yield SqliteLoader(connection)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def postgres_loader(url: str) -> Iterator[PostgresLoader]:
    """Loads in one transaction, and leaves the statistics a busy server would have by then."""
    with psycopg.connect(url) as connection:
        # COPY knows no row-level security, which the tables' owner is free of only while it is not forced.
        guarded = connection.execute("SELECT relname FROM pg_class WHERE relforcerowsecurity").fetchall()
        _alter(connection, guarded, "NO FORCE")
        yield PostgresLoader(connection)
        _alter(connection, guarded, "FORCE")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _alter(connection: psycopg.Connection, tables: list[tuple[str]], how: LiteralString) -> None:
    for (table,) in tables:
        alter = sql.SQL("ALTER TABLE {} {} ROW LEVEL SECURITY")
        connection.execute(alter.format(sql.Identifier(table), sql.SQL(how)))
