"""Both sides of the comparison, each as the bench starts it, on the tests' own PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.rig.deployments import Deployment, shopbell
from bench.rig.engines import Engine
from bench.rivals.channels import Channels, channels
from tests.engines import Postgres


@pytest.fixture(scope="session")
def engine(postgres: Postgres) -> Engine:
    return Engine("postgresql", cluster=postgres)


@pytest.fixture(scope="session")
def rival(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Channels]:
    with channels(tmp_path_factory.mktemp("rival"), engine, processes=2) as running:
        yield running


@pytest.fixture(params=["one process", "two processes", "rival"])
def deployment(request: pytest.FixtureRequest, engine: Engine, tmp_path: Path) -> Iterator[Deployment]:
    if request.param == "rival":
        yield request.getfixturevalue("rival")
    else:
        with shopbell(tmp_path, engine, processes=1 if request.param == "one process" else 2) as ours:
            yield ours
