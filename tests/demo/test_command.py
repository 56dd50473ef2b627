"""`shopbell demo` from outside: what it serves, what it prints, and where it refuses to begin."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from shopbell.demo import directory

PASSWORD = "demo-shopbell"
OWNER = "hester.ollerby@ollerbys-bakehouse.example"


def command(data: Path, *options: str, **environment: str) -> dict[str, Any]:
    """What to start the demo with, over `data` and a free port."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SHOPBELL_")}
    inherited.pop("DATABASE_URL", None)
    return {
        "args": [sys.executable, "-m", "shopbell", "demo", "--port", "0", "--data", str(data), *options],
        "env": {**inherited, "PYTHONUTF8": "1", **environment},
        "text": True,
        "encoding": "utf-8",
    }


@contextmanager
def demo(data: Path) -> Iterator[tuple[str, httpx.Client]]:
    """A running demo: the sheet it printed, and a client for its API."""
    process = subprocess.Popen(**command(data), stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        sheet = ""
        for line in process.stdout:
            if ready := re.search(r"http://127\.0\.0\.1:\d+", line):
                with httpx.Client(base_url=f"{ready[0]}/api/v1", trust_env=False) as client:
                    yield sheet, client
                break
            sheet += line
        else:
            pytest.fail(f"the demo did not begin to serve: {sheet}")
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=15)
    assert process.returncode == 0


def refused(data: Path, *options: str, **environment: str) -> str:
    """Why the demo did not begin."""
    ended = subprocess.run(**command(data, *options, **environment), capture_output=True, timeout=30, check=False)
    assert ended.returncode == 1
    assert ended.stdout == ""
    return str(ended.stderr)


def signed_in(client: httpx.Client, email: str) -> httpx.Client:
    answer = client.post("/staff/sessions", json={"email": email, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    return client


def tickets(client: httpx.Client, **filters: str) -> list[dict[str, Any]]:
    """All of them, page by page."""
    found: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        page = client.get("/tickets", params={**filters, **({"after": after} if after else {})}).json()
        found += page["items"]
        after = page["next"]
        if after is None:
            return found


class Filled(NamedTuple):
    directory: Path
    sheet: str
    waiting: int

    def copy_to(self, folder: Path) -> Path:
        return shutil.copytree(self.directory, folder / "town")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """What the first start over an empty directory made, printed and served."""
    data = tmp_path_factory.mktemp("demo") / "town"
    with demo(data) as (sheet, client):
        return Filled(data, sheet, signed_in(client, OWNER).get("/desk").json()["waiting"])


def test_an_empty_directory_is_filled_and_what_is_served_counts_right(filled: Filled, tmp_path: Path) -> None:
    with demo(filled.copy_to(tmp_path)) as (_, client):
        signed_in(client, OWNER)
        desk = client.get("/desk").json()
        waiting, pulled = tickets(client, state="waiting"), tickets(client, state="pulled")
        assert desk["waiting"] == len(waiting) > 0
        assert desk["unclaimed"] == len(waiting) + len(pulled) > len(waiting)
        panel = tickets(client)
        assert {ticket["state"] for ticket in panel} == {"pulled", "assigned", "closed"}
        assert len(panel) > 30
        for ticket in panel:
            thread = client.get(f"/conversations/{ticket['conversation_id']}/messages", params={"limit": 100})
            assert thread.json()["items"]


def test_an_existing_demo_is_served_again_as_it_was_left(filled: Filled, tmp_path: Path) -> None:
    data = filled.copy_to(tmp_path)
    with demo(data) as (sheet, client):
        assert sheet == filled.sheet
        assert signed_in(client, OWNER).get("/desk").json()["waiting"] == filled.waiting
        assert client.post("/desk/pull").json() == {"pulled": filled.waiting, "waiting": 0}
    with demo(data) as (sheet, client):
        assert sheet == filled.sheet
        assert signed_in(client, OWNER).get("/desk").json()["waiting"] == 0


def test_the_printed_logins_of_staff_and_members_work(filled: Filled, tmp_path: Path) -> None:
    staff, members = filled.sheet.split("members, among them")
    assert PASSWORD in staff
    assert OWNER in staff
    with demo(filled.copy_to(tmp_path)) as (_, client):
        for email in sorted(set(re.findall(r"\S+@\S+", staff)))[::9]:
            signed_in(client, email)
        several = client.post(
            "/staff/sessions", json={"email": "ines.castelo@merrowmouth.example", "password": PASSWORD}
        )
        assert len(several.json()["businesses"]) == 2
        for email in re.findall(r"\S+@\S+", members)[:3]:
            answer = client.post("/people/sessions", json={"email": email, "password": PASSWORD})
            assert answer.status_code == 201, (email, answer.text)


def test_a_directory_with_anything_else_in_it_is_refused_and_left_alone(tmp_path: Path) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("mine")
    assert "holds no demo" in refused(tmp_path)
    assert list(tmp_path.iterdir()) == [precious]
    assert precious.read_text() == "mine"


def test_an_address_that_others_reach_is_refused(tmp_path: Path) -> None:
    assert "127.0.0.1" in refused(tmp_path / "town", "--host", "0.0.0.0")
    assert not (tmp_path / "town").exists()


def test_another_database_than_its_own_is_refused(tmp_path: Path) -> None:
    assert "DATABASE_URL" in refused(tmp_path / "town", DATABASE_URL="postgresql://localhost/precious")
    assert not (tmp_path / "town").exists()


def test_an_interrupted_filling_is_cleared_and_done_anew(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), directory.filling(tmp_path):
        (tmp_path / "shopbell.db").write_text("half of it")
        (tmp_path / "shopbell.db-wal").write_text("the other half")
        raise KeyboardInterrupt
    assert not directory.is_filled(tmp_path)
    with directory.filling(tmp_path):
        assert [entry.name for entry in tmp_path.iterdir()] == [directory.UNFINISHED]
        directory.write_accounts(tmp_path, "everybody")
    assert directory.is_filled(tmp_path)
    assert directory.accounts(tmp_path) == "everybody"
