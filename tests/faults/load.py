"""Senders and listeners that never give up: they reconnect, re-send in order, and resume by cursor."""

import asyncio
import itertools
import random
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

import httpx

from tests.faults.clients import Api, Disconnected, Endpoint, Json, Live
from tests.faults.history import Heard, History, Operation
from tests.faults.town import Actor

RETRY_SECONDS = 0.05
WINDOW = 8


@dataclass(frozen=True)
class Draft:
    """Something to say, said once however often it is sent."""

    nonce: str
    text: str


class Sender:
    """One author in one conversation with an outbox; unique texts, by socket or by REST."""

    def __init__(self, author: Actor, conversation_id: str, history: History, *, pause_seconds: float = 0.01) -> None:
        self.author = author
        self.conversation_id = conversation_id
        self._history = history
        self._pause = pause_seconds
        self._numbers = itertools.count(1)
        self._unacknowledged: deque[Draft] = deque()
        self._stopping = False
        self._random = random.Random(author.id)

    @property
    def idle(self) -> bool:
        """Whether everything begun was answered."""
        return not self._unacknowledged

    def stop(self) -> None:
        """Begin nothing new; what is unacknowledged is still sent until it is answered."""
        self._stopping = True

    async def over_socket(self, endpoint: Endpoint) -> None:
        """Send with up to `WINDOW` frames in flight until stopped and idle."""
        while not (self._stopping and self.idle):
            try:
                async with await Live.open(endpoint, self.author.token) as live:
                    await self._in_flight(live)
            except (Disconnected, TimeoutError):
                await asyncio.sleep(RETRY_SECONDS * self._random.uniform(0.5, 1.5))

    async def over_rest(self, api: Api) -> None:
        """Send one after another until stopped and idle."""
        while not (self._stopping and self.idle):
            draft = self._unacknowledged[0] if self._unacknowledged else self._draft()
            operation = self._invoked("rest", draft)
            try:
                answer = await api.call(
                    "POST", f"/conversations/{self.conversation_id}/messages",
                    {"nonce": draft.nonce, "text": draft.text}, token=self.author.token,
                )  # fmt: skip
            except httpx.TransportError:
                operation.unknown()
                await asyncio.sleep(RETRY_SECONDS)
                continue
            if answer.is_success:
                operation.ok(answer.json())
                self._unacknowledged.popleft()
                await asyncio.sleep(self._pause)
            else:
                self._refused(operation, answer.json())
                await asyncio.sleep(RETRY_SECONDS)

    async def _in_flight(self, live: Live) -> None:
        flying: deque[tuple[Operation, asyncio.Future[Json]]] = deque()
        for draft in self._unacknowledged:
            flying.append(self._sent(live, draft))
        try:
            while not (self._stopping and self.idle):
                while len(flying) < WINDOW and not self._stopping:
                    flying.append(self._sent(live, self._draft()))
                operation, answer = flying.popleft()
                try:
                    # Not wait_for: until Python 3.12 it forgets that it is cancelled when the answer is there already.
                    async with asyncio.timeout(5):
                        frame = await answer
                except (Disconnected, TimeoutError):
                    operation.unknown()
                    raise
                if frame["type"] == "refused":
                    self._refused(operation, frame["problem"])
                    raise Disconnected(None)
                operation.ok(frame)
                self._unacknowledged.popleft()
                await asyncio.sleep(self._pause)
        finally:
            for operation, answer in flying:
                _ended(operation, answer)

    def _draft(self) -> Draft:
        number = next(self._numbers)
        filler = "ä🙂 " * self._random.randrange(1, 40)
        draft = Draft(f"n{number}", f"{self.author.id} {self.conversation_id} {number} {filler}")
        self._unacknowledged.append(draft)
        return draft

    def _sent(self, live: Live, draft: Draft) -> "tuple[Operation, asyncio.Future[Json]]":
        operation = self._invoked("socket", draft)
        return operation, live.send({
            "type": "post_message", "conversation_id": self.conversation_id,
            "nonce": draft.nonce, "text": draft.text,
        })  # fmt: skip

    def _invoked(self, verb: str, draft: Draft) -> Operation:
        return self._history.invoke(self.author.id, verb, self.conversation_id, draft.nonce, draft.text)

    def _refused(self, operation: Operation, problem: Json) -> None:
        operation.fail(problem)
        # Nothing a sender does here may be refused but by a server that is stopping or whose storage is away.
        if problem["status"] not in (503, 507):
            raise AssertionError(f"refused: {problem}")


def _ended(operation: Operation, answer: "asyncio.Future[Json]") -> None:
    """Write down what came of a frame nobody waited for; an answer that already arrived still counts."""
    if not answer.done() or answer.cancelled() or answer.exception() is not None:
        operation.unknown()
    elif answer.result()["type"] == "ok":
        operation.ok(answer.result())
    else:
        operation.fail(answer.result()["problem"])


class Listener:
    """One open screen: keeps the last cursor of each business and resumes from it after every cut.

    It gives up a socket that was silent for `silence_seconds`, and with `stay_seconds` any socket after a
    random time between the two.
    """

    def __init__(
        self,
        actor: Actor,
        name: str,
        *,
        silence_seconds: float | None = None,
        stay_seconds: tuple[float, float] | None = None,
    ) -> None:
        self.actor = actor
        self.name = name
        self.heard: list[Heard] = []
        self.resyncs: list[Json] = []
        self.connections = 0
        self.cursors: dict[str, str] = {}
        self.first: dict[str, str] = {}
        self.ready = asyncio.Event()
        self._reached: dict[str, int] = {}
        self._silence = silence_seconds
        self._stay = stay_seconds
        self._random = random.Random(name)
        self._live: Live | None = None

    async def run(self, endpoint: Endpoint) -> None:
        """Listen until cancelled."""
        while True:
            try:
                self._live = await Live.open(
                    endpoint, self.actor.token, cursors=self.cursors, hear=self._hear, open_seconds=3
                )
                self._begin(self._live.ready)
                await self._until_gone(self._live)
            except Disconnected:
                await asyncio.sleep(RETRY_SECONDS)
            finally:
                if self._live is not None:
                    self._live.abort()

    def seq_reached(self, business_id: str) -> int:
        """The seq of the last event of that business, 0 before any."""
        return self._reached.get(business_id, 0)

    def of(self, business_id: str) -> list[Heard]:
        """What was heard of one business, in order of arrival."""
        return [h for h in self.heard if h.business_id == business_id]

    async def _until_gone(self, live: Live) -> None:
        loop = asyncio.get_running_loop()
        if self._stay is not None:
            await asyncio.sleep(self._random.uniform(*self._stay))
            return
        while True:
            try:
                await live.closed(seconds=0.25)
            except TimeoutError:
                # A black hole says nothing at all; only silence betrays it.
                if self._silence is not None and loop.time() - live.last_frame > self._silence:
                    return
            else:
                return

    def _begin(self, ready: Json) -> None:
        self.connections += 1
        starts = ready["cursors"] if "cursors" in ready else {self.actor.business_id: ready["cursor"]}
        for business_id, cursor in starts.items():
            self.cursors.setdefault(business_id, cursor)
            self.first.setdefault(business_id, cursor)
        self.ready.set()

    def _hear(self, frame: Json) -> None:
        match frame["type"]:
            case "event":
                self.heard.append(Heard(
                    frame["business_id"], frame["seq"], frame["name"], frame["cursor"],
                    self.connections, frame["body"],
                ))  # fmt: skip
                self._reached[frame["business_id"]] = frame["seq"]
                self.cursors[frame["business_id"]] = frame["cursor"]
            case "cursor":
                self.cursors[frame["business_id"]] = frame["cursor"]
            case "resync":
                self.resyncs.append(frame)
                self.cursors[frame["business_id"]] = frame["cursor"]


async def finished(senders: Iterable[Sender], tasks: Iterable["asyncio.Task[None]"], *, seconds: float) -> None:
    """Stop the senders and wait until each has had its last answer; TimeoutError after `seconds`."""
    for sender in senders:
        sender.stop()
    async with asyncio.timeout(seconds):
        await asyncio.gather(*tasks)
