"""The way to copy a running server's data that the manual shows."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import httpx

from tests.running import Server

MANUAL = Path(__file__).parents[2] / "docs" / "operations.md"
ACCOUNT = {"first_name": "Ada", "last_name": "L", "email": "ada@example.org", "password": "open sesame"}


def test_a_copy_of_a_running_server_serves_what_was_acknowledged_before(server: Server, tmp_path: Path) -> None:
    assert httpx.post(f"{server.url}/api/v1/people", json=ACCOUNT).status_code == 201
    copy = tmp_path / "copy"
    copy.mkdir()
    (shown,) = re.findall(r"^python3 (-c .*sqlite3.*backup.*) \S+ \S+$", MANUAL.read_text(), re.MULTILINE)
    program = shlex.split(shown)
    subprocess.run([sys.executable, *program, server.data / "shopbell.db", copy / "shopbell.db"], check=True)
    assert httpx.get(f"{server.url}/health/ready").is_success
    with Server(copy) as restored:
        signing_in = {"email": ACCOUNT["email"], "password": ACCOUNT["password"]}
        assert httpx.post(f"{restored.url}/api/v1/people/sessions", json=signing_in).status_code == 201
