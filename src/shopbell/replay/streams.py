"""Whether the event numbers that arrived are all there, once each and rising."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass


class Stream:
    """The event numbers of one live connection, in the order of arrival, across its reconnections."""

    def __init__(self) -> None:
        self.seqs = array("q")
        self.resyncs = 0

    def note(self, seq: int) -> None:
        self.seqs.append(seq)

    @property
    def last(self) -> int:
        return self.seqs[-1] if self.seqs else 0


@dataclass(frozen=True, slots=True)
class StreamFaults:
    """`gaps` counts event numbers that never came, to one listener or to any."""

    events: int
    gaps: int
    doubled: int
    reordered: int
    resyncs: int


def examine(whole: Sequence[Stream], partial: Sequence[Stream], *, alone: bool) -> StreamFaults:
    """Compares the streams of one business.

    `whole` streams hear all that staff may hear, so what one of them heard the others must have heard;
    `partial` ones hear their own thread. When the replay is `alone` with the business, every number from
    the first to the last belongs to somebody who listened, so a number that nobody heard is a gap too.
    """
    everything = [*whole, *partial]
    heard = [set(stream.seqs) for stream in whole]
    shared_from = max((min(seqs) for seqs in heard if seqs), default=0)
    by_any_staff = {seq for seqs in heard for seq in seqs if seq >= shared_from}
    gaps = sum(len(by_any_staff - seqs) for seqs in heard)
    if alone and by_any_staff:
        by_anybody = by_any_staff.union(*(stream.seqs for stream in partial))
        gaps += sum(seq not in by_anybody for seq in range(shared_from, max(by_any_staff) + 1))
    return StreamFaults(
        events=sum(len(stream.seqs) for stream in everything),
        gaps=gaps,
        doubled=sum(len(stream.seqs) - len(set(stream.seqs)) for stream in everything),
        reordered=sum(_descents(stream.seqs) for stream in everything),
        resyncs=sum(stream.resyncs for stream in everything),
    )


def _descents(seqs: Sequence[int]) -> int:
    highest = 0
    descents = 0
    seen: set[int] = set()
    for seq in seqs:
        descents += seq < highest and seq not in seen
        highest = max(highest, seq)
        seen.add(seq)
    return descents
