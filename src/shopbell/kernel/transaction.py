"""What a command works on: reads, writes, events to record, jobs to leave, all of one commit."""

from collections.abc import Sequence
from typing import Any

import msgspec

from shopbell.kernel import ids
from shopbell.kernel.database import Connection, Insert, Row, Snapshot, Update
from shopbell.kernel.events import APPEND, Event, Recorded

# Every process locks in this order, so that none waits for one that waits for it.
HEADS = "SELECT business_id, seq FROM event_heads WHERE business_id IN :ids ORDER BY business_id"
SAVE_HEADS = Update("event_heads", "seq bigint", key="business_id text")
LEAVE_JOBS = Insert("jobs", "id text, kind text, payload text, run_at bigint, attempts bigint")


class Mark(msgspec.Struct, frozen=True):
    """How far a transaction had come, to go back to when a command is refused."""

    heads: dict[str, int]
    recorded: int
    written: int
    jobs: int
    signals: int


class Transaction(Snapshot):
    """The open batch of the single writer. `now` is in microseconds and never runs backwards in a process."""

    now: int

    def __init__(self, connection: Connection, epoch: str, now: int) -> None:
        super().__init__(connection, epoch)
        self.now = now
        self.heads: dict[str, int] = {}
        self.recorded: list[Recorded] = []
        self._written = 0
        self.jobs: list[Row] = []
        self.signals: list[object] = []

    def run(self, sql: str, **params: Any) -> int:
        """Execute a statement and give the number of rows changed."""
        return self._connection.run(sql, params)

    def many(self, statement: Insert | Update, rows: Sequence[Row]) -> None:
        """Write many rows with one statement."""
        if rows:
            self._connection.many(statement, rows)

    def record(
        self,
        business_id: str,
        event: Event,
        *,
        person_id: str | None = None,
        conversation_id: str | None = None,
    ) -> int:
        """Append the event to the business's stream and give its number.

        `person_id` is the person who may hear of it, where its audience includes one. Raises KeyError when the
        caller did not declare the business to the writer.
        """
        seq = self.heads[business_id] + 1
        self.heads[business_id] = seq
        self.recorded.append(Recorded(business_id, seq, self.now, event, person_id, conversation_id))
        return seq

    def next_seq(self, business_id: str) -> int:
        """The number the next recorded event will get."""
        return self.heads[business_id] + 1

    def open_stream(self, business_id: str) -> None:
        """Begin the event stream of a new business, which may be written to from here on."""
        self._connection.admit(business_id)
        self.run("INSERT INTO event_heads (business_id, seq, floor) VALUES (:id, 0, 0)", id=business_id)
        self.heads[business_id] = 0

    def job(self, kind: str, payload: dict[str, Any], *, at: int | None = None) -> None:
        """Leave work that happens if and only if this commits; `at` in microseconds, now when left out."""
        due = self.now if at is None else at
        self.jobs.append((ids.new(), kind, msgspec.json.encode(payload).decode(), due, 0))

    def signal(self, notice: object) -> None:
        """Tell this process's listeners after the commit, before the caller is answered; never stored."""
        self.signals.append(notice)

    @property
    def skip_locked(self) -> str:
        """The end of a `SELECT` that takes rows no other process is taking."""
        return self._connection.skip_locked

    def lock_heads(self, business_ids: Sequence[str]) -> None:
        """Load the stream heads of the batch's businesses, locked in id order where others write too."""
        if business_ids:
            self.heads.update(self.rows(HEADS + self._connection.for_update, ids=list(business_ids)))

    def mark(self) -> Mark:
        return Mark(dict(self.heads), len(self.recorded), self._written, len(self.jobs), len(self.signals))

    def back_to(self, mark: Mark) -> None:
        """Forget what was recorded since the mark; the savepoint undoes the tables."""
        self.heads = dict(mark.heads)
        del self.recorded[mark.recorded :]
        self._written = mark.written
        del self.jobs[mark.jobs :]
        del self.signals[mark.signals :]

    def write_log(self) -> None:
        """Have every event recorded so far stand in the log's table, for a command that looks there."""
        self.many(APPEND, [recorded.log_row() for recorded in self.recorded[self._written :]])
        self._written = len(self.recorded)

    def save(self) -> None:
        """Write the events, the stream heads and the jobs of the whole batch, each with one statement."""
        self.write_log()
        last = {recorded.business_id: recorded.seq for recorded in self.recorded}
        self.many(SAVE_HEADS, [(seq, business_id) for business_id, seq in last.items()])
        self.many(LEAVE_JOBS, self.jobs)
