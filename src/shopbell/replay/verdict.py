"""What became of every message: compares what was said with what was heard and what is stored."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shopbell.replay.thread import Heard, Line


@dataclass(slots=True)
class Verdict:
    """Counts of messages; one that is missing from several places is lost once.

    `lost`: acknowledged, yet missing from a thread as either side reads it or from either live stream;
    `doubled`: there twice, or once without having been said; `reordered`: found behind a later one;
    `altered`: another text; `unknown`: neither acknowledged nor refused, so it may exist once.
    """

    sent: int = 0
    acknowledged: int = 0
    delivered: int = 0
    refused: int = 0
    unknown: int = 0
    lost: int = 0
    doubled: int = 0
    reordered: int = 0
    altered: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not any((self.refused, self.unknown, self.lost, self.doubled, self.reordered, self.altered))

    def add(self, other: "Verdict") -> None:
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.examples = (self.examples + other.examples)[:EXAMPLES]


COUNTS = (
    "sent",
    "acknowledged",
    "delivered",
    "refused",
    "unknown",
    "lost",
    "doubled",
    "reordered",
    "altered",
)
EXAMPLES = 20


def judge(lines: Sequence[Line], witnesses: Mapping[str, Sequence[Heard]]) -> Verdict:
    """The verdict over one thread: `lines` in the order they were said, witnesses by what they are called."""
    place = {line.id: index for index, line in enumerate(lines) if line.id is not None}
    unknown = [line for line in lines if line.id is None and line.refused is None]
    faults: dict[str, set[str]] = {"lost": set(), "doubled": set(), "reordered": set(), "altered": set()}
    examples: list[str] = []
    for witness, heard in witnesses.items():
        for fault, message_id in _faults(lines, place, unknown, heard):
            if message_id not in faults[fault]:
                examples.append(f"{fault}: {message_id}, {witness}")
            faults[fault].add(message_id)
    return Verdict(
        sent=len(lines),
        acknowledged=len(place),
        delivered=sum(line.id is not None and line.heard_at is not None for line in lines),
        refused=sum(line.refused is not None for line in lines),
        unknown=len(unknown),
        examples=examples[:EXAMPLES],
        **{fault: len(ids) for fault, ids in faults.items()},
    )


def _faults(
    lines: Sequence[Line], place: Mapping[str, int], unknown: Sequence[Line], heard: Sequence[Heard]
) -> list[tuple[str, str]]:
    times = Counter(message_id for message_id, _, _ in heard)
    faults = [("lost", message_id) for message_id in place if message_id not in times]
    faults += [("doubled", message_id) for message_id, count in times.items() if count > 1]
    may_exist: Counter[tuple[str, str]] = Counter((line.side, line.text) for line in unknown)
    furthest = -1
    seen: set[str] = set()
    for message_id, text, side in heard:
        if message_id in seen:
            continue
        seen.add(message_id)
        index = place.get(message_id)
        if index is None:
            may_exist[side, text] -= 1
            if may_exist[side, text] < 0:
                faults.append(("doubled", message_id))
            continue
        if index < furthest:
            faults.append(("reordered", message_id))
        furthest = max(furthest, index)
        if text != lines[index].text:
            faults.append(("altered", message_id))
    return faults
