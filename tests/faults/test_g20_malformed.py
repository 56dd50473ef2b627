"""G20: a malformed request gets a clear 4xx: never a 5xx, a stack trace or a dead process."""

import asyncio

import httpx
import pytest

from tests.faults.clients import PREFIX, Api
from tests.faults.history import BrokenPromise
from tests.faults.judging import clear, judge
from tests.faults.town import Town
from tests.running import Server

pytestmark = pytest.mark.usefixtures("unharmed")


@pytest.fixture
def server(lasting_server: Server) -> Server:
    return lasting_server


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
            ("POST", f"/conversations/{conversation}/messages"),
            ("PUT", f"/conversations/{conversation}/read"),
            ("PUT", f"/tickets/{ticket}/holder"), ("POST", f"/tickets/{ticket}/notes"),
        ):  # fmt: skip
            headers = [(b"authorization", f"Bearer {owner.token}".encode())]
            if content_type:
                headers.append((b"content-type", content_type.encode("latin-1")))
            answer = await http.request(method, path, content=body, headers=headers)
            clear(answer, 400, 401, 403, 413, 415, 422)


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
    clear(answer, *statuses)


async def test_unknown_fields_and_wrong_types_are_refused_by_name(api: Api, town: Town) -> None:
    owner = await town.owner()
    person, conversation = await town.customer(owner.business_id)
    path = f"/conversations/{conversation}/messages"
    good = {"nonce": "n", "text": "t"}
    for surplus in ("business_id", "author", "kind", "seq", "id", "created_at", "role", "💥"):
        answer = await api.call("POST", path, {**good, surplus: "x"}, token=person.token)
        judge(answer, surplus, surplus, False, lambda b: b)
    wrongs: tuple[object, ...] = (None, 1, True, [], {}, ["t"], 1.5)
    for field in good:
        for wrong in wrongs:
            answer = await api.call("POST", path, {**good, field: wrong}, token=person.token)
            judge(answer, field, repr(wrong), False, lambda b: b)
        missing = {key: value for key, value in good.items() if key != field}
        judge(await api.call("POST", path, missing, token=person.token), field, "-", False, lambda b: b)
    assert await api.thread(conversation, token=owner.token) == []


async def test_methods_no_operation_has_are_refused_with_405(api: Api, town: Town) -> None:
    owner = await town.owner()
    for method, path in (("DELETE", "/desk"), ("PATCH", "/me"), ("POST", "/me"), ("PUT", "/people")):
        clear(await api.call(method, path, token=owner.token), 405)
    answer = await api.call("BREW", "/me", token=owner.token)
    assert 400 <= answer.status_code < 500 or answer.status_code == 501, answer.text


@pytest.mark.parametrize(
    "credentials",
    ["", "Bearer",  "Bearer  x", "Basic eDp5", "bearer x", "Bearer " + "x" * 5_000, "Bearer \x01",
     "Bearer é", "Token x", "Bearer x, Bearer y"],
)  # fmt: skip
async def test_bad_credentials_are_a_401_problem(server: Server, credentials: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        headers = [(b"authorization", credentials.encode("latin-1"))]
        answer = await http.get(server.url + PREFIX + "/me", headers=headers)
    if answer.status_code in (400, 431) and "problem" not in answer.headers.get("content-type", ""):
        return  # Below HTTP itself: the parser refused the header.
    clear(answer, 401)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x00\x01\x02\x03\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /api/v1/me HTTP/1.1\r\n\r\n",
        b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
        b"POST /api/v1/people HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /api/v1/people HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"POST /api/v1/people HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"POST /api/v1/people HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0",
        b"GET /api/v1/live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        b"GET /api/v1/live HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /api/v1/live HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
    ids=lambda value: repr(value[:40]),
)
async def test_bytes_that_are_no_request_get_a_4xx_or_a_closed_connection(server: Server, request_bytes: bytes) -> None:
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
