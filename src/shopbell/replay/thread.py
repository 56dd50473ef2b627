"""One lane's conversation: what was said in it, in order, and who heard what."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from shopbell.replay import wire
from shopbell.replay.dialogues import Side

Heard = tuple[str, str, str]
"""Id, text and author's side of a message, as one ear heard it or as it was read back."""


@dataclass(slots=True, eq=False)
class Line:
    """One line of a dialogue and what became of it; times are seconds of the monotonic clock."""

    side: Side
    text: str
    nonce: str
    said_at: float
    by_request: bool = False
    id: str | None = None
    seq: int = 0
    acknowledged_at: float | None = None
    echoed_at: float | None = None
    heard_at: float | None = None
    refused: str | None = None
    given_up: bool = False

    @property
    def settled(self) -> bool:
        """Acknowledged and heard by both sides, or refused: nothing more will come."""
        return self.refused is not None or None not in (self.id, self.echoed_at, self.heard_at)


@dataclass(slots=True)
class Episode:
    """One dialogue as the desk should see it: one ticket, closed as resolved."""

    dialogue_id: str
    holder_id: str
    lines: list[Line] = field(default_factory=list)
    closed: bool = False

    def messages(self, side: Side, *, after: int = 0) -> int:
        """How many acknowledged messages of one side came after an event number."""
        return sum(line.side == side and line.id is not None and line.seq > after for line in self.lines)


class Thread:
    """The lifelong thread of one person and the business, with an ear on either side."""

    def __init__(self, conversation_id: str, on_settled: Callable[[], None]) -> None:
        self.conversation_id = conversation_id
        self.lines: list[Line] = []
        self.episodes: list[Episode] = []
        self.ears: dict[Side, list[Heard]] = {"person": [], "staff": []}
        self.saw: dict[Side, int] = {"person": 0, "staff": 0}
        self.read: dict[Side, int] = {"person": 0, "staff": 0}
        self._tickets: dict[str, str | None] = {}
        self._by_id: dict[str, Line] = {}
        self._early: dict[tuple[Side, str], float] = {}
        self._on_settled = on_settled
        self._changed = asyncio.Event()

    def say(self, line: Line) -> None:
        self.lines.append(line)
        self.episodes[-1].lines.append(line)

    def acknowledge(self, line: Line, message_id: str, seq: int, at: float) -> None:
        """The server has it; either side may have heard it before."""
        if line.id is not None:
            return
        line.id = message_id
        line.seq = seq
        line.acknowledged_at = at
        self._by_id[message_id] = line
        for side in self.ears:
            heard_at = self._early.pop((side, message_id), None)
            if heard_at is not None:
                self._reach(side, line, heard_at)

    def refuse(self, line: Line, reason: str) -> None:
        line.refused = reason
        self._settle()

    def hear(self, side: Side, message: wire.Message, at: float) -> None:
        """A message arrives live at one side; what nobody typed (a request for feedback) is left aside."""
        self.saw[side] = max(self.saw[side], message.seq)
        if message.kind != "text":
            return
        self.ears[side].append((message.id, message.text, message.author.side))
        if side == "staff":
            self._tickets[message.id] = message.ticket_id
        line = self._by_id.get(message.id)
        if line is None:
            self._early.setdefault((side, message.id), at)
        else:
            self._reach(side, line, at)

    def _reach(self, side: Side, line: Line, at: float) -> None:
        settled_before = line.settled
        if side == line.side:
            line.echoed_at = line.echoed_at or at
        else:
            line.heard_at = line.heard_at or at
        if line.settled and not settled_before:
            self._settle()

    def _settle(self) -> None:
        self._on_settled()
        self._changed.set()

    async def settled(self, lines: Sequence[Line], *, patience: float) -> list[Line]:
        """Waits at most `patience` seconds until these are settled; returns those it gave up on."""
        try:
            async with asyncio.timeout(patience):
                while not all(line.settled or line.given_up for line in lines):
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            unsettled = [line for line in lines if not (line.settled or line.given_up)]
            for line in unsettled:
                line.given_up = True
            return unsettled
        return []

    def tickets_of(self, episode: Episode) -> list[str | None]:
        """The tickets that staff were told the messages belong to, each once; a single one if all is well."""
        heard = (self._tickets[line.id] for line in episode.lines if line.id in self._tickets)
        return list(dict.fromkeys(heard))
