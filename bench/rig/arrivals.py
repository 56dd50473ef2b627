"""Open-loop arrivals: people write when they like, not when the server has time (a Poisson process)."""

import asyncio
import time
from random import Random

from bench.rig.sockets import Sender

TICK_SECONDS = 0.001
SEED = 20


async def arrive(senders: list[Sender], per_second: float, seconds: float) -> None:
    """Posts `per_second` messages from random senders for `seconds`; a late tick posts what was due then."""
    random = Random(SEED)
    begun = time.perf_counter()
    due = begun
    while due < begun + seconds:
        now = time.perf_counter()
        while due <= now:
            random.choice(senders).post(due)
            due += random.expovariate(per_second)
        await asyncio.sleep(TICK_SECONDS)
