"""One server for a module's journeys, and a new shop on it for each."""

from collections.abc import Iterator

import pytest

from tests.journeys.console.shop import Shop
from tests.journeys.line import Line, line_to
from tests.quick import quick_folder
from tests.running import Server
from tests.web.browser import axe, chromium, windows

__all__ = ["axe", "chromium", "windows"]


@pytest.fixture(scope="module")
def town_server() -> Iterator[Server]:
    with quick_folder() as folder, Server(folder / "data") as server:
        yield server


@pytest.fixture
def shop(town_server: Server) -> Iterator[Shop]:
    made = Shop(town_server)
    yield made
    made.close()


@pytest.fixture
def line(town_server: Server) -> Iterator[Line]:
    with line_to(town_server.url) as line:
        yield line
