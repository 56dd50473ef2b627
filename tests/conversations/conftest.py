"""A staffed shop on a server of this module alone, and places where files are kept."""

import asyncio
from pathlib import Path

import pytest

from tests.conversations.exchange import Place
from tests.shop import shop, shop_server

__all__ = ["shop", "shop_server"]


@pytest.fixture(params=["disk", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """On SQLite and the disk, then on PostgreSQL and a bucket."""
    if request.param == "disk":
        return Place(request.getfixturevalue("sqlite_url"), tmp_path, None)
    place = Place(request.getfixturevalue("postgres_url"), tmp_path, request.getfixturevalue("gateway").settings)
    asyncio.run(place.clear())
    return place
