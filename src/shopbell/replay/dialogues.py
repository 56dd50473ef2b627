"""Recorded dialogues, read from a file of JSON lines, gzipped or plain."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

Side = Literal["person", "staff"]

PAUSE_SECONDS = 5.0
"""The pause before a turn that was recorded without a time."""

TEXT_CHARACTERS = 8_000
"""The longest message the contract allows, in code points."""

WHITE_SPACE = frozenset(
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""The code points with the Unicode property White_Space; `str.isspace` knows four control codes more."""

_SIDES: dict[object, Side] = {"c": "person", "a": "staff"}
_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Turn:
    """What one side says, `pause` seconds (as recorded) after the turn before it."""

    side: Side
    pause: float
    text: str


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One recorded dialogue; it becomes one ticket."""

    id: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """Everything there is to play, and how many turns were left out because no message may look like them."""

    dialogues: tuple[Dialogue, ...]
    skipped: int

    @property
    def turns(self) -> int:
        return sum(len(dialogue.turns) for dialogue in self.dialogues)


class Unreadable(Exception):
    """A line of the file is not a dialogue; the message names file and line."""


def read(path: Path, *, first: int | None = None) -> Script:
    """The dialogues of a file, all of them or the `first` so many; raises `Unreadable` and `OSError`."""
    dialogues: list[Dialogue] = []
    skipped = 0
    for number, line in enumerate(_lines(path), start=1):
        if first is not None and len(dialogues) >= first:
            break
        try:
            dialogue, left_out = parse(line)
        except (msgspec.DecodeError, TypeError, ValueError) as error:
            raise Unreadable(f"{path.name}, line {number}: {error}") from error
        skipped += left_out
        if dialogue.turns:
            dialogues.append(dialogue)
    return Script(tuple(dialogues), skipped)


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as plain:
        packed = plain.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
    try:
        with gzip.open(path) if packed else path.open("rb") as lines:
            yield from (line for line in lines if line.strip())
    except (EOFError, zlib.error) as error:
        raise Unreadable(f"{path.name}: the compressed file is damaged: {error}") from error


def parse(line: bytes) -> tuple[Dialogue, int]:
    """One line `{"id","turns":[["c"|"a", seconds?, text, ...]]}` and the number of turns that can't be sent.

    Raises `ValueError` or `msgspec.DecodeError` where the line has another shape.
    """
    record = msgspec.json.decode(line)
    if not isinstance(record, dict) or not isinstance(record.get("turns"), list):
        raise ValueError("expected an object with a list of turns")
    turns: list[Turn] = []
    skipped = 0
    clock = 0.0
    last = 0.0
    for raw in record["turns"]:
        side, at, text = _turn(raw)
        clock = clock + PAUSE_SECONDS if at is None else max(clock, at)
        if not sendable(text):
            skipped += 1
            continue
        turns.append(Turn(side, clock - last if turns else 0.0, text))
        last = clock
    return Dialogue(str(record.get("id", "")), tuple(turns)), skipped


def _turn(raw: Any) -> tuple[Side, float | None, str]:
    if not isinstance(raw, list) or len(raw) < 2 or raw[0] not in _SIDES:
        raise ValueError('a turn is ["c" or "a", seconds if known, text, ...]')
    timed = isinstance(raw[1], int | float) and not isinstance(raw[1], bool)
    text = raw[2] if timed and len(raw) > 2 else raw[1]
    if not isinstance(text, str):
        raise ValueError("the text of a turn is not a string")
    return _SIDES[raw[0]], float(raw[1]) if timed else None, text


def sendable(text: str) -> bool:
    """Whether the contract takes this text as a message: not blank, nor too long, nor with NUL in it."""
    return len(text) <= TEXT_CHARACTERS and "\0" not in text and not WHITE_SPACE.issuperset(text)
