"""What every client asked for, what came of it, and the checks that read it."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise
from typing import Any

SHOWN = 5


class BrokenPromise(AssertionError):
    """A promise that did not hold; the message starts with its number and a word for how."""

    def __init__(self, promise: str, how: str, cases: Iterable[object]) -> None:
        found = list(cases)
        lines = [str(case) for case in found[:SHOWN]]
        super().__init__("\n  ".join([f"{promise} broken: {len(found)} {how}", *lines]))


class Outcome(Enum):
    """How an operation ended; an unknown one may have happened, but not twice."""

    PENDING = "pending"
    OK = "ok"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(eq=False)
class Operation:
    """One attempt of one client; times are monotonic seconds."""

    client: str
    verb: str
    conversation_id: str
    nonce: str
    text: str
    invoked: float = field(default_factory=time.monotonic)
    invoked_at: float = field(default_factory=time.time)
    outcome: Outcome = Outcome.PENDING
    finished: float | None = None
    finished_at: float | None = None
    id: str | None = None
    seq: int | None = None
    problem: Mapping[str, Any] | None = None

    def ok(self, answer: Mapping[str, Any]) -> None:
        """The server said it is done: from here on it must not be lost."""
        self._end(Outcome.OK)
        self.id, self.seq = answer["id"], answer["seq"]

    def fail(self, problem: Mapping[str, Any]) -> None:
        """The server refused: it must not have happened."""
        self._end(Outcome.FAIL)
        self.problem = problem

    def unknown(self) -> None:
        """Nothing was heard: it may have happened, once."""
        self._end(Outcome.UNKNOWN)

    def _end(self, outcome: Outcome) -> None:
        if self.outcome is not Outcome.PENDING:
            raise RuntimeError(f"{self} ended twice")
        self.outcome = outcome
        self.finished, self.finished_at = time.monotonic(), time.time()


class History:
    """Every operation in the order of its invocation."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []

    def invoke(self, client: str, verb: str, conversation_id: str, nonce: str, text: str) -> Operation:
        """Write down an attempt before its first byte leaves."""
        operation = Operation(client, verb, conversation_id, nonce, text)
        self.operations.append(operation)
        return operation

    def sends(self) -> Iterator["Send"]:
        """The attempts with one nonce joined into one send each, by first invocation."""
        attempts: dict[tuple[str, str, str], list[Operation]] = defaultdict(list)
        for operation in self.operations:
            attempts[operation.conversation_id, operation.client, operation.nonce].append(operation)
        return map(Send, attempts.values())

    def count(self, outcome: Outcome) -> int:
        """How many attempts ended that way."""
        return sum(operation.outcome is outcome for operation in self.operations)


class Send:
    """All attempts to say one thing once."""

    def __init__(self, attempts: Sequence[Operation]) -> None:
        self.attempts = attempts
        first = attempts[0]
        self.client, self.conversation_id = first.client, first.conversation_id
        self.nonce, self.text, self.invoked = first.nonce, first.text, first.invoked
        self.answers = {(a.id, a.seq) for a in attempts if a.outcome is Outcome.OK}
        self.acknowledged = min(
            (a.finished for a in attempts if a.outcome is Outcome.OK and a.finished is not None),
            default=None,
        )
        self.possible = any(a.outcome is not Outcome.FAIL for a in attempts)

    def acknowledged_before(self, wall_clock: float) -> bool:
        """Whether an ok had reached the client at that time of day (seconds since the epoch)."""
        return any(
            a.outcome is Outcome.OK and a.finished_at is not None and a.finished_at <= wall_clock for a in self.attempts
        )

    def __repr__(self) -> str:
        ends = ", ".join(a.outcome.value for a in self.attempts)
        return f"{self.client} {self.nonce} in {self.conversation_id} ({ends}): {self.text[:60]!r}"


Thread = Sequence[Mapping[str, Any]]


def check_messages(
    promise: str, sends: Iterable[Send], threads: Mapping[str, Thread], *, complete: bool = True
) -> None:
    """Raise `BrokenPromise` unless every acknowledged send stands once, unaltered and in order.

    `threads` holds the text messages of each conversation as read, ascending; every text sent must be unique.
    `complete=False` is for a state older than the sends: only the sends given must be there.
    """
    sends = list(sends)
    by_text = {send.text: send for send in sends}
    if len(by_text) != len(sends):
        raise RuntimeError("the texts of a checked load must be unique")
    standing = {key: [m for m in thread if m["kind"] == "text"] for key, thread in threads.items()}
    everywhere = Counter(m["text"] for thread in standing.values() for m in thread)
    found = {(key, m["text"]): m for key, thread in standing.items() for m in thread}

    _none(
        promise,
        "lost",
        (send for send in sends if send.answers and (send.conversation_id, send.text) not in found),
    )
    _none(promise, "doubled", (by_text.get(text, text) for text, n in everywhere.items() if n > 1))
    _none(
        promise,
        "refused and still there",
        (send for send in sends if not send.possible and (send.conversation_id, send.text) in found),
    )
    _none(
        promise,
        "answered with another id or seq",
        (
            (send, answer, message["id"], message["seq"])
            for send in sends
            if (message := found.get((send.conversation_id, send.text))) is not None
            for answer in send.answers
            if answer != (message["id"], message["seq"])
        ),
    )
    if complete:
        _none(promise, "never sent", (text for text in everywhere if text not in by_text))
    for thread in standing.values():
        _check_order(promise, [by_text[m["text"]] for m in thread if m["text"] in by_text], thread)


def _check_order(promise: str, said: Sequence[Send], thread: Thread) -> None:
    seqs = [m["seq"] for m in thread]
    _none(
        promise,
        "reordered",
        ((before, after) for before, after in pairwise(seqs) if before >= after),
    )
    last: dict[str, Send] = {}
    crossed: list[object] = []
    for send in said:
        if (earlier := last.get(send.client)) is not None and earlier.invoked > send.invoked:
            crossed.append((earlier, send))
        last[send.client] = send
    # A send that was acknowledged before another was begun must stand before it, whoever sent them.
    soonest = float("inf")
    for send in reversed(said):
        if soonest < send.invoked:
            crossed.append((send, "stands before one acknowledged earlier"))
        soonest = min(soonest, send.acknowledged if send.acknowledged is not None else soonest)
    _none(promise, "reordered", crossed)


@dataclass(frozen=True)
class Heard:
    """One event as a listener received it; `connection` counts its sockets, `at` is in monotonic seconds."""

    business_id: str
    seq: int
    name: str
    cursor: str
    connection: int
    body: Mapping[str, Any]
    at: float = field(default_factory=time.monotonic)


def check_stream(promise: str, listener: str, heard: Sequence[Heard], expected: Mapping[int, str]) -> None:
    """Raise `BrokenPromise` unless one business's events came once each, in order, without a gap.

    `expected` maps the seq of every event this listener may see, from its start to its end, to its name.
    """
    seqs = [event.seq for event in heard]
    _none(
        promise,
        "doubled",
        ((listener, seq, [h for h in heard if h.seq == seq]) for seq, n in Counter(seqs).items() if n > 1),
    )
    _none(
        promise,
        "reordered",
        ((listener, before, after) for before, after in pairwise(seqs) if before > after),
    )
    _none(promise, "gaps", ((listener, seq, expected[seq]) for seq in sorted(expected.keys() - set(seqs))))
    _none(
        promise,
        "events nobody recorded",
        ((listener, event) for event in heard if expected.get(event.seq) != event.name),
    )


def _none(promise: str, how: str, cases: Iterable[object]) -> None:
    if found := list(cases):
        raise BrokenPromise(promise, how, found)
