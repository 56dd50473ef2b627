"""Customers and agents of one business who write to each other without pause."""

import asyncio
from dataclasses import dataclass, field

from tests.faults.clients import Api, Endpoint, Json
from tests.faults.history import History
from tests.faults.load import Listener, Sender, finished
from tests.faults.town import Actor, Town

SETTLE_SECONDS = 60.0


@dataclass
class Crowd:
    """A load under way: every other author sends by socket, the rest by REST."""

    owner: Actor
    history: History
    senders: list[Sender]
    conversations: list[str]
    tasks: "list[asyncio.Task[None]]" = field(default_factory=list)

    def start(self, endpoint: Endpoint, api: Api) -> None:
        """Begin to send in the background."""
        self.tasks += [
            asyncio.create_task(sender.over_rest(api) if number % 2 else sender.over_socket(endpoint))
            for number, sender in enumerate(self.senders)
        ]

    async def settled(self) -> None:
        """Begin nothing new and wait for every last answer."""
        await finished(self.senders, self.tasks, seconds=SETTLE_SECONDS)

    async def dropped(self) -> None:
        """Stop at once; what is in flight ends as unknown."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def threads(self, api: Api, token: str) -> dict[str, list[Json]]:
        """Every conversation as the server tells it now."""
        return {c: await api.thread(c, token=token) for c in self.conversations}


async def gathered(town: Town, *, customers: int, agents: int, pause_seconds: float = 0.01) -> Crowd:
    """A new business; the first customers have one agent each who holds their ticket and answers."""
    owner = await town.owner()
    history = History()
    crowd = Crowd(owner, history, [], [])
    for number in range(customers):
        person, conversation = await town.customer(owner.business_id)
        crowd.conversations.append(conversation)
        crowd.senders.append(Sender(person, conversation, history, pause_seconds=pause_seconds))
        if number < agents:
            agent = await town.hired(owner, "agent")
            opening = history.invoke(person.id, "rest", conversation, "opening", f"{conversation} opening")
            opening.ok(await town.post(person, conversation, opening.text, opening.nonce))
            ticket = await town.ticket_of(owner, conversation)
            await town.api.done("PUT", f"/tickets/{ticket['id']}/holder", {"staff_id": "me"}, token=agent.token)
            crowd.senders.append(Sender(agent, conversation, history, pause_seconds=pause_seconds))
    return crowd


async def caught_up(listener: Listener, business_id: str, seq: int, *, seconds: float = 20.0) -> None:
    """Wait until the listener has heard that event or a later one; TimeoutError after `seconds`."""
    async with asyncio.timeout(seconds):
        while listener.seq_reached(business_id) < seq:
            await asyncio.sleep(0.02)
