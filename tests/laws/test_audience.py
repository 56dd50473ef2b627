"""The audience law: what staff say and do among themselves is in no frame or answer that a person ever gets."""

import re
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given

from shopbell.signin.actors import Person
from tests.desk_world import ANN, LAST_NAME, Step, World, found, play, settled
from tests.laws.conftest import Bench
from tests.laws.fold import PERSON, Json
from tests.laws.screens import fetched, listening, missed
from tests.laws.steps import enough, lives
from tests.signin.asking import Api, running

# In every note a step leaves; a note that goes with a transfer; the name by which colleagues call each other.
SECRETS = (b"Secret", b"Handed on", LAST_NAME.encode())
FORBIDDEN_FIELDS = {"ticket_id", "holder", "priority", "outcome", "waiting", "unclaimed", "by", "last_line"}
TICKET_ID_IS_THEIRS = {"feedback_requested", "feedback_recalled", "feedback_given"}


@given(steps=lives)
@enough(smoke=240, short=5_000, long=50_000)
def test_a_person_hears_and_reads_only_what_was_said_to_them(bench: Bench, steps: list[Step]) -> None:
    bench.run(_overheard(bench, steps))


async def _overheard(bench: Bench, steps: list[Step]) -> None:
    world = await bench.desk.do(None, found)
    await play(bench.desk, world, [Step("post", ANN, 0, 1), Step("note", ANN, 0, 0)])
    with listening(bench.hub, world.people) as ears:
        await play(bench.desk, world, steps)
        await settled(bench.desk)
        for person, ear in zip(world.people, ears, strict=True):
            resumed = await missed(bench.desk, person, world.business_id, 0)
            answers = await bench.desk.read(fetched, person, world.business_id)
            for frame in [*ear.taken(), *resumed]:
                _check_frame(world, person, frame)
            for secret in SECRETS:
                assert secret not in msgspec.json.encode([ear.heard, resumed, answers])
    for ear in ears:
        ear.heard.clear()


def _check_frame(world: World, person: Person, frame: Any) -> None:
    assert frame["name"] in PERSON
    raw = msgspec.json.encode(frame)
    others = [each for each in world.people if each.id != person.id]
    for stranger in others:
        assert stranger.id.encode() not in raw
        assert stranger.last_name.encode() not in raw
    for secret in SECRETS:
        assert secret not in raw
    if frame["name"] not in TICKET_ID_IS_THEIRS:
        assert not FORBIDDEN_FIELDS & frame["body"].keys()


CANARY = "Canary"
SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Cast:
    """A shop with two customers, each with a ticket, and what they must not learn."""

    person: Json
    # What each parameter of a path may be filled with: one's own things and others'.
    ids: dict[str, list[str]]


async def set_up(api: Api) -> Cast:
    """Notes, a stranger's words, a colleague's last name and address: all of them canaries."""
    owner = await api.register(address="canary@example.org")
    business_id, token = owner["business"]["id"], owner["token"]
    person, stranger = await api.sign_up(), await api.sign_up(CANARY, CANARY)
    ids: dict[str, list[str]] = {
        "business_id": [business_id],
        "staff_id": [owner["staff"]["id"]],
        "person_id": [person["person"]["id"], stranger["person"]["id"]],
        "conversation_id": [],
        "ticket_id": [],
        "message_id": ["1"],
        "attachment_id": [],
    }
    for who, text in ((person, "Hello"), (stranger, CANARY)):
        opened = await api.done("POST", f"/businesses/{business_id}/conversation", token=who["token"])
        ids["conversation_id"].append(opened["id"])
        path = f"/conversations/{opened['id']}/messages"
        sent = await api.send_file(opened["id"], text.encode(), f"{text}.txt", token=who["token"])
        ids["attachment_id"].append(sent["id"])
        body = {"nonce": "n", "text": text, "attachments": [sent["id"]]}
        await api.done("POST", path, body, token=who["token"])
        await api.done("PUT", f"/businesses/{business_id}/membership", token=who["token"])
        waiting = await api.done("GET", "/tickets?state=waiting", token=token)
        ticket = waiting["items"][0]["id"]
        ids["ticket_id"].append(ticket)
        await api.done("POST", path, {"nonce": "n", "text": "Yes?"}, token=token)
        await api.done("POST", f"/tickets/{ticket}/notes", {"nonce": "n", "text": CANARY}, token=token)
        await api.done("PUT", f"/tickets/{ticket}/closure", {"outcome": "abandoned"}, token=token)
    return Cast(person, ids)


async def test_no_address_of_the_api_tells_a_person_what_is_not_theirs(database_url: str, tmp_path: Path) -> None:
    async with running(database_url, tmp_path) as api:
        cast = await set_up(api)
        document = await api.done("GET", "/openapi.json")
        asked = 0
        for path, operations in document["paths"].items():
            for filled in _filled(path, cast.ids) if "get" in operations else []:
                answer = await api.ask("GET", filled.removeprefix("/api/v1"), token=cast.person["token"])
                assert answer.status_code < 500
                assert CANARY.lower() not in answer.text.lower(), filled
                assert "abandoned" not in answer.text or path.endswith("/openapi.json"), filled
                asked += 1
        assert asked > 15


def _filled(path: str, ids: dict[str, list[str]]) -> list[str]:
    """The path with every choice of ids for its parameters."""
    names = SLOT.findall(path)
    choices = [dict(zip(names, chosen, strict=True)) for chosen in product(*(ids[name] for name in names))]
    return [path.format_map(chosen) for chosen in choices]
