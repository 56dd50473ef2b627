"""A staffed shop on a server of this module alone, and again on two: one that is asked, one that is listened to."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest

from tests.cluster import Nats, processes
from tests.engines import Postgres
from tests.faults.clients import Api
from tests.faults.town import Town
from tests.gateway import Gateway
from tests.quick import quick_folder
from tests.running import Server
from tests.shop import Shop, staffed


@dataclass(frozen=True)
class Servers:
    """The process that answers requests, and the one that has the sockets."""

    asked: Server
    heard: Server


@pytest.fixture(scope="module", params=["one process", "two processes"])
def servers(request: pytest.FixtureRequest) -> Iterator[Servers]:
    with quick_folder() as folder:
        if request.param == "one process":
            with Server(folder / "data") as server:
                yield Servers(server, server)
        else:
            postgres: Postgres = request.getfixturevalue("postgres")
            bus: Nats = request.getfixturevalue("nats")
            gateway: Gateway = request.getfixturevalue("gateway")
            with (
                postgres.copy_of(request.getfixturevalue("postgres_template")) as url,
                processes(folder, 2, url, bus.url, gateway) as (asked, heard),
            ):
                yield Servers(asked, heard)


@pytest.fixture(scope="module")
def shop_server(servers: Servers) -> Server:
    return servers.heard


@pytest.fixture(scope="module")
async def shop(servers: Servers) -> AsyncIterator[Shop]:
    async with Api(servers.asked) as api:
        yield await staffed(servers.heard, api, Town(api, servers.asked.data))
