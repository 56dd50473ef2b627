"""What the tests of the pages may ask for: windows of a browser, and a server to open them on."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.quick import quick_folder
from tests.running import LENIENT, Server
from tests.web.browser import axe, chromium, windows

__all__ = ["axe", "chromium", "windows"]


@pytest.fixture(scope="module")
def dev_server() -> Iterator[Server]:
    """A server with nothing in it that shows what is for those who work on it."""
    with ExitStack() as stack:
        folder: Path = stack.enter_context(quick_folder())
        yield stack.enter_context(Server(folder / "data", environment={**LENIENT, "SHOPBELL_DEV": "on"}))
