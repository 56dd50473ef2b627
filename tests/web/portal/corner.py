"""A corner shop for the browser's tests, made by plain requests: a test in a browser can't wait for others."""

import secrets
from typing import Any

import httpx

from tests.faults.town import PASSWORD

Json = dict[str, Any]


class Corner:
    """One shop on a server, with its Owner and as many customers as wanted."""

    def __init__(self, url: str, name: str = "Corner Shop") -> None:
        self.url = url
        self._http = httpx.Client(base_url=f"{url}/api/v1", trust_env=False)
        self.email = self._address()
        founded = self.done("POST", "/businesses", {
            "name": name, "time_zone": "Europe/Helsinki",
            "owner": {"first_name": "Olga", "last_name": "Owner", "email": self.email, "password": PASSWORD},
        })  # fmt: skip
        self.token: str = founded["token"]
        self.id: str = founded["business"]["id"]
        self.owner_id: str = founded["staff"]["id"]

    def close(self) -> None:
        self._http.close()

    def done(self, method: str, path: str, body: Any = None, *, token: str = "") -> Any:
        """The answer's body, of a request that has to succeed."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        answer = self._http.request(method, path, json=body, headers=headers)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def customer(self, first_name: str = "Pia", text: str = "Hello", last_name: str = "Person") -> Json:
        """Somebody new who writes; their ticket waits."""
        body = {"first_name": first_name, "last_name": last_name, "email": self._address(), "password": PASSWORD}
        person = self.done("POST", "/people", body)
        opened = self.done("POST", f"/businesses/{self.id}/conversation", token=person["token"])
        self.say(person["token"], opened["id"], text)
        return {**person, "conversation": opened["id"]}

    def say(self, token: str, conversation: str, text: str) -> None:
        body = {"nonce": secrets.token_hex(8), "text": text}
        self.done("POST", f"/conversations/{conversation}/messages", body, token=token)

    def add(self, role: str, first_name: str, last_name: str = "Colleague") -> str:
        """A colleague without a password; their id."""
        body = {"role": role, "first_name": first_name, "last_name": last_name, "email": self._address()}
        return str(self.done("POST", "/staff", body, token=self.token)["id"])

    def lived_in(self) -> None:
        """A member, answers, closures and feedback, so that every chart has something to draw."""
        for stars, outcome in ((5, "resolved"), (3, "abandoned")):
            person = self.customer()
            self.done("PUT", f"/businesses/{self.id}/membership", token=person["token"])
            self._end(person, outcome, {"rating": stars, "comment": "Kind"})

    def rated(self, comment: str, first_name: str, last_name: str) -> None:
        """A customer of that name was answered, and said so of it."""
        self._end(self.customer(first_name, last_name=last_name), "resolved", {"rating": 4, "comment": comment})

    def _end(self, person: Json, outcome: str, feedback: Json) -> None:
        self.say(self.token, person["conversation"], "Certainly")
        ticket = self.done("GET", "/tickets?holder=me", token=self.token)["items"][0]["id"]
        self.done("PUT", f"/tickets/{ticket}/closure", {"outcome": outcome}, token=self.token)
        self.done("PUT", f"/tickets/{ticket}/feedback", feedback, token=person["token"])

    def _address(self) -> str:
        return f"{secrets.token_hex(6)}@example.org"
