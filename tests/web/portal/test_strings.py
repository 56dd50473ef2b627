"""Naughty strings as every text of the portal: nothing runs, nothing is turned, each stands as it was written."""

from tests.faults.strings import MOST_BUSINESS_NAME, MOST_NAME
from tests.web.browser import NARROW, WIDE, Windows
from tests.web.canary import Canary, contents, names, pairs
from tests.web.portal.conftest import entered
from tests.web.portal.corner import Corner

MOST_COMMENT = 2_000
PHRASES = ".topbar .brand, .people td, .people .row, blockquote, .tile"


def test_no_name_runs_or_breaks_the_page(windows: Windows, fresh: Corner) -> None:
    called = pairs(names(MOST_NAME))
    for first, last in called:
        fresh.add("agent", first, last)
    window = entered(windows, fresh)
    page, canary = window.page, Canary(window, PHRASES)
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(fresh.url + "/portal/users")
        seen = contents(page, ".people .name")[0]
        while page.get_by_role("link", name="Next users").count():
            canary.check_place()
            with page.expect_navigation():
                page.get_by_role("link", name="Next users").click()
            page.wait_for_selector("html[data-ready]", state="attached")
            seen += contents(page, ".people .name")[0]
        canary.check_place()
        assert seen[1:] == [parsed(f"{first} {last}") for first, last in called]


def test_no_word_of_a_customer_and_no_name_of_a_shop_breaks_the_dashboard(windows: Windows, fresh: Corner) -> None:
    comments, shops = names(MOST_COMMENT), names(MOST_BUSINESS_NAME)
    window = entered(windows, fresh)
    page, canary = window.page, Canary(window, PHRASES)
    for comment, shop, (first, last) in zip(comments, shops, pairs(names(MOST_NAME)), strict=False):
        fresh.done("PUT", "/business", {"name": shop}, token=fresh.token)
        fresh.rated(comment, first, last)
        page.goto(fresh.url + "/portal")
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            assert contents(page, "title", ".topbar .brand bdi", "blockquote [dir=auto]", "cite bdi") == [
                [parsed(f"Dashboard · {shop}")], [parsed(shop)], [parsed(f"“{comment}”")], [parsed(first)],
            ]  # fmt: skip
            canary.check_place()


def parsed(text: str) -> str:
    """The parser of a page knows one kind of line end (HTML, 13.2.3.5)."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
