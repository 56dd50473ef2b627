"""A staffed shop on a server of this module alone, and visitors without scripts."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.faults.town import PASSWORD, Actor
from tests.running import Server
from tests.shop import Shop, shop, shop_server
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


def roles(shop: Shop) -> dict[str, Actor]:
    """Somebody in each role."""
    return {"owner": shop.owner, "manager": shop.manager, "marketer": shop.marketer, "agent": shop.ann}
