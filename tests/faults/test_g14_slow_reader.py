"""G14: a reader that stops reading costs bounded memory, is closed, and slows nobody."""

import asyncio
import re
import time
from pathlib import Path
from statistics import quantiles

from tests.faults.clients import Api, Json, Live
from tests.faults.crowd import caught_up
from tests.faults.history import BrokenPromise, check_stream
from tests.faults.load import Listener
from tests.faults.raw import RawLive
from tests.faults.sizes import figure
from tests.faults.town import Actor, Town
from tests.running import Server

STOPPED = figure(smoke=20, short=500, long=2_000)
HEALTHY = figure(smoke=8, short=50, long=50)
FLOOD_SECONDS = figure(smoke=8, short=25, long=1_800)
TEXT = "界" * 7_900
MESSAGES_A_SECOND = 40
P99_SECONDS = 0.5
GONE_SECONDS = 15.0
# An outbox of 1 MiB, the frame that is being joined from it, and the socket's own buffers.
BYTES_A_READER = 2_500_000
SLACK_BYTES = 60_000_000


async def test_readers_that_stop_are_closed_and_cost_bounded_memory_and_the_healthy_stay_fast(
    server: Server, api: Api, town: Town
) -> None:
    owner = await town.owner()
    person, conversation = await town.customer(owner.business_id)
    latencies = Latencies()
    healthy = [await Live.open(server, owner.token, hear=latencies.hear) for _ in range(HEALTHY)]
    before = _memory(server.pid)
    sockets = _open_sockets(server.pid)
    stopped = [await RawLive.open(server, owner.token) for _ in range(STOPPED)]
    watching = asyncio.create_task(_peak_memory(server.pid))
    await _flood(server, person, conversation, latencies)
    await _until_gone(server.pid, sockets)
    watching.cancel()
    peak = await watching

    ends = [await reader.ended(seconds=5) for reader in stopped]
    if strange := [end for end in ends if end not in (1013, 1006)]:
        raise BrokenPromise("G14", "stopped readers closed for another reason", strange)
    if peak - before > SLACK_BYTES + STOPPED * BYTES_A_READER:
        raise BrokenPromise("G14", "bytes of memory too many", [(before, peak)])
    assert all(live.close_code is None for live in healthy), "a healthy reader was closed"
    if (p99 := latencies.p99()) > P99_SECONDS:
        raise BrokenPromise("G14", f"healthy deliveries slower than {P99_SECONDS} s at p99", [p99])
    assert latencies.heard == latencies.sent * HEALTHY
    for live in healthy:
        await live.close()
    for reader in stopped:
        reader.close()


async def test_a_reader_that_was_too_slow_is_told_so_and_resumes_from_its_cursor_without_a_gap(
    server: Server, api: Api, town: Town
) -> None:
    owner = await town.owner()
    person, conversation = await town.customer(owner.business_id)
    async with await Live.open(server, owner.token) as live:
        cursor = live.ready["cursor"]
    slow = await RawLive.open(server, owner.token, cursor=cursor)
    ending = asyncio.create_task(_read_ever_slower(slow))
    async with await Live.open(server, person.token) as live:
        while not ending.done():
            at_once = [live.send(_post(conversation, f"{time.monotonic_ns()} {TEXT}")) for _ in range(5)]
            answers = await asyncio.gather(*at_once)
            assert all(answer["type"] == "ok" for answer in answers), answers
            await asyncio.sleep(1 / MESSAGES_A_SECOND)
    if (code := await ending) != 1013:
        raise BrokenPromise("G14", "slow readers not told that they were too slow", [code])

    screen = Listener(owner, "the slow reader, back again")
    screen.cursors[owner.business_id] = cursor
    listening = asyncio.create_task(screen.run(server))
    said = {m["seq"]: "message_posted" for m in await api.thread(conversation, token=owner.token)}
    await caught_up(screen, owner.business_id, max(said))
    listening.cancel()
    posted = [h for h in screen.of(owner.business_id) if h.name == "message_posted"]
    check_stream("G14", screen.name, posted, said)
    assert not screen.resyncs
    slow.close()


async def _read_ever_slower(reader: RawLive) -> int | None:
    """Sleep longer before each time of reading, until it was too long; the code it was closed with.

    The steps are shorter than the server waits for a reader that it has told so.
    """
    for second in range(1, 30):
        await asyncio.sleep(second)
        try:
            return await reader.ended(seconds=1)
        except TimeoutError:
            continue
    return None


class Latencies:
    """Seconds from the sending of each message to its arrival at each healthy reader."""

    def __init__(self) -> None:
        self._begun: dict[str, float] = {}
        self._seconds: list[float] = []
        self.sent = 0

    @property
    def heard(self) -> int:
        return len(self._seconds)

    def send(self) -> str:
        """A text to be told apart by its first word; its time runs from here."""
        self.sent += 1
        self._begun[str(self.sent)] = time.monotonic()
        return f"{self.sent} {TEXT}"

    def hear(self, frame: Json) -> None:
        if frame["type"] == "event" and frame["name"] == "message_posted":
            begun = self._begun[frame["body"]["text"].split(" ", 1)[0]]
            self._seconds.append(time.monotonic() - begun)

    def p99(self) -> float:
        return quantiles(self._seconds, n=100)[-1]


async def _flood(server: Server, person: Actor, conversation: str, latencies: Latencies) -> None:
    async with await Live.open(server, person.token) as live:
        end = time.monotonic() + FLOOD_SECONDS
        while (begun := time.monotonic()) < end:
            answer = await live.ask(_post(conversation, latencies.send()))
            assert answer["type"] == "ok", answer
            await asyncio.sleep(max(0.0, begun + 1 / MESSAGES_A_SECOND - time.monotonic()))
    async with asyncio.timeout(10):
        while latencies.heard < latencies.sent * HEALTHY:
            await asyncio.sleep(0.05)


async def _until_gone(pid: int, sockets: int) -> None:
    """Wait until the server holds no more sockets than it did without the stopped readers."""
    try:
        async with asyncio.timeout(GONE_SECONDS):
            while _open_sockets(pid) > sockets:
                await asyncio.sleep(0.1)
    except TimeoutError:
        still = _open_sockets(pid) - sockets
        raise BrokenPromise("G14", "stopped readers still held", [f"{still} sockets"]) from None


async def _peak_memory(pid: int) -> int:
    peak = 0
    try:
        while True:
            peak = max(peak, await asyncio.to_thread(_memory, pid))
            await asyncio.sleep(0.25)
    except asyncio.CancelledError:
        return peak


def _memory(pid: int) -> int:
    """PSS in bytes."""
    found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1024


def _open_sockets(pid: int) -> int:
    return sum(str(fd.readlink()).startswith("socket:") for fd in Path(f"/proc/{pid}/fd").iterdir())


def _post(conversation: str, text: str) -> Json:
    nonce = text.split(" ", 1)[0]
    return {"type": "post_message", "conversation_id": conversation, "nonce": nonce, "text": text}
