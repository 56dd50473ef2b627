"""A desk of ten thousand tickets: what stands in the document of a long list."""

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
