"""The serving process from outside: how it begins, what it says, who else may run, and how it ends."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from tests.running import COMMAND, LENIENT, Server

SHOPBELL = (sys.executable, "-m", "shopbell")
# Ready within 2 s is measured by the benches; a loaded test machine only must not hang.
SOON_SECONDS = 20


def run(*arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """A command that is to end by itself."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SHOPBELL_")}
    return subprocess.run(
        [*SHOPBELL, *arguments], capture_output=True, text=True, timeout=SOON_SECONDS,
        env={**inherited, **(environment or {})}, check=False,
    )  # fmt: skip


def test_one_line_names_the_address_and_sigterm_ends_it_with_success(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*SHOPBELL, "serve", "--port", "0", "--data", str(tmp_path / "data")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    line = process.stdout.readline()
    url = line.split()[-1]
    assert httpx.get(f"{url}/health/live").json() == {"status": "alive"}
    ready = httpx.get(f"{url}/health/ready").json()
    assert ready == {"status": "ready", "failing": [], "weakened": [], "warnings": []}
    process.terminate()
    rest, log = process.communicate(timeout=SOON_SECONDS)
    assert process.returncode == 0
    assert rest == ""
    assert all(json.loads(entry) for entry in log.splitlines())


def test_as_many_sockets_as_the_machine_allows_are_taken(tmp_path: Path) -> None:
    few = ("prlimit", "--nofile=256:4096", *COMMAND)
    with Server(tmp_path / "data", command=few) as server:
        limits = Path(f"/proc/{server.pid}/limits").read_text()
    assert re.search(r"Max open files +4096 +4096", limits)


def test_health_tells_what_was_weakened(server: Server) -> None:
    weakened = httpx.get(f"{server.url}/health/ready").json()["weakened"]
    assert weakened == ["SHOPBELL_RATE_LIMITS=off", "SHOPBELL_PASSWORD_COST=low"]


def test_a_second_server_over_the_same_directory_is_told_who_has_it(server: Server) -> None:
    refused = run("serve", "--port", "0", "--data", str(server.data))
    assert refused.returncode == 1
    assert f"process {server.pid}" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert httpx.get(f"{server.url}/health/ready").is_success


def test_migrating_under_a_running_server_is_refused(server: Server) -> None:
    refused = run("migrate", "--data", str(server.data))
    assert refused.returncode == 1
    assert f"process {server.pid}" in refused.stderr


def test_a_port_in_use_is_told_plainly(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = run("serve", "--port", str(taken.getsockname()[1]), "--data", str(tmp_path))
    assert refused.returncode == 1
    assert "Cannot listen on 127.0.0.1" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_weakened_settings_do_not_serve_the_network(tmp_path: Path) -> None:
    refused = run("serve", "--host", "0.0.0.0", "--port", "0", "--data", str(tmp_path), environment=dict(LENIENT))
    assert refused.returncode == 1
    assert "SHOPBELL_RATE_LIMITS=off" in refused.stderr


def test_a_database_that_cannot_be_reached_is_told_without_its_password(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    refused = run(
        "serve", "--port", "0", "--data", str(tmp_path),
        environment={"DATABASE_URL": f"postgresql://shop:hunter2@127.0.0.1:{port}/shop"},
    )  # fmt: skip
    assert refused.returncode == 1
    assert "Cannot open the database" in refused.stderr
    assert "hunter2" not in refused.stderr


def test_it_serves_from_postgresql_as_well(serve: Callable[..., Server], postgres_url: str) -> None:
    assert httpx.get(f"{serve(database_url=postgres_url).url}/health/ready").is_success


def test_a_killed_server_starts_again_over_its_data(server: Server) -> None:
    account = {"first_name": "Ada", "last_name": "L", "email": "ada@example.org", "password": "open sesame"}
    assert httpx.post(f"{server.url}/api/v1/people", json=account).status_code == 201
    server.kill()
    server.start()
    signing_in = {"email": account["email"], "password": account["password"]}
    assert httpx.post(f"{server.url}/api/v1/people/sessions", json=signing_in).status_code == 201


def test_a_mail_asked_for_is_in_the_folder_and_its_token_in_no_log(server: Server) -> None:
    account = {"first_name": "Ada", "last_name": "L", "email": "ada@example.org", "password": "open sesame"}
    httpx.post(f"{server.url}/api/v1/people", json=account).raise_for_status()
    asked = {"email": account["email"], "side": "person"}
    assert httpx.post(f"{server.url}/api/v1/password/resets", json=asked).status_code == 202
    deadline = time.monotonic() + SOON_SECONDS
    while not (mails := list((server.data / "mail").glob("*.eml"))):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    text = mails[0].read_text()
    token = text.split("token=")[1].split()[0]
    assert f"{server.url}/password?token={token}" in text
    assert token not in server.log
    assert account["password"] not in server.log


def test_the_version_and_the_commands_are_told() -> None:
    assert run("--version").stdout.startswith("shopbell ")
    told = run("--help").stdout
    assert all(command in told for command in ("serve", "migrate", "demo", "replay"))
