"""G5: however many agents select one ticket, exactly one has it and the others are told who."""

import asyncio
import itertools
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.faults.clients import Api
from tests.faults.crowd import caught_up
from tests.faults.history import BrokenPromise
from tests.faults.load import RETRY_SECONDS, Listener
from tests.faults.sizes import figure
from tests.faults.town import Actor, Town
from tests.running import Service

AGENTS = 32
TICKETS = figure(smoke=24, short=1_000, long=100_000)
CUSTOMERS = figure(smoke=8, short=50, long=100)
KILLS = figure(smoke=0, short=2, long=50)


@pytest.fixture
def server(lasting_server: Service) -> Service:
    return lasting_server


@dataclass(frozen=True)
class Answer:
    """What one agent was told when it tried to have a ticket."""

    agent: Actor
    status: int
    body: Any


@pytest.mark.also_on("cluster")
async def test_one_of_many_agents_wins_each_ticket_and_the_others_are_told_who(
    server: Service, api: Api, town: Town
) -> None:
    owner = await town.owner()
    agents = [await town.hired(owner, "agent") for _ in range(AGENTS)]
    customers = [await town.customer(owner.business_id) for _ in range(CUSTOMERS)]
    screen = Listener(owner, "the owner's screen")
    listening = asyncio.create_task(screen.run(server))
    await screen.ready.wait()
    winners: dict[str, str] = {}
    rounds = TICKETS // CUSTOMERS
    kill_at = {rounds * (n + 1) // (KILLS + 1) for n in range(KILLS)}
    for number in range(rounds):
        for person, conversation in customers:
            await town.post(person, conversation, f"round {number}")
        if number % 2:
            await api.done("POST", "/desk/pull", token=owner.token)
        killing = asyncio.create_task(_kill(server)) if number in kill_at else None
        for _, conversation in customers:
            ticket = await _retried(town.ticket_of, owner, conversation)
            winners[ticket["id"]] = await _raced(api, ticket["id"], conversation, agents, number)
            await _told_alike(api, owner, ticket["id"], winners[ticket["id"]])
        if killing is not None:
            await killing
        await _none_forgotten(api, owner)
        for ticket_id in list(winners)[-CUSTOMERS:]:
            await api.done("PUT", f"/tickets/{ticket_id}/closure", {"outcome": "resolved"}, token=owner.token)

    desk = await api.done("GET", "/desk", token=owner.token)
    await town.post(customers[0][0], customers[0][1], "the last word")
    last = (await api.thread(customers[0][1], token=owner.token))[-1]["seq"]
    await caught_up(screen, owner.business_id, last)
    listening.cancel()
    assert desk["unclaimed"] == 0
    _check_assigned(screen, winners)


async def _raced(api: Api, ticket_id: str, conversation: str, agents: list[Actor], number: int) -> str:
    """The id of the one agent who has the ticket after all of them tried at once."""
    replying = itertools.cycle((False, True)) if number % 3 == 1 else itertools.repeat(False)
    answers = await asyncio.gather(*(
        _reply(api, conversation, agent, number) if replies else _select(api, ticket_id, agent)
        for agent, replies in zip(agents, replying, strict=False)
    ))  # fmt: skip
    won = [answer for answer in answers if answer.status < 300]
    if len(won) != 1:
        raise BrokenPromise("G5", f"winners of ticket {ticket_id}, not one", won)
    winner = won[0].agent
    misled = [
        answer
        for answer in answers
        if answer is not won[0]
        and (answer.status != 409 or answer.body.get("holder") != {"id": winner.id, "name": winner.name})
    ]
    if misled:
        raise BrokenPromise("G5", f"losers not told that {winner.name} has the ticket", misled)
    return winner.id


async def _select(api: Api, ticket_id: str, agent: Actor) -> Answer:
    return await _answered(api, agent, "PUT", f"/tickets/{ticket_id}/holder", {"staff_id": "me"})


async def _reply(api: Api, conversation: str, agent: Actor, number: int) -> Answer:
    body = {"nonce": f"reply {number}", "text": f"I am {agent.name}"}
    return await _answered(api, agent, "POST", f"/conversations/{conversation}/messages", body)


async def _answered(api: Api, agent: Actor, method: str, path: str, body: Any) -> Answer:
    """Ask until there is an answer; to ask again for what one already has is no second win."""
    while True:
        try:
            answer = await api.call(method, path, body, token=agent.token)
        except httpx.TransportError:
            await asyncio.sleep(RETRY_SECONDS)
            continue
        return Answer(agent, answer.status_code, answer.json())


async def _retried(ask: Any, *args: Any) -> Any:
    while True:
        try:
            return await ask(*args)
        except httpx.TransportError:
            await asyncio.sleep(RETRY_SECONDS)


async def _told_alike(api: Api, owner: Actor, ticket_id: str, winner_id: str) -> None:
    ticket = await _retried(lambda: api.done("GET", f"/tickets/{ticket_id}", token=owner.token))
    if ticket["state"] != "assigned" or ticket["holder"]["id"] != winner_id:
        raise BrokenPromise("G5", "tickets held by another than the winner", [ticket])


async def _none_forgotten(api: Api, owner: Actor) -> None:
    forgotten = await api.pages("/tickets?holder=none", token=owner.token)
    if forgotten:
        raise BrokenPromise("G5", "tickets forgotten", forgotten)


async def _kill(server: Service) -> None:
    await asyncio.sleep(0.05)
    await asyncio.to_thread(server.kill)
    await asyncio.to_thread(server.start)


def _check_assigned(screen: Listener, winners: dict[str, str]) -> None:
    assigned = [(h.body["id"], h.body["holder"]["id"]) for h in screen.heard if h.name == "ticket_assigned"]
    if sorted(assigned) != sorted(winners.items()):
        odd = set(assigned) ^ set(winners.items())
        raise BrokenPromise("G5", "assignments heard that differ from the winners", odd or assigned)
