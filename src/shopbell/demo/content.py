"""What the town's files say: shops and staff, names, and the dialogues people have there."""

import re
import tomllib
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal, TypeVar

import msgspec

from shopbell.businesses.rules import Holiday, Hours
from shopbell.kernel.clock import DAY, HOUR, MINUTE, SECOND
from shopbell.kernel.http.fields import BusinessName, Email, Name, Text
from shopbell.staff.rules import Role
from shopbell.tickets.rules import Outcome, Priority

Verb = Literal[
    "c", "a", "n", "k", "priority", "transfer", "takeover", "release", "withdraw", "close", "reopen", "block"
]

ENGLISH = "en"
ADVERTISEMENT = "x-spam"
UNITS = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY}
# "verb", perhaps how long after the line before, then what is said: "a 20m: Written and dried."
LINE = re.compile(r"(?P<verb>[a-z]+)(?: (?P<count>\d+)(?P<unit>[smhd]))?:(?: (?P<text>.*))?")

T = TypeVar("T")


class Content(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of everything read from a file of the town."""


class Employee(Content, frozen=True):
    """One who works in a shop. Who has the same e-mail in two shops signs in to both with one login."""

    role: Role
    first_name: Name
    last_name: Name
    email: Email = ""
    speaks: tuple[str, ...] = ()
    left_days_ago: int | None = None


class ShopText(Content, frozen=True):
    """A shop as its file describes it."""

    trade: str
    name: BusinessName
    category: Name
    description: Text
    phone: str
    email: Email
    website: str
    street: str
    postcode: str
    latitude: float
    longitude: float
    hours: Hours
    staff: tuple[Employee, ...]


class TownText(Content, frozen=True):
    """The whole of `town.toml`."""

    name: Name
    country: str
    time_zone: str
    password: str
    holiday: tuple[Holiday, ...]
    shop: tuple[ShopText, ...]


class FullName(msgspec.Struct, frozen=True):
    """A member's name, the part of their e-mail before the @, and the language they may write in."""

    first_name: str
    last_name: str
    mail_name: str
    language: str


class Line(msgspec.Struct, frozen=True):
    """One line of a script. `gap` is in microseconds after the line before; None leaves it to chance."""

    verb: Verb
    gap: int | None
    text: str


class Feedback(Content, frozen=True):
    """What a customer may answer when asked how it was."""

    rating: int
    comment: str = ""


class Dialogue(msgspec.Struct, frozen=True, kw_only=True):
    """A hand-written exchange. `trade` None suits every shop; `follows` names dialogues it may come after.

    Texts hold `{name}` (the customer), `{agent}` (who answers), `{shop}`, and the keys of `words`, of which
    one value is chosen for the whole dialogue.
    """

    id: str
    topic: str
    trade: str | None
    language: str
    outcome: Outcome
    priority: Priority | None
    words: dict[str, tuple[str, ...]]
    feedback: tuple[Feedback, ...]
    follows: tuple[str, ...]
    lines: tuple[Line, ...]


class DialogueText(Content, frozen=True):
    """A dialogue as it stands in its file; what is left out comes from the head of the file."""

    id: str
    topic: str
    script: str
    trade: str | None = None
    language: str | None = None
    outcome: Outcome = Outcome.RESOLVED
    priority: Priority | None = None
    words: dict[str, tuple[str, ...]] = {}
    feedback: tuple[Feedback, ...] = ()
    follows: tuple[str, ...] = ()


class DialogueFile(Content, frozen=True):
    """A file of dialogues with the trade and the language of those that name none."""

    dialogue: tuple[DialogueText, ...]
    trade: str | None = None
    language: str = ENGLISH


def town() -> TownText:
    """The shops of the town and who works in them."""
    return _read(_folder() / "town.toml", TownText)


def names() -> list[FullName]:
    """The names of all members, in the order of the file."""

    class Group(Content, frozen=True):
        language: str
        names: str

    class Names(Content, frozen=True):
        people: tuple[Group, ...]

    return [
        _full_name(line, group.language)
        for group in _read(_folder() / "names.toml", Names).people
        for line in group.names.strip().splitlines()
    ]


def dialogues() -> list[Dialogue]:
    """Every dialogue of every file, in the order of their names."""
    found = sorted((_folder() / "dialogues").iterdir(), key=lambda file: file.name)
    return [dialogue for file in found for dialogue in _dialogues(_read(file, DialogueFile))]


def lines(script: str) -> tuple[Line, ...]:
    """The lines of a script; an indented line goes on with the text before. Raises ValueError for others."""
    parsed: list[Line] = []
    for written in script.strip().splitlines():
        if written.startswith("  "):
            before = parsed.pop()
            parsed.append(msgspec.structs.replace(before, text=f"{before.text}\n{written.strip()}"))
        else:
            parsed.append(_line(written))
    return tuple(parsed)


def _line(written: str) -> Line:
    match = LINE.fullmatch(written)
    if match is None:
        raise ValueError(f"not a line of a dialogue: {written!r}")
    gap = int(match["count"]) * UNITS[match["unit"]] if match["count"] else None
    return Line(msgspec.convert(match["verb"], Verb), gap, (match["text"] or "").strip())


def _dialogues(file: DialogueFile) -> list[Dialogue]:
    return [
        Dialogue(
            id=text.id,
            topic=text.topic,
            trade=text.trade or file.trade,
            language=text.language or file.language,
            outcome=text.outcome,
            priority=text.priority,
            words=text.words,
            feedback=text.feedback,
            follows=text.follows,
            lines=lines(text.script),
        )
        for text in file.dialogue
    ]


def _full_name(line: str, language: str) -> FullName:
    first_name, last_name, *mail_name = (part.strip() for part in line.split("|"))
    return FullName(first_name, last_name, mail_name[0] if mail_name else plain(first_name, last_name), language)


def plain(first_name: str, last_name: str) -> str:
    """The part of an e-mail address that follows from a name in ASCII. Raises ValueError for other names."""
    if not (first_name + last_name).isascii():
        raise ValueError(f"write a mail name for {first_name} {last_name}")
    return ".".join(re.sub("[^a-z-]", "", name.lower()) for name in (first_name, last_name))


def _read(file: Traversable, shape: type[T]) -> T:
    parsed: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    return msgspec.convert(parsed, shape)


def _folder() -> Traversable:
    return files("shopbell.demo")
