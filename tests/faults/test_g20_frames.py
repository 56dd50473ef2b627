"""G20: an odd frame is refused or ends its socket politely, and harms nobody else."""

import asyncio
import random
from functools import partial

import msgspec
import pytest

from tests.faults import raw
from tests.faults.clients import Api, Disconnected, Json, Live
from tests.faults.history import BrokenPromise
from tests.faults.raw import RawLive
from tests.faults.sizes import figure
from tests.faults.town import Actor, Town
from tests.running import Server

FRAMES = figure(smoke=3_000, short=100_000, long=2_000_000)
ANSWER_SECONDS = 5.0
COMMANDS = ("post_message", "mark_read", "mark_delivered")
CLOSED_POLITELY = (1002, 1003, 1007, 1008, 1009)

pytestmark = pytest.mark.usefixtures("unharmed")


@pytest.fixture
def server(lasting_server: Server) -> Server:
    return lasting_server


async def test_random_and_mutated_frames_are_refused_or_end_the_socket_politely(
    server: Server, api: Api, town: Town
) -> None:
    owner = await town.owner()
    person, conversation = await town.customer(owner.business_id)
    workers = 4
    await asyncio.gather(*(
        _fuzz(server, actor, conversation, random.Random(seed), FRAMES // workers)
        for seed, actor in enumerate((person, owner) * (workers // 2))
    ))  # fmt: skip
    await town.post(person, conversation, "still here")
    thread = await api.thread(conversation, token=owner.token)
    assert thread[-1]["text"] == "still here"


async def test_a_first_frame_that_is_no_hello_ends_the_socket_politely(server: Server, town: Town) -> None:
    owner = await town.owner()
    hello = {"type": "hello", "token": owner.token}
    for first in (
        b"", b"{", b"[]", b"null", b'"hello"', b"{}", b'{"type":"hullo"}', b'{"type":"hello"}',
        b"[" * 200_000,
        msgspec.json.encode({**hello, "token": "nobody"}), msgspec.json.encode({**hello, "token": 7}),
        msgspec.json.encode({**hello, "token": "\x00"}), msgspec.json.encode({**hello, "as": "admin"}),
        msgspec.json.encode({**hello, "cursor": 7}), msgspec.json.encode({**hello, "cursors": []}),
        msgspec.json.encode({**hello, "cursors": {"x": 1}}), msgspec.json.encode({**hello, "surplus": 1}),
        b'{"type":"post_message","ref":"1","conversation_id":"x","nonce":"n","text":"t"}',
        b"x" * 300_000,
    ):  # fmt: skip
        code = await _ends(server, raw.frame(first))
        if code not in CLOSED_POLITELY:
            raise BrokenPromise("G20", "first frames not closed politely", [(first[:60], code)])


async def test_frames_that_break_the_protocol_end_the_socket_and_nothing_else(server: Server, town: Town) -> None:
    owner = await town.owner()
    async with await Live.open(server, owner.token) as bystander:
        for broken in (
            raw.frame(b"x", masked=False),
            raw.frame(b"\xff\xfe"),
            raw.frame(b"x", opcode=0x3),
            raw.frame(b"x", opcode=0xF),
            raw.frame(b"x" * 126, opcode=raw.PING),
            raw.frame(b"x", opcode=raw.PING, final=False),
            raw.frame(b"x", opcode=0x0),
            raw.frame(b"x", final=False) + raw.frame(b"y"),
            raw.frame(b"\x03", opcode=raw.CLOSE),
            raw.frame(b"\x00\x01", opcode=raw.CLOSE),
            raw.frame(b"\x03\xe8\xff", opcode=raw.CLOSE),
            raw.frame(b"{}", opcode=raw.BINARY),
            raw.frame(b" " * 262_145),
            b"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff" + bytes(4),
            b"\xff" * 64,
        ):
            await _ends(server, broken, token=owner.token)
        assert bystander.close_code is None


async def _fuzz(server: Server, actor: Actor, conversation: str, chance: random.Random, frames: int) -> None:
    """Send that many odd frames, each answered before the next; a new socket whenever one was ended."""
    sent = 0
    while sent < frames:
        answered = asyncio.Event()
        odd: str | bytes = b""
        async with await Live.open(server, actor.token, hear=partial(_set, answered)) as live:
            while live.close_code is None and sent < frames:
                odd = _odd_frame(chance, conversation)
                answered.clear()
                sent += 1
                await _answered(live, odd, answered)
            if live.close_code is not None and live.close_code not in CLOSED_POLITELY:
                raise BrokenPromise("G20", "sockets ended impolitely", [(live.close_code, odd)])
            bad = [f for f in live.heard if f["type"] == "refused" and f["problem"]["status"] >= 500]
            if bad:
                raise BrokenPromise("G20", "frames answered by a server error", bad)


def _set(answered: asyncio.Event, frame: Json) -> None:
    if frame["type"] in ("ok", "refused"):
        answered.set()


async def _answered(live: Live, odd: str | bytes, answered: asyncio.Event) -> None:
    """Say it, and wait until something came back or the socket was ended."""
    waiting = asyncio.create_task(answered.wait())
    ending = asyncio.create_task(live.closed(seconds=ANSWER_SECONDS))
    try:
        await live.say(odd)
        await asyncio.wait((waiting, ending), return_when=asyncio.FIRST_COMPLETED)
        if ending.done() and isinstance(ending.exception(), TimeoutError):
            raise BrokenPromise("G20", "frames never answered", [odd])
    except Disconnected:
        await ending
    finally:
        for task in (waiting, ending):
            task.cancel()
        await asyncio.gather(waiting, ending, return_exceptions=True)


def _odd_frame(chance: random.Random, conversation: str) -> str | bytes:
    command: Json = {
        "type": chance.choice([*COMMANDS, "typing", "presence", "hello", "ok", "", "__init__"]),
        "ref": chance.choice(["r", "", "x" * 300, 7, None, {}]),
        "conversation_id": chance.choice([conversation, "", "x", 7, None, "0" * 32, "\x00"]),
        "nonce": chance.choice([f"f{chance.random()}", "", "\x00", "é", 1, None, "x" * 65]),
        "text": chance.choice(["t", "", " ", "\x00", "x" * 8_001, None, 1, ["t"], "\U0001f4a9" * 100]),
        "seq": chance.choice([0, 1, -1, 2**63, 2**70, 1.5, "1", None, True]),
    }  # fmt: skip
    for key in chance.sample(sorted(command), chance.randrange(4)):
        del command[key]
    encoded = msgspec.json.encode(command)
    match chance.randrange(8):
        case 0:
            at = chance.randrange(len(encoded))
            encoded = encoded[:at] + bytes([chance.randrange(256)]) + encoded[at + 1 :]
        case 1:
            encoded = encoded[: chance.randrange(len(encoded))]
        case 2:
            return chance.randbytes(chance.randrange(64))
        case 3:
            encoded = b"[" + encoded + b"," + encoded + b"]"
        case _:
            pass
    return encoded.decode(errors="replace")


async def _ends(server: Server, data: bytes, *, token: str | None = None) -> int | None:
    """The code a socket ends with after those bytes; they are its first unless a token says hello before."""
    reader = await RawLive.open(server, token) if token else await RawLive.upgraded(server)
    try:
        await reader.send(data)
        return await reader.ended(seconds=15)
    except OSError:
        return 1006
    except TimeoutError:
        raise BrokenPromise("G20", "sockets left open by a broken frame", [data[:60]]) from None
    finally:
        reader.close()
