"""G2: an acknowledged message survives a power cut at any instant."""

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.faults import strace
from tests.faults.clients import Api
from tests.faults.crowd import Crowd, gathered
from tests.faults.history import BrokenPromise, Outcome, check_messages
from tests.faults.killer import mortal
from tests.faults.powercut import Tear, after_cut
from tests.faults.sizes import ENGINE, figure
from tests.faults.town import Town
from tests.running import DidNotServe, Server, Service

RECORDINGS = figure(smoke=1, short=10, long=400)
CUTS_A_RECORDING = figure(smoke=10, short=50, long=50)
LOAD_SECONDS = 1.5
AT_ONCE = 2
# Less and more than what is written at once.
FILE_SIZES = (1, 1_000, 300_000)
TEARS: Sequence[Tear] = ("nothing", "some")


@dataclass(frozen=True)
class Cut:
    """When the power went (seconds since the epoch), and what that did to what was under way."""

    at: float
    tear: Tear
    seed: int


@pytest.mark.skipif(ENGINE not in (None, "sqlite"), reason="the disk of PostgreSQL is PostgreSQL's own promise")
@pytest.mark.parametrize("seed", range(RECORDINGS))
async def test_every_message_acknowledged_before_the_power_went_is_there_after(tmp_path: Path, seed: int) -> None:
    data, log = tmp_path / "data", tmp_path / "strace" / "log"
    data.mkdir()
    log.parent.mkdir()
    with mortal(Server(data, command=(*strace.words(log), sys.executable, "-m", "shopbell"))) as server:
        server.start()
        async with Api(server) as api:
            crowd = await gathered(Town(api, data), customers=6, agents=2)
            crowd.start(server, api)
            await asyncio.sleep(LOAD_SECONDS)
            # Killed, not stopped: a stop would let it tidy up, and the last cuts are taken right here.
            await asyncio.to_thread(server.kill)
            await crowd.dropped()
    calls = strace.calls(log, data)
    cuts = _cuts(crowd, random.Random(seed))
    gate = asyncio.Semaphore(AT_ONCE)
    lost = await asyncio.gather(*(_lost_by(cut, calls, crowd, data, gate) for cut in cuts))
    if found := [loss for loss in lost if loss]:
        raise BrokenPromise("G2", "cuts lost or spoiled acknowledged messages", found)


@pytest.mark.skipif(ENGINE not in (None, "sqlite"), reason="the disk of PostgreSQL is PostgreSQL's own promise")
@pytest.mark.parametrize("seed", range(RECORDINGS))
async def test_every_file_acknowledged_before_the_power_went_is_whole_after(tmp_path: Path, seed: int) -> None:
    data, log = tmp_path / "data", tmp_path / "strace" / "log"
    data.mkdir()
    log.parent.mkdir()
    chance = random.Random(seed)
    sent: list[tuple[str, bytes, float]] = []
    with mortal(Server(data, command=(*strace.words(log), sys.executable, "-m", "shopbell"))) as server:
        server.start()
        async with Api(server) as api:
            town = Town(api, data)
            owner = await town.owner()
            person, conversation = await town.customer(owner.business_id)
            for size in chance.sample(FILE_SIZES, len(FILE_SIZES)):
                content = chance.randbytes(size)
                sent.append((await town.send_file(person, conversation, "a", content), content, time.time()))
            await asyncio.to_thread(server.kill)
    calls = strace.calls(log, data)
    cuts = [Cut(at, tear, seed) for _, _, at in sent for tear in TEARS]
    gate = asyncio.Semaphore(AT_ONCE)
    lost = await asyncio.gather(*(_files_lost_by(cut, calls, sent, person.token, data, gate) for cut in cuts))
    if found := [loss for loss in lost if loss]:
        raise BrokenPromise("G2", "cuts lost or spoiled acknowledged files", found)


async def _files_lost_by(
    cut: Cut,
    calls: Sequence[strace.Call],
    sent: Sequence[tuple[str, bytes, float]],
    token: str,
    data: Path,
    gate: asyncio.Semaphore,
) -> str | None:
    """Which files a server started after the cut does not hand out as they came, None when all of them."""
    async with gate:
        with tempfile.TemporaryDirectory() as name:
            target = Path(name)
            await asyncio.to_thread(after_cut, calls, data, target, at=cut.at, tear=cut.tear, seed=cut.seed)
            with mortal(Server(target)) as server:
                try:
                    await asyncio.to_thread(server.start)
                    return await _first_spoiled(server, cut, sent, token)
                except (DidNotServe, httpx.TransportError) as error:
                    return f"{cut}: {error}"


async def _first_spoiled(server: Service, cut: Cut, sent: Sequence[tuple[str, bytes, float]], token: str) -> str | None:
    async with Api(server) as api:
        for attachment_id, content, at in sent:
            answer = await api.call("GET", f"/attachments/{attachment_id}", token=token)
            if at <= cut.at and (answer.status_code != 200 or answer.content != content):
                return f"{cut}: {answer.status_code}, {len(answer.content)} of {len(content)} bytes"
    return None


def _cuts(crowd: Crowd, chance: random.Random) -> list[Cut]:
    """Half of them right after an acknowledgement arrived, half at any moment of the load."""
    # From when the load began: before, the last of the conversations did not stand yet.
    acknowledged = sorted(
        operation.finished_at
        for operation in crowd.history.operations
        if operation.outcome is Outcome.OK and operation.finished_at is not None and operation.nonce != "opening"
    )
    moments = [
        chance.choice(acknowledged) if number % 2 else chance.uniform(acknowledged[0], acknowledged[-1])
        for number in range(CUTS_A_RECORDING)
    ]
    return [Cut(at, chance.choice(TEARS), chance.randrange(2**32)) for at in moments]


async def _lost_by(
    cut: Cut, calls: Sequence[strace.Call], crowd: Crowd, data: Path, gate: asyncio.Semaphore
) -> str | None:
    """What a server started after the cut cannot show any more, None when it has all it acknowledged."""
    async with gate:
        with tempfile.TemporaryDirectory() as name:
            target = Path(name)
            await asyncio.to_thread(after_cut, calls, data, target, at=cut.at, tear=cut.tear, seed=cut.seed)
            with mortal(Server(target)) as server:
                try:
                    await asyncio.to_thread(server.start)
                    async with Api(server) as api:
                        threads = await crowd.threads(api, crowd.owner.token)
                    sends = [send for send in crowd.history.sends() if send.acknowledged_before(cut.at)]
                    check_messages("G2", sends, threads, complete=False)
                except (DidNotServe, AssertionError) as error:
                    return f"{cut}: {error}"
    return None
