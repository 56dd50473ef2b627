"""Servers for the fault tests, on the engines that were asked for."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.cluster import Cluster, Nats
from tests.engines import Postgres
from tests.faults.bus import LosingBus
from tests.faults.clients import Api
from tests.faults.judging import check_unharmed
from tests.faults.killer import mortal
from tests.faults.sizes import ENGINE, ENGINES, MUTANTS, PROCESSES
from tests.faults.town import Town
from tests.gateway import Gateway
from tests.running import LENIENT, Server, Service

collect_ignore_glob = ["test_g*.py"] if MUTANTS else []


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test on the chosen engine; without a choice on the first it can run on and on those it names."""
    if "engine" in metafunc.fixturenames:
        metafunc.parametrize("engine", _engines(metafunc.definition), indirect=True)


def _engines(test: pytest.Function) -> list[str]:
    only = test.get_closest_marker("only_on")
    able = only.args if only else ENGINES
    if ENGINE:
        return [ENGINE] if ENGINE in able else []
    also = test.get_closest_marker("also_on")
    return [able[0], *(also.args if also else ())]


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> str:
    """sqlite, postgres, or a cluster of several processes."""
    return str(request.param)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An empty data directory."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest) -> str | None:
    """A migrated database of this test alone, None on SQLite."""
    return None if engine == "sqlite" else str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def nats_url(engine: str, request: pytest.FixtureRequest) -> str:
    """Where several processes find their message bus; nowhere for one that is alone."""
    return _bus(request).url if engine == "cluster" else ""


@pytest.fixture
def files(engine: str, request: pytest.FixtureRequest) -> Gateway | None:
    """Where several processes have their files; one that is alone has them in its directory."""
    return _gateway(request) if engine == "cluster" else None


@pytest.fixture
def deploy(data: Path, database_url: str | None, nats_url: str, files: Gateway | None) -> Callable[..., Service]:
    """Makes the service of this engine over `data`, not yet started; takes its environment."""

    def deploy(environment: Mapping[str, str] = LENIENT) -> Service:
        return _service(data, database_url, nats_url, files, environment)

    return deploy


@pytest.fixture
def server(deploy: Callable[..., Service]) -> Iterator[Service]:
    """A running service of the test's own, to be killed and stopped at will."""
    with mortal(deploy()) as service:
        yield service.start()


@pytest.fixture(scope="session")
def lasting_server(
    engine: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Service]:
    """One service for all tests that leave it running; each founds businesses of its own."""
    data = tmp_path_factory.mktemp("lasting")
    if engine == "sqlite":
        with mortal(_service(data, None, "", None)) as service:
            yield service.start()
        return
    nats_url = _bus(request).url if engine == "cluster" else ""
    files = _gateway(request) if engine == "cluster" else None
    postgres: Postgres = request.getfixturevalue("postgres")
    with (
        postgres.copy_of(request.getfixturevalue("postgres_template")) as url,
        mortal(_service(data, url, nats_url, files)) as service,
    ):
        yield service.start()


@pytest.fixture(scope="session")
def losing_bus(nats: Nats) -> Iterator[LosingBus]:
    """The way of `cluster_that_hears_badly` to the message bus; it loses nothing until told to."""
    with LosingBus(nats.port) as bus:
        yield bus


@pytest.fixture(scope="session")
def cluster_that_hears_badly(
    engine: str,
    losing_bus: LosingBus,
    gateway: Gateway,
    postgres: Postgres,
    postgres_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Service]:
    """Processes that tell each other by a bus which loses what it is told to lose."""
    assert engine == "cluster"
    data = tmp_path_factory.mktemp("hears_badly")
    with postgres.copy_of(postgres_template) as url, mortal(_service(data, url, losing_bus.url, gateway)) as service:
        yield service.start()


def _bus(request: pytest.FixtureRequest) -> Nats:
    nats: Nats = request.getfixturevalue("nats")
    return nats


def _gateway(request: pytest.FixtureRequest) -> Gateway:
    gateway: Gateway = request.getfixturevalue("gateway")
    return gateway


def _service(
    data: Path,
    database_url: str | None,
    nats_url: str,
    files: Gateway | None,
    environment: Mapping[str, str] = LENIENT,
) -> Service:
    if not nats_url:
        return Server(data, database_url=database_url, environment=environment)
    assert database_url is not None and files is not None
    urls = [nats_url] * PROCESSES
    return Cluster(data, database_url=database_url, nats_urls=urls, gateway=files, environment=environment)


@pytest.fixture
async def api(server: Service) -> AsyncIterator[Api]:
    async with Api(server) as api:
        yield api


@pytest.fixture
def town(api: Api, server: Service) -> Town:
    return Town(api, server.data)


@pytest.fixture
def unharmed(server: Server) -> Iterator[None]:
    """Whatever the test sends, the server must survive it without a fault in its log."""
    pid, told = server.pid, len(server.log)
    yield
    check_unharmed(server, pid, told)
