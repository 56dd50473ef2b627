"""NATS, as far as it is needed here: told and forgotten, since the truth is in the database."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError

log = structlog.get_logger()

# What waits to be sent. A bus that takes no more is as good as down, and the log has everything.
WAITING = 10_000
WAITING_BYTES = 32 * 1024 * 1024
# What the client may hold of it. From 2 MiB on it lets nobody go who publishes, even after the connection has ended.
PENDING_BYTES = 1024 * 1024
DRAIN_SECONDS = 0.005
CONNECT_SECONDS = 2
CHECK_SECONDS = 0.25
AGAIN_SECONDS = 0.5
MOST_AGAIN_SECONDS = 5.0
PING_SECONDS = 2
FOLLOW_SECONDS = 1.0
STOP_SECONDS = 1.0


class Bus:
    """A connection that comes back by itself.

    `missed` is called whenever messages of others may have been lost on their way here, `lost` when what was taken
    here may have been lost on its way to them.
    """

    def __init__(self, url: str, *, missed: Callable[[], None], lost: Callable[[], None]) -> None:
        self._url = url
        self._missed = missed
        self._lost = lost
        self._client = Client()
        self._subscriptions: dict[str, Subscription] = {}
        self._wanted: dict[str, Callable[[bytes], None]] = {}
        self._waiting: deque[tuple[str, bytes]] = deque()
        self._waiting_bytes = 0
        self._has_mail = asyncio.Event()
        self._is_broken = False
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def is_up(self) -> bool:
        return self._client.is_connected and not self._is_broken

    def start(self) -> None:
        """Connect, now or as soon as it can be; returns at once."""
        self._tasks = [asyncio.create_task(self._stay_connected()), asyncio.create_task(self._send())]

    async def stop(self) -> None:
        """Send what waits, and leave."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(TimeoutError, NatsError):
            async with asyncio.timeout(STOP_SECONDS):
                await self._send_waiting()
                if self.is_up:
                    await self._client.flush()
                await self._client.close()

    def tell(self, subject: str, message: bytes) -> bool:
        """Send it soon, in order; False when it is dropped, since the bus is down or takes no more."""
        if not self.is_up:
            return False
        if len(self._waiting) == WAITING or self._waiting_bytes + len(message) > WAITING_BYTES:
            return False
        self._waiting.append((subject, message))
        self._waiting_bytes += len(message)
        self._has_mail.set()
        return True

    async def follow(self, subject: str, hear: Callable[[bytes], None]) -> None:
        """Hear what is told under the subject; once this returns, nothing told from then on is missed while up."""
        self._wanted[subject] = hear
        if self.is_up:
            with suppress(NatsError, TimeoutError):
                await self._subscribe(subject)
                # The client writes its ping ahead of what it has queued, as the subscription may still be; by the time
                # of the pong that is written, and the second ping comes behind it.
                for _ in range(2):
                    await self._client.flush(timeout=FOLLOW_SECONDS)  # type: ignore[arg-type]  # a float serves as well
                return
        self._missed()

    def unfollow(self, subject: str) -> None:
        self._wanted.pop(subject, None)
        if (subscription := self._subscriptions.pop(subject, None)) is not None:
            self._leave(subscription)

    def _leave(self, subscription: Subscription) -> None:
        leaving = asyncio.create_task(_left(subscription))
        self._tasks.append(leaving)
        leaving.add_done_callback(self._tasks.remove)

    async def _stay_connected(self) -> None:
        pause = AGAIN_SECONDS
        while True:
            try:
                await self._connect()
                if self.is_up:
                    pause = AGAIN_SECONDS
                    await self._returned()
            except Exception as error:
                log.warning("bus_failed", reason=f"{type(error).__name__}: {error}")
            if self.is_up:
                # Asked, since the client calls nobody back when its own closing fails.
                while self.is_up:
                    await asyncio.sleep(CHECK_SECONDS)
                self._cut_off()
            with suppress(Exception):
                await self._client.close()
            await asyncio.sleep(pause)
            pause = min(2 * pause, MOST_AGAIN_SECONDS)

    async def _connect(self) -> None:
        # A new one each time: the client's own way back ends for good when the server refuses it.
        self._client = Client()
        self._is_broken = False
        self._subscriptions.clear()
        self._drop_waiting()
        await self._client.connect(
            self._url,
            no_echo=True,
            connect_timeout=CONNECT_SECONDS,
            allow_reconnect=False,
            max_reconnect_attempts=-1,
            reconnect_time_wait=AGAIN_SECONDS,  # type: ignore[arg-type]  # seconds may be broken
            ping_interval=PING_SECONDS,
            max_outstanding_pings=2,
            error_cb=self._failed,
        )

    async def _returned(self) -> None:
        log.info("bus_connected")
        for subject in [*self._wanted]:
            await self._subscribe(subject)
        self._missed()

    def _cut_off(self) -> None:
        log.warning("bus_lost", reason=str(self._client.last_error))
        self._missed()
        self._lost()

    async def _subscribe(self, subject: str) -> None:
        if subject in self._wanted and subject not in self._subscriptions:
            hear = self._wanted[subject]

            async def heard(message: Msg) -> None:
                hear(message.data)

            client = self._client
            subscription = await client.subscribe(subject, cb=heard)
            is_wanted = self._wanted.get(subject) is hear and subject not in self._subscriptions
            if is_wanted and client is self._client:
                self._subscriptions[subject] = subscription
            else:
                # Somebody left, or came again, or the connection is another, while this was under way.
                self._leave(subscription)

    async def _send(self) -> None:
        while True:
            await self._has_mail.wait()
            self._has_mail.clear()
            await self._send_waiting()

    async def _send_waiting(self) -> None:
        while self._waiting:
            if not self.is_up:
                self._drop_waiting()
                self._lost()
                return
            if self._client.pending_data_size > PENDING_BYTES:
                await asyncio.sleep(DRAIN_SECONDS)
                continue
            subject, message = self._waiting.popleft()
            self._waiting_bytes -= len(message)
            try:
                await self._client.publish(subject, message)
            except NatsError as error:
                log.info("bus_dropped", reason=type(error).__name__)
                self._lost()
            except Exception as error:
                # As of a connection that the event loop has closed while the client takes it for whole.
                log.warning("bus_failed", reason=f"{type(error).__name__}: {error}")
                self._is_broken = True
                self._lost()

    def _drop_waiting(self) -> None:
        self._waiting.clear()
        self._waiting_bytes = 0

    async def _failed(self, error: Exception) -> None:
        # Also a consumer that is too slow, whose messages are dropped.
        if self.is_up:
            log.warning("bus_failed", reason=f"{type(error).__name__}: {error}")
            self._missed()
            self._lost()


async def _left(subscription: Subscription) -> None:
    with suppress(NatsError):
        await subscription.unsubscribe()
