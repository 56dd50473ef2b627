"""G1: an acknowledged message survives SIGKILL at any instant."""

from tests.faults.clients import Api
from tests.faults.crowd import gathered
from tests.faults.history import BrokenPromise, Outcome
from tests.faults.killer import Killer
from tests.faults.lossless import nothing_lost
from tests.faults.sizes import figure
from tests.faults.town import Town
from tests.running import Service

KILLS = figure(smoke=4, short=60, long=1000)
CUSTOMERS = figure(smoke=8, short=12, long=40)
AGENTS = 4


async def test_no_acknowledged_message_is_lost_or_doubled_when_the_process_is_killed_under_load(
    server: Service, api: Api, town: Town
) -> None:
    crowd = await gathered(town, customers=CUSTOMERS, agents=AGENTS)
    killer = Killer(server, seed=1)
    async with nothing_lost("G1", server, api, crowd):
        await killer.run(KILLS, least_seconds=0.2, most_seconds=1.2)
    if killer.kills != KILLS or crowd.history.count(Outcome.UNKNOWN) < KILLS:
        raise BrokenPromise("G1", "kills that hit nothing in flight", [crowd.history.count(Outcome.UNKNOWN)])
