"""G10 across processes: who lost a right at one process hears no more at another, though the bus lost the news."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.faults.bus import LosingBus
from tests.faults.clients import Api, Live
from tests.faults.sizes import figure
from tests.faults.test_g10_rights import closed_in_time, ended_at_once
from tests.faults.town import Actor, Town
from tests.running import Service

pytestmark = pytest.mark.only_on("cluster")

ROUNDS = figure(smoke=2, short=40, long=1_000)


@pytest.fixture
def server(cluster_that_hears_badly: Service) -> Service:
    return cluster_that_hears_badly


@pytest.fixture(autouse=True)
def deaf(losing_bus: LosingBus) -> Iterator[None]:
    """Nothing that a process tells reaches another one."""
    losing_bus.share = 1.0
    yield
    losing_bus.share = 0.0


@pytest.fixture
async def owner(town: Town) -> Actor:
    return await town.owner()


async def test_sign_out_ends_the_sockets_at_every_process(server: Service, api: Api, town: Town, owner: Actor) -> None:
    for _ in range(ROUNDS):
        agent = await town.hired(owner, "agent")
        screens = [await Live.open(process, agent.token) for process in server.processes]
        await api.done("DELETE", "/session", token=agent.token)
        await _cut_off(server, agent, screens, "sign-out")


async def test_deactivation_ends_the_sockets_at_every_process(
    server: Service, api: Api, town: Town, owner: Actor
) -> None:
    for _ in range(ROUNDS):
        agent = await town.hired(owner, "agent")
        screens = [await Live.open(process, agent.token) for process in server.processes]
        await api.done("PUT", f"/staff/{agent.id}", {"active": False}, token=owner.token)
        await _cut_off(server, agent, screens, "deactivation")


async def test_a_new_password_ends_the_sockets_at_every_process(server: Service, api: Api, town: Town) -> None:
    for _ in range(ROUNDS):
        person = await town.person()
        screens = [await Live.open(process, person.token) for process in server.processes]
        await api.done("POST", "/password/resets", {"email": person.email, "side": "person"})
        await town.set_password(person.email, "another password entirely")
        await _cut_off(server, person, screens, "password reset")


async def _cut_off(server: Service, actor: Actor, screens: list[Live], cause: str) -> None:
    await asyncio.gather(*(closed_in_time(screen, cause) for screen in screens))
    for process in server.processes:
        async with Api(process) as api:
            await ended_at_once(api, actor.token)
