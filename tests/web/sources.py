"""What people would read on the pages, found in the sources of templates and scripts."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from tests.web.browser import WEB

TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
# Tests and what they try with are read by nobody, nor is what a program wrote.
SCRIPTS = sorted(
    file
    for file in (WEB / "ts").rglob("*.ts")
    if not file.name.endswith(("_test.ts", "trying.ts")) and not {"generated", "recorded"} & set(file.parts)
)
SHEETS = sorted((WEB / "css").glob("*.css"))

# Stands for a value that is put in; no text has it.
HOLE = "\ufffc"
JINJA = re.compile(
    r"\{%-?\s*block \w+_class\b.*?endblock\s*-?%\}|\{%-?\s*trans\b.*?endtrans\s*-?%\}|\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}",
    re.DOTALL,
)
# Before these a slash begins a regular expression; after anything else it divides.
BEFORE_REGEX = "(,=:[!&|?{};\n"
READ_ALOUD = ("title", "aria-label", "aria-description", "placeholder", "alt", "content", "label")


class Markup(HTMLParser):
    """The texts of a piece of HTML, and every tag with its attributes."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._within: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        if tag != "meta":
            self.texts += [value for name, value in attributes.items() if name in READ_ALOUD]
        if tag in ("script", "style"):
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.texts.append(data)


def markup_of(template: str) -> Markup:
    """A template's HTML, with a hole for all that is not there before it is drawn."""
    return Markup(JINJA.sub(HOLE, template))


def drawn_by(script: str) -> Iterator[Markup]:
    """The HTML of each template literal of a script that is tagged `html` or `svg`."""
    for tag, literal in literals(script):
        if tag in ("html", "svg"):
            yield Markup(literal)


def literals(script: str) -> list[tuple[str, str]]:
    """Every template literal with the name of its tag, a hole for each `${...}`; those inside come by themselves."""
    found: list[tuple[str, str]] = []
    _code(script, 0, found)
    return found


def _code(source: str, at: int, found: list[tuple[str, str]]) -> int:
    """Read code up to the brace that ends it, or to the end; where it ended."""
    depth, before = 0, "\n"
    while at < len(source):
        sign = source[at]
        if sign == "`":
            tag = re.search(r"(\w*)$", source[:at])
            at = _literal(source, at + 1, tag[1] if tag else "", found)
        elif sign in "'\"":
            at = _end_of(source, at + 1, sign)
        elif source.startswith("//", at):
            at = source.find("\n", at) if "\n" in source[at:] else len(source)
        elif source.startswith("/*", at):
            at = source.index("*/", at) + 2
        elif sign == "/" and before in BEFORE_REGEX:
            at = _end_of_regex(source, at + 1)
        else:
            depth += (sign == "{") - (sign == "}")
            at += 1
            if depth < 0:
                return at
        if not sign.isspace() or sign == "\n":
            before = sign
    return at


def _literal(source: str, at: int, tag: str, found: list[tuple[str, str]]) -> int:
    text = ""
    while source[at] != "`":
        if source[at] == "\\":
            text += source[at : at + 2]
            at += 2
        elif source.startswith("${", at):
            text += HOLE
            at = _code(source, at + 2, found)
        else:
            text += source[at]
            at += 1
    found.append((tag, text))
    return at + 1


def _end_of(source: str, at: int, quote: str) -> int:
    while source[at] != quote:
        at += 2 if source[at] == "\\" else 1
    return at + 1


def _end_of_regex(source: str, at: int) -> int:
    in_class = False
    while source[at] != "/" or in_class:
        if source[at] == "\\":
            at += 1
        elif source[at] in "[]":
            in_class = source[at] == "["
        at += 1
    return at + 1


def place(file: Path) -> str:
    return str(file.relative_to(WEB))
