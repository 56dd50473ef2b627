"""Shops on servers of this module alone, visited without scripts and in a real browser."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.faults.town import PASSWORD, Actor
from tests.quick import quick_folder
from tests.running import Server
from tests.shop import Shop, shop, shop_server
from tests.web.browser import Window, Windows
from tests.web.portal.corner import Corner
from tests.web.portal.visitor import Visitor

__all__ = ["shop", "shop_server"]


@pytest.fixture
def visitor(shop_server: Server) -> Iterator[Visitor]:
    """Somebody who is not signed in."""
    with Visitor(shop_server.url) as one:
        yield one


@pytest.fixture
def visit(shop_server: Server) -> Iterator[Callable[[Actor], Visitor]]:
    """That colleague, signed in by the page."""
    with ExitStack() as stack:

        def signed_in(actor: Actor) -> Visitor:
            one = stack.enter_context(Visitor(shop_server.url))
            page = one.sign_in(actor.email, PASSWORD)
            assert page.path == "/portal", page.text
            return one

        yield signed_in


@pytest.fixture(scope="module")
def corner_server() -> Iterator[Server]:
    with quick_folder() as folder, Server(folder / "data") as server:
        yield server


@pytest.fixture
def fresh(corner_server: Server) -> Iterator[Corner]:
    """A shop of this test alone, in which nothing has happened."""
    one = Corner(corner_server.url)
    yield one
    one.close()


def entered(windows: Windows, corner: Corner, path: str = "/portal", **how: object) -> Window:
    """A window in which the Owner is signed in."""
    window = windows.open(**how)  # type: ignore[arg-type]
    window.sign_in(corner.url, "staff", corner.email, PASSWORD)
    window.page.goto(corner.url + path)
    window.page.wait_for_selector("html[data-ready]", state="attached")
    return window


def roles(shop: Shop) -> dict[str, Actor]:
    """Somebody in each role."""
    return {"owner": shop.owner, "manager": shop.manager, "marketer": shop.marketer, "agent": shop.ann}
