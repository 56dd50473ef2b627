"""A model, not a measurement: from one shop to a million, what is used up first, and what moves it further."""

import heapq
import json
from dataclasses import dataclass
from math import ceil
from random import Random

# Measured; docs/scaling.md names the commands.
MESSAGE_SERVER_SECONDS = 0.070e-3
MESSAGE_DATABASE_SECONDS = 0.033e-3
ROW_SERVER_SECONDS = 1.2e-6
ROW_DATABASE_SECONDS = 0.93e-6
SOCKETS_OF_A_PROCESS = 5_000
POLL_SECONDS = 1.5
CONNECTIONS_OF_A_PROCESS = 4

# Assumed of a shop in its busiest hour.
CUSTOMERS_ONLINE, STAFF_ONLINE = 10, 1
LOOPS_OF_A_CUSTOMER = 3
MESSAGES_AN_HOUR = 20

# Assumed of the machines.
DATABASE_CORES = 16
DATABASE_CONNECTIONS = 1_000
BUS_DELIVERIES_PER_SECOND = 1_000_000
BUSINESSES_OF_A_CELL = 10_000

FULL = 0.7
ARRIVALS = 50_000
SCALES = [1, 10, 100, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000]


@dataclass(frozen=True)
class Layout:
    """`gathered`: a shop's screens meet in few processes. `cells`: each so many shops with all that they need."""

    name: str
    gathered: bool = False
    cells: bool = False


def used(businesses: int, layout: Layout) -> dict[str, float]:
    """The share of each part that a busy hour takes, in the fullest cell; 1 is all of it."""
    here = min(businesses, BUSINESSES_OF_A_CELL) if layout.cells else businesses
    sockets = here * (CUSTOMERS_ONLINE + STAFF_ONLINE)
    processes = ceil(sockets / SOCKETS_OF_A_PROCESS)
    messages = here * MESSAGES_AN_HOUR / 3_600
    each = sockets / processes
    followed = min(here, each * LOOPS_OF_A_CUSTOMER / (CUSTOMERS_ONLINE + STAFF_ONLINE if layout.gathered else 1))
    rows = processes * (followed + each) / POLL_SECONDS
    hearing = min(processes, LOOPS_OF_A_CUSTOMER if layout.gathered else CUSTOMERS_ONLINE * LOOPS_OF_A_CUSTOMER)
    return {
        "database": (messages * MESSAGE_DATABASE_SECONDS + rows * ROW_DATABASE_SECONDS) / DATABASE_CORES,
        "connections to it": processes * CONNECTIONS_OF_A_PROCESS / DATABASE_CONNECTIONS,
        "one process": messages / processes * MESSAGE_SERVER_SECONDS * hearing + rows / processes * ROW_SERVER_SECONDS,
        "bus": messages * hearing / BUS_DELIVERIES_PER_SECOND if processes > 1 else 0.0,
    }


def waits(share: float, rows_at_once: float) -> float:
    """The 99th percentile of what a message waits for a core of the database behind polls, in seconds: a queue."""
    random = Random(7)
    service = rows_at_once * ROW_DATABASE_SECONDS + MESSAGE_DATABASE_SECONDS
    free, now, waited = [0.0] * DATABASE_CORES, 0.0, []
    for _ in range(ARRIVALS):
        now += random.expovariate(share * DATABASE_CORES / service)
        begins = max(now, heapq.heappop(free))
        waited.append(begins - now)
        heapq.heappush(free, begins + service)
    return sorted(waited)[int(ARRIVALS * 0.99)]


def story(layout: Layout) -> dict[str, object]:
    steps = []
    for businesses in SCALES:
        shares = used(businesses, layout)
        fullest = max(shares, key=lambda part: shares[part])
        share = shares["database"]
        wait = round(waits(share, SOCKETS_OF_A_PROCESS) * 1e3, 2) if 0 < share < 1 else None
        steps.append({
            "businesses": businesses,
            "processes": ceil(businesses * (CUSTOMERS_ONLINE + STAFF_ONLINE) / SOCKETS_OF_A_PROCESS),
            "used": {part: round(share, 4) for part, share in shares.items()},
            "database_wait_p99_ms": wait if share < 1 else "without end",
            "fullest": fullest,
            "bends": shares[fullest] > FULL,
        })  # fmt: skip
    bent = next((step for step in steps if step["bends"]), None)
    return {"layout": layout.name, "bends_first": bent and [bent["businesses"], bent["fullest"]], "steps": steps}


def main() -> None:
    layouts = [
        Layout("any process for any shop, one PostgreSQL"),
        Layout("the screens of a shop gathered in few processes", gathered=True),
        Layout("cells of shops, gathered", gathered=True, cells=True),
    ]
    print(json.dumps({"bench": "scaling", "model": [story(layout) for layout in layouts]}, indent=2))


if __name__ == "__main__":
    main()
