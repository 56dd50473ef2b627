"""Attachments as browsers fetch them: in ranges, again, from both sides, and never as a page."""

from collections.abc import AsyncIterator

import pytest

from tests.conversations.exchange import PNG, Exchange, Place, begun
from tests.shop import refused
from tests.signin.asking import Api

pytestmark = pytest.mark.anyio

PAGES = {
    "page.html": b"<!doctype html><script>document.title = 'canary'</script>",
    "picture.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>document.title = 'canary'</script></svg>",
    "page.xhtml": b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><script>1</script></html>",
    "picture.png": b"<html><script>document.title = 'canary'</script>",
    "script.js": b"document.title = 'canary'",
    "paper.pdf": b"%PDF-1.7 <script>",
    "page.mht": b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<script>1</script>",
}


@pytest.fixture
async def exchange(place: Place) -> AsyncIterator[Exchange]:
    async with place.serving() as api:
        yield await begun(api)


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [
        ("bytes=0-4", 206, 0, 5),
        ("bytes=10-", 206, 10, None),
        ("bytes=-7", 206, -7, None),
        ("bytes=-99999999", 206, 0, None),
        (f"bytes={len(PNG) - 1}-{len(PNG) + 9}", 206, -1, None),
        ("bytes=0-1,4-5", 200, 0, None),
        ("bytes=5-4", 200, 0, None),
        ("bytes=-", 200, 0, None),
        ("lines=0-4", 200, 0, None),
        ("bytes=0-" + "9" * 40, 200, 0, None),
    ],
)
async def test_one_range_is_answered_and_whatever_else_is_asked_gets_the_whole(
    exchange: Exchange, asked: str, status: int, start: int, end: int | None
) -> None:
    sent, _ = await exchange.posted(exchange.person)
    answer = await exchange.fetch(exchange.owner, sent["id"], range=asked)
    assert (answer.status_code, answer.content) == (status, PNG[start:end])
    assert answer.headers["content-length"] == str(len(answer.content))
    assert ("content-range" in answer.headers) == (status == 206)


async def test_a_range_behind_the_end_is_refused_with_the_length(exchange: Exchange) -> None:
    sent, _ = await exchange.posted(exchange.person)
    for asked in (f"bytes={len(PNG)}-", "bytes=-0"):
        answer = await exchange.fetch(exchange.owner, sent["id"], range=asked)
        refused(answer, 416, "no_such_range")
        assert answer.headers["content-range"] == f"bytes */{len(PNG)}"


async def test_what_did_not_change_is_not_sent_again_but_the_right_to_it_is_asked_each_time(exchange: Exchange) -> None:
    sent, message = await exchange.posted(exchange.person)
    whole = await exchange.fetch(exchange.owner, sent["id"])
    tag = whole.headers["etag"]
    assert whole.headers["cache-control"] == "private, no-cache"
    again = await exchange.fetch(exchange.owner, sent["id"], if_none_match=f'"other", W/{tag}')
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await exchange.fetch(exchange.owner, sent["id"], if_none_match='"other"')).status_code == 200
    for condition, status in ((tag, 206), ('"other"', 200)):
        answer = await exchange.fetch(exchange.owner, sent["id"], range="bytes=0-4", if_range=condition)
        assert answer.status_code == status
    head = await exchange.fetch(exchange.owner, sent["id"], method="HEAD")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(PNG)))
    await exchange.withdraw(exchange.person, message["id"])
    refused(await exchange.fetch(exchange.owner, sent["id"], if_none_match=tag), 404)


async def test_pictures_are_shown_and_nothing_else_is(exchange: Exchange) -> None:
    shown = await exchange.sent(exchange.person, PNG, "page.html")
    answer = await exchange.fetch(exchange.person, shown["id"])
    assert answer.headers["content-disposition"].startswith("inline; ")
    assert answer.headers["content-type"] == "image/png"
    sound = await exchange.sent(exchange.person, b"ID3\4\0\0", "voice.mp3")
    answer = await exchange.fetch(exchange.person, sound["id"])
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert answer.headers["content-type"] == "audio/mpeg"
    for name, data in PAGES.items():
        sent = await exchange.sent(exchange.person, data, name)
        assert sent["kind"] == "file"
        for method in ("GET", "HEAD"):
            answer = await exchange.fetch(exchange.person, sent["id"], method=method)
            assert answer.headers["content-type"] == "application/octet-stream"
            assert answer.headers["content-disposition"].startswith("attachment; ")
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
            assert answer.headers["cross-origin-resource-policy"] == "same-origin"


async def test_a_browser_that_is_signed_in_on_both_sides_gets_the_side_of_the_address(exchange: Exchange) -> None:
    api = exchange.api
    sent, _ = await exchange.posted(exchange.person)
    cookies = await both_cookies(api)
    (mine,) = (await exchange.last(exchange.person))["attachments"]
    (theirs,) = (await exchange.last(exchange.owner))["attachments"]
    path = f"/attachments/{sent['id']}"
    refused(await api.ask("GET", path, cookie=cookies), 400, "which_side")
    refused(await api.ask("GET", f"{path}?side=nobody", cookie=cookies), 400, "malformed")
    for url in (mine["url"], theirs["url"]):
        # Strangers on both sides: let in by the side, then told there is nothing.
        refused(await api.ask("GET", url.removeprefix("/api/v1"), cookie=cookies), 404)
    refused(await api.ask("GET", "/me?side=staff", cookie=cookies), 422)


async def both_cookies(api: Api) -> str:
    """The cookies of a browser in which somebody else is signed in on both sides."""
    jar = []
    for side, path, made in (
        ("staff", "/staff/sessions", await api.register("Other")),
        ("person", "/people/sessions", await api.sign_up()),
    ):
        body = {"email": made["email"], "password": "correct horse battery staple"}
        answer = await api.ask(
            "POST", path, body, Shopbell_Side=side, origin="https://chat.example.org", host="chat.example.org"
        )
        assert answer.status_code == 201, answer.text
        jar.append(answer.headers["set-cookie"].partition(";")[0])
    api.http.cookies.clear()
    return "; ".join(jar)
