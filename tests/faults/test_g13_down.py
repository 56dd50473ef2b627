"""G13: while the database, the bus or the bucket is down, what needs it says so; it comes back alone, nothing lost."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, contextmanager

import httpx
import pytest

from tests.cluster import Nats
from tests.engines import Postgres
from tests.faults.clients import Api, Live, SentFile
from tests.faults.crowd import Crowd, gathered
from tests.faults.history import BrokenPromise
from tests.faults.load import Listener
from tests.faults.lossless import nothing_lost
from tests.faults.sizes import figure
from tests.faults.town import PASSWORD, Town
from tests.gateway import Gateway
from tests.running import Server, Service

pytestmark = pytest.mark.only_on("cluster", "postgres")

ROUNDS = figure(smoke=1, short=10, long=300)
REFUSED_SECONDS = 5.0
BACK_SECONDS = 10.0
HEARD_SECONDS = 3.0
DOWN_SECONDS = 1.0

PICTURE = SentFile("stairs.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400)


@pytest.fixture(scope="module")
def doomed_postgres() -> Iterator[Postgres]:
    """A PostgreSQL that no other test needs."""
    with Postgres() as server:
        yield server


@pytest.fixture
def database_url(doomed_postgres: Postgres) -> Iterator[str]:
    url = doomed_postgres.create(f"down_{time.monotonic_ns()}")
    yield url


@pytest.fixture(scope="module")
def doomed_nats() -> Iterator[Nats]:
    with Nats() as nats:
        yield nats


@pytest.fixture
def nats_url(engine: str, doomed_nats: Nats) -> str:
    return doomed_nats.url if engine == "cluster" else ""


@pytest.fixture(scope="module")
def doomed_gateway() -> Iterator[Gateway]:
    with Gateway() as gateway:
        yield gateway


@pytest.fixture
def files(engine: str, request: pytest.FixtureRequest) -> Gateway | None:
    if engine != "cluster":
        return None
    gateway: Gateway = request.getfixturevalue("doomed_gateway")
    return gateway


@contextmanager
def _stopped(database: Postgres) -> Iterator[None]:
    """Cut off in the middle of whatever it does, as by `pg_ctl stop -m immediate`."""
    database.stop()
    yield
    database.start()


@pytest.mark.parametrize("away", [_stopped, Postgres.silent], ids=["stopped", "silent"])
async def test_without_the_database_everything_is_refused_for_now_and_nothing_acknowledged_is_lost(
    server: Service,
    api: Api,
    town: Town,
    doomed_postgres: Postgres,
    away: Callable[[Postgres], AbstractContextManager[None]],
) -> None:
    async with _nothing_lost(server, api, town) as crowd:
        for _ in range(ROUNDS):
            await asyncio.sleep(DOWN_SECONDS)
            with away(doomed_postgres):
                await asyncio.gather(*(_refuses(process, crowd) for process in server.processes))
                await asyncio.sleep(DOWN_SECONDS)
            await _all_within(BACK_SECONDS, server, "no database", lambda process: _works(process, crowd))


@pytest.mark.only_on("cluster")
async def test_without_the_bus_everything_goes_on_and_screens_of_other_processes_hear_a_little_later(
    server: Service, api: Api, town: Town, doomed_nats: Nats
) -> None:
    async with _nothing_lost(server, api, town) as crowd:
        for _ in range(ROUNDS):
            await asyncio.sleep(DOWN_SECONDS)
            doomed_nats.kill()
            await _all_within(REFUSED_SECONDS, server, "no word of the bus", lambda process: _fails(process, ["nats"]))
            await _all_within(REFUSED_SECONDS, server, "no work done", lambda process: _works(process, crowd))
            await _heard_everywhere(server, crowd, town, HEARD_SECONDS)
            await asyncio.to_thread(doomed_nats.start)
            await _all_within(BACK_SECONDS, server, "still no bus", lambda process: _fails(process, []))
            await _heard_everywhere(server, crowd, town, HEARD_SECONDS)
    if refused := [operation for operation in crowd.history.operations if operation.problem is not None]:
        raise BrokenPromise("G13", "messages refused for want of the bus", refused)


@contextmanager
def _switched_off(gateway: Gateway) -> Iterator[None]:
    gateway.stop()
    yield
    gateway.start()


@contextmanager
def _silent(gateway: Gateway) -> Iterator[None]:
    gateway.pause()
    try:
        yield
    finally:
        gateway.resume()


@pytest.mark.only_on("cluster")
@pytest.mark.parametrize("away", [_switched_off, _silent], ids=["stopped", "silent"])
async def test_without_the_bucket_files_are_refused_for_now_and_all_else_goes_on(
    server: Service,
    api: Api,
    town: Town,
    doomed_gateway: Gateway,
    away: Callable[[Gateway], AbstractContextManager[None]],
) -> None:
    async with _nothing_lost(server, api, town) as crowd:
        sent = await _send(api, crowd)
        kept = str(sent.json()["id"])
        for _ in range(ROUNDS):
            await asyncio.sleep(DOWN_SECONDS)
            with away(doomed_gateway):
                await _all_within(REFUSED_SECONDS, server, "no word of it", lambda process: _fails(process, ["files"]))
                await asyncio.gather(*(_refuses_files(process, crowd, kept) for process in server.processes))
                await _all_within(REFUSED_SECONDS, server, "no work done", lambda process: _works(process, crowd))
            await _all_within(BACK_SECONDS, server, "no files", lambda process: _has_files(process, crowd, kept))
    if refused := [operation for operation in crowd.history.operations if operation.problem is not None]:
        raise BrokenPromise("G13", "messages refused for want of the bucket", refused)


@asynccontextmanager
async def _nothing_lost(server: Service, api: Api, town: Town) -> AsyncIterator[Crowd]:
    """A business under load for the length of the block, with screens that stay and screens that come and go."""
    crowd = await gathered(town, customers=6, agents=3)
    screens = [
        Listener(crowd.owner, "a screen that stays"),
        Listener(crowd.owner, "a screen that comes and goes", stay_seconds=(0.0, 0.5)),
    ]
    async with nothing_lost("G13", server, api, crowd, screens):
        yield crowd


async def _refuses(process: Server, crowd: Crowd) -> None:
    """Everything that needs the database is answered 503 in time, and health names it; the process lives."""
    async with Api(process, timeout_seconds=REFUSED_SECONDS) as api:
        try:
            answers = await asyncio.gather(*(ask(api, crowd) for ask in (_read, _write, _enter)))
            ready, live = await api.call("GET", "/health/ready"), await api.call("GET", "/health/live")
        except httpx.TransportError as error:
            raise BrokenPromise("G13", f"requests without an answer for {REFUSED_SECONDS} s", [repr(error)]) from None
    unclear = [a for a in (*answers, ready) if a.status_code != 503 or "Retry-After" not in a.headers]
    if unclear or live.status_code != 200:
        raise BrokenPromise("G13", "unclear answers without a database", [(a, a.text[:300]) for a in (*unclear, live)])
    if ready.json()["part"] not in ("database", "writer"):
        raise BrokenPromise("G13", "health that does not name the database", [ready.text])


async def _works(process: Server, crowd: Crowd) -> bool:
    async with Api(process) as api:
        answers = await asyncio.gather(*(ask(api, crowd) for ask in (_read, _write, _enter)))
        ready = await api.call("GET", "/health/ready")
    return all(answer.is_success for answer in (*answers, ready))


async def _refuses_files(process: Server, crowd: Crowd, kept: str) -> None:
    """Sending and fetching are answered 503 in time."""
    async with Api(process, timeout_seconds=REFUSED_SECONDS) as api:
        try:
            answers = await asyncio.gather(_send(api, crowd), _fetch(api, crowd, kept))
        except httpx.TransportError as error:
            raise BrokenPromise("G13", f"files without an answer for {REFUSED_SECONDS} s", [repr(error)]) from None
    if unclear := [a for a in answers if a.status_code != 503 or "Retry-After" not in a.headers]:
        raise BrokenPromise("G13", "unclear answers without a bucket", [(a, a.text[:300]) for a in unclear])


async def _has_files(process: Server, crowd: Crowd, kept: str) -> bool:
    """Whether files go up, come down as they were, and health has nothing to say."""
    async with Api(process) as api:
        sent, fetched = await asyncio.gather(_send(api, crowd), _fetch(api, crowd, kept))
    return sent.is_success and fetched.content == PICTURE.data and await _fails(process, [])


async def _send(api: Api, crowd: Crowd) -> httpx.Response:
    path = f"/conversations/{crowd.conversations[0]}/attachments"
    return await api.call("POST", path, PICTURE, token=crowd.owner.token)


async def _fetch(api: Api, crowd: Crowd, kept: str) -> httpx.Response:
    return await api.call("GET", f"/attachments/{kept}", token=crowd.owner.token)


async def _read(api: Api, crowd: Crowd) -> httpx.Response:
    return await api.call("GET", "/desk", token=crowd.owner.token)


async def _write(api: Api, crowd: Crowd) -> httpx.Response:
    return await api.call("PUT", f"/conversations/{crowd.conversations[0]}/read", {"seq": 1}, token=crowd.owner.token)


async def _enter(api: Api, crowd: Crowd) -> httpx.Response:
    return await api.call("POST", "/staff/sessions", {"email": crowd.owner.email, "password": PASSWORD})


async def _fails(process: Server, parts: list[str]) -> bool:
    """Whether health names just these parts, while the process works."""
    async with Api(process) as api:
        ready = await api.call("GET", "/health/ready")
    return ready.is_success and ready.json()["failing"] == parts


async def _all_within(seconds: float, server: Service, how: str, holds: Callable[[Server], Awaitable[bool]]) -> None:
    """Wait until that holds at every process."""
    for process in server.processes:
        try:
            async with asyncio.timeout(seconds):
                while not await _holds(process, holds):
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise BrokenPromise("G13", f"processes with {how} after {seconds} s", [process.log[-2_000:]]) from None


async def _holds(process: Server, holds: Callable[[Server], Awaitable[bool]]) -> bool:
    try:
        return await holds(process)
    except httpx.TransportError:
        return False


async def _heard_everywhere(server: Service, crowd: Crowd, town: Town, seconds: float) -> None:
    """What happens at one of the processes is heard at each of them in time."""
    async with AsyncExitStack() as open_:
        screens = [
            await open_.enter_async_context(await Live.open(process, crowd.owner.token)) for process in server.processes
        ]
        person = await town.person()
        await town.api.done("PUT", f"/businesses/{crowd.owner.business_id}/membership", token=person.token)
        try:
            async with asyncio.timeout(seconds):
                while not all(_heard_of(screen, person.id) for screen in screens):
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise BrokenPromise("G13", f"events not heard at every process after {seconds} s", [person]) from None


def _heard_of(screen: Live, person_id: str) -> bool:
    joined = [frame["body"]["person"]["id"] for frame in screen.heard if frame.get("name") == "member_joined"]
    return person_id in joined
