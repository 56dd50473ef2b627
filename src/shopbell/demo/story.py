"""A dialogue as it happens once: who says each line, when, and what the desk does around it."""

from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import get_args

import msgspec
from msgspec.structs import replace

from shopbell.demo.casting import Cast
from shopbell.demo.content import Dialogue, Feedback, Line, Verb
from shopbell.demo.opening import Opening
from shopbell.demo.plan import (
    Blocked,
    Claimed,
    Closed,
    Noted,
    PersonRead,
    PersonSaid,
    Prioritised,
    Rated,
    Released,
    Reopened,
    StaffMember,
    StaffRead,
    StaffSaid,
    Step,
    TakenOver,
    Transferred,
    Withdrawn,
)
from shopbell.kernel.clock import HOUR, MINUTE, SECOND
from shopbell.tickets.rules import Outcome, Priority

# Lines for which the ticket must be in somebody's hands.
OF_HOLDER = frozenset(get_args(Verb)) - {"c", "k"}
ENDINGS = frozenset({"close", "reopen", "block"})

Pace = Callable[[int, bool], int]


class Setting(msgspec.Struct, frozen=True):
    """What a dialogue needs to know of the occasion; `number` makes its nonces its own."""

    customer: str
    shop: str
    cast: Cast
    number: int


def in_hours(opening: Opening, random: Random) -> Pace:
    """Staff act while the shop is open, customers while they are awake; nobody does so on the stroke."""

    def moved(at: int, of_staff: bool) -> int:
        possible = opening.open_from(at) if of_staff else opening.awake_from(at)
        return at if possible == at else possible + random.randrange(2 * MINUTE, 25 * MINUTE)

    return moved


def at_once(at: int, of_staff: bool) -> int:
    """Everybody acts at any hour: so do people in what is open at this moment, whenever that is."""
    return at


def opening_lines(dialogue: Dialogue) -> tuple[Line, ...]:
    """What the customer writes before the shop does anything; empty where the shop writes first."""
    first = next((at for at, line in enumerate(dialogue.lines) if line.verb != "c"), len(dialogue.lines))
    return dialogue.lines[:first]


def unfinished_lines(dialogue: Dialogue, random: Random) -> tuple[Line, ...]:
    """The dialogue up to some line after it was claimed and before it ends."""
    verbs = [line.verb for line in dialogue.lines]
    claimed = next(at for at, verb in enumerate(verbs) if verb in OF_HOLDER)
    ends = next((at for at, verb in enumerate(verbs) if verb in ENDINGS), len(verbs))
    until = random.randint(claimed + 1, ends)
    # Just released, it would be in nobody's hands.
    return dialogue.lines[: until - (verbs[until - 1] == "release")]


class Story:
    """The steps of one occasion, told line by line. Gaps that a line leaves open are drawn from `random`."""

    def __init__(self, dialogue: Dialogue, setting: Setting, random: Random, *, start: int, pace: Pace) -> None:
        self.steps: list[Step] = []
        self.holder = setting.cast.holder
        self._setting = setting
        self._random = random
        self._start = start
        self._pace = pace
        self._is_held = False
        self._said = 0
        self._priority = dialogue.priority
        self._words = {word: random.choice(choices) for word, choices in sorted(dialogue.words.items())}

    def tell(self, lines: Iterable[Line]) -> None:
        for line in lines:
            at = self._moment_of(line)
            if line.verb in OF_HOLDER and not self._is_held:
                at = self._claimed_before(at)
            self._add(self._told(line, at))

    def close(self, outcome: Outcome, feedback: Feedback | None) -> None:
        """The holder closes in the shop's time; the customer answers in theirs, if at all."""
        self._add(Closed(self._pace(self._later(MINUTE, 40 * MINUTE), True), self.holder.email, outcome))
        if feedback is not None:
            self._add(Rated(self._pace(self._later(2 * MINUTE, 15 * HOUR), False), feedback))

    def _moment_of(self, line: Line) -> int:
        of_staff = line.verb != "c"
        if not self.steps:
            return self._pace(self._start, of_staff)
        if line.gap is not None:
            return self._pace(self._last + int(line.gap * self._random.uniform(0.85, 1.2)), of_staff)
        if line.verb == "a":
            return self._pace(self._later(MINUTE, 9 * MINUTE), True)
        if line.verb == "c":
            return self._pace(self._later(30 * SECOND, 5 * MINUTE), False)
        return self._pace(self._later(8 * SECOND, 70 * SECOND), True)

    def _claimed_before(self, at: int) -> int:
        """Have the ticket selected shortly before `at`; the moment from which the line can be said."""
        self._is_held = True
        if not self.steps:
            return at
        claimed = max(at - self._random.randrange(8 * SECOND, 50 * SECOND), self._last + SECOND)
        self._add(Claimed(claimed, self.holder.email))
        if self._priority is not None:
            self._add(Prioritised(self._later(SECOND, 4 * SECOND), self.holder.email, self._priority))
            self._priority = None
        return max(at, self._later(4 * SECOND, 8 * SECOND))

    def _told(self, line: Line, at: int) -> Step:
        holder, lead, text = self.holder.email, self._setting.cast.lead, self._filled(line.text)
        match line.verb:
            case "c":
                return PersonSaid(at, text, self._nonce())
            case "a":
                return StaffSaid(at, holder, text, self._nonce())
            case "n":
                return Noted(at, holder, text, self._nonce())
            case "k":
                return Noted(at, self._other.email, text, self._nonce())
            case "priority":
                return Prioritised(at, holder, Priority(text))
            case "transfer":
                self.holder = lead
                return Transferred(at, holder, lead.email, text)
            case "takeover":
                self.holder = lead
                return TakenOver(at, lead.email, text)
            case "release":
                self.holder, self._is_held = self._other, False
                return Released(at, holder)
            case "withdraw":
                return Withdrawn(at, holder)
            case "close":
                return Closed(at, holder, Outcome(text))
            case "reopen":
                return Reopened(at, holder)
            case "block":
                return Blocked(at, lead.email)

    @property
    def _other(self) -> StaffMember:
        """The one of the two who does not hold the ticket."""
        cast = self._setting.cast
        return cast.holder if self.holder == cast.lead else cast.lead

    @property
    def _last(self) -> int:
        return self.steps[-1].at

    def _filled(self, text: str) -> str:
        return text.format(
            name=self._setting.customer,
            shop=self._setting.shop,
            agent=self.holder.person.first_name,
            **self._words,
        )

    def _nonce(self) -> str:
        self._said += 1
        return f"demo-{self._setting.number}-{self._said}"

    def _later(self, least: int, most: int) -> int:
        return self._last + self._random.randrange(least, most)

    def _add(self, step: Step) -> None:
        self.steps.append(step)


def with_reading(steps: Sequence[Step], random: Random) -> list[Step]:
    """The steps, and each side reading what the other wrote shortly before it answers or acts on it."""
    read: list[Step] = []
    unread_by_staff = unread_by_person = False
    for step in steps:
        match step:
            case PersonSaid() | Rated():
                if unread_by_person:
                    read.append(PersonRead(_shortly_before(step.at, read[-1].at, random)))
                unread_by_person = False
                unread_by_staff = unread_by_staff or isinstance(step, PersonSaid)
            case StaffSaid(by=by) | Closed(by=by):
                if unread_by_staff:
                    read.append(StaffRead(_shortly_before(step.at, read[-1].at, random), by))
                unread_by_staff = False
                unread_by_person = unread_by_person or isinstance(step, StaffSaid)
            case _:
                pass
        read.append(step)
    return read


def shifted(steps: Iterable[Step], micros: int) -> list[Step]:
    """The same steps so much later."""
    return [replace(step, at=step.at + micros) for step in steps]


def _shortly_before(at: int, earliest: int, random: Random) -> int:
    return max(at - random.randrange(2 * SECOND, 40 * SECOND), (earliest + at) // 2)
