"""The rival in `plain`, started as its makers would deploy it and made to be measured like ours."""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

import msgspec

from bench.rig.authors import Author
from bench.rig.deployments import Cpu
from bench.rig.engines import Engine
from bench.rig.entry import Entry, by_cookie
from bench.rig.posters import Poster
from bench.rig.processes import cpu_seconds
from bench.rig.world import Customer, Shop
from bench.rivals.installed import PYTHON, install
from bench.rivals.redis import Redis
from bench.rivals.uvicorn import Uvicorn

PROJECT = Path(__file__).resolve().parent / "plain"


@dataclass(frozen=True)
class Channels:
    """Its servers over one database, joined by the channel layer in Redis."""

    servers: Sequence[Uvicorn]
    engine: Engine
    redis: Redis
    environment: Mapping[str, str]

    @property
    def ws_urls(self) -> Sequence[str]:
        return [f"{server.ws_url}/live" for server in self.servers]

    def entry(self, token: str) -> Entry:
        return by_cookie("sessionid", token)

    async def open_shops(self, *, shops: int, customers: int, agents: int) -> list[Shop]:
        sizes = {"shops": shops, "customers": customers, "agents": agents}
        said = _django(self.environment, "open_shops", *(f"--{name}={size}" for name, size in sizes.items()))
        return msgspec.json.decode(said, type=list[Shop])

    async def poster(self, customer: Customer, author: Author) -> Poster | None:
        return None

    def cpu(self) -> Cpu:
        return Cpu(
            servers=sum(cpu_seconds(server.pid) for server in self.servers),
            database=self.engine.cpu_seconds(),
            bus=cpu_seconds(self.redis.pid),
        )


@contextmanager
def channels(folder: Path, engine: Engine, *, processes: int) -> Iterator[Channels]:
    """So many server processes on an empty database, with a Redis between them."""
    install()
    with ExitStack() as running:
        redis = running.enter_context(Redis(folder))
        environment = {
            **os.environ,
            **engine.fresh(),
            "DJANGO_SETTINGS_MODULE": "project.settings",
            "PYTHONPATH": str(PROJECT),
            "REDIS_URL": redis.url,
            "SECRET_KEY": token_hex(32),
        }
        _django(environment, "migrate", "--run-syncdb", "--verbosity=0")
        servers = [
            running.enter_context(Uvicorn(folder / f"server-{number}.log", environment)) for number in range(processes)
        ]
        yield Channels(servers, engine, redis, environment)


def _django(environment: Mapping[str, str], *arguments: str) -> str:
    """What a command of Django's wrote; raises OSError with what it complained of."""
    done = subprocess.run(
        [PYTHON, "-m", "django", *arguments], env=environment, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise OSError(f"django {arguments[0]}: {done.stderr}")
    return done.stdout
