"""The door to the data: `do` a command, `read` a query, hear what was committed."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import local
from typing import Any, Concatenate, ParamSpec, TypeVar

import structlog

from shopbell.kernel import clock as wall
from shopbell.kernel.database import Connection, Database, Snapshot
from shopbell.kernel.errors import Refusal, Stopping, StorageDown, StorageUnsettled
from shopbell.kernel.events import Recorded
from shopbell.kernel.patience import Patience
from shopbell.kernel.scope import Scope, Scoped
from shopbell.kernel.transaction import Transaction
from shopbell.kernel.writer import Batch, Call, Writer

log = structlog.get_logger()

READERS = 2
BATCH = 256

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S")
A = TypeVar("A")
Asker = TypeVar("Asker", bound=Scoped)
EventListener = Callable[[Sequence[Recorded]], None]


class Desk:
    """One per process; lives on the event loop that calls `start`."""

    def __init__(self, database: Database, *, clock: Callable[[], int] = wall.now, batch: int = BATCH) -> None:
        self.database = database
        self.epoch = _epoch(database)
        self.clock = clock
        self._writer = Writer(database, self.epoch, clock, self._hand_over, batch=batch)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._local = local()
        self._connections: list[Connection] = []
        self._on_events: list[EventListener] = []
        self._on_signal: dict[type, list[Callable[[Any], None]]] = {}
        self._on_own_signals: list[Callable[[object], None]] = []
        self.jobs_left = asyncio.Event()
        self._stopping = False

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        endless = not self.database.falls_silent
        self._with_writer, self._with_readers = Patience(endless=endless), Patience(READERS, endless=endless)
        self._writer.start()

    async def stop(self) -> None:
        """Refuse new commands, finish those queued, close every connection."""
        self._stopping = True
        await asyncio.to_thread(self._writer.stop)
        self._readers.shutdown()
        for connection in self._connections:
            connection.close()

    def hear(self, listener: EventListener) -> None:
        """Call the listener with the events of each commit, in order, on the event loop."""
        self._on_events.append(listener)

    def hear_signal(self, kind: type[S], listener: Callable[[S], None]) -> None:
        """Call the listener with each signal of that kind, before the command that gave it is answered."""
        self._on_signal.setdefault(kind, []).append(listener)

    def hear_own_signals(self, listener: Callable[[object], None]) -> None:
        """Call the listener with every signal that a command of this process gave."""
        self._on_own_signals.append(listener)

    def signalled(self, signal: object) -> None:
        """Take a signal, of a command here or in another process."""
        for listener in self._on_signal.get(type(signal), ()):
            _guarded(listener, signal)

    def send(
        self,
        business_id: str | None,
        command: Callable[..., Any],
        *args: Any,
        done: Callable[[Any], None],
        bulk: bool = False,
    ) -> None:
        """Queue a command; `done` gets its result or its exception on the event loop, after the commit."""
        if self._stopping:
            done(Stopping())
            return
        self._writer.submit(Call(business_id, command, args, done), bulk=bulk)

    async def do(
        self,
        business_id: str | None,
        command: Callable[Concatenate[Transaction, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Run the command and give its result once it is durable.

        `business_id` is the business whose events it may record. Raises the command's Refusal, StorageFull,
        StorageDown, StorageUnsettled when storage has fallen silent, or Stopping during shutdown.
        """
        found: R = await self._asked(business_id, partial(command, **kwargs) if kwargs else command, args)
        return found

    async def see_through(
        self,
        business_id: str | None,
        command: Callable[Concatenate[Transaction, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """As `do`, however long storage is silent: for whom no outcome may get lost."""
        bound = partial(command, **kwargs) if kwargs else command
        found: R = await self._queued(business_id, bound, args)
        return found

    async def do_later(
        self,
        business_id: str | None,
        command: Callable[Concatenate[Transaction, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """As `do`, but behind every command that somebody waits for."""
        bound = partial(command, **kwargs) if kwargs else command
        found: R = await self._asked(business_id, bound, args, bulk=True)
        return found

    async def one_of(
        self, business_id: str, command: Callable[[Transaction, Sequence[A]], Sequence[R | Refusal]], argument: A
    ) -> R:
        """Run a set-wise command on one argument, together with whatever others ask of it; else as `do`."""
        found: R = await self._asked(business_id, command, (argument,))
        return found

    async def _asked(
        self, business_id: str | None, command: Callable[..., Any], args: tuple[Any, ...], *, bulk: bool = False
    ) -> Any:
        """Queue the command and wait for its outcome."""
        self._with_writer.check()
        return await self._with_writer.wait(self._queued(business_id, command, args, bulk=bulk), StorageUnsettled())

    def _queued(
        self, business_id: str | None, command: Callable[..., Any], args: tuple[Any, ...], *, bulk: bool = False
    ) -> "asyncio.Future[Any]":
        """The outcome to come; cancelled, or settled otherwise, before its turn, the command is left out."""
        if self._stopping:
            raise Stopping
        future: asyncio.Future[Any] = self._loop.create_future()
        self._writer.submit(Call(business_id, command, args, partial(_settle, future), future), bulk=bulk)
        return future

    async def read(
        self, query: Callable[Concatenate[Snapshot, Asker, P], R], asker: Asker, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run the query in a read transaction that sees what its asker may see. Raises as `read_for` does."""
        bound = partial(query, **kwargs) if kwargs else query
        return await self.read_for(asker.scope, bound, asker, *args)

    async def read_for(
        self, scope: Scope, query: Callable[Concatenate[Snapshot, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run the query in a read transaction of that scope, on a reader thread. Raises StorageDown, or Stopping."""
        if self._stopping:
            raise Stopping
        bound = partial(query, **kwargs) if kwargs else query
        self._with_readers.check()
        future: asyncio.Future[Any] = self._loop.create_future()
        self._readers.submit(self._read_into, future, scope, bound, args)
        self._with_readers.begun()
        found: R = await self._with_readers.wait(future, StorageDown())
        return found

    def _read_into(self, future: "asyncio.Future[Any]", scope: Scope, query: Callable[..., Any], args: Any) -> None:
        """Settle the future from a reader thread, unless nobody waits for it any more."""
        if future.done():
            self._loop.call_soon_threadsafe(self._with_readers.freed)
            return
        try:
            outcome = self._queried(scope, query, args)
        except Exception as error:
            outcome = error
        self._loop.call_soon_threadsafe(self._has_read, future, outcome)

    def _has_read(self, future: "asyncio.Future[Any]", outcome: Any) -> None:
        self._with_readers.freed()
        self._with_readers.heard(outcome)
        _settle(future, outcome)

    def _queried(self, scope: Scope, query: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        """The answer; asked again once, since the database may have restarted since the connection was last used."""
        for again in (True, False):
            try:
                return self._answered(scope, query, args)
            except Exception as error:
                if not self.database.is_transient(error):
                    raise
                if not again:
                    raise StorageDown from error
        raise AssertionError("unreachable")

    def _answered(self, scope: Scope, query: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        connection = self._reading()
        try:
            connection.begin(scope)
            found = query(Snapshot(connection, self.epoch), *args)
            # Not a rollback: psycopg would forget what it has prepared.
            connection.commit()
            return found
        except BaseException:
            connection.rollback()
            raise

    def _reading(self) -> Connection:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self.database.reader()
            self._connections.append(connection)
        return connection

    def _hand_over(self, batch: Batch) -> None:
        self._loop.call_soon_threadsafe(self._publish, batch)

    def _publish(self, batch: Batch) -> None:
        # One that failed failed for all.
        self._with_writer.heard(batch.outcomes[0])
        for signal in batch.signals:
            self.signalled(signal)
            for listener in self._on_own_signals:
                _guarded(listener, signal)
        for call, outcome in zip(batch.calls, batch.outcomes, strict=True):
            _guarded(call.done, outcome)
        if batch.recorded:
            for hear in self._on_events:
                _guarded(hear, batch.recorded)
        if batch.left_jobs:
            self.jobs_left.set()


def _guarded(listener: Callable[[Any], None], news: Any) -> None:
    """Tell one listener; its fault must not keep the news from the others."""
    try:
        listener(news)
    except Exception as error:
        log.error("listener_failed", exc_info=error)


def _settle(future: "asyncio.Future[Any]", outcome: Any) -> None:
    if future.done():
        return
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)


def _epoch(database: Database) -> str:
    connection = database.reader()
    try:
        found = connection.rows("SELECT value FROM store WHERE name = 'epoch'", {})
    finally:
        connection.close()
    return str(found[0][0])
