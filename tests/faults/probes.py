"""Every documented operation and socket command, written so that ids can be aimed at each of its places."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.faults.clients import PREFIX, Json, SentFile

SLOT = re.compile(r"\{(\w+)\}")
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Probe:
    """One operation; `{kind}` in its path, query or body is a place for an id of that kind.

    `open_to` names the sides for which the thing itself is public, such as a business's profile.
    """

    method: str
    path: str
    body: Mapping[str, Any] | SentFile | None = None
    query: str = ""
    open_to: frozenset[str] = frozenset()

    @property
    def operation(self) -> str:
        """Method and path with the names of its parameters left out, as both documents agree on."""
        return f"{self.method} {SLOT.sub('{}', self.path)}"

    @property
    def slots(self) -> list[str]:
        """The kinds of ids it takes, in order; a kind may stand twice."""
        return SLOT.findall(self.path + self.query + repr(self.body or ""))

    def aimed(self, ids: Mapping[str, str]) -> tuple[str, str, Any]:
        """Method, path and body with every slot filled."""
        return self.method, _filled(self.path + self.query, ids), _filled_in(self.body, ids)


@dataclass(frozen=True)
class Command:
    """One socket command, with the same kind of slots; one that is never answered carries no ref."""

    type: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    answered: bool = True

    @property
    def slots(self) -> list[str]:
        return SLOT.findall(repr(self.fields))

    def aimed(self, ids: Mapping[str, str]) -> Json:
        """The frame with every slot filled, still without its ref."""
        return {"type": self.type, **_filled_in(self.fields, ids)}


PEOPLE: Final = frozenset({"person"})
EVERYBODY: Final = frozenset({"person", "staff", "nobody"})
MESSAGE: Final = {"nonce": "probe", "text": "probe"}

PROBES: Final = (
    Probe("GET", "/openapi.json"),
    Probe("GET", "/health/live"),
    Probe("GET", "/health/ready"),
    Probe("GET", "/me"),
    Probe("DELETE", "/session"),
    Probe("POST", "/businesses", {
        "name": "Probe", "time_zone": "Europe/Paris",
        "owner": {"first_name": "P", "last_name": "P", "email": "not an address", "password": "p"},
    }),
    Probe("GET", "/businesses", query="?q=canary"),
    Probe("GET", "/businesses/{business}", open_to=EVERYBODY),
    Probe("GET", "/business"),
    Probe("PUT", "/business", {"description": "probe"}),
    Probe("POST", "/staff/sessions", {"email": "{own_email}", "password": "{own_password}",
                                      "business_id": "{business}"}),
    Probe("PUT", "/session/business", {"business_id": "{business}"}),
    Probe("POST", "/people", {"first_name": "P", "last_name": "P", "email": "not an address",
                              "password": "p"}),
    Probe("POST", "/people/sessions", {"email": "nobody@example.org", "password": "wrong password"}),
    Probe("POST", "/password/resets", {"email": "nobody@example.org", "side": "staff"}),
    Probe("POST", "/password", {"token": "nobody's", "password": "probe probe probe"}),
    Probe("GET", "/staff"),
    Probe("POST", "/staff", {"role": "agent", "first_name": "P", "last_name": "P",
                             "email": "not an address"}),
    Probe("PUT", "/staff/{staff}", {"active": False}),
    Probe("PUT", "/staff/{staff}", {"role": "marketer"}),
    Probe("POST", "/staff/{staff}/invitation"),
    Probe("PUT", "/businesses/{business}/membership", open_to=PEOPLE),
    Probe("DELETE", "/businesses/{business}/membership", open_to=PEOPLE),
    Probe("GET", "/memberships"),
    Probe("POST", "/businesses/{business}/conversation", open_to=PEOPLE),
    Probe("GET", "/conversations"),
    Probe("PUT", "/tickets/{ticket}/feedback", {"rating": 5}),
    Probe("POST", "/conversations/{conversation}/messages", MESSAGE),
    Probe("POST", "/conversations/{conversation}/messages", {
        "nonce": "probe with a file", "text": "", "attachments": ["{attachment}"],
    }),
    Probe("POST", "/conversations/{conversation}/messages", {
        "nonce": "probe with another", "text": "", "attachments": ["{unposted}"],
    }),
    Probe("POST", "/conversations/{conversation}/attachments", SentFile("probe.txt", b"probe")),
    Probe("GET", "/attachments/{attachment}"),
    Probe("GET", "/attachments/{unposted}"),
    Probe("GET", "/conversations/{conversation}/messages"),
    Probe("GET", "/conversations/{conversation}/messages", query="?after=0&limit=100"),
    Probe("DELETE", "/conversations/{conversation}/messages/{message}"),
    Probe("PUT", "/conversations/{conversation}/read", {"seq": 1}),
    Probe("PUT", "/conversations/{conversation}/delivered", {"seq": 1}),
    Probe("GET", "/desk"),
    Probe("GET", "/dashboard"),
    Probe("GET", "/tickets"),
    Probe("GET", "/tickets", query="?state=waiting"),
    Probe("GET", "/tickets", query="?state=closed"),
    Probe("GET", "/tickets", query="?holder={staff}"),
    Probe("GET", "/tickets", query="?q=canary"),
    Probe("GET", "/tickets", query="?after={page}"),
    Probe("GET", "/tickets/{ticket}"),
    Probe("GET", "/tickets/{ticket}/history"),
    Probe("PUT", "/tickets/{ticket}/holder", {"staff_id": "me"}),
    Probe("PUT", "/tickets/{ticket}/holder", {"staff_id": "{staff}", "take_over": True}),
    Probe("DELETE", "/tickets/{ticket}/holder"),
    Probe("PUT", "/tickets/{ticket}/priority", {"priority": "high"}),
    Probe("POST", "/tickets/{ticket}/notes", MESSAGE),
    Probe("GET", "/tickets/{ticket}/notes"),
    Probe("PUT", "/tickets/{ticket}/closure", {"outcome": "resolved"}),
    Probe("DELETE", "/tickets/{ticket}/closure"),
    Probe("GET", "/members"),
    Probe("GET", "/members", query="?q=canary"),
    Probe("GET", "/members/{person}"),
    Probe("POST", "/members/{person}/conversation"),
    Probe("PUT", "/members/{person}/block"),
    Probe("DELETE", "/members/{person}/block"),
    Probe("POST", "/desk/pull"),
)  # fmt: skip

COMMANDS: Final = (
    Command("post_message", {"conversation_id": "{conversation}", **MESSAGE}),
    Command("mark_read", {"conversation_id": "{conversation}", "seq": 1}),
    Command("mark_delivered", {"conversation_id": "{conversation}", "seq": 1}),
    Command("typing", {"conversation_id": "{conversation}"}, answered=False),
    Command("presence", {"ticket_id": "{ticket}"}, answered=False),
)


def documented(document: Json) -> Iterator[str]:
    """The operations of a served OpenAPI document, named as `Probe.operation` names them."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {SLOT.sub('{}', path.removeprefix(PREFIX))}"


def _filled(text: str, ids: Mapping[str, str]) -> str:
    return SLOT.sub(lambda slot: ids[slot[1]], text)


def _filled_in(value: Any, ids: Mapping[str, str]) -> Any:
    match value:
        case str():
            return _filled(value, ids)
        case Mapping():
            return {key: _filled_in(inner, ids) for key, inner in value.items()}
        case _:
            return value
