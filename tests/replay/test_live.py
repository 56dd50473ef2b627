"""The live connection, against a server that says what each test needs."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from shopbell.replay import wire
from shopbell.replay.live import Live, Unwelcome
from shopbell.replay.rest import Away

pytestmark = pytest.mark.anyio

Scene = Callable[[ServerConnection], Awaitable[None]]


class Listener:
    """A live connection to a scripted server, one scene for each time it connects, and all that it heard."""

    def __init__(self, port: int, *, patience: float = 10.0) -> None:
        self.heard: list[int] = []
        self.answers: list[wire.Frame] = []
        self.breaks: list[float] = []
        self.live = Live(
            f"ws://127.0.0.1:{port}/api/v1/live",
            "token",
            "person",
            "shop",
            {"shop": "e-0"},
            ear=lambda event, _: self.heard.append(event.seq),
            on_break=self.breaks.append,
            patience=patience,
        )

    def post(self, nonce: str) -> None:
        frame = {"type": "post_message", "conversation_id": "c", "nonce": nonce, "text": nonce}
        self.live.command(nonce, frame, lambda answer, _: self.answers.append(answer))


@asynccontextmanager
async def scripted(*scenes: Scene) -> AsyncIterator[int]:
    """The port of a server that plays one scene for each connection; further ones are told to come again."""
    waiting = iter(scenes)

    async def play(socket: ServerConnection) -> None:
        scene = next(waiting, None)
        if scene is None:
            await socket.close(1013)
        else:
            await scene(socket)

    async with serve(play, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


async def greeted(socket: ServerConnection) -> dict[str, Any]:
    hello: dict[str, Any] = await take(socket)
    await say(socket, {"type": "ready", "cursors": hello["cursors"]})
    return hello


async def take(socket: ServerConnection) -> Any:
    return json.loads(await socket.recv())


async def say(socket: ServerConnection, *frames: dict[str, Any]) -> None:
    await socket.send(json.dumps(frames if len(frames) > 1 else frames[0]))


def event(seq: int) -> dict[str, Any]:
    body = {"seq": seq, "business_id": "shop", "name": "messages_read", "at": "", "body": {}}
    return {"type": "event", "cursor": f"e-{seq}", **body}


async def answer(socket: ServerConnection, command: dict[str, Any]) -> None:
    await say(socket, {"type": "ok", "ref": command["ref"], "id": f"id-{command['nonce']}", "seq": 1})


@asynccontextmanager
async def running(live: Live) -> AsyncIterator[None]:
    run = asyncio.create_task(live.run())
    try:
        async with asyncio.timeout(10):
            yield
    finally:
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)


async def test_it_says_hello_with_its_token_side_and_cursors() -> None:
    seen = asyncio.get_running_loop().create_future()

    async def scene(socket: ServerConnection) -> None:
        seen.set_result(await greeted(socket))
        await socket.wait_closed()

    async with scripted(scene) as port:
        listener = Listener(port)
        async with running(listener.live):
            hello = await seen
    assert hello == {"type": "hello", "token": "token", "as": "person", "cursors": {"shop": "e-0"}}


async def test_after_a_break_it_goes_on_from_the_last_cursor_it_was_given() -> None:
    hellos: list[dict[str, Any]] = []
    done = asyncio.Event()

    async def first(socket: ServerConnection) -> None:
        hellos.append(await greeted(socket))
        await say(socket, event(1), event(2))
        socket.transport.abort()

    async def second(socket: ServerConnection) -> None:
        hellos.append(await greeted(socket))
        await say(socket, {"type": "typing", "conversation_id": "c"}, event(3))
        await say(socket, {"type": "cursor", "business_id": "shop", "cursor": "e-9"})
        await socket.close(1012)

    async def third(socket: ServerConnection) -> None:
        hellos.append(await greeted(socket))
        done.set()
        await socket.wait_closed()

    async with scripted(first, second, third) as port:
        listener = Listener(port)
        async with running(listener.live):
            await done.wait()
    assert [hello["cursors"]["shop"] for hello in hellos] == ["e-0", "e-2", "e-9"]
    assert listener.heard == [1, 2, 3]
    assert len(listener.breaks) == 2


async def test_what_is_unanswered_is_sent_again_in_order_before_anything_new() -> None:
    received: list[list[str]] = [[], []]
    done = asyncio.Event()

    async def first(socket: ServerConnection) -> None:
        await greeted(socket)
        for number in range(3):
            command = await take(socket)
            received[0].append(command["nonce"])
            if number == 0:
                await answer(socket, command)
        socket.transport.abort()

    async def second(socket: ServerConnection) -> None:
        await greeted(socket)
        for _ in range(3):
            command = await take(socket)
            received[1].append(command["nonce"])
            await answer(socket, command)
        done.set()
        await socket.wait_closed()

    async with scripted(first, second) as port:
        listener = Listener(port)
        async with running(listener.live):
            for nonce in ("one", "two", "three"):
                listener.post(nonce)
            while not listener.breaks:
                await asyncio.sleep(0.01)
            listener.post("four")
            await done.wait()
            while len(listener.answers) < 4:
                await asyncio.sleep(0.01)
    assert received == [["one", "two", "three"], ["two", "three", "four"]]
    assert [answer.id for answer in listener.answers] == ["id-one", "id-two", "id-three", "id-four"]
    assert listener.live.resent == 2


async def test_a_refusal_for_now_is_tried_again_and_a_lasting_one_is_told() -> None:
    done = asyncio.Event()

    async def refuse(socket: ServerConnection, status: int) -> None:
        ref = (await take(socket))["ref"]
        await say(socket, {"type": "refused", "ref": ref, "problem": {"status": status, "title": "No"}})

    async def first(socket: ServerConnection) -> None:
        await greeted(socket)
        await refuse(socket, 503)
        await socket.wait_closed()

    async def second(socket: ServerConnection) -> None:
        await greeted(socket)
        await refuse(socket, 409)
        done.set()
        await socket.wait_closed()

    async with scripted(first, second) as port:
        listener = Listener(port)
        async with running(listener.live):
            listener.post("one")
            await done.wait()
            while not listener.answers:
                await asyncio.sleep(0.01)
    assert [str(answer.problem) for answer in listener.answers] == ["409 No"]
    assert listener.live.hindered == 1


async def test_a_resync_is_counted_and_the_stream_goes_on_from_its_cursor() -> None:
    hellos: list[dict[str, Any]] = []
    done = asyncio.Event()

    async def first(socket: ServerConnection) -> None:
        await greeted(socket)
        await say(socket, {"type": "resync", "business_id": "shop", "cursor": "f-7"})
        await socket.close(1013)

    async def second(socket: ServerConnection) -> None:
        hellos.append(await greeted(socket))
        done.set()
        await socket.wait_closed()

    async with scripted(first, second) as port:
        listener = Listener(port)
        async with running(listener.live):
            await done.wait()
    assert hellos[0]["cursors"] == {"shop": "f-7"}
    assert listener.live.stream.resyncs == 1


async def test_a_session_that_may_not_listen_any_more_ends_it() -> None:
    async def scene(socket: ServerConnection) -> None:
        await greeted(socket)
        await socket.close(1008, "signed out")

    async with scripted(scene) as port:
        with pytest.raises(Unwelcome, match="signed out"):
            await asyncio.wait_for(Listener(port).live.run(), 10)


async def test_a_server_that_stays_away_ends_it_when_patience_does() -> None:
    async with scripted() as port:
        pass
    with pytest.raises(Away, match="stayed away for 1 s"):
        await asyncio.wait_for(Listener(port, patience=1.0).live.run(), 10)
