"""Exactly once, in order, as written: what every listener heard against what was acknowledged."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bench.rig.authors import Author
from bench.rig.sockets import Listener


@dataclass
class Verdict:
    """Counts over all listeners; all but the first two must be nought."""

    expected: int = 0
    delivered: int = 0
    missing: int = 0
    doubled: int = 0
    misordered: int = 0
    altered: int = 0
    unknown: int = 0
    unacknowledged: int = 0
    acknowledged_out_of_turn: int = 0
    shared_ids: int = 0
    sockets_closed: int = 0
    resyncs: int = 0
    closed_with: list[int] = field(default_factory=list)

    @property
    def faults(self) -> int:
        lost = self.missing + self.unacknowledged + self.sockets_closed + self.resyncs
        repeated = self.doubled + self.shared_ids
        strange = self.altered + self.unknown
        return lost + repeated + strange + self.misordered + self.acknowledged_out_of_turn

    def judge_authors(self, authors: Iterable[Author]) -> None:
        for author in authors:
            self.unacknowledged += author.waiting
            self.acknowledged_out_of_turn += author.acknowledged_out_of_turn

    def judge(self, listener: Listener, authors: Iterable[Author]) -> None:
        """Compares what `listener` heard with all that `authors`, whom it may hear, had acknowledged."""
        written = {
            message_id: (author.seqs[number], author.text(number))
            for author in authors
            for number, message_id in enumerate(author.ids)
        }
        self.shared_ids += sum(len(author.ids) for author in authors) - len(written)
        before = 0
        seen = set()
        for event in listener.heard:
            message_id = event.body.id
            self.misordered += event.seq <= before
            before = event.seq
            if message_id in seen:
                self.doubled += 1
            elif message_id not in written:
                self.unknown += 1
            else:
                self.altered += written[message_id] != (event.seq, event.body.text)
            seen.add(message_id)
        self.expected += len(written)
        self.delivered += len(listener.heard)
        self.missing += len(written.keys() - seen)
        self.resyncs += listener.resyncs
        if listener.closed_with is not None:
            self.sockets_closed += 1
            self.closed_with.append(listener.closed_with)
