"""Kept bytes as an answer that no page is ever made of: ranges, conditions, and headers that disarm it (RFC 9110)."""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, aclosing, nullcontext
from typing import Any, Final
from unicodedata import category
from urllib.parse import quote

import msgspec
from litestar import Response
from litestar.response import Stream

from shopbell.kernel.errors import Refusal
from shopbell.kernel.files import Files
from shopbell.kernel.http.problems import problem
from shopbell.kernel.http.requests import AnyRequest

# What a browser draws from dots alone; everything else is handed over to be saved.
SHOWN: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})
POLICY: Final = "sandbox; default-src 'none'; frame-ancestors 'none'"
# Asked for again each time, since the right to it may have ended meanwhile; what did not change is not sent again.
CACHED: Final = "private, no-cache"
RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
NOT_IN_NAMES: Final = frozenset('/\\:*?"<>|%')
# Letters and signs that draw nothing: Hangul's fillers and the blank of Braille.
UNSEEN: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
NAME_BYTES: Final = 200


DESCRIBED: Final[dict[str, Any]] = {
    "200": {"description": "All of it.", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}},
    "206": {"description": "One range.", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}},
    "304": {"description": "Nothing changed."},
    "416": {"$ref": "#/components/responses/Refused416"},
}


class Kept(msgspec.Struct, frozen=True):
    """What is to be handed over: where it is kept, how long it is, what it is, and what it is called."""

    name: str
    size: int
    type: str
    title: str


class NoSuchRange(Refusal):
    status = 416
    code = "no_such_range"
    title = "The file has no such range."


During = Callable[[], AbstractAsyncContextManager[None]]


async def download(
    request: AnyRequest, files: Files, kept: Kept, *, during: During = nullcontext
) -> Response[bytes] | Stream:
    """The answer to a GET or HEAD: whole, one range, or that nothing changed.

    `during` is open from before the first byte is read until the last one is handed over, or the reader left. Raises
    what it raises, and what reading raises.
    """
    tag = f'"{kept.name.rpartition("/")[2]}"'
    headers = {
        "ETag": tag,
        "Cache-Control": CACHED,
        "Accept-Ranges": "bytes",
        "Content-Security-Policy": POLICY,
        "Content-Disposition": disposition(kept),
    }
    if _matches(request.headers.get("if-none-match", ""), tag):
        return Response(b"", status_code=304, headers=headers)
    start, end = 0, kept.size
    status = 200
    if request.method == "GET" and request.headers.get("if-range", tag) == tag:
        try:
            asked = _range(request.headers.get("range", ""), kept.size)
        except NoSuchRange as refusal:
            answer = problem(request, refusal)
            answer.headers["Content-Range"] = f"bytes */{kept.size}"
            return answer
        if asked is not None:
            start, end = asked
            status, headers["Content-Range"] = 206, f"bytes {start}-{end - 1}/{kept.size}"
    headers["Content-Length"] = str(end - start)
    if request.method == "HEAD":
        return Response(b"", status_code=status, headers=headers, media_type=kept.type)
    pieces = _read(files.read(kept.name, start, end), during)
    # Before the answer begins, so that what is not there is still a refusal.
    first = await anext(pieces)
    return Stream(_following(first, pieces), status_code=status, headers=headers, media_type=kept.type)


async def _read(pieces: AsyncIterator[bytes], during: During) -> AsyncGenerator[bytes]:
    async with during():
        async for piece in pieces:
            yield piece


async def _following(first: bytes, rest: AsyncGenerator[bytes]) -> AsyncIterator[bytes]:
    async with aclosing(rest):
        yield first
        async for piece in rest:
            yield piece


def _matches(header: str, tag: str) -> bool:
    return header.strip() == "*" or tag in (each.strip().removeprefix("W/") for each in header.split(","))


def _range(header: str, size: int) -> tuple[int, int] | None:
    """First byte and the one after the last; None for a whole answer, also to what asks for several ranges.

    Raises NoSuchRange when it begins behind the end.
    """
    asked = RANGE.fullmatch(header.strip())
    if asked is None or asked.groups() == ("", ""):
        return None
    first, last = asked.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None
    if start >= size or end <= start:
        raise NoSuchRange(f"It is {size} bytes long.", size=size)
    return start, end


def disposition(kept: Kept) -> str:
    """To be shown or to be saved, and under which name (RFC 6266)."""
    how = "inline" if kept.type in SHOWN else "attachment"
    name = safe_name(kept.title)
    plain = "".join(character if character.isascii() else "_" for character in name)
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def safe_name(title: str) -> str:
    """The name without what could lead out of a folder, hide its ending, or be taken for something else.

    Characters that control, format or are unassigned go, among them those that turn the direction of writing; so do
    others that draw nothing, and dots and blanks at both ends.
    """
    seen = "".join(c for c in title if c.isspace() or (category(c)[0] != "C" and c not in UNSEEN))
    name = "".join("_" if c in NOT_IN_NAMES else c for c in " ".join(seen.split())).strip(". ")
    return _shortened(name) or "file"


def _shortened(name: str) -> str:
    """At most NAME_BYTES in UTF-8, which file systems bound, with the ending kept."""
    if len(name.encode()) <= NAME_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending.encode()) > NAME_BYTES // 4:
        stem, dot, ending = name, "", ""
    room = NAME_BYTES - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ") + dot + ending
