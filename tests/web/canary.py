"""Naughty strings on a page of ours: none may run, ask for anything elsewhere, or turn the words around it."""

from base64 import b64encode
from collections.abc import Sequence

import pytest
from playwright.sync_api import FloatRect, Locator, Page, Request

from tests.faults.strings import allowed, naughty
from tests.web.browser import Window

# Whatever such a text would do first, were it run.
TRAPS = """
globalThis.ran = []
for (const name of ['alert', 'confirm', 'prompt', 'print']) {
    globalThis[name] = (...said) => { globalThis.ran.push(`${name}(${said})`) }
}
"""
INK_PIXELS = 24
MOST_PICTURES = 20
# Of 255, in one colour of one pixel; ink on paper makes more than twice as much.
SMOOTHING = 80
DIFFERENCE = """async (pictures) => {
    const [one, other] = await Promise.all(pictures.map(async (picture) => {
        const bytes = Uint8Array.from(atob(picture), (byte) => byte.charCodeAt(0))
        const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
        canvas.drawImage(bitmap, 0, 0)
        return canvas.getImageData(0, 0, bitmap.width, bitmap.height).data
    }))
    return one.reduce((most, value, at) => Math.max(most, Math.abs(value - other[at])), 0)
}"""
GO = """(path) => {
    history.pushState(null, '', path)
    dispatchEvent(new PopStateEvent('popstate'))
}"""
RAN = "() => [...globalThis.ran, ...(document.vulnerable === undefined ? [] : ['vulnerable'])]"

# Nothing runs over the edge of its phrase, no short word is broken, and the words of one line stand in the order they
# are written in, wherever a name among them runs to. A name on one line is a word like any other; what of either lies
# beyond an edge that clips it counts as far as it is seen.
WRONG = r"""(selector) => {
    const wrong = []
    const seen = (node, from, to) => {
        const range = document.createRange()
        range.setStart(node, from)
        range.setEnd(node, to)
        const { left, right, top, bottom, width } = range.getBoundingClientRect()
        const tops = [...range.getClientRects()].map((rect) => rect.top)
        const lines = Math.max(...tops) - Math.min(...tops) < 4 ? 1 : 2
        const edge = node.parentElement.closest('.clip')?.getBoundingClientRect()
        const ends = { left: Math.max(left, edge?.left ?? left), right: Math.min(right, edge?.right ?? right) }
        return width && ends.left < ends.right && { ...ends, top, bottom, lines, said: node.data.slice(from, to) }
    }
    const wordsOf = (node) => {
        const isName = node.parentElement.matches('bdi') && !node.data.includes('\u2068')
        if (isName) return [seen(node, 0, node.data.length)]
        const said = node.data.replace(/\u2068[^\u2069]*\u2069/g, (name) => ' '.repeat(name.length))
        return [...said.matchAll(/\S+/g)].map(({ 0: word, index }) => seen(node, index, index + word.length))
    }
    for (const phrase of document.querySelectorAll(selector)) {
        if (!phrase.checkVisibility({ visibilityProperty: true })) continue
        const texts = document.createTreeWalker(phrase, NodeFilter.SHOW_TEXT), words = []
        while (texts.nextNode()) {
            const node = texts.currentNode
            if (!node.parentElement.closest('.hidden, [dir=auto]')) words.push(...wordsOf(node))
        }
        const box = phrase.getBoundingClientRect()
        for (const { said, left, right, lines } of words.filter(Boolean)) {
            if (left < box.left - 1 || right > box.right + 1) wrong.push(`beyond its phrase: ${said}`)
            if (lines > 1 && /^[\w#:]{2,12}$/.test(said)) wrong.push(`broken: ${said}`)
        }
        const shown = words.filter((word) => word && word.lines === 1)
        shown.slice(1).forEach((word, at) => {
            const before = shown[at]
            const sameLine = Math.abs(before.top + before.bottom - word.top - word.bottom) < 12
            if (sameLine && before.right > word.left + 1) wrong.push(`turned: ${before.said} | ${word.said}`)
        })
    }
    for (const log of document.querySelectorAll('[role=log]')) {
        if (log.scrollWidth > log.clientWidth) wrong.push('the thread scrolls sideways')
    }
    return wrong
}"""


def texts(most: int) -> list[str]:
    """Every string that a text of at most so many code points may be."""
    return [text for text in dict.fromkeys(naughty()) if allowed(text, most)]


def names(most: int) -> list[str]:
    """The same, the oddest first, several in one name as far as it holds them, so that few hold them all."""
    first, *others = texts(most)
    packed = [first]
    for text in others:
        if len(packed[-1]) + 1 + len(text) > most:
            packed.append(text)
        else:
            packed[-1] += f" {text}"
    return sorted(packed, key=lambda name: name.isascii() and "<" not in name)


class Canary:
    """Watches a window, from before its next page on."""

    def __init__(self, window: Window, phrases: str = "") -> None:
        """`phrases` selects what holds together: a row, a heading, a sentence."""
        self._window = window
        self._page: Page = window.page
        self._phrases = phrases
        self._elsewhere: list[str] = []
        self._page.add_init_script(TRAPS)
        self._page.on("request", self._asked)

    def check(self) -> None:
        """Fail if anything ran, or was asked for anywhere but at home."""
        assert self._page.evaluate(RAN) == []
        assert self._elsewhere == []

    def check_place(self) -> None:
        """As `check`, and fail if the page is too wide, or in a phrase words are turned, broken, or over its edge."""
        self.check()
        self._window.check_width()
        if wrong := self._page.evaluate(WRONG, self._phrases):
            pytest.fail("\n".join(wrong))

    def check_ink(self, place: Locator) -> None:
        """Fail if its letters, or marks piled on them, can be seen above or below its box."""
        for _ in range(MOST_PICTURES):
            beside = _beside(place)
            shown = self._standing_still(beside)
            place.evaluate("(one) => { one.style.color = 'transparent' }")
            without = self._standing_still(beside)
            place.evaluate("(one) => { one.style.color = '' }")
            if not self._differ(shown, without):
                return
            # It may have been something else that changed meanwhile.
            if not self._differ(shown, self._standing_still(beside)):
                pytest.fail(f"Ink beyond its box: {place}")
        pytest.fail("the page does not come to rest")

    def _differ(self, some: Sequence[bytes], others: Sequence[bytes]) -> bool:
        """Whether more tells the pictures apart than how smooth a browser happened to draw an edge."""
        pairs = [[b64encode(one).decode(), b64encode(other).decode()] for one, other in zip(some, others, strict=True)]
        return any(self._page.evaluate(DIFFERENCE, pair) > SMOOTHING for pair in pairs)

    def _standing_still(self, parts: Sequence[FloatRect]) -> list[bytes]:
        """Pictures of those parts, once nothing in them moves any more."""
        before: list[bytes] = []
        for _ in range(MOST_PICTURES):
            now = [self._page.screenshot(clip=part, animations="disabled") for part in parts]
            if now == before:
                return now
            before = now
        pytest.fail("the page does not come to rest")

    def _asked(self, request: Request) -> None:
        home = self._page.url.split("/", 3)[:3]
        if not request.is_navigation_request() and request.url.split("/", 3)[:3] != home:
            self._elsewhere.append(request.url)


def _beside(place: Locator) -> Sequence[FloatRect]:
    """What is just above and just below it."""
    box = place.bounding_box()
    assert box is not None
    return [
        FloatRect(x=box["x"], y=y, width=box["width"], height=INK_PIXELS)
        for y in (box["y"] - INK_PIXELS, box["y"] + box["height"])
    ]


def go(page: Page, path: str) -> None:
    """To another place of the app that is open, as its own links lead."""
    page.evaluate(GO, path)


def contents(page: Page, *selectors: str) -> list[list[str]]:
    """For each selector the texts of its elements, to the code point."""
    found: list[list[str]] = page.evaluate(
        """(selectors) => selectors.map((selector) =>
            [...document.querySelectorAll(selector)].map((one) => one.value ?? one.textContent))""",
        selectors,
    )
    return found


def pairs(names: Sequence[str]) -> list[tuple[str, str]]:
    """First and last names."""
    return list(zip(names[::2], [*names[1::2], names[0]], strict=False))
