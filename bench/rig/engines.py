"""The database under the server: SQLite in its data directory, or a PostgreSQL, our own or a given one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

import psycopg

from bench.rig.processes import cpu_seconds, pin
from tests.engines import Postgres

DEFAULT_SETTINGS: dict[str, str] = {}
WORTH_TELLING = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers")


@dataclass(frozen=True)
class Engine:
    """`sqlite`, or `postgresql` in a cluster of ours or at a given address."""

    name: str
    cluster: Postgres | None = None
    database_url: str | None = None
    numbers: Iterator[int] = field(default_factory=count)

    def fresh(self) -> dict[str, str]:
        """The environment of a server on an empty database; a given database is used as it is."""
        if self.cluster:
            return {"DATABASE_URL": self.cluster.create(f"bench_{next(self.numbers)}")}
        return {"DATABASE_URL": self.database_url} if self.database_url else {}

    def cpu_seconds(self) -> float:
        """CPU time of the database's own processes, where they are ours to see."""
        return cpu_seconds(self.cluster.pid) if self.cluster else 0.0

    def settings(self) -> dict[str, str]:
        """The version of PostgreSQL and the settings that durability and speed hang on."""
        url = self.cluster.url("postgres") if self.cluster else self.database_url
        if url is None:
            return {}
        with psycopg.connect(url) as connection:
            rows = connection.execute(
                "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(WORTH_TELLING)]
            )
            return dict(rows.fetchall())


@contextmanager
def opened(name: str, database_url: str | None = None, *, on_core: int | None = None) -> Iterator[Engine]:
    """The engine `name`; without `database_url` PostgreSQL is a cluster started here, durable by default.

    `on_core` keeps that cluster on one core; otherwise it may use all.
    """
    if name == "sqlite":
        yield Engine(name)
    elif database_url:
        yield Engine(name, database_url=database_url)
    else:
        with Postgres(DEFAULT_SETTINGS) as cluster:
            if on_core is not None:
                pin(cluster.pid, on_core)
            yield Engine(name, cluster=cluster)
