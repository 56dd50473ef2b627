"""The components as templates have them: every macro by its plain name, and the filters they are made with."""

import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, nodes

MACROS = Path(__file__).parent / "templates" / "macros"
COLOURS = 8


def install(templates: Environment) -> None:
    """Give every template the macros as they are now, by name, and as `draw.name` where a value hides the name.

    A macro knows the names that were there when its file was read, so those of all files are there before.
    """
    templates.filters |= {
        "classes": classes,
        "spoken": spoken,
        "grouped": grouped,
        "initials": initials,
        "colour": colour,
    }
    draw = SimpleNamespace()
    files = [f"macros/{file.name}" for file in sorted(MACROS.glob("*.html"))]
    for file in files:
        for macro in templates.parse((MACROS.parent / file).read_text()).find_all(nodes.Macro):
            templates.globals[macro.name] = _later(draw, macro.name)
    templates.globals["draw"] = draw
    for file in files:
        vars(draw).update(vars(templates.get_template(file).make_module()))


def _later(draw: SimpleNamespace, name: str) -> Callable[..., Any]:
    def drawn(*values: Any, **options: Any) -> Any:
        return getattr(draw, name)(*values, **options)

    return drawn


def classes(names: Iterable[str]) -> str:
    """Those of the names that there are, as an attribute has them."""
    return " ".join(name for name in names if name)


def spoken(value: bool | None) -> str | None:
    """A state as ARIA says it; None where there is none."""
    return None if value is None else str(value).lower()


def grouped(number: int) -> str:
    return f"{number:,}"


def initials(name: str) -> str:
    """The first letter of the first and of the last word that has one."""
    letters = [letter for word in name.split() if (letter := next(filter(_is_letter, word), ""))]
    chosen = [letters[0], letters[-1]] if len(letters) > 1 else letters
    return "".join(chosen).upper()


def colour(seed: str) -> int:
    """From 1 to 8, always the same for the same seed."""
    total = 0
    for sign in seed:
        total = (total * 31 + ord(sign)) % 2**32
    return 1 + total % COLOURS


def _is_letter(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LN"
