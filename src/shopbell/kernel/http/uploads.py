"""A file and a few words sent as `multipart/form-data` (RFC 7578), streamed to the disk and never whole in memory."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

import msgspec
from litestar.exceptions import InternalServerException
from multipart import MultipartError, MultipartSegment, ParserLimitReached, PushMultipartParser, parse_options_header

from shopbell.kernel.errors import Invalid, Malformed, Refusal
from shopbell.kernel.files import Incoming
from shopbell.kernel.http.requests import AnyRequest

MEDIA_TYPE: Final = "multipart/form-data"
FILE: Final = "file"
NAMELESS: Final = "file"
NAME_CHARACTERS: Final = 255
UPLOAD_SECONDS: Final = 600
# For the boundaries, the parts' headers and the other fields, beside the file itself.
AROUND_BYTES: Final = 64 * 1024


class FileTooLarge(Refusal):
    status = 413
    code = "file_too_large"
    title = "The file is too large."

    def __init__(self, most: int) -> None:
        super().__init__(f"A file may be at most {most // 1_000_000} MB large. Send a smaller one.")


class NotMultipart(Refusal):
    status = 415
    code = "not_multipart"
    title = f"Send the file as {MEDIA_TYPE}, in a field named {FILE}."


class TooSlow(Refusal):
    status = 408
    code = "too_slow"
    title = f"A file has to arrive within {UPLOAD_SECONDS // 60} minutes. Try again on a better line."


class Form(msgspec.Struct, frozen=True):
    """What came beside the file's bytes: the name its sender gave it, and the other fields by name."""

    file_name: str
    fields: dict[str, str]


async def received(request: AnyRequest, into: Incoming, *, most: int, fields: Mapping[str, int]) -> Form:
    """Read one file of at most `most` bytes into its place, and the fields, each of at most so many characters.

    Raises NotMultipart, FileTooLarge, TooSlow, Malformed, Invalid (which names the field) and StorageFull.
    """
    parser = _parser(request)
    if (announced := _announced(request)) is not None and announced > most + AROUND_BYTES:
        raise FileTooLarge(most)
    form = _Reading(into, most, fields)
    try:
        async with asyncio.timeout(UPLOAD_SECONDS):
            async for chunk in _chunks(request):
                for event in parser.parse(chunk):
                    await form.hear(event)
        parser.close()
    except TimeoutError as error:
        raise TooSlow from error
    except ParserLimitReached as error:
        raise Invalid("", "There are more or longer fields than this takes.") from error
    except MultipartError as error:
        raise Malformed(f"The body is not {MEDIA_TYPE}: {error}.") from error
    return form.finished()


def _parser(request: AnyRequest) -> PushMultipartParser:
    media_type, options = parse_options_header(request.headers.get("content-type", ""))
    if media_type != MEDIA_TYPE or not options.get("boundary"):
        raise NotMultipart
    try:
        return PushMultipartParser(options["boundary"], max_segment_count=8)
    except (MultipartError, UnicodeEncodeError) as error:
        raise NotMultipart from error


def _announced(request: AnyRequest) -> int | None:
    length = request.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else None


async def _chunks(request: AnyRequest) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.stream():
            if chunk:
                yield chunk
    except InternalServerException as error:
        # Litestar's word for a client that hung up: nobody reads the answer.
        raise Malformed("The body ended early.") from error


class _Reading:
    """The form as far as it has come."""

    def __init__(self, into: Incoming, most: int, fields: Mapping[str, int]) -> None:
        self._into = into
        self._most = most
        self._bounds = fields
        self._file_name: str | None = None
        self._fields: dict[str, str] = {}
        self._part: str | None = None
        self._words = bytearray()

    async def hear(self, event: MultipartSegment | bytes | None) -> None:
        if isinstance(event, MultipartSegment):
            self._begin(event)
        elif event is None:
            self._end()
        elif self._part == FILE:
            if self._into.size + len(event) > self._most:
                raise FileTooLarge(self._most)
            await self._into.write(event)
        else:
            self._words += event
            # A character is at most four bytes in UTF-8.
            if len(self._words) > 4 * self._bounds[self._part or ""]:
                raise self._too_long()

    def _begin(self, segment: MultipartSegment) -> None:
        self._part = segment.name
        if self._part != FILE and self._part not in self._bounds:
            raise Invalid(self._part[:NAME_CHARACTERS], "Unknown field.")
        if self._part in self._fields or (self._part == FILE and self._file_name is not None):
            raise Invalid(self._part, "Give it once.")
        if self._part == FILE:
            self._file_name = _checked_name(segment.filename)

    def _end(self) -> None:
        if self._part == FILE or self._part is None:
            return
        try:
            words = self._words.decode()
        except UnicodeDecodeError as error:
            raise Invalid(self._part, "Send it in UTF-8.") from error
        if "\0" in words:
            raise Invalid(self._part, "May not contain the character NUL.")
        if len(words) > self._bounds[self._part]:
            raise self._too_long()
        self._fields[self._part] = words
        self._words.clear()

    def _too_long(self) -> Invalid:
        name = self._part or ""
        return Invalid(name, f"May be at most {self._bounds[name]:,} characters long.")

    def finished(self) -> Form:
        if self._file_name is None:
            raise Invalid(FILE, "Required.")
        if not self._into.size:
            raise Invalid(FILE, "The file is empty. Choose another.")
        return Form(self._file_name, self._fields)


def _checked_name(name: str | None) -> str:
    if not name or name.isspace():
        return NAMELESS
    if "\0" in name:
        raise Invalid(FILE, "Its name may not contain the character NUL.")
    if len(name) > NAME_CHARACTERS:
        raise Invalid(FILE, f"Its name may be at most {NAME_CHARACTERS} characters long.")
    return name


def described(fields: Mapping[str, int]) -> dict[str, Any]:
    """The form as the OpenAPI document tells it."""
    words = {name: {"type": "string", "maxLength": most} for name, most in fields.items()}
    return {
        "required": True,
        "content": {
            MEDIA_TYPE: {
                "schema": {
                    "type": "object",
                    "properties": {FILE: {"type": "string", "format": "binary"}, **words},
                    "required": [FILE],
                    "additionalProperties": False,
                }
            }
        },
    }
