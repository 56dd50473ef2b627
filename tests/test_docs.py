"""What the documents say of the code: complete where they promise to be, and leading nowhere that is not there."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec
import pytest

import shopbell.app
from shopbell.kernel.events import Event
from shopbell.live import commands, frames, outbox, room, socket
from shopbell.live.wire import MESSAGE_BYTES
from shopbell.signin import rules as signin

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "shopbell"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bench").glob("*.md")])
README = (ROOT / "README.md").read_text()
PROTOCOL = (ROOT / "docs" / "protocol.md").read_text()
API = (ROOT / "docs" / "api.md").read_text()
GUARANTEES = (ROOT / "docs" / "guarantees.md").read_text()

# Sent by the server the socket runs on, not by a line of ours.
CODES_OF_THE_SERVER = {1009, 1012}
CLOSE_CODES = range(1001, 1016)


def concrete(kind: type[Event]) -> Iterator[type[Event]]:
    """The product's events that are recorded; those with further ones below them are bases."""
    below = [event for event in kind.__subclasses__() if event.__module__.startswith("shopbell.")]
    if not below:
        yield kind
    for event in below:
        yield from concrete(event)


# Importing the app has imported every feature, and with it every event.
EVENTS = {event.name: event for event in concrete(Event)}


def rows(document: str, first: str) -> dict[str, list[str]]:
    """The table whose head begins with that cell: for each row's first cell, the others."""
    lines = iter(document.splitlines())
    head = next((line for line in lines if line.startswith(f"| {first} |")), None)
    assert head is not None, f"no table begins with {first!r}"
    next(lines)
    found = {}
    for line in lines:
        if not line.startswith("|"):
            break
        key, *others = (cell.strip() for cell in line.strip("|").split("|"))
        found[key] = others
    return found


def examples(document: str) -> list[Any]:
    """Every JSON value of the document's examples, several of which may stand in one block."""
    decoder, found = json.JSONDecoder(), []
    for block in re.findall(r"```json\n(.*?)```", document, re.DOTALL):
        text = block.strip()
        while text:
            value, end = decoder.raw_decode(text)
            found.append(value)
            text = text[end:].strip()
    return found


def frames_shown() -> list[Any]:
    """The frames of the protocol's examples, joined ones taken apart."""
    return [frame for value in examples(PROTOCOL) for frame in (value if isinstance(value, list) else [value])]


def tagged(module: Any) -> dict[str, list[type[msgspec.Struct]]]:
    """The frames a module defines, by their `type`: one, or one for each direction."""
    found: dict[str, list[type[msgspec.Struct]]] = {}
    for kind in vars(module).values():
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__struct_config__.tag:
            found.setdefault(str(kind.__struct_config__.tag), []).append(kind)
    return found


def test_the_protocol_lists_every_event_with_those_who_hear_it_and_no_other() -> None:
    listed = {name.strip("`"): cells[0] for name, cells in rows(PROTOCOL, "Name").items()}
    assert listed == {name: event.audience.value for name, event in EVENTS.items()}


def test_the_protocol_shows_every_frame_that_is_sent() -> None:
    assert {frame["type"] for frame in frames_shown()} == {"event", *tagged(frames)}


@pytest.mark.parametrize(
    "frame", [frame for frame in frames_shown() if frame["type"] == "event"], ids=lambda f: f["name"]
)
def test_an_event_that_is_shown_has_the_fields_it_is_sent_with(frame: dict[str, Any]) -> None:
    event = EVENTS[frame["name"]]
    returned = get_type_hints(event.for_staff)["return"]
    body = event if returned is msgspec.Struct else returned
    fields = msgspec.structs.fields(body)
    assert {field.encode_name for field in fields if field.required} <= frame["body"].keys()
    assert frame["body"].keys() <= {field.encode_name for field in fields}
    assert frame.keys() == {"type", *(name for name in ("cursor", "seq", "business_id", "name", "at", "body"))}


@pytest.mark.parametrize(
    "frame", [frame for frame in frames_shown() if frame["type"] != "event"], ids=lambda f: f["type"]
)
def test_a_frame_that_is_shown_has_the_fields_of_its_type(frame: dict[str, Any]) -> None:
    kinds = tagged(frames)[frame["type"]]
    from_server = [kind for kind in kinds if kind not in get_args(frames.ClientFrame)]
    if not any(frame.keys() <= {"type", *kind.__struct_encode_fields__} for kind in from_server):
        assert isinstance(frames.decode(json.dumps(frame).encode()), tuple(kinds))


@pytest.mark.parametrize("kind", get_args(frames.ClientFrame), ids=lambda kind: kind.__name__)
def test_every_field_a_client_may_send_is_described(kind: type[msgspec.Struct]) -> None:
    for field in kind.__struct_encode_fields__:
        assert f"`{field}`" in PROTOCOL


def test_the_protocol_explains_every_close_code() -> None:
    used = {
        node.value
        for file in (SOURCE / "live").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant) and node.value in CLOSE_CODES
    }
    explained = {int(code) for cell in rows(PROTOCOL, "Code") for code in cell.split(",")}
    assert used | CODES_OF_THE_SERVER <= explained


def test_the_protocol_tells_the_limits_that_hold() -> None:
    limits = rows(PROTOCOL, "What")
    assert limits["Hello"] == [f"within {socket.HELLO_SECONDS} s"]
    assert limits["A frame from the client"] == [f"{MESSAGE_BYTES // 1024} KiB"]
    assert limits["Open sockets of one session"] == [str(room.SOCKETS_OF_ONE_SESSION)]
    assert limits["Commands unanswered on one socket"][0].startswith(f"{commands.IN_FLIGHT};")
    assert limits["What waits for a client that does not read"] == [
        f"{outbox.MOST_FRAMES:,} frames or {outbox.MOST_BYTES >> 20} MiB"
    ]
    said = f"{shopbell.app.MESSAGES_AT_ONCE} at once, {shopbell.app.MESSAGES_PER_SECOND} a second in the long run"
    assert limits["Messages of one author, over sockets and HTTP together"][0].startswith(said)
    assert rows(API, "What")["Messages of one author, over HTTP and sockets together"] == [said]


def test_the_page_on_the_api_tells_how_often_one_may_try() -> None:
    limits = rows(API, "What")
    by_address = limits["Signing in: tries with one e-mail address"][0]
    resets = limits["Password resets, for one e-mail address and from one network"]
    assert by_address.startswith(f"{signin.SIGN_IN_TO_ADDRESS.tries} in 15 minutes")
    assert limits["Signing in: tries from one network"][0].startswith(f"{signin.SIGN_IN_FROM.tries} in 15 minutes")
    assert limits["Signing up, from one network"] == [f"{signin.SIGN_UP_FROM.tries} an hour"]
    assert limits["Registering a business, from one network"] == [f"{signin.REGISTER_FROM.tries} an hour"]
    assert resets == [f"{signin.RESET_TO_ADDRESS.tries} and {signin.RESET_FROM.tries} an hour"]
    assert limits["Setting a password by a link, from one network"] == [f"{signin.SPEND_FROM.tries} an hour"]


def test_the_readme_lists_every_setting_and_no_other() -> None:
    read = {
        node.value
        for node in ast.walk(ast.parse((SOURCE / "settings.py").read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch("SHOPBELL_[A-Z0-9_]+|[A-Z]+_URL", node.value)
    }
    assert {name.strip("`") for cell in rows(README, "Setting") for name in cell.split(", ")} == read


def test_the_architecture_has_every_room_and_no_other() -> None:
    document = (ROOT / "docs" / "architecture.md").read_text()
    there = {
        entry.stem
        for entry in SOURCE.iterdir()
        if (entry / "__init__.py").exists() or (entry.suffix == ".py" and not entry.stem.startswith("__"))
    }
    assert {room.strip("`") for room in rows(document, "Room")} == there


def test_the_way_of_a_message_names_what_is_there() -> None:
    document = (ROOT / "docs" / "architecture.md").read_text()
    named = re.findall(r"`(\w+)\.(\w+)`", document)
    files = re.findall(r"`((?:\w+/)+\w+\.py)`", document)
    assert all((SOURCE / file).exists() or (ROOT / file).exists() for file in files)
    there = {
        (holder.name, part.name)
        for file in SOURCE.rglob("*.py")
        for holder in ast.walk(ast.parse(file.read_text()))
        if isinstance(holder, ast.ClassDef)
        for part in holder.body
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name for name in named if name[0][0].isupper()} <= there


def test_the_guarantees_list_every_promise_that_is_tried_and_the_file_that_does() -> None:
    promises = rows(GUARANTEES, "No.")
    tried = {file.name for file in (ROOT / "tests" / "faults").glob("test_g[0-9]*.py")}
    assert tried == set(re.findall(r"test_g\w+\.py", GUARANTEES))
    assert set(promises) == {f"G{int(name[6:8])}" for name in tried}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_within_the_documents_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (document.parent / path).resolve() if path else document
        assert there.exists(), f"{target} is not there"
        if anchor:
            assert anchor in anchors(there.read_text()), f"{target} names no heading"


def anchors(document: str) -> set[str]:
    """What the headings of a document can be linked by."""
    headings = re.findall(r"^#+ (.+)$", document, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_of_the_house_that_is_named_can_be_run(document: Path) -> None:
    targets = re.search(r"^TARGETS = (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert targets is not None
    text = document.read_text()
    printed = "\n".join(
        [*re.findall(r"```sh\n(.*?)```", text, re.DOTALL), *re.findall(r"`((?:make|\./dev) [^`]+)`", text)]
    )
    for name in re.findall(r"^(?:[A-Z_]+=\S+ )*(?:make|\./dev) ([a-z-]+)", printed, re.MULTILINE):
        assert name in {*targets[1].split(), "help"}
