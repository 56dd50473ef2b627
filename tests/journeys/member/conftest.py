"""One server for a module's journeys, and a new shop on it for each."""

from collections.abc import Callable, Iterator

import pytest

from tests.journeys.member.app import App
from tests.journeys.member.shop import PASSWORD, Customer, Shop
from tests.quick import quick_folder
from tests.running import Server
from tests.web.browser import Windows, axe, chromium, windows

__all__ = ["axe", "chromium", "windows"]

Enter = Callable[..., App]


@pytest.fixture(scope="module")
def town() -> Iterator[Server]:
    with quick_folder() as folder, Server(folder / "data") as server:
        yield server


@pytest.fixture
def shop(town: Server) -> Iterator[Shop]:
    made = Shop(town.url)
    yield made
    made.hang_up()


@pytest.fixture
def enter(windows: Windows, shop: Shop) -> Enter:
    """Open the app with that customer signed in, on a path below `/app`; `how` is for the window."""

    def opened(customer: Customer, path: str = "/chats", **how: object) -> App:
        window = windows.open(**how)  # type: ignore[arg-type]
        window.sign_in(shop.url, "person", customer.email, PASSWORD)
        app = App(window, shop.url)
        app.visit(path)
        return app

    return opened
