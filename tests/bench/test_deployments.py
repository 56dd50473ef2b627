"""Both sides are driven by the same crowd and held to the same verdict."""

import time

from bench.rig.crowd import assembled
from bench.rig.deployments import Deployment
from bench.rig.run import Arrivals
from bench.rig.window import between, mark

SHOPS, CUSTOMERS, AGENTS = 2, 3, 2
MESSAGES = 4


async def test_a_crowd_hears_every_message_once_and_unaltered(deployment: Deployment) -> None:
    shops = await deployment.open_shops(shops=SHOPS, customers=CUSTOMERS, agents=AGENTS)
    async with assembled(deployment, shops) as crowd:
        for sender in crowd.senders * MESSAGES:
            sender.post(time.perf_counter())
        await crowd.drain()
        verdict = crowd.verdict()
    assert crowd.tally.problems == []
    assert crowd.tally.acknowledged == SHOPS * CUSTOMERS * MESSAGES
    assert verdict.delivered == verdict.expected == SHOPS * CUSTOMERS * MESSAGES * (1 + AGENTS)
    # A plain channel layer keeps the order of one customer, not that of a whole business.
    assert verdict.faults == verdict.misordered


async def test_a_measured_stretch_tells_the_cost_of_every_part(deployment: Deployment) -> None:
    shops = await deployment.open_shops(shops=1, customers=CUSTOMERS, agents=AGENTS)
    async with assembled(deployment, shops) as crowd:
        first = mark(deployment, crowd.tally)
        await Arrivals(200).drive(crowd, 0.5)
        await crowd.drain()
        stretch = between(first, mark(deployment, crowd.tally))
    assert stretch.messages == crowd.tally.acknowledged > 0
    assert min(stretch.server_cpu_share, stretch.database_cpu_share) > 0
