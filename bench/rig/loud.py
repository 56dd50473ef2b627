"""One business with thousands of open sockets, and the customers of another who write meanwhile."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from bench.rig.arrivals import arrive
from bench.rig.authors import Author, Tally
from bench.rig.entry import by_token
from bench.rig.figures import milliseconds, percentile
from bench.rig.onlookers import onlookers
from bench.rig.server import Server
from bench.rig.sockets import Sender, open_all
from bench.rig.world import Customer, Shop

SOCKETS = 2_000
MESSAGES = 20
EVERY_SECONDS = 0.5
QUIET_SECONDS = 5.0
OTHERS_PER_SECOND = 400


@dataclass(frozen=True)
class Disturbance:
    """In seconds; `delays`: the worst that each loud message in turn added to anybody's acknowledgement."""

    quiet: list[float]
    disturbed: list[float]
    delays: list[float]
    fan_out: list[float]
    missing: int
    closed: int
    refused: int

    def json(self) -> dict[str, Any]:
        return {
            "sockets": SOCKETS,
            "messages": MESSAGES,
            "others_messages_per_second": OTHERS_PER_SECOND,
            "others_acknowledged_when_quiet": milliseconds(self.quiet),
            "others_acknowledged_meanwhile": milliseconds(self.disturbed),
            "worst_delay_of_each_message": milliseconds(self.delays),
            "until_the_last_socket_heard_it": milliseconds(self.fan_out),
            "missing": self.missing,
            "sockets_closed": self.closed,
            "refused": self.refused,
        }


async def disturb(server: Server, loud: Shop, other: Shop) -> Disturbance:
    """Sends events to the sockets of `loud` while the customers of `other` time their acknowledgements."""
    tally = Tally()
    caller = _sender(loud.customers[0], tally)
    others = [_sender(customer, tally) for customer in other.customers]
    async with onlookers(server.ws_url, list(loud.agent_tokens), SOCKETS) as crowd:
        await open_all([server.ws_url], [caller, *others])
        await arrive(others, OTHERS_PER_SECOND, QUIET_SECONDS)
        begun = time.perf_counter()
        writing = asyncio.create_task(arrive(others, OTHERS_PER_SECOND, (MESSAGES + 1) * EVERY_SECONDS))
        for _ in range(MESSAGES):
            caller.post(time.perf_counter())
            await asyncio.sleep(EVERY_SECONDS)
        await writing
        heard = await crowd.heard(MESSAGES)
    for sender in (caller, *others):
        sender.close()
    waits = [wait for sender in others for wait in sender.author.waits()]
    quiet = [seconds for due, seconds in waits if due < begun]
    usual = percentile(quiet, 50)
    called = caller.author.due
    return Disturbance(
        quiet=quiet,
        disturbed=[seconds for due, seconds in waits if due >= begun],
        delays=[_worst(waits, since, since + EVERY_SECONDS) - usual for since in called],
        fan_out=[last - since for since, last in zip(called, heard.last_at, strict=False)],
        missing=SOCKETS * MESSAGES - heard.deliveries,
        closed=heard.closed,
        refused=tally.refused,
    )


def _sender(customer: Customer, tally: Tally) -> Sender:
    # Not the name under which they wrote before: a nonce counts for as long as its message.
    return Sender(by_token(customer.token), Author(f"{customer.name}-again", customer.conversation_id, tally))


def _worst(waits: list[tuple[float, float]], since: float, until: float) -> float:
    """The longest wait of the messages that were due, or still under way, in that stretch."""
    return max(seconds for due, seconds in waits if due < until and due + seconds > since)
