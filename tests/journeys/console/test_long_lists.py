"""A desk of ten thousand tickets and a thread of five thousand messages: what stands in the document of them."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.rig.bulk import sqlite_loader
from bench.rig.history import invent
from bench.rig.rows import load
from tests.journeys.console.shop import Shop
from tests.quick import quick_folder
from tests.running import Server
from tests.web.browser import Windows

TICKETS = 10_000
# With the comments that mark where something may be drawn, and the room around it.
NODES_PER_CHILD = "list => list.childNodes.length / list.childElementCount"
MOST_PER_CHILD = 6


@pytest.fixture(scope="module")
def long_desk() -> Iterator[Shop]:
    """A shop of many tickets, of which the newest, held by its Owner, has the long thread."""
    with quick_folder() as folder:
        server = Server(folder / "data").start()
        shop = Shop(server)
        server.stop()
        desk = invent(shop.business, [shop.owner.id], TICKETS, int(time.time() * 1_000_000))
        with sqlite_loader(Path(folder) / "data" / "shopbell.db") as loader:
            load(loader, desk)
        with server:
            yield shop
        shop.close()


def test_of_all_the_rows_few_stand_in_the_document(windows: Windows, long_desk: Shop) -> None:
    page = long_desk.console(windows, long_desk.owner).page
    page.wait_for_selector(".ticket")
    seen: set[str] = set()
    for _ in range(12):
        page.locator("[data-scroller]").evaluate("scroller => { scroller.scrollTop = scroller.scrollHeight }")
        page.wait_for_timeout(100)
        rows = page.locator(".ticket").evaluate_all("rows => rows.map((row) => row.dataset.ticket)")
        assert len(rows) < 60
        seen.update(rows)
    assert len(seen) > 150


def test_what_was_scrolled_past_leaves_nothing_in_the_document(windows: Windows, long_desk: Shop) -> None:
    # lit-html 3.3.1 to 3.3.3 leave a comment of each line behind (lit/lit issue 5298).
    page = long_desk.console(windows, long_desk.owner).page
    page.locator(".ticket").first.click()
    page.wait_for_selector(".said")
    for name in (".thread", "[data-scroller]"):
        scroller = page.locator(name)
        for place in (0, 1_000, 2_000, 3_000, 4_000) * 4:
            scroller.evaluate("(scroller, place) => { scroller.scrollTop = place }", place)
            page.wait_for_timeout(50)
    for name in (".thread", ".tickets"):
        assert page.locator(name).evaluate(NODES_PER_CHILD) < MOST_PER_CHILD
