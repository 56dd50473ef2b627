"""What holds for every source of the pages: texts from the catalogue, nothing inline, either direction."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from tests.web.browser import WEB
from tests.web.sources import SCRIPTS, SHEETS, TEMPLATES, Markup, drawn_by, literals, markup_of, place

# Words that are the same in every language, and what is no word.
NAMES = ("Shopbell",)
LETTERS = re.compile(r"[^\W\d_]{2,}")
# What the components call the texts they are given.
GIVEN = {"label", "title", "line", "text", "hint", "error", "action", "counted", "busy", "foot", "body", "placeholder"}
# A word of the code, as the name of a state, begins small and stands alone.
QUOTED = r"""(['"`])(?=[A-Z]|(?:(?!\1).)* )(?:(?!\1).)*?[^\W\d_]{2,}"""
GIVEN_BARE = re.compile(rf"\b(?:{'|'.join(sorted(GIVEN))}): {QUOTED}")
LOOKED_UP = ("_", "gettext", "ngettext")
UNCHECKED = re.compile(r"\b(?:unsafeHTML|unsafeSVG|innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval)\b")
PHYSICAL = re.compile(
    r"""
    (?:^|[;{\s])(?:left|right|top|bottom)\s*:
    | (?<!safe-area-)(?:margin|padding|border|inset)-(?:left|right)\b
    # four sides of which the second and the fourth differ
    | (?:margin|padding|inset):\s*[^\s;()]+\s+(?P<right>[^\s;()]+)\s+[^\s;()]+\s+(?!(?P=right)\s*[;}])[^\s;()]+\s*[;}]
    | text-align:\s*(?:left|right) | float:\s*(?:left|right)
    """,
    re.VERBOSE,
)


def bare(texts: list[str]) -> list[str]:
    """Those of the texts that hold words which nobody looked up."""
    return [text for text in texts if LETTERS.search(re.sub("|".join(NAMES), "", text))]


def given_bare(source: str) -> Iterator[str]:
    """Texts that a template hands to a component without looking them up."""
    environment = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"])
    for call in environment.parse(source).find_all(nodes.Call):
        name = call.node.name if isinstance(call.node, nodes.Name) else ""
        parameters = MACROS.get(name, [])
        given = [*zip(parameters, call.args, strict=False), *((each.key, each.value) for each in call.kwargs)]
        yield from (text for key, value in given if parameters and key in GIVEN for text in _constants(value))


def _constants(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in LOOKED_UP:
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    # What a test or a lookup is made of is not shown.
    for child in () if isinstance(node, nodes.Compare | nodes.Getitem | nodes.Filter) else node.iter_child_nodes():
        yield from _constants(child)


def _macros() -> dict[str, list[str]]:
    environment = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"])
    return {
        macro.name: [argument.name for argument in macro.args]
        for file in (WEB / "templates" / "macros").glob("*.html")
        for macro in environment.parse(file.read_text()).find_all(nodes.Macro)
    }


MACROS = _macros()


@pytest.mark.parametrize("file", TEMPLATES, ids=place)
def test_every_text_of_a_template_comes_from_the_catalogue(file: Path) -> None:
    source = file.read_text()
    assert bare([*markup_of(source).texts, *given_bare(source)]) == []


@pytest.mark.parametrize("file", SCRIPTS, ids=place)
def test_every_text_of_a_script_comes_from_the_catalogue(file: Path) -> None:
    source = file.read_text()
    assert bare([text for markup in drawn_by(source) for text in markup.texts]) == []
    assert [found[0] for found in GIVEN_BARE.finditer(source)] == []


@pytest.mark.parametrize("file", SCRIPTS, ids=place)
def test_a_text_is_looked_up_by_words_that_stand_in_the_source(file: Path) -> None:
    calls = re.findall(r"(?<![\w.'])(?:t|n)\(\s*+(?!['\")])[^)]*\)", file.read_text())
    assert [call for call in calls if file != WEB / "ts" / "base" / "texts.ts"] == []


@pytest.mark.parametrize("file", TEMPLATES, ids=place)
def test_a_template_holds_no_script_and_no_style(file: Path) -> None:
    assert list(inline(markup_of(file.read_text()))) == []


@pytest.mark.parametrize("file", SCRIPTS, ids=place)
def test_a_script_draws_no_script_and_no_style_and_no_html_it_was_given(file: Path) -> None:
    source = file.read_text()
    assert [wrong for markup in drawn_by(source) for wrong in inline(markup)] == []
    assert UNCHECKED.findall(source) == []


@pytest.mark.parametrize("file", SHEETS, ids=place)
def test_a_sheet_reads_from_either_side_and_overrules_nothing(file: Path) -> None:
    sheet = re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.DOTALL)
    assert [found[0] for found in PHYSICAL.finditer(sheet)] == []
    assert "!important" not in sheet


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    there = set(re.findall(r'id="i-([\w-]+)"', (WEB / "icons" / "icons.svg").read_text()))
    named = {
        name
        for file in (*TEMPLATES, *SCRIPTS)
        for name in re.findall(r"""\bicon(?:\(|=|: )['"]([a-z-]+)['"]""", file.read_text())
    }
    assert named - there == set()


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello</p>",
        '<img alt="A shop" src="#">',
        "{% if late %}Closed{% endif %}",
        '{{ button("Save") }}',
        '{{ button(label="Save " ~ count) }}',
        '{% call card("Users") %}{% endcall %}',
    ],
)
def test_a_bare_text_in_a_template_is_seen(source: str) -> None:
    assert bare([*markup_of(source).texts, *given_bare(source)])


@pytest.mark.parametrize(
    "source",
    [
        '<p class="row">{{ _("Hello") }} · Shopbell 12</p>',
        "{% trans %}Hello{% endtrans %}",
        '{{ button(_("Save"), kind="primary") }}',
        '<p class="{{ "here" if late else "there" }}"></p>',
    ],
)
def test_a_text_from_the_catalogue_in_a_template_passes(source: str) -> None:
    assert not bare([*markup_of(source).texts, *given_bare(source)])


def test_template_literals_are_found_inside_each_other_and_behind_what_looks_like_them() -> None:
    source = """
    const a = /[`'"]/.test(x) // `not one`
    const b = "`nor this" + html`<p title=${f('`')}>${list.map((x) => html`<b>${x}</b>`)} end</p>`
    """
    assert literals(source) == [("html", "<b>\ufffc</b>"), ("html", "<p title=\ufffc>\ufffc end</p>")]


def inline(markup: Markup) -> Iterator[str]:
    """What a strict policy would not let through: code and style in the page itself."""
    for tag, attributes in markup.tags:
        if tag == "style" or (tag == "script" and "src" not in attributes and "json" not in attributes.get("type", "")):
            yield f"<{tag}>"
        yield from (f"{tag} {name}" for name in attributes if name == "style" or re.match(r"on[a-z]+$", name))
