"""The app in this process, once over each engine."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.signin.asking import Api, running


@pytest.fixture
async def api(database_url: str, tmp_path: Path) -> AsyncIterator[Api]:
    """A lenient app over an empty database."""
    async with running(database_url, tmp_path) as started:
        yield started
