"""The schema and its history: forward only, one tree for both engines, applied at start under a lock.

Versions of the program serve side by side while one replaces the other, so each has to bear a schema that is ahead
of it: revisions add first, and take away only in a later version, by `leave_behind`.
"""

import time
from contextlib import closing
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING

from shopbell.kernel.database import Connection, open_database

if TYPE_CHECKING:
    import sqlalchemy
    from alembic.config import Config

VERSIONS = Path(__file__).parent / "versions"
# Any fixed number will do, as long as every process of one database asks for the same.
POSTGRES_LOCK = 7_460_235
# Whoever waits for a table makes everybody else wait behind them, so a revision waits shortly, and again.
LOCK_TIMEOUT = "500ms"
TRIES, PAUSE_SECONDS = 60, 1.0
LOCK_NOT_AVAILABLE = "55P03"
OLDEST = "oldest_revision"


class TablesInUse(Exception):
    """Something keeps a table to itself for so long that it can't be changed now; the text says what to do."""


class Standing(Enum):
    """How the schema of a database stands to this version of the program."""

    BEHIND = auto()
    CURRENT = auto()
    # A newer version has been here, and this one may serve on.
    AHEAD = auto()
    # A newer version took away what this one needs.
    BEYOND = auto()


def head() -> str:
    """The newest revision: files are named by revision, and revisions are numbered in order."""
    return max(path.stem.split("_")[0] for path in VERSIONS.glob("[0-9]*.py"))


def standing(database_url: str) -> Standing:
    """How the database stands to this version, found without loading Alembic.

    A process that serves never needs Alembic in its memory; only one that migrates does.
    """
    database = open_database(database_url)
    try:
        with closing(database.writer()) as connection:
            return _standing(connection)
    except Exception as error:
        # An empty database lacks tables, and perhaps the role to serve as.
        if database.is_storage(error) and not database.is_down(error):
            return Standing.BEHIND
        raise


def _standing(connection: Connection) -> Standing:
    found = [row[0] for row in connection.rows("SELECT version_num FROM alembic_version", {})]
    if not found or found[0] < head():
        return Standing.BEHIND
    if found[0] == head():
        return Standing.CURRENT
    oldest = connection.rows("SELECT value FROM store WHERE name = :name", {"name": OLDEST})
    return Standing.BEYOND if oldest and head() < oldest[0][0] else Standing.AHEAD


def leave_behind(connection: "sqlalchemy.Connection", oldest: str) -> None:
    """For a revision that takes something away: versions older than the revision `oldest` start no more."""
    import sqlalchemy  # noqa: PLC0415

    connection.execute(sqlalchemy.text("DELETE FROM store WHERE name = :name"), {"name": OLDEST})
    connection.execute(
        sqlalchemy.text("INSERT INTO store (name, value) VALUES (:name, :oldest)"), {"name": OLDEST, "oldest": oldest}
    )


def migrate(database_url: str) -> None:
    """Bring the schema of `sqlite:///path` or `postgresql://...` to the newest revision; one that is ahead stays.

    Each revision is one transaction: a process killed in the middle leaves the one before it. On PostgreSQL
    an advisory lock makes a second process wait; on SQLite the data directory's lock keeps it out. Raises
    TablesInUse, and CannotServe where row-level security could not be made to hold.
    """
    import sqlalchemy  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    from shopbell.migrations import policies  # noqa: PLC0415

    address = database_url.replace("postgres://", "postgresql://").replace("postgresql://", "postgresql+psycopg://")
    engine = sqlalchemy.create_engine(address, poolclass=sqlalchemy.NullPool)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sqlalchemy.text(f"SELECT pg_advisory_lock({POSTGRES_LOCK})"))
            connection.execute(sqlalchemy.text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
            connection.commit()
        config.attributes["connection"] = connection
        # Asked again, since whoever had the lock before may be of a newer version.
        if standing(database_url) is not Standing.AHEAD:
            _upgrade(config, connection)
            if connection.dialect.name == "postgresql":
                policies.bind(connection)
    engine.dispose()


def _upgrade(config: "Config", connection: "sqlalchemy.Connection") -> None:
    """Apply what is missing, one revision after the other, as soon as each gets the tables it needs."""
    import sqlalchemy  # noqa: PLC0415
    from alembic import command  # noqa: PLC0415

    for _ in range(TRIES):
        try:
            command.upgrade(config, "head")
            return
        except sqlalchemy.exc.OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
                raise
        connection.rollback()
        time.sleep(PAUSE_SECONDS)
    raise TablesInUse(
        "A table that has to change stays in use, by a backup perhaps, or a forgotten transaction (see"
        " pg_stat_activity). Nothing is half done; try again when that is over."
    )
