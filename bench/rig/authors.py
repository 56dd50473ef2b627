"""One customer's side of the record: what was written, when, and what the server acknowledged."""

import time
from dataclasses import dataclass, field

from bench.rig.words import line


@dataclass
class Tally:
    """Counts over all authors of a run."""

    acknowledged: int = 0
    refused: int = 0
    problems: list[str] = field(default_factory=list)

    def refuse(self, problem: str) -> None:
        self.refused += 1
        if len(self.problems) < 5:
            self.problems.append(problem)


class Author:
    """Writes numbered messages: number n was due at `due[n]` and is acknowledged in turn.

    As those of the apps, its nonce begins with the time.
    """

    def __init__(self, name: str, conversation_id: str, tally: Tally) -> None:
        self.name = name
        self.conversation_id = conversation_id
        self.tally = tally
        self.due: list[float] = []
        self._nonces: list[str] = []
        self.written_at: list[float] = []
        self.acknowledged_at: list[float] = []
        self.ids: list[str] = []
        self.seqs: list[int] = []
        self.acknowledged_out_of_turn = 0

    def write(self, due: float) -> int:
        """The number of the next message, which should leave at `due` (seconds, `time.perf_counter`)."""
        self.due.append(due)
        self._nonces.append(f"{time.time_ns() // 1_000_000:012x}-{self.name}-{len(self._nonces)}")
        self.written_at.append(time.perf_counter())
        return len(self.due) - 1

    def nonce(self, number: int) -> str:
        return self._nonces[number]

    def text(self, number: int) -> str:
        return line(number, self.nonce(number))

    def acknowledge(self, number: int, message_id: str, seq: int, now: float) -> None:
        if number != len(self.ids):
            self.acknowledged_out_of_turn += 1
        self.ids.append(message_id)
        self.seqs.append(seq)
        self.acknowledged_at.append(now)
        self.tally.acknowledged += 1

    def waits(self) -> list[tuple[float, float]]:
        """When each acknowledged message was due, and how many seconds later it was acknowledged."""
        return [(due, at - due) for due, at in zip(self.due, self.acknowledged_at, strict=False)]

    @property
    def waiting(self) -> int:
        """Messages written and not yet acknowledged."""
        return len(self.due) - len(self.ids)
