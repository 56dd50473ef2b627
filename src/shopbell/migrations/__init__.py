"""The schema and its history: forward only, one tree for both engines, applied at start under a lock."""

from pathlib import Path

from shopbell.kernel.database import Connection, open_database

VERSIONS = Path(__file__).parent / "versions"
# Any fixed number will do, as long as every process of one database asks for the same.
POSTGRES_LOCK = 7_460_235


def head() -> str:
    """The newest revision: files are named by revision, and revisions are numbered in order."""
    return max(path.stem.split("_")[0] for path in VERSIONS.glob("[0-9]*.py"))


def is_current(database_url: str) -> bool:
    """Whether the database already has the newest schema, found without loading Alembic.

    A process that serves never needs Alembic in its memory; only one that migrates does.
    """
    connection: Connection = open_database(database_url).writer()
    try:
        found = connection.rows("SELECT version_num FROM alembic_version", {})
        return [row[0] for row in found] == [head()]
    except Exception as error:
        if open_database(database_url).is_storage(error):
            return False
        raise
    finally:
        connection.close()


def migrate(database_url: str) -> None:
    """Bring the schema of `sqlite:///path` or `postgresql://...` to the newest revision.

    Each revision is one transaction: a process killed in the middle leaves the one before it. On PostgreSQL
    an advisory lock makes a second process wait; on SQLite the data directory's lock keeps it out. Raises
    CannotServe where row-level security could not be made to hold.
    """
    import sqlalchemy  # noqa: PLC0415
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    from shopbell.migrations import policies  # noqa: PLC0415

    address = database_url.replace("postgres://", "postgresql://").replace("postgresql://", "postgresql+psycopg://")
    engine = sqlalchemy.create_engine(address, poolclass=sqlalchemy.NullPool)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sqlalchemy.text(f"SELECT pg_advisory_lock({POSTGRES_LOCK})"))
            connection.commit()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if connection.dialect.name == "postgresql":
            policies.bind(connection)
    engine.dispose()
