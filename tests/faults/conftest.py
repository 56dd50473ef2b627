"""Servers for the fault tests, on the engine that was asked for."""

import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.engines import Postgres
from tests.faults.clients import Api
from tests.faults.judging import check_unharmed
from tests.faults.killer import mortal
from tests.faults.sizes import ENGINE, MUTANTS
from tests.faults.town import Town
from tests.running import Server

collect_ignore_glob = ["test_g*.py"] if MUTANTS else []

_databases = itertools.count(1)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres | None]:
    """The private PostgreSQL of this run, None on SQLite."""
    if ENGINE == "sqlite":
        yield None
        return
    with Postgres() as server:
        yield server


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An empty data directory."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def database_url(postgres: Postgres | None) -> str | None:
    """A new empty database, None on SQLite."""
    return _new_database(postgres)


@pytest.fixture
def server(data: Path, database_url: str | None) -> Iterator[Server]:
    """A running server of the test's own, to be killed and stopped at will."""
    with mortal(Server(data, database_url=database_url)) as server:
        yield server.start()


@pytest.fixture(scope="session")
def lasting_server(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres | None) -> Iterator[Server]:
    """One server for all tests that leave it running; each founds businesses of its own."""
    data = tmp_path_factory.mktemp("lasting")
    with mortal(Server(data, database_url=_new_database(postgres))) as server:
        yield server.start()


def _new_database(postgres: Postgres | None) -> str | None:
    return postgres.create(f"faults_{next(_databases)}") if postgres else None


@pytest.fixture
async def api(server: Server) -> AsyncIterator[Api]:
    async with Api(server) as api:
        yield api


@pytest.fixture
def town(api: Api, server: Server) -> Town:
    return Town(api, server.data)


@pytest.fixture
def unharmed(server: Server) -> Iterator[None]:
    """Whatever the test sends, the server must survive it without a fault in its log."""
    pid, told = server.pid, len(server.log)
    yield
    check_unharmed(server, pid, told)
