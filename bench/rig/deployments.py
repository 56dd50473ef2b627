"""What a chat bench measures: servers with what they run on, reached from outside."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bench.rig import rest
from bench.rig.authors import Author
from bench.rig.engines import Engine
from bench.rig.entry import Entry, by_token
from bench.rig.posters import Poster
from bench.rig.processes import cpu_seconds, pin
from bench.rig.server import SERVER_CORE, Server, core
from bench.rig.world import Customer, Shop, open_shops
from tests.cluster import Nats
from tests.gateway import Gateway


@dataclass(frozen=True)
class Cpu:
    """CPU time since the processes began, in seconds."""

    servers: float
    database: float
    bus: float


class Deployment(Protocol):
    @property
    def ws_urls(self) -> Sequence[str]:
        """One address for each server; sockets are spread over them."""

    def entry(self, token: str) -> Entry:
        """How the socket of that customer or agent is opened."""

    async def open_shops(self, *, shops: int, customers: int, agents: int) -> list[Shop]:
        """That many businesses, each with so many customers in a conversation and agents, all signed in."""

    async def poster(self, customer: Customer, author: Author) -> Poster | None:
        """What posts for the customer over REST, where the servers have that."""

    def cpu(self) -> Cpu: ...


@dataclass(frozen=True)
class Shopbell:
    """Our servers over one database; `bus` joins them where they are several."""

    servers: Sequence[Server]
    engine: Engine
    bus: Nats | None = None

    @property
    def ws_urls(self) -> Sequence[str]:
        return [server.ws_url for server in self.servers]

    def entry(self, token: str) -> Entry:
        return by_token(token)

    async def open_shops(self, *, shops: int, customers: int, agents: int) -> list[Shop]:
        return await open_shops(self.servers[0], shops=shops, customers=customers, agents=agents)

    async def poster(self, customer: Customer, author: Author) -> Poster:
        server = self.servers[0]
        return Poster(server, await rest.connect(server), customer.token, author)

    def cpu(self) -> Cpu:
        return Cpu(
            servers=sum(cpu_seconds(server.pid) for server in self.servers),
            database=self.engine.cpu_seconds(),
            bus=cpu_seconds(self.bus.pid) if self.bus else 0.0,
        )


@contextmanager
def shopbell(
    folder: Path, engine: Engine, *, processes: int = 1, settings: Mapping[str, str] | None = None
) -> Iterator[Shopbell]:
    """So many servers on an empty database, each with a directory of its own in `folder`."""
    with ExitStack() as running:
        environment = {**engine.fresh(), **(settings or {})}
        bus = running.enter_context(Nats()) if processes > 1 else None
        if bus:
            pin(bus.pid, core(SERVER_CORE))
            environment |= {"NATS_URL": bus.url, **running.enter_context(Gateway()).environment}
        servers = [Server(data, environment) for data in _directories(folder, processes)]
        for server in servers:
            running.enter_context(server)
        yield Shopbell(servers, engine, bus)


def _directories(folder: Path, count: int) -> list[Path]:
    """A data directory for each server; whichever of them sends a mail, it lies in one place."""
    mail = folder / "mail"
    mail.mkdir()
    directories = [folder / f"data-{number}" for number in range(count)]
    for directory in directories:
        directory.mkdir()
        (directory / "mail").symlink_to(mail)
    return directories
