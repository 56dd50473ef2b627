"""The server's own schema as TypeScript, so that a page cannot believe in a field the server does not have."""

import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import msgspec

import shopbell
from shopbell import app
from shopbell.kernel.database import open_database
from shopbell.kernel.desk import Desk
from shopbell.kernel.events import Audience, Event
from shopbell.kernel.http import API
from shopbell.kernel.http.openapi import JSON, document
from shopbell.live import frames
from shopbell.migrations import migrate
from shopbell.settings import Settings
from tests.engines import sqlite_url

Schema = dict[str, Any]

FOLDER = Path(shopbell.__file__).parent / "web" / "ts" / "live" / "generated"
HEAD = "// Drawn from the server's own types by `./dev types`; not to be edited.\n// deno-fmt-ignore-file\n"
REFERENCE = "#/components/schemas/"
SIDES = {Audience.STAFF: ("Staff",), Audience.PERSON: ("Person",), Audience.BOTH: ("Staff", "Person")}
CLIENT_FRAMES = (frames.Hello, frames.PostMessage, frames.MarkRead, frames.MarkDelivered, frames.TypingCommand)
SERVER_FRAMES = (
    frames.Ready, frames.Resync, frames.CursorFrame, frames.OtherWaiting, frames.Typing, frames.Ok, frames.Refused
)  # fmt: skip
PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def files() -> dict[str, str]:
    """The text of each generated file, by its name."""
    return {"api.ts": _api(_document()), "events.ts": _events()}


def _document() -> Schema:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder)).served_at(8000)
        url = sqlite_url(Path(folder) / "shopbell.db")
        migrate(url)
        return document(app.build(settings, Desk(open_database(url))).routes, app.INFO, {})


def _api(described: Schema) -> str:
    lines = [HEAD]
    lines += (_interface(name, schema) for name, schema in sorted(described["components"]["schemas"].items()))
    lines.append(
        "/** Every operation: what goes into it, and what a success answers. */\nexport interface Operations {"
    )
    for path, item in sorted(described["paths"].items()):
        for method, operation in sorted(item.items()):
            if path.startswith(f"{API}/"):
                lines.append(_operation(f"{method.upper()} {path.removeprefix(API)}", operation))
    lines.append("}\n")
    return "\n".join(lines)


def _operation(name: str, operation: Schema) -> str:
    return (
        f"  {json.dumps(name)}: {{\n"
        f"    path: {_parameters(operation, 'path')};\n"
        f"    query: {_parameters(operation, 'query')};\n"
        f"    body: {_body(operation)};\n"
        f"    answer: {_answer(operation)};\n"
        "  };"
    )


def _parameters(operation: Schema, place: str) -> str:
    fields = [
        f"{p['name']}{'' if p['required'] else '?'}: {_type(p['schema'])}"
        for p in operation["parameters"]
        if p["in"] == place
    ]
    return f"{{ {'; '.join(fields)} }}" if fields else "Record<never, never>"


def _body(operation: Schema) -> str:
    if "requestBody" not in operation:
        return "undefined"
    content = operation["requestBody"]["content"]
    return _type(content[JSON]["schema"]) if JSON in content else "FormData"


def _answer(operation: Schema) -> str:
    found = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
    return " | ".join(dict.fromkeys(_answered(answer) for answer in found))


def _answered(answer: Schema) -> str:
    if "content" not in answer:
        return "undefined"
    return _type(answer["content"][JSON]["schema"]) if JSON in answer["content"] else "Blob"


def _events() -> str:
    events = sorted(_recorded(Event), key=lambda event: event.name)
    bodies = {(event, side): _seen_by(event, side) for event in events for side in SIDES[event.audience]}
    kinds = list(dict.fromkeys([*bodies.values(), *CLIENT_FRAMES, *SERVER_FRAMES]))
    drawn, components = msgspec.json.schema_components(kinds, ref_template=f"{REFERENCE}{{name}}")
    type_of = {kind: _type(schema) for kind, schema in zip(kinds, drawn, strict=True)}
    lines = [HEAD]
    lines += (_interface(name, schema) for name, schema in sorted(components.items()))
    lines.append(
        'interface Told<Name extends string, Body> {\n  type: "event";\n  cursor: string;\n  seq: number;\n'
        "  business_id: string;\n  name: Name;\n  at: string;\n  body: Body;\n}\n"
    )
    for side in ("Staff", "Person"):
        told = [f'  | Told<"{event.name}", {type_of[kind]}>' for (event, to), kind in bodies.items() if to == side]
        lines.append("\n".join([f"export type {side}Event =", *told]) + ";\n")
    lines.append("export type ClientFrame = " + " | ".join(type_of[kind] for kind in CLIENT_FRAMES) + ";\n")
    lines.append("export type ServerFrame = " + " | ".join(type_of[kind] for kind in SERVER_FRAMES) + ";\n")
    return "\n".join(lines)


def _recorded(kind: type[Event]) -> Iterator[type[Event]]:
    """The product's events that are recorded; those with further ones below them are bases."""
    below = [event for event in kind.__subclasses__() if event.__module__.startswith("shopbell.")]
    if not below:
        yield kind
    for event in below:
        yield from _recorded(event)


def _seen_by(event: type[Event], side: str) -> type[msgspec.Struct]:
    shown = getattr(event, f"for_{side.lower()}")
    kind: type[msgspec.Struct] = get_type_hints(shown)["return"]
    return event if kind is msgspec.Struct else kind


def _interface(name: str, schema: Schema) -> str:
    about = schema.get("description", "")
    # msgspec describes an undocumented struct by its signature.
    comment = f"/** {' '.join(about.split())} */\n" if about and not about.startswith(f"{schema.get('title')}(") else ""
    if schema.get("type") != "object" or "properties" not in schema:
        return f"{comment}export type {_name(name)} = {_type(schema)};\n"
    fields = "\n".join(_field(schema, field, kind) for field, kind in schema["properties"].items())
    return f"{comment}export interface {_name(name)} {{\n{fields}\n}}\n"


def _field(schema: Schema, field: str, kind: Schema) -> str:
    # What is sent may leave out what has a default; what is answered always has it.
    sent = schema.get("additionalProperties") is False
    present = field in schema.get("required", []) or ("default" in kind and not sent)
    return f"  {field}{'' if present else '?'}: {_type(kind)};"


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return _name(schema["$ref"].removeprefix(REFERENCE))
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(choice) for choice in schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if "const" in schema:
        return json.dumps(schema["const"])
    if schema.get("type") == "array":
        return _list(schema)
    if schema.get("type") == "object":
        values = schema.get("additionalProperties")
        return f"Record<string, {_type(values) if isinstance(values, dict) else 'unknown'}>"
    return PLAIN.get(schema.get("type", ""), "unknown")


def _list(schema: Schema) -> str:
    kind = _type(schema["items"]) if isinstance(schema.get("items"), dict) else "unknown"
    return f"readonly ({kind})[]" if " " in kind else f"readonly {kind}[]"


def _name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (FOLDER / name).write_text(text)


if __name__ == "__main__":
    main()
