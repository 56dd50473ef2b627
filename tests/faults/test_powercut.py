"""The power-cut replay itself, on a program that writes with and without care."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults import strace
from tests.faults.powercut import after_cut

PROGRAM = """
import os, sqlite3, sys, time
folder = sys.argv[1]
def write(name, text, *, sync):
    with open(f"{folder}/{name}", "ab") as file:
        file.write(text)
        file.flush()
        if sync:
            os.fsync(file.fileno())
def sync_folder():
    fd = os.open(folder, os.O_RDONLY)
    os.fsync(fd)
    os.close(fd)
write("kept", b"one ", sync=True)
write("forgotten", b"never synced", sync=False)
write("old", b"renamed", sync=True)
sync_folder()
write("kept", b"two ", sync=False)
write("nameless", b"synced, its name not", sync=True)
for mode in ("FULL", "NORMAL"):
    database = sqlite3.connect(f"{folder}/{mode}.db", isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute(f"PRAGMA synchronous = {mode}")
    database.execute("CREATE TABLE told (number INTEGER)")
    for number in range(50):
        database.execute("INSERT INTO told VALUES (?)", (number,))
os.rename(f"{folder}/old", f"{folder}/new")
print(time.time(), flush=True)
os._exit(0)
"""

COUNT = """
import sqlite3, sys
print(*sqlite3.connect(sys.argv[1]).execute("SELECT count(*) FROM told").fetchone())
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[strace.Call], Path, float]:
    """The calls of that program, its directory and when it was done."""
    folder = tmp_path_factory.mktemp("run")
    data = folder / "data"
    data.mkdir()
    log = folder / "log"
    done = subprocess.run(
        [*strace.words(log), sys.executable, "-c", PROGRAM, str(data)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    ended = time.monotonic() + 5
    while not (calls := strace.calls(log, data)) and time.monotonic() < ended:
        time.sleep(0.05)
    return calls, data, float(done.stdout)


def test_a_cut_keeps_what_was_synced_and_nothing_else(
    run: tuple[list[strace.Call], Path, float], tmp_path: Path
) -> None:
    calls, data, done = run
    after_cut(calls, data, tmp_path, at=done, tear="nothing", seed=0)
    assert (tmp_path / "kept").read_bytes() == b"one "
    assert (tmp_path / "forgotten").read_bytes() == b""
    assert (tmp_path / "old").read_bytes() == b"renamed"
    assert not (tmp_path / "new").exists()
    # SQLite synced the folder when it made its log, and with it every name until then.
    assert (tmp_path / "nameless").read_bytes() == b"synced, its name not"


def test_a_torn_cut_may_keep_more_and_never_less(run: tuple[list[strace.Call], Path, float], tmp_path: Path) -> None:
    calls, data, done = run
    found = set()
    for seed in range(20):
        target = tmp_path / str(seed)
        target.mkdir()
        after_cut(calls, data, target, at=done, tear="some", seed=seed)
        found.add((target / "kept").read_bytes())
        assert _told(target, "FULL") == 50
    assert found == {b"one ", b"one two "}


def test_full_synchronisation_keeps_every_commit_and_normal_does_not(
    run: tuple[list[strace.Call], Path, float], tmp_path: Path
) -> None:
    calls, data, done = run
    after_cut(calls, data, tmp_path, at=done, tear="nothing", seed=0)
    assert _told(tmp_path, "FULL") == 50
    assert _told(tmp_path, "NORMAL") < 50


def test_a_cut_in_the_middle_keeps_what_came_before_it(
    run: tuple[list[strace.Call], Path, float], tmp_path: Path
) -> None:
    calls, data, _ = run
    syncs = [c for c in calls if c.name == "fdatasync" and (c.path or "").endswith("FULL.db-wal")]
    for number in (10, 25, 40):
        target = tmp_path / str(number)
        target.mkdir()
        after_cut(calls, data, target, at=syncs[-number].end, tear="nothing", seed=0)
        assert _told(target, "FULL") == 50 - number + 1


def _told(folder: Path, mode: str) -> int:
    asked = subprocess.run(
        [sys.executable, "-c", COUNT, str(folder / f"{mode}.db")], check=False, capture_output=True, text=True
    )
    return int(asked.stdout or 0)
