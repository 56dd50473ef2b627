"""G20: malformed input gets a clear 4xx: never a 5xx, a stack trace or a dead process."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
import msgspec
import pytest

from tests.faults import raw
from tests.faults.clients import PREFIX, Api, Disconnected, Json, Live
from tests.faults.history import BrokenPromise
from tests.faults.raw import RawLive
from tests.faults.sizes import figure
from tests.faults.strings import (
    MOST_BUSINESS_NAME, MOST_NAME, MOST_TEXT, allowed, allowed_nonce, naughty,
)  # fmt: skip
from tests.faults.town import PASSWORD, Actor, Town
from tests.running import Server

FRAMES = figure(smoke=3_000, short=100_000, long=2_000_000)
CLOSED_POLITELY = (1003, 1007, 1008, 1009, 1002)
AT_ONCE = 16

Field = tuple[str, Any]


@pytest.fixture(autouse=True)
def unharmed(server: Server) -> Iterator[None]:
    """Whatever was sent, the same process goes on and no stack trace was written."""
    pid = server.pid
    yield
    ready = httpx.get(server.url + "/health/ready", trust_env=False)
    if not ready.is_success or server.pid != pid:
        raise BrokenPromise("G20", "servers that did not survive", [server.log[-2_000:]])
    if "Traceback" in server.log:
        raise BrokenPromise("G20", "stack traces", [server.log[-4_000:]])


async def test_names_come_back_code_point_for_code_point_or_are_refused_by_name(
    api: Api, town: Town
) -> None:
    owner = await town.owner()

    async def person(text: str, number: int) -> None:
        body = {"first_name": text, "last_name": "L", "email": f"q{number}@example.org", "password": PASSWORD}
        answer = await api.call("POST", "/people", body)
        _judge(answer, "first_name", text, allowed(text, MOST_NAME), lambda b: b["person"]["first_name"])
        if answer.is_success:
            me = await api.done("GET", "/me", token=answer.json()["token"])
            _same("first_name of /me", text, str(_found(me, "first_name")))

    async def colleague(text: str, number: int) -> None:
        body = {"role": "agent", "first_name": "F", "last_name": text, "email": f"s{number}@example.org"}
        answer = await api.call("POST", "/staff", body, token=owner.token)
        _judge(answer, "last_name", text, allowed(text, MOST_NAME), lambda b: b["last_name"])

    async def business(text: str, number: int) -> None:
        answer = await api.call("POST", "/businesses", {
            "name": text, "time_zone": "Europe/Paris",
            "owner": {"first_name": "F", "last_name": "L", "email": f"o{number}@example.org",
                      "password": PASSWORD},
        })  # fmt: skip
        _judge(answer, "name", text, allowed(text, MOST_BUSINESS_NAME), lambda b: b["business"]["name"])
        if answer.is_success:
            profile = await api.done("GET", f"/businesses/{answer.json()['business']['id']}")
            _same("name of a profile", text, profile["name"])

    for kind in (person, colleague, business):
        await _all(kind(text, number) for number, text in enumerate(naughty()))
    stored = {s["last_name"] for s in await api.pages("/staff", token=owner.token)}
    missing = {text for text in naughty() if allowed(text, MOST_NAME)} - stored
    if missing:
        raise BrokenPromise("G20", "names of staff that the list tells otherwise", missing)


async def test_messages_come_back_code_point_for_code_point_to_both_sides_or_are_refused_by_name(
    server: Server, api: Api, town: Town
) -> None:
    owner = await town.owner()
    person, conversation = await town.customer(owner.business_id)
    path = f"/conversations/{conversation}/messages"
    said: list[str] = []
    async with (
        await Live.open(server, owner.token) as screen,
        await Live.open(server, person.token) as live,
    ):
        for number, text in enumerate(naughty()):
            if number % 2:
                body = {"nonce": f"n{number}", "text": text}
                answer = await api.call("POST", path, body, token=person.token)
                problem = None if answer.is_success else {"status": answer.status_code, **answer.json()}
            else:
                frame = await live.ask({
                    "type": "post_message", "conversation_id": conversation, "nonce": f"n{number}",
                    "text": text,
                })  # fmt: skip
                problem = frame.get("problem")
            _judge_problem(problem, "text", text, allowed(text, MOST_TEXT))
            said += [text] if problem is None else []
        for reader in (owner, person):
            _same("messages", said, [m["text"] for m in await api.thread(conversation, token=reader.token)])
        await asyncio.sleep(0.2)
    for heard in (screen.heard, live.heard):
        texts = [f["body"]["text"] for f in heard if f["type"] == "event" and f["name"] == "message_posted"]
        _same("message_posted", said, texts)


async def test_notes_come_back_code_point_for_code_point_or_are_refused_by_name(
    server: Server, api: Api, town: Town
) -> None:
    owner = await town.owner()
    person, conversation = await town.customer(owner.business_id)
    await town.post(person, conversation, "hello")
    ticket = (await town.ticket_of(owner, conversation))["id"]
    said: list[str] = []
    for number, text in enumerate(naughty()):
        body = {"nonce": f"n{number}", "text": text}
        answer = await api.call("POST", f"/tickets/{ticket}/notes", body, token=owner.token)
        problem = None if answer.is_success else {"status": answer.status_code, **answer.json()}
        _judge_problem(problem, "text", text, allowed(text, MOST_TEXT))
        said += [text] if problem is None else []
    _same("notes", said, [n["text"] for n in await api.pages(f"/tickets/{ticket}/notes", token=owner.token)])


async def test_nonces_searches_and_addresses_of_any_kind_are_taken_or_refused_by_name(
    api: Api, town: Town
) -> None:
    owner = await town.owner()
    person, conversation = await town.customer(owner.business_id)

    async def nonce(text: str, number: int) -> None:
        body = {"nonce": text, "text": f"text {number}"}
        answer = await api.call("POST", f"/conversations/{conversation}/messages", body, token=person.token)
        if answer.status_code == 422 and allowed_nonce(text):
            # Twice the same naughty string is the same nonce with another text.
            assert naughty().count(text) > 1, answer.text
            return
        _judge(answer, "nonce", text, allowed_nonce(text), lambda _: text)

    async def search(text: str, number: int) -> None:
        for path in ("/businesses", "/tickets", "/members"):
            query = httpx.QueryParams({"q": text})
            _clear(await api.call("GET", f"{path}?{query}", token=owner.token), 200, 422)

    async def address(text: str, number: int) -> None:
        body = {"first_name": "F", "last_name": "L", "email": text, "password": PASSWORD}
        _clear(await api.call("POST", "/people", body), 201, 422, 409)
        _clear(await api.call("POST", "/people/sessions", {"email": text, "password": text}), 401, 422)
        _clear(await api.call("POST", "/password", {"token": text, "password": PASSWORD}), 422, 404, 400, 410)

    for kind in (nonce, search, address):
        await _all(kind(text, number) for number, text in enumerate(naughty()))


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"null", "application/json"),
        (b"[]", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"a":' * 50_000, "application/json"),
        (b'{"first_name": NaN}', "application/json"),
        (b'{"first_name": "\\ud800"}', "application/json"),
        (b'{"first_name": "\xff\xfe"}', "application/json"),
        (b"\xef\xbb\xbf{}", "application/json"),
        ('{"first_name": "x"}'.encode("utf-16"), "application/json"),
        (b'{"first_name": 1' + b"0" * 10_000 + b"}", "application/json"),
        (b'{"first_name": 1e400}', "application/json"),
        (b"x" * 2_000_000, "application/json"),
        (b"first_name=x", "application/x-www-form-urlencoded"),
        (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x"),
        (b"--x", "multipart/form-data"),
        (b"<a/>", "application/xml"),
        (b"{}", "\xff\xfe"),
        (b"{}", ""),
        (b"\x1f\x8b\x08", "application/json"),
        (b"\x93NUMPY", "application/x-msgpack"),
    ],
    ids=lambda value: repr(value[:24]),
)
async def test_a_body_that_cannot_be_read_is_a_4xx_problem_everywhere(
    server: Server, town: Town, body: bytes, content_type: str
) -> None:
    owner = await town.owner()
    person, conversation = await town.customer(owner.business_id)
    await town.post(person, conversation, "hello")
    ticket = (await town.ticket_of(owner, conversation))["id"]
    async with httpx.AsyncClient(base_url=server.url + PREFIX, trust_env=False) as http:
        for method, path in (
            ("POST", "/people"), ("POST", "/businesses"), ("POST", "/staff/sessions"), ("POST", "/password"),
            ("POST", f"/conversations/{conversation}/messages"), ("PUT", f"/conversations/{conversation}/read"),
            ("PUT", f"/tickets/{ticket}/holder"), ("POST", f"/tickets/{ticket}/notes"),
        ):  # fmt: skip
            headers = [(b"authorization", f"Bearer {owner.token}".encode())]
            if content_type:
                headers.append((b"content-type", content_type.encode("latin-1")))
            answer = await http.request(method, path, content=body, headers=headers)
            _clear(answer, 400, 401, 403, 413, 415, 422)


@pytest.mark.parametrize(
    ("path", "statuses"),
    [
        ("/conversations/{conversation}/messages?limit=0", (422,)),
        ("/conversations/{conversation}/messages?limit=101", (422,)),
        ("/conversations/{conversation}/messages?limit=-1", (422,)),
        ("/conversations/{conversation}/messages?limit=ten", (422,)),
        ("/conversations/{conversation}/messages?limit=1&limit=2", (200, 422)),
        ("/conversations/{conversation}/messages?limit=" + "9" * 400, (422,)),
        ("/conversations/{conversation}/messages?limit=%F0%9D%9F%99", (200, 422)),
        ("/conversations/{conversation}/messages?before=-9223372036854775809", (422,)),
        ("/conversations/{conversation}/messages?after=99999999999999999999", (422,)),
        ("/conversations/{conversation}/messages?after=x", (422,)),
        ("/conversations/{conversation}/messages?after=%FF%FE", (422,)),
        ("/conversations/{conversation}/messages?after=%00", (422,)),
        ("/conversations/{conversation}/messages?surplus=1", (422,)),
        ("/conversations/not-an-id/messages", (404,)),
        ("/conversations/%00/messages", (400, 404)),
        ("/conversations/%FF/messages", (400, 404)),
        ("/conversations/..%2f..%2fetc%2fpasswd/messages", (404,)),
        ("/conversations/" + "a" * 10_000 + "/messages", (404, 414)),
        ("/tickets?state=everything", (422,)),
        ("/tickets?sort=random", (422,)),
        ("/tickets?priority=urgent", (422,)),
        ("/tickets?holder=nobody-at-all", (200, 422)),
        ("/tickets?holder=%00", (200, 422)),
        ("/tickets?q=", (422,)),
        ("/tickets?q=" + "x" * 201, (422,)),
        ("/tickets?after=garbage", (422,)),
        ("/tickets?after=" + "A" * 3_000, (422,)),
        ("/tickets?q=%22%20OR%20*%20NEAR(", (200,)),
        ("/tickets/%F0%9F%92%A9", (404,)),
        ("/nowhere", (404,)),
        ("//", (404,)),
    ],
)
async def test_odd_paths_and_queries_get_a_clear_answer(
    api: Api, town: Town, path: str, statuses: tuple[int, ...]
) -> None:
    owner = await town.owner()
    _, conversation = await town.customer(owner.business_id)
    answer = await api.call("GET", path.format(conversation=conversation), token=owner.token)
    _clear(answer, *statuses)


async def test_unknown_fields_and_wrong_types_are_refused_by_name(api: Api, town: Town) -> None:
    owner = await town.owner()
    person, conversation = await town.customer(owner.business_id)
    path = f"/conversations/{conversation}/messages"
    good = {"nonce": "n", "text": "t"}
    for surplus in ("business_id", "author", "kind", "seq", "id", "created_at", "role", "💥"):
        answer = await api.call("POST", path, {**good, surplus: "x"}, token=person.token)
        _judge(answer, surplus, surplus, False, lambda b: b)
    for field in good:
        for wrong in (None, 1, True, [], {}, ["t"], 1.5):
            answer = await api.call("POST", path, {**good, field: wrong}, token=person.token)
            _judge(answer, field, repr(wrong), False, lambda b: b)
        missing = {key: value for key, value in good.items() if key != field}
        _judge(await api.call("POST", path, missing, token=person.token), field, "-", False, lambda b: b)
    assert await api.thread(conversation, token=owner.token) == []


async def test_methods_no_operation_has_are_refused_with_405(api: Api, town: Town) -> None:
    owner = await town.owner()
    for method, path in (("DELETE", "/desk"), ("PATCH", "/me"), ("POST", "/me"), ("PUT", "/people")):
        _clear(await api.call(method, path, token=owner.token), 405)
    answer = await api.call("BREW", "/me", token=owner.token)
    assert 400 <= answer.status_code < 500 or answer.status_code == 501, answer.text


@pytest.mark.parametrize(
    "credentials",
    ["", "Bearer", "Bearer ", "Bearer  x", "Basic eDp5", "bearer x", "Bearer " + "x" * 5_000, "Bearer \x01",
     "Bearer é", "Token x", "Bearer x, Bearer y"],
)  # fmt: skip
async def test_bad_credentials_are_a_401_problem(server: Server, credentials: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        headers = [(b"authorization", credentials.encode("latin-1"))]
        answer = await http.get(server.url + PREFIX + "/me", headers=headers)
    if answer.status_code in (400, 431) and "problem" not in answer.headers.get("content-type", ""):
        return  # Below HTTP itself: the parser refused the header.
    _clear(answer, 401)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x00\x01\x02\x03\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /api/v1/me HTTP/1.1\r\n\r\n",
        b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
        b"POST /api/v1/people HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /api/v1/people HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"POST /api/v1/people HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"POST /api/v1/people HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n",
        b"POST /api/v1/people HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        b"GET /api/v1/live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        b"GET /api/v1/live HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /api/v1/live HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
    ids=lambda value: repr(value[:40]),
)
async def test_bytes_that_are_no_request_get_a_4xx_or_a_closed_connection(
    server: Server, request_bytes: bytes
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rsplit(":", 1)[1]))
    try:
        writer.write(request_bytes)
        writer.write_eof()
        answer = await asyncio.wait_for(reader.read(65_536), 10)
    except (ConnectionResetError, BrokenPipeError):
        answer = b""
    finally:
        writer.transport.abort()
    status = int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.") else 400
    if not 400 <= status < 500 or b"Traceback" in answer:
        raise BrokenPromise("G20", "requests answered otherwise than by a 4xx", [answer[:500]])


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


async def test_a_first_frame_that_is_no_hello_ends_the_socket_politely(
    server: Server, town: Town
) -> None:
    owner = await town.owner()
    hello = {"type": "hello", "token": owner.token}
    for first in (
        b"", b"{", b"[]", b"null", b'"hello"', b"{}", b'{"type":"hullo"}', b'{"type":"hello"}', b"[" * 200_000,
        msgspec.json.encode({**hello, "token": "nobody"}), msgspec.json.encode({**hello, "token": 7}),
        msgspec.json.encode({**hello, "token": "\x00"}), msgspec.json.encode({**hello, "as": "admin"}),
        msgspec.json.encode({**hello, "cursor": 7}), msgspec.json.encode({**hello, "cursors": []}),
        msgspec.json.encode({**hello, "cursors": {"x": 1}}), msgspec.json.encode({**hello, "surplus": 1}),
        msgspec.json.encode({"type": "post_message", "ref": "1", "conversation_id": "x", "nonce": "n", "text": "t"}),
        b"x" * 300_000,
    ):  # fmt: skip
        code = await _ends(server, raw.frame(first))
        if code not in CLOSED_POLITELY:
            raise BrokenPromise("G20", "first frames not closed politely", [(first[:60], code)])


async def test_frames_that_break_the_protocol_end_the_socket_and_nothing_else(
    server: Server, town: Town
) -> None:
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
    """Send that many odd frames, opening a new socket whenever one was ended."""
    sent = 0
    while sent < frames:
        async with await Live.open(server, actor.token) as live:
            try:
                for _ in range(frames - sent):
                    await live.say(_odd_frame(chance, conversation))
                    sent += 1
                    if sent % 50 == 0:
                        await asyncio.wait_for(live.closed(seconds=0.02), 1)
            except TimeoutError:
                continue
            except Disconnected:
                pass
            if live.close_code is not None and live.close_code not in CLOSED_POLITELY:
                raise BrokenPromise("G20", "sockets ended impolitely by a frame", [live.close_code])
            bad = [f for f in live.heard if f["type"] == "refused" and f["problem"]["status"] >= 500]
            if bad:
                raise BrokenPromise("G20", "frames answered by a server error", bad)


def _odd_frame(chance: random.Random, conversation: str) -> str | bytes:
    command: Json = {
        "type": chance.choice(["post_message", "mark_read", "mark_delivered", "typing", "hello", "ok", "", "__init__"]),
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


async def _all(jobs: Iterator[Awaitable[None]]) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def gated(job: Awaitable[None]) -> None:
        async with gate:
            await job

    await asyncio.gather(*(gated(job) for job in jobs))


def _judge(
    answer: httpx.Response, field: str, text: str, may: bool, told: Callable[[Any], Any]
) -> None:
    _judge_problem(
        None if answer.is_success else {"status": answer.status_code, **answer.json()}, field, text, may
    )
    if answer.is_success:
        _same(field, text, told(answer.json()))


def _judge_problem(problem: Json | None, field: str, text: str, may: bool) -> None:
    if may and problem is not None:
        raise BrokenPromise("G20", f"allowed strings refused as {field}", [(text[:80], problem)])
    if not may and problem is None:
        raise BrokenPromise("G20", f"strings taken as {field} that are not allowed", [repr(text[:80])])
    if problem is not None:
        named = [str(error["field"]).rsplit(".", 1)[-1] for error in problem.get("errors", [])]
        if problem["status"] != 422 or field not in named:
            raise BrokenPromise("G20", f"refusals that are no 422 naming {field}", [(text[:80], problem)])


def _same(where: str, sent: object, told: object) -> None:
    if sent != told:
        raise BrokenPromise("G20", f"strings altered in {where}", [f"{str(sent)[:200]!r} -> {str(told)[:200]!r}"])


def _clear(answer: httpx.Response, *statuses: int) -> None:
    """One of the statuses, and for a refusal a problem document that says what is wrong."""
    if answer.status_code not in statuses:
        how = f"answers with a status not in {statuses}"
        raise BrokenPromise("G20", how, [(str(answer.url)[:200], answer.status_code, answer.text[:500])])
    if answer.status_code >= 400:
        kind = answer.headers.get("content-type", "")
        problem = answer.json() if "application/problem+json" in kind else {}
        if not {"type", "title", "status", "detail"} <= problem.keys():
            raise BrokenPromise("G20", "refusals without a problem document", [(kind, answer.text[:300])])


def _found(value: Any, key: str) -> Any:
    """The first value under that key, however deep."""
    if isinstance(value, dict):
        if key in value:
            return value[key]
        return next((found for v in value.values() if (found := _found(v, key)) is not None), None)
    return None
