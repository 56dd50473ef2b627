"""Attachments: sent, posted, handed to whoever may see them, and gone when they are to go."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from shopbell.conversations.allowance import DAILY_BYTES, FILES_AT_ONCE
from shopbell.conversations.attachments import MOST_BYTES, MOST_IN_A_MESSAGE
from shopbell.kernel import clock as wall
from shopbell.kernel.clock import DAY, HOUR
from shopbell.kernel.files import new_name
from shopbell.kernel.transaction import Transaction
from tests.conversations.exchange import PNG, Exchange, Place, begun, until
from tests.shop import field_of, refused
from tests.signin.asking import Api, Clock

pytestmark = pytest.mark.anyio


@pytest.fixture
async def api(place: Place) -> AsyncIterator[Api]:
    async with place.serving() as api:
        yield api


@pytest.fixture
async def exchange(api: Api) -> Exchange:
    return await begun(api)


async def test_a_file_is_sent_posted_and_fetched_on_both_sides(exchange: Exchange) -> None:
    sent = await exchange.sent(exchange.person, PNG, "../Ünïcode \u202egnp.exe", caption="This one")
    assert sent.keys() == {"id", "kind", "name", "size", "url", "caption"}
    assert (sent["kind"], sent["name"], sent["size"]) == ("image", "../Ünïcode \u202egnp.exe", len(PNG))
    assert (await exchange.post(exchange.person, sent["id"])).status_code == 201
    for token, side in ((exchange.person, "person"), (exchange.owner, "staff")):
        (shown,) = (await exchange.last(token))["attachments"]
        assert shown == {**sent, "url": f"/api/v1/attachments/{sent['id']}?side={side}"}
        answer = await exchange.api.ask("GET", shown["url"].removeprefix("/api/v1"), token=token)
        assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, PNG, "image/png")


async def test_the_panel_and_the_persons_list_tell_a_message_of_nothing_but_files(exchange: Exchange) -> None:
    await exchange.posted(exchange.person, name="menu.pdf")
    tickets = await exchange.api.done("GET", "/tickets", token=exchange.owner)
    assert tickets["items"][0]["last_line"] == "menu.pdf"
    listed = await exchange.api.done("GET", "/conversations", token=exchange.person)
    assert [each["name"] for each in listed["items"][0]["last_message"]["attachments"]] == ["menu.pdf"]


async def test_an_unposted_file_answers_its_author_alone_and_a_posted_one_all_readers(exchange: Exchange) -> None:
    api = exchange.api
    colleague = (await api.hire(exchange.owner, "marketer"))["token"]
    strangers = [(await api.sign_up())["token"], (await api.register("Other"))["token"]]
    unknown = refused(await exchange.fetch(exchange.owner, "0" * 32), 404)
    for author, other in ((exchange.person, exchange.owner), (exchange.owner, exchange.person)):
        sent = await exchange.sent(author)
        assert (await exchange.fetch(author, sent["id"])).status_code == 200
        for token in (other, colleague, *strangers):
            assert refused(await exchange.fetch(token, sent["id"]), 404) == unknown
        await exchange.post(author, sent["id"])
        for token in (author, other, colleague):
            assert (await exchange.fetch(token, sent["id"])).content == PNG
        for token in strangers:
            assert refused(await exchange.fetch(token, sent["id"]), 404) == unknown
        refused(await exchange.fetch(None, sent["id"]), 401)
    refused(await exchange.fetch(exchange.owner, "../lock"), 404)


async def test_who_may_not_write_may_not_send(exchange: Exchange) -> None:
    api = exchange.api
    marketer, stranger = (await api.hire(exchange.owner, "marketer"))["token"], (await api.sign_up())["token"]
    refused(await exchange.upload(marketer, PNG), 403, "role_may_not")
    refused(await exchange.upload(stranger, PNG), 404)
    refused(await exchange.upload(None, PNG), 401)
    (me,) = (await api.done("GET", "/members", token=exchange.owner))["items"] or [None]
    assert me is None
    person = (await api.done("GET", "/me", token=exchange.person))["person"]["id"]
    await api.done("PUT", f"/members/{person}/block", token=exchange.owner)
    refused(await exchange.upload(exchange.person, PNG), 403, "blocked")


async def test_one_may_post_only_what_one_sent_there_and_only_once(exchange: Exchange) -> None:
    api, person = exchange.api, exchange.person
    elsewhere = (await api.register("Other"))["business"]["id"]
    other = (await api.done("POST", f"/businesses/{elsewhere}/conversation", token=person))["id"]
    mine, theirs = (await exchange.sent(person))["id"], (await exchange.sent(exchange.owner))["id"]
    for attachments, field in (
        ((theirs,), "attachments.0"),
        ((mine, "0" * 32), "attachments.1"),
        ((mine, mine), "attachments.1"),
        ((mine, "nonsense"), "attachments.1"),
        ((mine,) * (MOST_IN_A_MESSAGE + 1), "attachments"),
    ):
        assert field_of(await exchange.post(person, *attachments, text="Look")) == field
    assert field_of(await exchange.post(person, mine, conversation=other)) == "attachments.0"
    assert (await exchange.post(person, mine, text="Look")).status_code == 201
    assert field_of(await exchange.post(person, mine, text="Again")) == "attachments.0"
    assert (await exchange.last(person))["text"] == "Look"


async def test_something_has_to_be_said_or_attached(exchange: Exchange) -> None:
    assert field_of(await exchange.post(exchange.person)) == "text"
    sent = await exchange.sent(exchange.person)
    assert field_of(await exchange.post(exchange.person, sent["id"], text=" \u3000")) == "text"
    assert (await exchange.post(exchange.person, sent["id"])).status_code == 201


async def test_attachments_are_part_of_what_a_nonce_stands_for(exchange: Exchange) -> None:
    one, two = (await exchange.sent(exchange.person))["id"], (await exchange.sent(exchange.person))["id"]
    first = await exchange.post(exchange.person, one, text="Look", nonce="n")
    again = await exchange.post(exchange.person, one, text="Look", nonce="n")
    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
    for attachments in ((), (two,), (one, two)):
        assert field_of(await exchange.post(exchange.person, *attachments, text="Look", nonce="n")) == "nonce"
    await exchange.withdraw(exchange.person, first.json()["id"])
    assert (await exchange.post(exchange.person, one, text="Look", nonce="n")).json() == first.json()


async def test_a_withdrawn_message_takes_its_files_with_it(exchange: Exchange, place: Place) -> None:
    for author in (exchange.person, exchange.owner):
        stays, _ = await exchange.posted(author)
        goes, message = await exchange.posted(author)
        before = await place.kept()
        assert (await exchange.withdraw(author, message["id"])).status_code == 204
        for token in (exchange.person, exchange.owner):
            refused(await exchange.fetch(token, goes["id"]), 404)
            assert (await exchange.fetch(token, stays["id"])).status_code == 200
            assert (await exchange.last(token))["attachments"] == []

        async def are_gone(before: set[str] = before) -> bool:
            return len(await place.kept()) == len(before) - 1

        await until(are_gone)


async def test_what_is_not_posted_goes_after_a_day(place: Place) -> None:
    clock = Clock()
    async with place.serving(clock) as api:
        exchange = await begun(api)
        posted, _ = await exchange.posted(exchange.person)
        unposted = await exchange.sent(exchange.person)
        clock.ahead = DAY - HOUR
        api.desk.jobs_left.set()
        assert (await exchange.fetch(exchange.person, unposted["id"])).status_code == 200
        clock.ahead = DAY + HOUR

        async def is_gone() -> bool:
            api.desk.jobs_left.set()
            return (await exchange.fetch(exchange.person, unposted["id"])).status_code == 404

        await until(is_gone)
        assert field_of(await exchange.post(exchange.person, unposted["id"])) == "attachments.0"

        async def one_is_kept() -> bool:
            return len(await place.kept()) == 1

        await until(one_is_kept)
        assert (await exchange.fetch(exchange.person, posted["id"])).content == PNG


async def test_bytes_that_no_row_names_are_found_by_their_day(place: Place) -> None:
    async with place.serving() as api:
        exchange = await begun(api)
        posted, _ = await exchange.posted(exchange.person)
        (named,) = await place.kept()
    today = named.partition("/")[0]
    await place.keep("20200102/orphan")
    await place.keep(f"{today}/orphan")
    # A day that is past has all its rows.
    async with place.serving(Clock(2 * DAY)) as api:

        async def are_gone() -> bool:
            return await place.kept() == {named}

        await until(are_gone)
        assert (await exchange_of(api, exchange).fetch(exchange.person, posted["id"])).content == PNG


async def test_bytes_of_today_and_yesterday_may_still_get_their_row(place: Place) -> None:
    recent = {new_name(wall.now()), new_name(wall.now() - DAY)}
    for name in (*recent, "20200102/orphan"):
        await place.keep(name)
    async with place.serving():

        async def only_they_are_left() -> bool:
            return await place.kept() == recent

        await until(only_they_are_left)


async def test_what_a_job_could_not_remove_is_removed_later(place: Place) -> None:
    await place.keep("20990102/forgotten")

    def note(tx: Transaction) -> None:
        tx.run("INSERT INTO discarded_files (name, at) VALUES (:name, :at)", name="20990102/forgotten", at=0)

    async with place.serving() as api:
        await api.desk.do(None, note)
    async with place.serving():

        async def is_gone() -> bool:
            return not await place.kept()

        await until(is_gone)


def exchange_of(api: Api, before: Exchange) -> Exchange:
    """The same conversation on a server that was started anew."""
    return Exchange(api, before.business, before.conversation, before.person, before.owner)


async def test_a_file_that_may_not_be_noted_leaves_no_bytes(exchange: Exchange, place: Place) -> None:
    api = exchange.api
    agent = await api.hire(exchange.owner, "agent")

    async def dismissing() -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhello'
        staff = f"/staff/{agent['staff']['id']}"
        await api.done("PUT", staff, {"role": "marketer"}, token=exchange.owner)
        yield b" there\r\n--b--\r\n"

    answer = await api.http.post(
        f"/api/v1/conversations/{exchange.conversation}/attachments",
        content=dismissing(),
        headers={"authorization": f"Bearer {agent['token']}", "content-type": "multipart/form-data; boundary=b"},
    )
    refused(answer, 403, "role_may_not")
    assert await place.kept() == set()
    assert list((place.data / "files" / "incoming").iterdir()) == []


def form(*parts: bytes) -> dict[str, Any]:
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"
    return {"content": body, "headers": {"content-type": "multipart/form-data; boundary=b"}}


def part(name: str, data: bytes, more: str = "") -> bytes:
    return f'Content-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + data


FILE = part("file", b"hello", '; filename="a.txt"')


@pytest.mark.parametrize("place", ["disk"], indirect=True)
@pytest.mark.parametrize(
    ("sent", "status", "field"),
    [
        ({"json": {}}, 415, None),
        ({"content": b"hello", "headers": {"content-type": "multipart/form-data"}}, 415, None),
        ({"content": b"", "headers": {"content-type": "multipart/form-data; boundary=b"}}, 400, None),
        ({"content": b"hello", "headers": {"content-type": "multipart/form-data; boundary=b"}}, 400, None),
        ({"content": form(FILE)["content"][:-9], "headers": form(FILE)["headers"]}, 400, None),
        (form(part("caption", b"x")), 422, "file"),
        (form(part("file", b"", '; filename="a"')), 422, "file"),
        (form(part("file", b"x", '; filename="a\0b"')), 422, "file"),
        (form(part("file", b"x", f'; filename="{"x" * 256}"')), 422, "file"),
        (form(FILE, FILE), 422, "file"),
        (form(FILE, part("caption", b"x"), part("caption", b"x")), 422, "caption"),
        (form(FILE, part("caption", b"x" * 1_001)), 422, "caption"),
        (form(FILE, part("caption", "界".encode() * 1_001)), 422, "caption"),
        (form(FILE, part("caption", b"\xff")), 422, "caption"),
        (form(FILE, part("caption", b"a\0")), 422, "caption"),
        (form(FILE, part("role", b"owner")), 422, "role"),
        (form(*[part("caption", b"x")] * 9), 422, "caption"),
    ],
)
async def test_what_is_no_file_is_refused_with_what_to_do(
    exchange: Exchange, place: Place, sent: dict[str, Any], status: int, field: str | None
) -> None:
    headers = {**sent.get("headers", {}), "authorization": f"Bearer {exchange.person}"}
    answer = await exchange.api.http.post(
        f"/api/v1/conversations/{exchange.conversation}/attachments", **{**sent, "headers": headers}
    )
    problem = refused(answer, status)
    assert problem["detail"]
    assert field is None or problem["errors"][0]["field"] == field
    assert await place.kept() == set()
    assert list((place.data / "files" / "incoming").iterdir()) == []


async def test_a_file_may_be_as_large_as_that_and_no_larger(exchange: Exchange, place: Place) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        for _ in range(MOST_BYTES // 1_000_000 + 1):
            yield bytes(1_000_000)

    whole = await exchange.sent(exchange.person, bytes(MOST_BYTES))
    assert whole["size"] == MOST_BYTES
    for unannounced in (False, True):
        if unannounced:
            answer = await exchange.api.http.post(
                f"/api/v1/conversations/{exchange.conversation}/attachments",
                content=endless(),
                headers={
                    "authorization": f"Bearer {exchange.person}",
                    "content-type": "multipart/form-data; boundary=b",
                },
            )
        else:
            answer = await exchange.upload(exchange.person, bytes(MOST_BYTES + 1))
        assert "25 MB" in refused(answer, 413, "file_too_large")["detail"]
    assert len(await place.kept()) == 1
    assert list((place.data / "files" / "incoming").iterdir()) == []
    ends = await exchange.fetch(exchange.person, whole["id"], range=f"bytes=-{MOST_BYTES - 5}")
    assert (ends.status_code, len(ends.content)) == (206, MOST_BYTES - 5)


async def test_one_author_may_send_so_much_in_a_day_and_so_many_at_once(place: Place) -> None:
    async with place.serving(rate_limits=False) as api:
        exchange = await begun(api)
        sent = await exchange.sent(exchange.person)

        def grown(tx: Transaction) -> None:
            tx.run("UPDATE attachments SET size = :size WHERE id = :id", size=DAILY_BYTES, id=sent["id"])

        await api.desk.do(exchange.business, grown)
        await exchange.sent(exchange.person)
    async with place.serving(rate_limits=True) as api:
        exchange = exchange_of(api, exchange)
        answer = await exchange.upload(exchange.person, PNG)
        refused(answer, 429, "too_many")
        assert int(answer.headers["retry-after"]) > 0

        answers = await gathered(exchange, exchange.owner, FILES_AT_ONCE + 2)
        assert sorted(answer.status_code for answer in answers) == [201] * FILES_AT_ONCE + [429] * 2
        await exchange.sent(exchange.owner)


async def gathered(exchange: Exchange, token: str, count: int) -> list[httpx.Response]:
    """The answers to files that are all on their way before the first of them ends."""

    async def slow() -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhello'
        await asyncio.sleep(0.5)
        yield b"\r\n--b--\r\n"

    async def one() -> httpx.Response:
        return await exchange.api.http.post(
            f"/api/v1/conversations/{exchange.conversation}/attachments",
            content=slow(),
            headers={"authorization": f"Bearer {token}", "content-type": "multipart/form-data; boundary=b"},
        )

    return await asyncio.gather(*(one() for _ in range(count)))
