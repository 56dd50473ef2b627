"""G5 across processes: those that write to the same businesses at once never wait for each other in a circle."""

import asyncio

import pytest

from tests.engines import Postgres
from tests.faults.clients import Api
from tests.faults.crowd import gathered
from tests.faults.history import BrokenPromise, check_messages
from tests.faults.sizes import figure
from tests.faults.town import Town
from tests.running import Service

pytestmark = pytest.mark.only_on("cluster")

BUSINESSES = 8
MESSAGES = figure(smoke=1_500, short=40_000, long=1_000_000)
LOAD_SECONDS = figure(smoke=60, short=600, long=36_000)
DEADLOCK = "deadlock detected"


@pytest.fixture
def server(lasting_server: Service) -> Service:
    return lasting_server


async def test_processes_that_write_to_the_same_businesses_never_wait_for_each_other_in_a_circle(
    server: Service, api: Api, town: Town, postgres: Postgres
) -> None:
    told = len(postgres.log)
    # Without a pause, so that every batch of every process holds posts of several businesses.
    crowds = [await gathered(town, customers=2, agents=1, pause_seconds=0) for _ in range(BUSINESSES)]
    for crowd in crowds:
        crowd.start(server, api)
    async with asyncio.timeout(LOAD_SECONDS):
        while sum(len(crowd.history.operations) for crowd in crowds) < MESSAGES:
            await asyncio.sleep(0.1)
    for crowd in crowds:
        await crowd.settled()
        check_messages("G5", crowd.history.sends(), await crowd.threads(api, crowd.owner.token))
    if circles := [line for line in postgres.log[told:].splitlines() if DEADLOCK in line]:
        raise BrokenPromise("G5", "deadlocks", circles)
