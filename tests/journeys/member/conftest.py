"""One server for a module's journeys, and a new shop on it for each."""

from collections.abc import Callable, Iterator

import pytest

from tests.journeys.line import BROKEN, Line, line_to
from tests.journeys.member.app import App
from tests.journeys.member.shop import PASSWORD, Customer, Shop
from tests.quick import quick_folder
from tests.running import Server
from tests.web.browser import Windows, axe, chromium, windows

__all__ = ["axe", "chromium", "windows"]

Enter = Callable[..., App]
Reach = Callable[[str], App]


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


@pytest.fixture
def line(town: Server) -> Iterator[Line]:
    with line_to(town.url) as line:
        yield line


@pytest.fixture
def customer(shop: Shop) -> Customer:
    return shop.customer()


@pytest.fixture
def reach(windows: Windows, customer: Customer, line: Line) -> Reach:
    """The app over the line, signed in, at that path; of a chat all that it shows first is there."""

    def opened(path: str) -> App:
        window = windows.open()
        window.forgive(BROKEN)
        window.sign_in(line.url, "person", customer.email, PASSWORD)
        app = App(window, line.url)
        app.visit(path)
        app.expect_connected()
        if path.startswith("/chats/"):
            app.expect_loaded()
        return app

    return opened
