"""A conversation that is on its way, or cannot be had: what both the console and the app say of it."""

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.journeys.line import BROKEN
from tests.web.browser import Window

MESSAGES = "**/messages?**"


def check_until_it_loads(window: Window, thread: Locator, opens: Callable[[], None], side: str, look: str) -> None:
    """Open a conversation whose messages cannot be had, and try again until they can; the rest names the pictures."""
    window.forgive(BROKEN)
    window.page.route(MESSAGES, lambda route: route.abort())
    opens()
    expect(thread.get_by_role("heading", name="The messages could not be loaded")).to_be_visible()
    expect(thread).to_have_attribute("aria-busy", "false")
    window.check(f"{side}-unloaded-{look}")
    window.page.unroute(MESSAGES)
    with window.holding(MESSAGES):
        thread.get_by_role("button", name="Try again").click()
        expect(thread.locator(".awaited")).to_be_visible()
        expect(thread).to_have_attribute("aria-busy", "true")
        window.check(f"{side}-awaited-{look}")
    expect(thread.get_by_text("Hello", exact=True)).to_be_visible()
    expect(thread.get_by_role("heading")).to_have_count(0)
