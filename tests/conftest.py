"""What every test may ask for: a fresh database on either engine, and servers to talk to."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from shopbell.kernel import patience
from shopbell.migrations import migrate
from tests.cluster import Nats
from tests.engines import Postgres, SqliteTemplate
from tests.gateway import Gateway
from tests.running import Server

hypothesis.settings.register_profile("shopbell", deadline=None)
hypothesis.settings.load_profile("shopbell")


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, Any]]:
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="session", autouse=True)
def _unhurried() -> Iterator[None]:
    """Desks of this process wait for a machine that is busy with other tests; servers keep their own time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(patience, "PATIENCE_SECONDS", 30.0)
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    return SqliteTemplate(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture
def sqlite_url(sqlite_template: SqliteTemplate, tmp_path: Path) -> str:
    """A migrated SQLite file of this test alone."""
    return sqlite_template.copy_to(tmp_path)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The PostgreSQL server of this run, with nothing in it."""
    with Postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    migrate(postgres.create("template_shopbell"))
    return "template_shopbell"


@pytest.fixture
def postgres_url(postgres: Postgres, postgres_template: str) -> Iterator[str]:
    """A migrated PostgreSQL database of this test alone."""
    with postgres.copy_of(postgres_template) as url:
        yield url


@pytest.fixture(scope="session")
def nats() -> Iterator[Nats]:
    """The message bus of this run's processes."""
    with Nats() as nats:
        yield nats


@pytest.fixture(scope="session")
def gateway() -> Iterator[Gateway]:
    """The S3 server of this run."""
    with Gateway() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of this test alone; the test runs once for each engine."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start servers, by default over `tmp_path`/data; takes what Server takes. They end with the test."""
    with ExitStack() as running:

        def start(data: Path = tmp_path / "data", **how: Any) -> Server:
            return running.enter_context(Server(data, **how))

        yield start


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    """One server over an empty data directory, without limits."""
    return serve()
