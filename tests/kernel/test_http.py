"""The web's plumbing through a small app of its own: what is read strictly, and how each "no" looks."""

from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Annotated, Any, Literal

import httpx
import msgspec
import pytest
from litestar import Litestar, Response, get, post
from litestar.params import QueryParameter
from msgspec import Meta

from shopbell.kernel import ids
from shopbell.kernel.errors import Conflict, TooMany, Unauthenticated
from shopbell.kernel.http import (
    BODY_BYTES,
    AfterQuery,
    ApiRequest,
    Body,
    BusinessName,
    Email,
    Given,
    JSONBody,
    LimitQuery,
    Name,
    Nonce,
    Password,
    PathId,
    SearchQuery,
    Seq,
    SeqQuery,
    Text,
    checked_id,
    exception_handlers,
    is_own_origin,
    refuse_unexpected,
)
from shopbell.kernel.http.envelope import Envelope
from shopbell.kernel.http.given import always, for_request
from shopbell.kernel.http.openapi import document

pytestmark = pytest.mark.anyio

JSON = {"content-type": "application/json"}
SECRET = "the secret of somebody"


class Inner(Body, frozen=True):
    name: Name


class Size(StrEnum):
    LARGE = "large"
    SMALL = "small"


class Everything(Body, frozen=True):
    name: Name = "n"
    business: BusinessName = "b"
    text: Text = "t"
    nonce: Nonce = "1"
    email: Email = "a@b.c"
    password: Password = "password"
    seq: Seq = 0
    stars: Annotated[int, Meta(ge=1, le=5)] = 1
    size: Size | None = None
    inner: Inner | None = None
    nothing: None = None


class Asked(msgspec.Struct):
    q: str | None
    limit: int
    after: str | None
    before: int | None


class Who(msgspec.Struct):
    name: str


@post("/echo", status_code=200, summary="Echo", security=[{"staffBearer": []}])
async def echo(data: JSONBody[Everything]) -> Everything:
    return data


@post("/bell", status_code=204, summary="Ring it")
async def ring() -> None:
    pass


@get("/asked", summary="What was asked for")
async def asked(
    q: SearchQuery = None,
    limit: LimitQuery = 50,
    after: AfterQuery = None,
    before: SeqQuery = None,
    order: Annotated[Literal["newest", "name"] | None, QueryParameter()] = None,
) -> Asked:
    return Asked(q, limit, after, before)


@get("/things/{thing_id:str}", summary="A thing", security=[{"staffBearer": []}])
async def thing(one: Given[str], two: Given[str], who: Given[Who], thing_id: PathId) -> list[str]:
    return [one, two, who.name, checked_id(thing_id)]


@get("/own-policy", include_in_schema=False)
async def own_policy() -> Response[str]:
    return Response("", headers={"Content-Security-Policy": "default-src 'self'"})


@get("/refused/{kind:str}", include_in_schema=False)
async def refused(kind: PathId) -> None:
    if kind == "conflict":
        raise Conflict("Held by Ada.", holder=Who("Ada"))
    if kind == "too_many":
        raise TooMany("Slow down.", retry_after=7)
    raise RuntimeError(SECRET)


async def who(request: ApiRequest) -> Who:
    if "authorization" not in request.headers:
        raise Unauthenticated
    return Who("Ada")


APP = Litestar(
    [echo, ring, asked, thing, refused, own_policy],
    request_class=ApiRequest,
    before_request=refuse_unexpected,
    request_max_body_size=BODY_BYTES,
    exception_handlers=exception_handlers,
    dependencies={**always({"one": "1", "two": "2"}), **for_request({"who": who}, after="two")},
    openapi_config=None,
    logging_config=None,
)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(Envelope(APP)),  # type: ignore[arg-type]
        base_url="http://shop.test",
    ) as opened:
        yield opened


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["status"] == status
    assert found["type"] == f"/problems/{found['code']}"
    assert found["title"] and found["detail"]
    return found


ODD = "\u0001 \u202ezalgo \u0337 \U0001f3f3\ufe0f\u200d\u26a7\ufe0f \u001c e\u0301 \u00e9 \ufdfd"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[(field, "x" * length) for field, length in [("name", 80), ("business", 120), ("text", 8_000)]],
        *[(field, ODD) for field in ("name", "business", "text", "password")],
        *[(field, "\u001c") for field in ("name", "text")],
        ("text", "last line\n"),
        ("name", " padded "),
        ("name", "👩‍👩‍👧‍👦" * 11),
        ("nonce", " ~" * 32),
        ("email", "ada@example.org"),
        ("email", "jürgen@exämple.de"),
        ("password", "x" * 256),
        ("seq", 2**63 - 1),
    ],
)
async def test_what_is_within_bounds_comes_back_as_it_came(
    client: httpx.AsyncClient, field: str, value: object
) -> None:
    answer = await client.post("/echo", json={field: value})
    assert answer.status_code == 200
    assert answer.json()[field] == value


SPACES = "".join(
    map(chr, [*range(9, 14), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000])
)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[(field, value) for field in ("name", "business", "text") for value in ("", SPACES, "a\0", "\0", " \0 ")],
        *[(field, "x" * length) for field, length in [("name", 81), ("business", 121), ("text", 8_001)]],
        *[("password", "1234567"), ("password", "x" * 257), ("password", "12345678\0")],
        *[("nonce", value) for value in ("", "x" * 65, "é", "a\n", "\t", "a\0", "\x7f")],
        *[
            ("email", value)
            for value in ("", "a", "a@", "@b", "a@b@c", "a b@c", "a@b\n", "a\n@b", "<a@b>", "a@" + "b" * 254)
        ],
        *[("seq", seq) for seq in (-1, 2**63, "1", 1.5, True)],
        *[("stars", stars) for stars in (0, 6, "5", None)],
        ("name", None),
        ("name", 7),
        ("name", []),
        ("name", {}),
    ],
)
async def test_what_is_outside_is_refused_naming_the_field(
    client: httpx.AsyncClient, field: str, value: object
) -> None:
    found = problem(await client.post("/echo", json={field: value}), 422)
    assert [error["field"] for error in found["errors"]] == [field]
    assert found["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("body", "field", "detail"),
    [
        ({"surplus": 1}, "surplus", "Unknown field."),
        ({"inner": {"name": "n", "role": "owner"}}, "inner.role", "Unknown field."),
        ({"inner": {}}, "inner.name", "Required."),
        ({"size": "huge"}, "size", "Must be one of: large, small."),
        ({"nothing": "123456"}, "nothing", "Must be null, or left out."),
        ({"inner": {"name": " "}}, "inner.name", "May not be blank or contain the character NUL."),
        ([], "", "Expected object, got array."),
        ("null", "", "Expected object, got str."),
    ],
)
async def test_a_misshapen_body_is_told_where(client: httpx.AsyncClient, body: object, field: str, detail: str) -> None:
    found = problem(await client.post("/echo", json=body), 422)
    assert found["errors"] == [{"field": field, "detail": detail}]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b'{"name":"\xff"}', b'{"name":"\\ud800"}', b"[" * 100_000, b'{"name":"a"}{}', b"NaN"]
)
async def test_what_is_not_json_is_malformed(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post("/echo", content=body, headers=JSON)
    assert problem(answer, answer.status_code)["code"] in ("malformed", "invalid")
    assert answer.status_code == (422 if body.startswith(b"[") else 400)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "json"])
async def test_a_body_of_another_kind_is_refused(client: httpx.AsyncClient, kind: str) -> None:
    problem(await client.post("/echo", content=b'{"name":"a"}', headers={"content-type": kind}), 415)


async def test_a_charset_beside_json_is_fine(client: httpx.AsyncClient) -> None:
    answer = await client.post("/echo", content=b"{}", headers={"content-type": "Application/JSON; charset=utf-8"})
    assert answer.status_code == 200


async def test_a_huge_body_is_refused_announced_or_not(client: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(BODY_BYTES // 1_000 + 2):
            yield b" " * 1_000

    assert (
        problem(await client.post("/echo", content=b" " * (BODY_BYTES + 1), headers=JSON), 413)["code"] == "too_large"
    )
    problem(await client.post("/echo", content=endless(), headers=JSON), 413)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"), ("limit=101", "limit"), ("limit=x", "limit"), ("limit=", "limit"), ("limit=1.5", "limit"),
        ("q=", "q"), ("q=%00", "q"), ("q=" + "x" * 201, "q"), ("after=", "after"), ("after=" + "x" * 401, "after"),
        ("before=-1", "before"), ("before=9223372036854775808", "before"), ("limt=5", "limt"), ("limit=5&Q=x", "Q"),
        ("before=null", "before"), ("limit=5&limit=6", "limit"),
    ],
)  # fmt: skip
async def test_a_query_outside_its_bounds_is_refused(client: httpx.AsyncClient, query: str, field: str) -> None:
    found = problem(await client.get(f"/asked?{query}"), 422)
    assert [error["field"] for error in found["errors"]] == [field]


async def test_a_choice_in_a_query_is_told(client: httpx.AsyncClient) -> None:
    found = problem(await client.get("/asked?order=random"), 422)
    assert found["errors"] == [{"field": "order", "detail": "Must be one of: newest, name."}]


async def test_what_takes_no_body_refuses_one_that_says_something(client: httpx.AsyncClient) -> None:
    found = problem(await client.post("/bell", json={"loud": True}), 422)
    assert found["errors"] == [{"field": "loud", "detail": "Unknown field."}]
    problem(await client.post("/bell", json=[]), 422)
    problem(await client.post("/bell", content=b"{", headers=JSON), 400)
    problem(await client.post("/bell", data={"loud": "yes"}), 415)
    problem(await client.post("/bell", content=b" " * (BODY_BYTES + 1), headers=JSON), 413)


@pytest.mark.parametrize("body", [b"", b"{}", b"null"])
async def test_what_takes_no_body_bears_one_that_says_nothing(client: httpx.AsyncClient, body: bytes) -> None:
    assert (await client.post("/bell", content=body, headers=JSON)).status_code == 204


async def test_a_query_within_bounds_is_taken_as_it_is(client: httpx.AsyncClient) -> None:
    assert (await client.get("/asked")).json() == {"q": None, "limit": 50, "after": None, "before": None}
    answer = await client.get("/asked", params={"q": "null", "limit": 100, "after": "x", "before": 2**63 - 1})
    assert answer.json() == {"q": "null", "limit": 100, "after": "x", "before": 2**63 - 1}


async def test_things_of_the_process_and_of_the_request_are_given(client: httpx.AsyncClient) -> None:
    id = ids.new()
    answer = await client.get(f"/things/{id}", headers={"authorization": "Bearer x"})
    assert answer.json() == ["1", "2", "Ada", id]


async def test_who_is_not_known_is_told_how_to_sign_in(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/things/{ids.new()}")
    assert problem(answer, 401)["code"] == "unauthenticated"
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("id", ["x", "0" * 31, "0" * 33, "G" * 32, "A" * 32, "..", "%00", "%2e%2e%2f", "'or 1=1--"])
async def test_what_cannot_be_an_id_is_not_found(client: httpx.AsyncClient, id: str) -> None:
    problem(await client.get(f"/things/{id}", headers={"authorization": "Bearer x"}), 404)


async def test_refusals_carry_their_members_and_say_when_to_come_back(client: httpx.AsyncClient) -> None:
    assert problem(await client.get("/refused/conflict"), 409)["holder"] == {"name": "Ada"}
    answer = await client.get("/refused/too_many")
    assert problem(answer, 429)["detail"] == "Slow down."
    assert answer.headers["retry-after"] == "7"


async def test_a_fault_of_ours_tells_nothing_of_itself(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = await client.get("/refused/fault")
    assert problem(answer, 500)["code"] == "fault"
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text
    capsys.readouterr()


async def test_unknown_addresses_and_methods_are_problems_too(client: httpx.AsyncClient) -> None:
    problem(await client.get("/nowhere"), 404)
    answer = await client.delete("/asked")
    problem(answer, 405)
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("path", ["/asked", "/nowhere", "/refused/fault"])
async def test_every_answer_is_timed_and_guarded(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    assert headers["server-timing"].startswith("app;dur=")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


async def test_an_answer_with_a_policy_of_its_own_keeps_it(client: httpx.AsyncClient) -> None:
    headers = (await client.get("/own-policy")).headers
    assert headers.get_list("content-security-policy") == ["default-src 'self'"]
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("https://chat.example.org", "chat.example.org", True),
        ("https://CHAT.example.org:443", "proxy.internal", True),
        ("http://127.0.0.1:8000", "127.0.0.1:8000", True),
        ("http://chat.example.org", "proxy.internal", False),
        ("http://chat.example.org", "chat.example.org", False),
        ("https://chat.example.org:8443", "proxy.internal", False),
        ("https://chat.example.org.evil.test", "chat.example.org", False),
        ("https://evil.test", "chat.example.org", False),
        ("https://chat.example.org@evil.test", "chat.example.org", False),
        ("http://127.0.0.1:8000", "127.0.0.1:9000", False),
        ("null", "chat.example.org", False),
        ("file://", "", False),
        ("", "chat.example.org", False),
        ("https://", "", False),
        ("https://[", "[", False),
        ("https://x:99999", "x:99999", False),
        (None, "chat.example.org", False),
        (None, None, False),
    ],
)
def test_only_our_own_pages_are_of_our_origin(origin: str | None, host: str | None, own: bool) -> None:
    assert is_own_origin(origin, host, "https://chat.example.org") is own


def test_the_document_says_what_the_routes_do() -> None:
    described = document(APP, {"title": "Shop", "version": "1"}, {"staffBearer": {"type": "http", "scheme": "bearer"}})
    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) == {"/echo", "/bell", "/asked", "/things/{thing_id}"}

    posted = described["paths"]["/echo"]["post"]
    assert posted["operationId"] == "kernel.echo"
    assert posted["security"] == [{"staffBearer": []}]
    assert posted["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Everything"}
    assert {"200", "400", "401", "403", "409", "412", "413", "415", "422"} <= posted["responses"].keys()
    body = described["components"]["schemas"]["Everything"]
    assert body["additionalProperties"] is False
    assert (body["properties"]["name"]["minLength"], body["properties"]["name"]["maxLength"]) == (1, 80)

    limit = {parameter["name"]: parameter for parameter in described["paths"]["/asked"]["get"]["parameters"]}["limit"]
    assert limit["in"] == "query"
    assert limit["schema"] == {"type": "integer", "minimum": 1, "maximum": 100, "default": 50}
    assert not limit["required"]

    found = described["paths"]["/things/{thing_id}"]["get"]
    assert [(parameter["name"], parameter["in"]) for parameter in found["parameters"]] == [("thing_id", "path")]
    assert found["responses"]["404"] == {"$ref": "#/components/responses/Refused404"}
    assert "application/problem+json" in described["components"]["responses"]["Refused404"]["content"]
