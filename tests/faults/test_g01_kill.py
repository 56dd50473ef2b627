"""G1: an acknowledged message survives SIGKILL at any instant."""

import asyncio

from tests.faults.clients import Api
from tests.faults.crowd import caught_up, gathered
from tests.faults.history import BrokenPromise, Outcome, check_messages, check_stream
from tests.faults.killer import Killer
from tests.faults.load import Listener
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
    business = crowd.owner.business_id
    screen = Listener(crowd.owner, "the owner's screen")
    listening = asyncio.create_task(screen.run(server))
    await screen.ready.wait()
    quiet = await crowd.threads(api, crowd.owner.token)

    crowd.start(server, api)
    killer = Killer(server, seed=1)
    await killer.run(KILLS, least_seconds=0.2, most_seconds=1.2)
    await crowd.settled()

    threads = await crowd.threads(api, crowd.owner.token)
    check_messages("G1", crowd.history.sends(), threads)
    before = {m["seq"] for thread in quiet.values() for m in thread}
    said = {m["seq"] for thread in threads.values() for m in thread} - before
    await caught_up(screen, business, max(said))
    listening.cancel()
    heard = [h for h in screen.of(business) if h.name == "message_posted"]
    check_stream("G1", screen.name, heard, dict.fromkeys(said, "message_posted"))

    if killer.kills != KILLS or crowd.history.count(Outcome.UNKNOWN) < KILLS:
        raise BrokenPromise("G1", "kills that hit nothing in flight", [crowd.history.count(Outcome.UNKNOWN)])
