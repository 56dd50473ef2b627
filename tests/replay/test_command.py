"""`shopbell replay` on the command line."""

import json
from pathlib import Path

import httpx
from click.testing import CliRunner, Result

from shopbell.replay.command import replay
from tests.replay import invented
from tests.running import Server


def run(*arguments: object) -> Result:
    return CliRunner().invoke(replay, [str(argument) for argument in arguments])


def test_a_play_is_reported_as_text_or_as_json(server: Server, tmp_path: Path) -> None:
    file = invented.write(tmp_path / "invented.jsonl", 6)
    how = (file, "--at", server.url, "--speed", 2_000, "--parallel", 3, "--agents", 2)
    text, as_json = run(*how), run(*how, "--json")
    assert (text.exit_code, as_json.exit_code) == (0, 0)
    assert "everything arrived once, in order and unchanged" in text.output
    report = json.loads(as_json.output)
    turns = sum(len(json.loads(line)["turns"]) for line in file.read_text().splitlines())
    assert (report["dialogues"], report["lanes"], report["agents"]) == (6, 3, 2)
    assert report["messages"]["sent"] == report["messages"]["delivered"] == turns
    assert report["latency"]["peer"]["count"] == turns
    slowest = [slow["milliseconds"] for slow in report["slowest"]]
    assert slowest == sorted(slowest, reverse=True)
    assert slowest[0] == report["latency"]["peer"]["max"]


def test_it_can_play_in_a_business_that_is_there_already(server: Server, tmp_path: Path) -> None:
    file = invented.write(tmp_path / "invented.jsonl", 4)
    owner = {
        "first_name": "Ona",
        "last_name": "Alder",
        "email": "ona@shop.example",
        "password": "long enough",
    }
    shop = {"name": "The shop", "time_zone": "UTC", "owner": owner}
    answer = httpx.post(f"{server.url}/api/v1/businesses", json=shop, trust_env=False)
    business_id = answer.json()["business"]["id"]
    staff = ("--business-email", owner["email"], "--password", owner["password"])
    result = run(file, "--at", server.url, "--speed", 2_000, *staff, "--json")
    assert result.exit_code == 0
    assert json.loads(result.output)["business_id"] == business_id


def test_a_server_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    file = invented.write(tmp_path / "invented.jsonl", 1)
    result = run(file, "--at", "http://127.0.0.1:9", "--patience", 1)
    assert result.exit_code == 1
    assert result.output.startswith("Error: The server stayed away: POST /businesses: ConnectError")


def test_a_file_that_holds_no_dialogues_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "talk.jsonl"
    file.write_text('{"turns": [["c", " "]]}\n')
    assert "holds no dialogue that can be played" in run(file).output
    file.write_text("Hello\n")
    assert "talk.jsonl, line 1" in run(file).output


def test_staff_without_a_password_is_a_mistake_in_usage(tmp_path: Path) -> None:
    file = invented.write(tmp_path / "invented.jsonl", 1)
    result = run(file, "--business-email", "ona@shop.example")
    assert (result.exit_code, "--business-email needs --password" in result.output) == (2, True)
