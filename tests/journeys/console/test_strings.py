"""Naughty strings as every text: nothing runs, nothing breaks the layout, each stands as it was written."""

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.console.desk import Desk
from tests.journeys.console.shop import Shop
from tests.web.browser import NARROW, WIDE, Windows

FILE = Path(os.environ.get("SHOPBELL_TEST_DATA", "../shared/data")) / "blns.json"
# A few at once, so that each stands on the screen.
LINES = 40


def strings() -> list[str]:
    if not FILE.exists():
        pytest.skip("There is no list of strings in $SHOPBELL_TEST_DATA.")
    found: list[str] = json.loads(FILE.read_text())
    return [text for text in found if text.strip() and "\0" not in text]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_strings_stand_as_they_were_written(windows: Windows, shop: Shop, width: int) -> None:
    texts = strings()
    # Names are short, and the rarest of what scripts do to a line is in these.
    names = [text for text in texts if len(text) <= 80 and ("<" in text or not text.isascii())][:12]
    customers = [shop.arrives(name, name, "Okafor") for name in names]
    amara = shop.arrives("Hello")
    shop.pull()
    shop.claim(shop.owner, amara)
    for text in texts[:: max(1, len(texts) // LINES)]:
        shop.say(amara, text)
    desk = Desk(shop.console(windows, shop.owner, width=width))
    desk.page.evaluate("() => { globalThis.ran = 0; globalThis.alert = () => { globalThis.ran += 1 } }")
    expect(desk.panel.get_by_role("listitem")).to_have_count(len(customers) + 1)
    desk.window.check_width()
    shown = desk.page.locator(".ticket .name > bdi").all_text_contents()
    assert set(shown) == {f"{name} Okafor" for name in names} | {"Amara Okafor"}
    for customer in [*customers[:3], amara]:
        desk.row(customer.name if customer is amara else "Okafor").first.get_by_role("link").click()
        desk.window.check_width()
        expect(desk.thread.locator(".said").last).to_be_visible()
        said = set(desk.page.locator(".said").all_text_contents())
        assert said <= {*texts, *names, "Hello"}
        if width == NARROW:
            desk.page.get_by_role("link", name="All tickets").click()
    assert desk.page.evaluate("globalThis.ran") == 0
