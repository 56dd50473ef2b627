"""The schema: made by any version, borne by the versions before it, and refused where they could not bear it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shopbell.migrations import Standing, head, migrate, standing
from tests.faults.newer import contracted_version, newer_version
from tests.running import DidNotServe, Server


def brought_by(source: Path, database_url: str, folder: Path) -> None:
    """Bring the database to the version in that folder."""
    subprocess.run(
        [sys.executable, "-m", "shopbell", "migrate", "--data", str(folder)],
        env={**os.environ, "PYTHONPATH": str(source), "DATABASE_URL": database_url}, check=True, timeout=60,
    )  # fmt: skip


def test_an_empty_database_is_behind_and_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shopbell.db'}"
    assert standing(url) is Standing.BEHIND
    migrate(url)
    assert standing(url) is Standing.CURRENT
    migrate(url)
    assert standing(url) is Standing.CURRENT


def test_a_schema_that_is_ahead_is_served_and_left_as_it_is(database_url: str, tmp_path: Path) -> None:
    brought_by(newer_version(tmp_path), database_url, tmp_path / "other")
    assert standing(database_url) is Standing.AHEAD
    migrate(database_url)
    assert standing(database_url) is Standing.AHEAD
    with Server(tmp_path / "data", database_url=database_url) as server:
        assert f'"known":"{head()}"' in server.log.replace(": ", ":")


def test_a_schema_without_what_this_version_needs_is_not_served(database_url: str, tmp_path: Path) -> None:
    brought_by(contracted_version(newer_version(tmp_path)), database_url, tmp_path / "other")
    assert standing(database_url) is Standing.BEYOND
    with pytest.raises(DidNotServe, match="Install the newer version"):
        Server(tmp_path / "data", database_url=database_url).start()
