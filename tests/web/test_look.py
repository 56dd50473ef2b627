"""The components: the server's and the browser's are one, in every state, and anybody can use them."""

import pytest

from shopbell.web.specimens import SPECIMENS
from tests.running import Server
from tests.web.browser import NARROW, WIDE, Theme, Windows

# Elements, attributes and text, without what only shows how they were put there.
SHAPE = """
(attribute) => {
  const words = (text) => text.replace(/\\s+/g, ' ').trim()
  const shape = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return words(node.textContent)
    if (node.nodeType !== Node.ELEMENT_NODE) return ''
    const attributes = [...node.attributes].filter(({ name }) => !['checked', 'value', 'selected'].includes(name))
      .map(({ name, value }) => `${name}=${words(value)}`).sort()
    const held = 'value' in node ? [`value: ${node.value}`, `checked: ${node.checked}`] : []
    const inside = node.tagName === 'TEXTAREA' ? [] : [...node.childNodes].map(shape).filter(Boolean)
    return [node.tagName.toLowerCase(), ...attributes, ...held, inside]
  }
  const inside = (place) => [...place.childNodes].map(shape).filter(Boolean)
  return [...document.querySelectorAll(`[${attribute}]`)].map(inside)
}
"""


def test_both_ways_of_drawing_a_component_give_the_same(windows: Windows, dev_server: Server) -> None:
    page = windows.open(dev_server.url + "/dev/look").page
    page.wait_for_selector("html[data-drawn]")
    ours, theirs = page.evaluate(SHAPE, "data-macro"), page.evaluate(SHAPE, "data-lit")
    assert len(ours) == len(theirs) == len(SPECIMENS)
    for specimen, macro, function in zip(SPECIMENS, ours, theirs, strict=True):
        assert macro == function, (specimen.component, specimen.state)


def test_only_a_figure_of_nothing_is_drawn_as_nothing(windows: Windows, dev_server: Server) -> None:
    page = windows.open(dev_server.url + "/dev/look").page
    drawn = page.evaluate(SHAPE, "data-macro")
    assert {(each.component, each.state) for each, shape in zip(SPECIMENS, drawn, strict=True) if not shape} == {
        ("counter", "none"),
        ("count", "none"),
        ("priority", "none"),
    }


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_components_hold_in_either_light_and_at_any_width(
    windows: Windows, dev_server: Server, theme: Theme, width: int
) -> None:
    window = windows.open(dev_server.url + "/dev/look", theme=theme, width=width)
    window.page.wait_for_selector("html[data-drawn]")
    window.screenshot(f"look-{width}-{theme}")
    window.check_width()
    window.check_axe(", ".join(f"#c-{name}" for name in {each.component for each in SPECIMENS}))


def test_the_components_hold_from_right_to_left(windows: Windows, dev_server: Server) -> None:
    window = windows.open(dev_server.url + "/dev/look", direction="rtl")
    window.page.wait_for_selector("html[data-drawn]")
    window.screenshot("look-rtl")
    window.check_width()


def test_the_page_of_components_is_not_there_for_everybody(windows: Windows, server: Server) -> None:
    window = windows.open()
    window.forgive("status of 404")
    answer = window.page.goto(server.url + "/dev/look")
    assert answer is not None
    assert answer.status == 404
    window.check_axe()
