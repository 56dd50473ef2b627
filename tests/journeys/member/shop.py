"""A shop and its people, asked by plain requests beside the windows of a browser."""

import email
import email.policy
import itertools
import re
import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.journeys.member.hearing import Hearing, hearing

PASSWORD = "correct horse battery staple"
HOURS = {day: ["09:00-17:30"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}
PATIENCE_SECONDS = 10.0
NUMBERS = itertools.count(1)

Json = dict[str, Any]


@dataclass(frozen=True)
class Customer:
    """Somebody with an account; their windows sign in by it."""

    email: str
    name: str
    token: str


class Shop:
    """One business on a real server, with its Owner behind the counter. Requests that are refused fail the test."""

    def __init__(self, url: str, name: str = "") -> None:
        self.url = url
        self.name = name or f"Hazel & Rye {next(NUMBERS)}"
        self._http = httpx.Client(base_url=url + "/api/v1", trust_env=False, timeout=20)
        answer = self.ask("POST", "/businesses", {
            "name": self.name, "time_zone": "America/New_York",
            "owner": {"first_name": "Nora", "last_name": "Lind", "email": address("nora"), "password": PASSWORD},
        })  # fmt: skip
        self.id: str = answer["business"]["id"]
        self.slug: str = answer["business"]["slug"]
        self.token: str = answer["token"]

    def ask(self, method: str, path: str, body: Json | None = None, token: str | None = None) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = self._http.request(method, path, json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def describe(self, **profile: Any) -> None:
        """Set that much of the profile."""
        self.ask("PUT", "/business", profile, self.token)

    def customer(self, first_name: str = "Amara", last_name: str = "Okafor") -> Customer:
        """Somebody who has signed up."""
        mailbox = address("amara")
        answer = self.ask("POST", "/people", {
            "first_name": first_name, "last_name": last_name, "email": mailbox, "password": PASSWORD,
        })  # fmt: skip
        return Customer(mailbox, f"{first_name} {last_name}", answer["token"])

    def chat_of(self, customer: Customer) -> str:
        """The customer's conversation with the shop, begun if need be."""
        answer = self.ask("POST", f"/businesses/{self.id}/conversation", token=customer.token)
        return str(answer["id"])

    def write(self, customer: Customer, text: str) -> str:
        """Have the customer say something from elsewhere; the conversation."""
        conversation = self.chat_of(customer)
        self._post(conversation, text, customer.token)
        return conversation

    def conversation(self) -> str:
        """Of the newest ticket that waits or is open; raises StopIteration where there is none."""
        return str(self._newest()["conversation_id"])

    def answer(self, text: str, conversation: str | None = None) -> None:
        """Reply from behind the counter, which claims a ticket nobody holds."""
        self._post(conversation or self.conversation(), text, self.token)

    def block(self) -> None:
        """Let the customer of the newest ticket write no more."""
        self.ask("PUT", f"/members/{self._newest()['customer']['id']}/block", token=self.token)

    def unblock(self) -> None:
        self.ask("DELETE", f"/members/{self._newest()['customer']['id']}/block", token=self.token)

    def claim(self) -> None:
        self.ask("PUT", f"/tickets/{self._newest()['id']}/holder", {"staff_id": "me"}, self.token)

    def read(self, conversation: str) -> None:
        """Have the holder read everything."""
        newest = self.marks(conversation)["newest"]
        self.ask("PUT", f"/conversations/{conversation}/read", {"seq": newest}, self.token)

    def listening(self) -> AbstractContextManager[Hearing]:
        return hearing(self.url, self.token)

    def wait_for(self, comes_true: Callable[[], bool]) -> None:
        """Ask until it is so. Raises TimeoutError."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not comes_true():
            if time.monotonic() > deadline:
                raise TimeoutError
            time.sleep(0.02)

    def hang_up(self) -> None:
        """The shop makes no more requests."""
        self._http.close()

    def close(self) -> None:
        """Close the newest ticket as resolved."""
        self.ask("PUT", f"/tickets/{self._newest()['id']}/closure", {"outcome": "resolved"}, self.token)

    def messages(self, conversation: str) -> list[str]:
        """What was said in it, the newest hundred, oldest first."""
        page = self.ask("GET", f"/conversations/{conversation}/messages?limit=100", token=self.token)
        return [item["text"] for item in page["items"] if item["kind"] == "text"]

    def marks(self, conversation: str) -> Json:
        """How far each side has read and received, and the number of the newest message."""
        page = self.ask("GET", f"/conversations/{conversation}/messages?limit=1", token=self.token)
        return {**page["conversation"], "newest": page["items"][-1]["seq"]}

    def members(self) -> list[str]:
        found = self.ask("GET", "/members", token=self.token)["items"]
        return [f"{item['first_name']} {item['last_name']}" for item in found]

    def tickets(self) -> list[Json]:
        """Every ticket, in whatever state."""
        states = ("waiting", "open", "closed")
        pages = [self.ask("GET", f"/tickets?state={state}", token=self.token) for state in states]
        return [ticket for page in pages for ticket in page["items"]]

    def feedback(self) -> list[tuple[int, str | None]]:
        """Stars and words of each ticket that has any."""
        details = [self.ask("GET", f"/tickets/{ticket['id']}", token=self.token) for ticket in self.tickets()]
        return [(said["rating"], said["comment"]) for detail in details for said in detail["feedback"]]

    def mailed_link(self, data: Path, customer: Customer) -> str:
        """The link in the newest mail to the customer, which may still be on its way."""
        self.wait_for(lambda: _link_to(data / "mail", customer.email) != "")
        return _link_to(data / "mail", customer.email)

    def _newest(self) -> Json:
        found: Json = next(ticket for ticket in self.tickets() if ticket["state"] != "closed")
        return found

    def _post(self, conversation: str, text: str, token: str) -> None:
        body = {"nonce": secrets.token_hex(8), "text": text}
        self.ask("POST", f"/conversations/{conversation}/messages", body, token)


def address(name: str) -> str:
    """An e-mail address nobody has yet."""
    return f"{name}.{secrets.token_hex(4)}@example.com"


def _link_to(folder: Path, mailbox: str) -> str:
    """The link in the newest mail to that address; empty if none came."""
    for file in sorted(folder.glob("*.eml"), reverse=True):
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        body = mail.get_body(("plain",))
        found = body and re.search(r"\S+token=\S+", body.get_content())
        if found and mailbox in str(mail["To"]):
            return str(found[0])
    return ""
