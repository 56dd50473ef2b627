"""The app in this process."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.signin.asking import Api, running


@pytest.fixture
async def api(database_url: str, tmp_path: Path) -> AsyncIterator[Api]:
    """A lenient app over an empty database; the test runs once for each engine."""
    async with running(database_url, tmp_path) as started:
        yield started


@pytest.fixture
async def lone_api(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Api]:
    """The same over SQLite alone, for what no engine could change."""
    async with running(sqlite_url, tmp_path) as started:
        yield started
