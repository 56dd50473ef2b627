"""The single writer: it takes whatever queued while the last commit ran, and commits that once.

Commands are plain functions `command(tx, *args)`. Each runs in a savepoint of its own, so a refusal undoes only
itself. A command marked `@set_wise` takes a list of arguments and gives a list of outcomes; a run of such calls
is one savepoint and a few statements. Callers are answered, and events published, only after the commit.
"""

import threading
from asyncio import Future
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, TypeVar

import msgspec
import structlog

from shopbell.kernel.database import Connection, Database, Unsettled
from shopbell.kernel.errors import Refusal, StorageDown, StorageFull, StorageUnsettled
from shopbell.kernel.events import Recorded
from shopbell.kernel.scope import Scope
from shopbell.kernel.transaction import Transaction

log = structlog.get_logger()

Command = Callable[..., Any]
C = TypeVar("C", bound=Command)
# Does the work of one run in a transaction: its result, or what it raised.
Guard = Callable[[Transaction, Connection, Callable[[], Any]], Any]
TRIES = 5


def set_wise(command: Command) -> Command:
    """Mark a command that takes a whole run of calls: `command(tx, [argument, ...]) -> [outcome, ...]`."""
    command.set_wise = True  # type: ignore[attr-defined]
    return command


def in_turn(names: Callable[..., Iterable[str]]) -> Callable[[C], C]:
    """Mark a command that changes what no business has to itself: one after the other where `names(*args)` meet.

    The writer takes all names of a batch before its first command, in one order, so that processes neither wait for
    each other in a circle nor decide by what another one is about to change.
    """

    def marked(command: C) -> C:
        command.names = names  # type: ignore[attr-defined]
        return command

    return marked


class Call(msgspec.Struct, eq=False):
    """A command waiting for the writer; `done` is called with its outcome, a result or an exception.

    It is left out if nobody waits for `outcome` any more when its turn comes.
    """

    business_id: str | None
    command: Command
    args: tuple[Any, ...]
    done: Callable[[Any], None]
    outcome: "Future[Any] | None" = None

    @property
    def is_wanted(self) -> bool:
        return self.outcome is None or not self.outcome.done()


class Interrupted(msgspec.Struct, frozen=True):
    """A signal: what is committed may not have been published, so open streams have to begin again."""


class Batch(msgspec.Struct, frozen=True):
    """What one commit brought."""

    calls: Sequence[Call]
    outcomes: Sequence[Any]
    recorded: Sequence[Recorded]
    signals: Sequence[object]
    left_jobs: bool


class Writer:
    """A thread that owns the one writing connection. `deliver` gets each batch, in order, on that thread."""

    def __init__(
        self,
        database: Database,
        epoch: str,
        clock: Callable[[], int],
        deliver: Callable[[Batch], None],
        *,
        batch: int,
    ) -> None:
        self._database = database
        self._epoch = epoch
        self._clock = clock
        self._deliver = deliver
        self._batch = batch
        self._interactive: deque[Call] = deque()
        self._bulk: deque[Call] = deque()
        self._awake = threading.Event()
        self._stopping = False
        self._last_now = 0
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)

    def start(self) -> None:
        self._connection = self._database.writer()
        self._thread.start()

    def submit(self, call: Call, *, bulk: bool = False) -> None:
        """Queue a call; bulk work waits until no person is waiting."""
        (self._bulk if bulk else self._interactive).append(call)
        if not self._awake.is_set():
            self._awake.set()

    def stop(self) -> None:
        """Finish everything queued, then end. Blocks until that is done."""
        self._stopping = True
        self._awake.set()
        self._thread.join()

    def _work(self) -> None:
        while True:
            self._awake.wait()
            self._awake.clear()
            while self._interactive or self._bulk:
                if calls := self._taken():
                    self._deliver(self._committed(calls))
            if self._stopping and not self._interactive and not self._bulk:
                if self._connection is not None:
                    self._connection.close()
                return

    def _taken(self) -> list[Call]:
        queue, limit = (self._interactive, self._batch) if self._interactive else (self._bulk, 1)
        taken: list[Call] = []
        while queue and len(taken) < limit:
            call = queue.popleft()
            if call.is_wanted:
                taken.append(call)
        return taken

    def _committed(self, calls: list[Call]) -> Batch:
        """The calls, done and durable. A storage error runs each call alone, so one cannot refuse the others."""
        try:
            return self._tried(calls)
        except Exception as error:
            if len(calls) == 1 or self._database.is_down(error):
                signals = [Interrupted()] if isinstance(error, Unsettled) else []
                return Batch(calls, [self._blame(error)] * len(calls), [], signals, left_jobs=False)
            batches = [self._committed([call]) for call in calls]
        return Batch(
            calls,
            [batch.outcomes[0] for batch in batches],
            [recorded for batch in batches for recorded in batch.recorded],
            [signal for batch in batches for signal in batch.signals],
            left_jobs=any(batch.left_jobs for batch in batches),
        )

    def _tried(self, calls: list[Call]) -> Batch:
        for left in reversed(range(TRIES)):
            try:
                return self._attempt(calls)
            except Exception as error:
                if not left or not self._database.is_transient(error):
                    raise
                # One new connection is worth a try; waiting for more of them would keep everybody waiting.
                if self._database.is_down(error) and left < TRIES - 1:
                    raise
                log.info("batch_runs_again", reason=type(error).__name__)
        raise AssertionError("unreachable")

    def _attempt(self, calls: list[Call]) -> Batch:
        connection = self._writing()
        self._last_now = max(self._clock(), self._last_now + 1)
        tx = Transaction(connection, self._epoch, self._last_now)
        try:
            businesses = sorted({call.business_id for call in calls if call.business_id})
            connection.begin(Scope(businesses, house=True))
            tx.lock_heads(businesses)
            if self._database.locks_rows:
                connection.lock_names({name for call in calls for name in _names(call)})
            together = list(runs(calls))
            # A run that is alone needs no savepoint: what it did is undone with the whole transaction.
            guard = self._guarded if len(together) > 1 else _unguarded
            outcomes = [outcome for run in together for outcome in self._ran(tx, connection, run, guard)]
            tx.save()
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
        self._last_now = tx.now
        return Batch(calls, outcomes, tx.recorded, tx.signals, left_jobs=bool(tx.jobs))

    def _writing(self) -> Connection:
        if self._connection is None:
            self._connection = self._database.writer()
        return self._connection

    def _ran(self, tx: Transaction, connection: Connection, run: list[Call], guard: Guard) -> list[Any]:
        """The outcomes of one run: one ordinary call, or neighbours of the same set-wise command."""
        tx.now += 1
        command = run[0].command
        if not hasattr(command, "set_wise"):
            return [guard(tx, connection, lambda: command(tx, *run[0].args))]
        outcomes = guard(tx, connection, lambda: command(tx, [call.args[0] for call in run]))
        if isinstance(outcomes, Exception):
            if len(run) == 1:
                return [outcomes]
            return [outcome for call in run for outcome in self._ran(tx, connection, [call], guard)]
        return list(outcomes)

    def _guarded(self, tx: Transaction, connection: Connection, work: Callable[[], Any]) -> Any:
        """The outcome of the work in a savepoint: its result, or what it raised after all of it is undone."""
        mark = tx.mark()
        connection.run("SAVEPOINT command", {})
        try:
            result = work()
        except Exception as error:
            # Some storage errors end the whole transaction: then nothing is left to go back to.
            if self._database.is_storage(error):
                raise
            connection.run("ROLLBACK TO command", {})
            connection.run("RELEASE command", {})
            tx.back_to(mark)
            return error
        connection.run("RELEASE command", {})
        return result

    def _blame(self, error: Exception) -> Exception:
        if isinstance(error, Refusal):
            return error
        if self._database.is_full(error):
            return StorageFull()
        if isinstance(error, Unsettled):
            return StorageUnsettled()
        if self._database.is_transient(error) or self._database.is_down(error):
            return StorageDown()
        log.error("command_failed", exc_info=error)
        return error


def _names(call: Call) -> Iterable[str]:
    """Those that the call has to have to itself."""
    found: Iterable[str] = call.command.names(*call.args) if hasattr(call.command, "names") else ()
    return found


def _unguarded(tx: Transaction, connection: Connection, work: Callable[[], Any]) -> Any:
    return work()


def runs(calls: Sequence[Call]) -> Iterator[list[Call]]:
    """Neighbours of one set-wise command together, every other call alone, order kept."""
    for command, group in groupby(calls, key=lambda call: call.command):
        if hasattr(command, "set_wise"):
            yield list(group)
        else:
            yield from ([call] for call in group)
