"""Everybody in the chat bench: customers who write, on sockets or over REST, and agents who hear it all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bench.rig.authors import Author, Tally
from bench.rig.deployments import Deployment
from bench.rig.posters import Poster
from bench.rig.sockets import Listener, Sender, open_all
from bench.rig.verdict import Verdict
from bench.rig.world import Customer, Shop

DRAIN_SECONDS = 20.0
DRAIN_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Delays:
    """Seconds from the moment a message was due: until it left, was acknowledged, reached each agent."""

    late: list[float]
    acknowledged: list[float]
    delivered: list[float]


@dataclass(frozen=True)
class Group:
    """One business: its customers' sockets, and its agents'."""

    senders: tuple[Sender, ...]
    agents: tuple[Listener, ...]

    @property
    def authors(self) -> list[Author]:
        return [sender.author for sender in self.senders]


@dataclass(frozen=True)
class Crowd:
    groups: tuple[Group, ...]
    posters: tuple[Poster, ...]
    tally: Tally

    @property
    def senders(self) -> list[Sender]:
        return [sender for group in self.groups for sender in group.senders]

    @property
    def agents(self) -> list[Listener]:
        return [agent for group in self.groups for agent in group.agents]

    def press(self, window: int) -> None:
        """Saturates the server: each socket keeps `window` messages unacknowledged."""
        for sender in self.senders:
            sender.press(window)

    def rest(self) -> None:
        """Lets nobody begin another message."""
        for sender in self.senders:
            sender.pressing = False
        for poster in self.posters:
            poster.pressing = False

    async def drain(self) -> None:
        """Waits until all that was written is acknowledged and heard, or the time for it is over."""
        for _ in range(int(DRAIN_SECONDS / DRAIN_POLL_SECONDS)):
            if self._quiet():
                return
            await asyncio.sleep(DRAIN_POLL_SECONDS)

    def _quiet(self) -> bool:
        return all(
            not any(author.waiting for author in group.authors)
            and all(len(sender.heard) >= len(sender.author.ids) for sender in group.senders)
            and all(len(agent.heard) >= sum(len(a.ids) for a in group.authors) for agent in group.agents)
            for group in self.groups
        )

    def verdict(self) -> Verdict:
        verdict = Verdict()
        for group in self.groups:
            verdict.judge_authors(group.authors)
            for sender in group.senders:
                verdict.judge(sender, [sender.author])
            for agent in group.agents:
                verdict.judge(agent, group.authors)
        return verdict

    def delays(self, since: float, until: float) -> Delays:
        """The delays of the messages that were due in that stretch."""
        delays = Delays([], [], [])
        for group in self.groups:
            due_by_id: dict[str, float] = {}
            for author in group.authors:
                for number, message_id in enumerate(author.ids):
                    due = author.due[number]
                    if since <= due < until:
                        due_by_id[message_id] = due
                        delays.late.append(author.written_at[number] - due)
                        delays.acknowledged.append(author.acknowledged_at[number] - due)
            for agent in group.agents:
                for event, at in zip(agent.heard, agent.heard_at, strict=True):
                    if event.body.id in due_by_id:
                        delays.delivered.append(at - due_by_id[event.body.id])
        return delays

    def close(self) -> None:
        for listener in (*self.senders, *self.agents):
            listener.close()
        for poster in self.posters:
            poster.close()


@asynccontextmanager
async def assembled(deployment: Deployment, shops: list[Shop]) -> AsyncIterator[Crowd]:
    """Every customer and agent of `shops` on a socket, and every customer on a REST connection where there is one."""
    tally = Tally()
    groups = tuple(_group(deployment, shop, tally) for shop in shops)
    listeners = [listener for group in groups for listener in (*group.senders, *group.agents)]
    await open_all(deployment.ws_urls, listeners)
    posters = tuple(
        [
            poster
            for shop, group in zip(shops, groups, strict=True)
            for customer, sender in zip(shop.customers, group.senders, strict=True)
            if (poster := await deployment.poster(customer, sender.author))
        ]
    )
    crowd = Crowd(groups, posters, tally)
    try:
        yield crowd
    finally:
        crowd.close()


def _group(deployment: Deployment, shop: Shop, tally: Tally) -> Group:
    return Group(
        senders=tuple(_sender(deployment, customer, tally) for customer in shop.customers),
        agents=tuple(Listener(deployment.entry(token)) for token in shop.agent_tokens),
    )


def _sender(deployment: Deployment, customer: Customer, tally: Tally) -> Sender:
    return Sender(deployment.entry(customer.token), Author(customer.name, customer.conversation_id, tally))
