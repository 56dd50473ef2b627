"""The lanes and their live connections, from the first hello to the last event."""

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from shopbell.replay import wire
from shopbell.replay.cast import Agent, Customer, Desk
from shopbell.replay.counters import Count
from shopbell.replay.dialogues import PAUSE_SECONDS, Script, Side
from shopbell.replay.lane import Lane, Pace
from shopbell.replay.live import Ear, Live
from shopbell.replay.panel import Panel
from shopbell.replay.progress import Progress
from shopbell.replay.rest import Rest
from shopbell.replay.settings import Settings
from shopbell.replay.thread import Thread

QUIET_SECONDS = 15.0
QUIET_FOR_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Performance:
    """When the lanes began, by the monotonic clock, and how many seconds they played."""

    began: float
    seconds: float


class Stage:
    """One thread, lane and connection for each customer; each agent serves every so-many-th lane.

    `breaks` holds the times at which open connections were lost, `troubles` what went wrong on the way,
    `count` the counters that were compared.
    """

    def __init__(
        self, rest: Rest, settings: Settings, desk: Desk, customers: list[Customer], progress: Progress
    ) -> None:
        self.breaks: list[float] = []
        self.troubles: list[str] = []
        self.count = Count()
        self.desk = desk
        self._rest = rest
        self._settings = settings
        threads = [Thread(customer.conversation_id, progress.advance) for customer in customers]
        self.staff_lives = [
            self._listen_as_agent(agent, threads[number :: len(desk.agents)])
            for number, agent in enumerate(desk.agents)
        ]
        self.person_lives = [
            self._listen_as_person(customer, thread) for customer, thread in zip(customers, threads, strict=True)
        ]
        self.lanes = [
            self._lane(number, customer, thread)
            for number, (customer, thread) in enumerate(zip(customers, threads, strict=True))
        ]

    @property
    def lives(self) -> list[Live]:
        return [*self.staff_lives, *self.person_lives]

    async def perform(self, script: Script) -> Performance:
        """Connects everybody, plays all dialogues and hears the last events out."""
        async with asyncio.TaskGroup() as listening:
            runs = [listening.create_task(live.run()) for live in self.lives]
            for live in self.lives:
                await live.ready.wait()
            began = time.monotonic()
            await self._play_lanes(script)
            seconds = time.monotonic() - began
            await self._fall_quiet()
            for run in runs:
                run.cancel()
        return Performance(began, seconds)

    async def _play_lanes(self, script: Script) -> None:
        """All lanes draw from one list, so none stands idle while another has much left."""
        dialogues = iter(script.dialogues)
        step = PAUSE_SECONDS / self._settings.speed / len(self.lanes)
        async with asyncio.TaskGroup() as playing:
            for number, lane in enumerate(self.lanes):
                playing.create_task(lane.play(dialogues, start=number * step))

    async def _fall_quiet(self) -> None:
        """Waits until every agent has heard the last event that any of them heard."""
        give_up = time.monotonic() + QUIET_SECONDS
        while time.monotonic() < give_up:
            heads = {live.stream.last for live in self.staff_lives}
            await asyncio.sleep(QUIET_FOR_SECONDS)
            if len(heads) == 1 and heads == {live.stream.last for live in self.staff_lives}:
                return

    def _lane(self, number: int, customer: Customer, thread: Thread) -> Lane:
        served_by = number % len(self.desk.agents)
        return Lane(
            number,
            customer,
            self.desk.agents[served_by],
            thread,
            customer_live=self.person_lives[number],
            agent_live=self.staff_lives[served_by],
            rest=self._rest,
            pace=Pace(self._settings.speed, self._settings.rest_share, self._settings.patience),
            trouble=self.troubles.append,
        )

    def _listen_as_agent(self, agent: Agent, threads: list[Thread]) -> Live:
        served = {thread.conversation_id: thread for thread in threads}
        panel = Panel(self.count) if self.desk.alone else None

        def ear(event: wire.Frame, at: float) -> None:
            if event.name == "message_posted":
                message = wire.posted.decode(event.body)
                thread = served.get(message.conversation_id or "")
                if thread is not None:
                    thread.hear("staff", message, at)
            elif panel is not None:
                panel.fold(event.name, event.body)

        return self._listen(agent.token, "staff", {}, ear)

    def _listen_as_person(self, customer: Customer, thread: Thread) -> Live:
        def ear(event: wire.Frame, at: float) -> None:
            if event.name != "message_posted":
                return
            message = wire.posted.decode(event.body)
            if message.conversation_id == thread.conversation_id:
                thread.hear("person", message, at)
            else:
                self.troubles.append(f"a person heard of conversation {message.conversation_id}")

        return self._listen(customer.token, "person", customer.cursors, ear)

    def _listen(self, token: str, side: Side, cursors: dict[str, str], ear: Ear) -> Live:
        return Live(
            live_address(self._settings.at),
            token,
            side,
            self.desk.business.id,
            cursors,
            ear=ear,
            on_break=self.breaks.append,
            patience=self._settings.patience,
        )


def live_address(at: str) -> str:
    """The WebSocket address of a server, given its base URL."""
    parts = urlsplit(at.rstrip("/"))
    scheme = "wss" if parts.scheme == "https" else "ws"
    return urlunsplit((scheme, parts.netloc, parts.path + "/api/v1/live", "", ""))
