"""One desk on one database for all examples of a test; each example founds a shop of its own."""

import asyncio
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

import pytest

from shopbell.kernel.database import open_database
from shopbell.kernel.desk import Desk
from shopbell.live.hub import Hub
from shopbell.live.neighbours import Nobody
from tests.engines import SqliteTemplate
from tests.quick import quick_folder

T = TypeVar("T")


class Bench:
    """A desk, the hub that hears its events, and the loop it lives on, to be used from tests that are no coroutines."""

    def __init__(self, url: str, runner: asyncio.Runner) -> None:
        self._runner = runner
        self.desk = Desk(open_database(url))
        self.hub = Hub(self.desk.epoch)
        self.run(self._start())

    async def _start(self) -> None:
        self.desk.start()
        Nobody(self.desk, self.hub).start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)


@pytest.fixture
def sqlite_url(sqlite_template: SqliteTemplate) -> Iterator[str]:
    with quick_folder() as folder:
        yield sqlite_template.copy_to(folder)


@pytest.fixture
def bench(database_url: str) -> Iterator[Bench]:
    with asyncio.Runner() as runner:
        bench = Bench(database_url, runner)
        yield bench
        bench.run(bench.desk.stop())
