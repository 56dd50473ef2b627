"""A lane: one person and the agent who serves them, playing dialogues one after another."""

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from shopbell.replay import wire
from shopbell.replay.cast import Agent, Customer
from shopbell.replay.dialogues import PAUSE_SECONDS, Dialogue, Side, Turn
from shopbell.replay.live import Live
from shopbell.replay.rest import Refused, Rest
from shopbell.replay.thread import Episode, Line, Thread


@dataclass(frozen=True, slots=True)
class Pace:
    """Times the recorded speed, the share of customers' lines sent as requests, and patience in seconds."""

    speed: float
    rest_share: float
    patience: float


class Lane:
    """Plays dialogues through one conversation; a side answers only what it has heard."""

    def __init__(
        self,
        number: int,
        customer: Customer,
        agent: Agent,
        thread: Thread,
        *,
        customer_live: Live,
        agent_live: Live,
        rest: Rest,
        pace: Pace,
        trouble: Callable[[str], None],
    ) -> None:
        self.customer = customer
        self.agent = agent
        self.thread = thread
        self._customer_live = customer_live
        self._agent_live = agent_live
        self._rest = rest
        self._pace = pace
        self._trouble = trouble
        self._dice = random.Random(number)
        self._ways = 0

    async def play(self, dialogues: Iterator[Dialogue], *, start: float) -> None:
        """Takes dialogues until none is left, the first after `start` seconds."""
        await asyncio.sleep(start)
        for dialogue in dialogues:
            self._ways += 1
            await self._play(dialogue)
            await asyncio.sleep(PAUSE_SECONDS / self._pace.speed)

    async def _play(self, dialogue: Dialogue) -> None:
        episode = Episode(dialogue.id, self.agent.staff_id)
        self.thread.episodes.append(episode)
        if dialogue.turns[0].side == "staff" and not self.thread.lines:
            await self._join_loop()
        await self._mark_read("person", self._customer_live)
        said_at = time.monotonic()
        claimed = dialogue.turns[0].side == "staff"
        for turn in dialogue.turns:
            if episode.lines and turn.side != episode.lines[-1].side:
                await self._all_heard(episode)
            await asyncio.sleep(said_at + turn.pause / self._pace.speed - time.monotonic())
            if turn.side == "staff" and not claimed:
                await self._claim(episode)
                claimed = True
            said_at = await self._say(turn, episode)
        await self._all_heard(episode)
        await self._close(episode)

    async def _all_heard(self, episode: Episode) -> None:
        for line in await self.thread.settled(episode.lines, patience=self._pace.patience):
            self._trouble(f"dialogue {episode.dialogue_id}: {line.id or line.nonce} was not heard by both sides")

    async def _say(self, turn: Turn, episode: Episode) -> float:
        nonce = f"{time.time_ns():016x}-{len(self.thread.lines):x}-{self.customer.person_id[-8:]}"
        by_request = turn.side == "person" and self._dice.random() < self._pace.rest_share
        if by_request:
            # A request may overtake frames still on their way, so it waits for them.
            await self._all_heard(episode)
        line = Line(turn.side, turn.text, nonce, said_at=time.monotonic(), by_request=by_request)
        self.thread.say(line)
        if by_request:
            await self._post_by_request(line)
        else:
            self._post_live(line)
        return line.said_at

    def _post_live(self, line: Line) -> None:
        def answered(frame: wire.Frame, at: float) -> None:
            if frame.id is not None:
                self.thread.acknowledge(line, frame.id, frame.seq, at)
            else:
                self.thread.refuse(line, str(frame.problem))
                self._trouble(f"a message was refused: {frame.problem}")

        live = self._customer_live if line.side == "person" else self._agent_live
        message = {"conversation_id": self.thread.conversation_id, "nonce": line.nonce, "text": line.text}
        live.command(line.nonce, {"type": "post_message", **message}, answered)

    async def _post_by_request(self, line: Line) -> None:
        path = f"/conversations/{self.thread.conversation_id}/messages"
        body = {"nonce": line.nonce, "text": line.text}
        try:
            posted = await self._rest.ask(wire.Posted, "POST", path, body, token=self.customer.token)
        except Refused as refusal:
            self.thread.refuse(line, str(refusal.problem))
            self._trouble(f"a message was refused: {refusal.problem}")
        else:
            self.thread.acknowledge(line, posted.id, posted.seq, time.monotonic())

    async def _join_loop(self) -> None:
        """Staff may write first only to members."""
        path = f"/businesses/{self.agent.business_id}/membership"
        await self._rest.ask(object, "PUT", path, token=self.customer.token)

    async def _claim(self, episode: Episode) -> None:
        """Makes the ticket the agent's: after a pull, straight from waiting, or by the reply, in turn."""
        way = self._ways % 3
        if way == 0:
            await self._rest.ask(object, "POST", "/desk/pull", token=self.agent.token)
        if way == 2:
            return
        ticket_id = self._ticket(episode)
        if ticket_id is None:
            return
        try:
            await self._rest.ask(
                object, "PUT", f"/tickets/{ticket_id}/holder", {"staff_id": "me"}, token=self.agent.token
            )
        except Refused as refusal:
            self._trouble(f"dialogue {episode.dialogue_id}: {refusal}")

    async def _close(self, episode: Episode) -> None:
        ticket_id = self._ticket(episode)
        if ticket_id is None:
            return
        if self._ways % 2 and any(line.side == "staff" for line in episode.lines):
            await self._mark_read("staff", self._agent_live)
        body = {"outcome": "resolved", "seen_seq": self.thread.saw["staff"]}
        path = f"/tickets/{ticket_id}/closure"
        try:
            await self._rest.ask(object, "PUT", path, body, token=self.agent.token)
            episode.closed = True
        except Refused as refusal:
            episode.closed = refusal.uncertain and await self._closed_before(ticket_id)
            if not episode.closed:
                self._trouble(f"dialogue {episode.dialogue_id}: {refusal}")

    async def _mark_read(self, side: Side, live: Live) -> None:
        """Reads all that this side has seen so far."""
        up_to = self.thread.saw[side]
        if up_to <= self.thread.read[side]:
            return
        answer: asyncio.Future[wire.Frame] = asyncio.get_running_loop().create_future()

        def answered(frame: wire.Frame, _: float) -> None:
            if not answer.done():
                answer.set_result(frame)

        mark = {"type": "mark_read", "conversation_id": self.thread.conversation_id, "seq": up_to}
        live.command(f"read-{side}-{up_to}-{self.customer.person_id[-8:]}", mark, answered)
        try:
            frame = await asyncio.wait_for(answer, self._pace.patience)
        except TimeoutError:
            self._trouble("a read mark got no answer")
            return
        if frame.problem is None:
            self.thread.read[side] = up_to
        else:
            self._trouble(f"a read mark was refused: {frame.problem}")

    async def _closed_before(self, ticket_id: str) -> bool:
        """Whether the closure whose answer was cut off had its effect."""
        ticket = await self._rest.ask(wire.Ticket, "GET", f"/tickets/{ticket_id}", token=self.agent.token)
        return ticket.state == "closed" and ticket.outcome == "resolved"

    def _ticket(self, episode: Episode) -> str | None:
        tickets = self.thread.tickets_of(episode)
        if len(tickets) != 1:
            self._trouble(f"dialogue {episode.dialogue_id} is in {len(tickets)} tickets instead of one")
        return tickets[0] if tickets else None
