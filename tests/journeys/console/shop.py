"""A shop on a real server, for windows to be opened on: its staff sign in by page, its customers write by API."""

import email
import email.policy
import itertools
import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.running import Server
from tests.web.browser import Window, Windows

PASSWORD = "correct horse battery staple"
SECONDS = 10.0

Json = dict[str, Any]


@dataclass(frozen=True)
class Colleague:
    """Somebody of the staff, with a session of the API beside those of their windows."""

    id: str
    name: str
    email: str
    token: str


@dataclass(frozen=True)
class Customer:
    """Somebody with a conversation with the shop."""

    id: str
    name: str
    email: str
    token: str
    conversation: str


class Shop:
    """One business with its Owner, made anew for each test."""

    def __init__(self, server: Server, name: str = "Hazel & Rye") -> None:
        self.server = server
        self._http = httpx.Client(base_url=server.url + "/api/v1", timeout=SECONDS, trust_env=False)
        self._salt = secrets.token_hex(4)
        self._numbers = itertools.count(1)
        address = f"nora.{self._salt}@example.org"
        answer = self.done("POST", "/businesses", {
            "name": name, "time_zone": "America/New_York",
            "owner": {"first_name": "Nora", "last_name": "Lindqvist", "email": address, "password": PASSWORD},
        })  # fmt: skip
        self.business = answer["business"]["id"]
        self.owner = Colleague(answer["staff"]["id"], "Nora Lindqvist", address, answer["token"])

    def close(self) -> None:
        self._http.close()

    def done(self, method: str, path: str, body: Any = None, *, by: str | None = None) -> Any:
        """The body of a success; fails with what the server says otherwise."""
        headers = {} if by is None else {"Authorization": f"Bearer {by}"}
        answer = self._http.request(method, path, json=body, headers=headers)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def hire(self, first_name: str, last_name: str, role: str = "agent") -> Colleague:
        """A colleague who has set a password by the mailed link and signed in."""
        address = f"colleague.{next(self._numbers)}.{self._salt}@example.org"
        body = {"role": role, "first_name": first_name, "last_name": last_name, "email": address}
        staff = self.done("POST", "/staff", body, by=self.owner.token)
        self.done("POST", f"/staff/{staff['id']}/invitation", by=self.owner.token)
        self.done("POST", "/password", {"token": self._mailed(address), "password": PASSWORD})
        token = self.done("POST", "/staff/sessions", {"email": address, "password": PASSWORD})["token"]
        return Colleague(staff["id"], f"{first_name} {last_name}", address, token)

    def customer(self, first_name: str = "Amara", last_name: str = "Okafor") -> Customer:
        """Somebody new, who has not written yet."""
        address = f"{secrets.token_hex(6)}@example.org"
        answer = self.done("POST", "/people", {
            "first_name": first_name, "last_name": last_name, "password": PASSWORD, "email": address,
        })  # fmt: skip
        talk = self.done("POST", f"/businesses/{self.business}/conversation", by=answer["token"])
        name = f"{first_name} {last_name}"
        return Customer(answer["person"]["id"], name, address, answer["token"], talk["id"])

    def say(self, author: Customer | Colleague, text: str, conversation: str | None = None) -> Json:
        """A message; a colleague's names its conversation."""
        place = conversation or (author.conversation if isinstance(author, Customer) else "")
        body = {"nonce": secrets.token_hex(8), "text": text}
        return dict(self.done("POST", f"/conversations/{place}/messages", body, by=author.token))

    def arrives(self, text: str = "Hello", first_name: str = "Amara", last_name: str = "Okafor") -> Customer:
        """A new customer has written."""
        customer = self.customer(first_name, last_name)
        self.say(customer, text)
        return customer

    def hears(self, customer: Customer) -> list[str]:
        """What stands in the customer's thread, as their own client is told it."""
        path = f"/conversations/{customer.conversation}/messages?limit=100"
        items = self.done("GET", path, by=customer.token)["items"]
        return [item["text"] for item in items if item["kind"] == "text"]

    def ticket(self, customer: Customer) -> Json:
        """The customer's newest ticket."""
        for state in ("waiting", "open", "closed"):
            for ticket in self.done("GET", f"/tickets?state={state}&limit=100", by=self.owner.token)["items"]:
                if ticket["conversation_id"] == customer.conversation:
                    return dict(ticket)
        raise LookupError(customer.name)

    def pull(self) -> None:
        self.done("POST", "/desk/pull", by=self.owner.token)

    def claim(self, colleague: Colleague, customer: Customer) -> None:
        ticket = self.ticket(customer)["id"]
        self.done("PUT", f"/tickets/{ticket}/holder", {"staff_id": "me"}, by=colleague.token)

    def finish(self, colleague: Colleague, customer: Customer, outcome: str = "resolved") -> None:
        """Close the customer's ticket."""
        ticket = self.ticket(customer)["id"]
        self.done("PUT", f"/tickets/{ticket}/closure", {"outcome": outcome}, by=colleague.token)

    def console(
        self, windows: Windows, colleague: Colleague, path: str = "/console", url: str = "", **how: Any
    ) -> Window:
        """A window of its own with that colleague's console, ready to be used; `url` is of a line to the server."""
        window = windows.open(**how)
        window.sign_in(url or self.server.url, "staff", colleague.email, PASSWORD)
        window.page.goto((url or self.server.url) + path)
        window.page.wait_for_selector("html[data-ready=console]")
        return window

    def _mailed(self, address: str) -> str:
        """The token of the mail to that address."""
        folder = Path(self.server.data) / "mail"
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            for path in folder.glob("*.eml"):
                message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                content = message.get_body(("plain", "html"))
                found = re.search(r"token=([\w~.-]+)", content.get_content()) if content else None
                if address in str(message["To"]) and found:
                    path.unlink()
                    return found.group(1)
            time.sleep(0.02)
        raise TimeoutError(f"no mail to {address}")
