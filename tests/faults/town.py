"""Businesses, staff and customers for a test, made through the contract."""

import asyncio
import email
import email.policy
import itertools
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults.clients import Api, Json, SentFile

PASSWORD = "correct horse battery staple"
MAIL_SECONDS = 10.0


@dataclass(frozen=True)
class Actor:
    """Somebody with a session; `business_id` is empty for people."""

    side: str
    id: str
    token: str
    email: str
    name: str
    business_id: str = ""
    role: str = ""


class Town:
    """Makes inhabitants with unlike names and e-mails; `data` is the server's directory, for its mail."""

    def __init__(self, api: Api, data: Path) -> None:
        self.api = api
        self._mail = data / "mail"
        self._numbers = itertools.count(1)
        self._salt = secrets.token_hex(3)

    async def owner(self, name: str = "Bakery") -> Actor:
        """The Owner of a new business."""
        address, number = self._address("owner")
        answer = await self.api.done("POST", "/businesses", {
            "name": f"{name} {number}", "time_zone": "Europe/Helsinki",
            "owner": {"first_name": "Olga", "last_name": f"Owner{number}", "email": address,
                      "password": PASSWORD},
        })  # fmt: skip
        staff = answer["staff"]
        return Actor(
            "staff", staff["id"], answer["token"], address, f"Olga Owner{number}", answer["business"]["id"],
            "owner",
        )  # fmt: skip

    async def hired(self, owner: Actor, role: str, *, address: str | None = None) -> Actor:
        """A colleague of the owner who has set a password by the mailed link and signed in."""
        known = address is not None
        fresh, number = self._address(role)
        address = address or fresh
        staff = await self.api.done("POST", "/staff", {
            "role": role, "first_name": "Sam", "last_name": f"Staff{number}", "email": address,
        }, token=owner.token)  # fmt: skip
        if not known:
            await self.api.done("POST", f"/staff/{staff['id']}/invitation", token=owner.token)
            await self.set_password(address)
        token = (await self.signed_in(address, owner.business_id))["token"]
        return Actor("staff", staff["id"], token, address, f"Sam Staff{number}", owner.business_id, role)

    async def set_password(self, address: str, password: str = PASSWORD) -> None:
        """Follow the newest mailed link of that address."""
        token = await self.mailed_token(address)
        await self.api.done("POST", "/password", {"token": token, "password": password})

    async def signed_in(self, address: str, business_id: str | None = None, password: str = PASSWORD) -> Json:
        """A further staff session."""
        body = {"email": address, "password": password}
        if business_id is not None:
            body["business_id"] = business_id
        return dict(await self.api.done("POST", "/staff/sessions", body))

    async def person(self) -> Actor:
        """Somebody who signed up."""
        address, number = self._address("person")
        answer = await self.api.done("POST", "/people", {
            "first_name": "Pia", "last_name": f"Person{number}", "email": address, "password": PASSWORD,
        })  # fmt: skip
        return Actor("person", answer["person"]["id"], answer["token"], address, f"Pia Person{number}")

    async def customer(self, business_id: str) -> tuple[Actor, str]:
        """Somebody new with a conversation, and its id."""
        person = await self.person()
        return person, await self.conversation(person, business_id)

    async def conversation(self, person: Actor, business_id: str) -> str:
        """The person's conversation with that business."""
        answer = await self.api.done("POST", f"/businesses/{business_id}/conversation", token=person.token)
        return str(answer["id"])

    async def post(
        self,
        author: Actor,
        conversation_id: str,
        text: str,
        nonce: str | None = None,
        *,
        attachments: Sequence[str] = (),
    ) -> Json:
        """Say something by REST."""
        return dict(await self.api.done(
            "POST", f"/conversations/{conversation_id}/messages",
            {"nonce": nonce or secrets.token_hex(8), "text": text, "attachments": attachments}, token=author.token,
        ))  # fmt: skip

    async def send_file(self, author: Actor, conversation_id: str, name: str, data: bytes) -> str:
        """Upload a file to be posted there; its id."""
        sent = await self.api.done(
            "POST", f"/conversations/{conversation_id}/attachments", SentFile(name, data), token=author.token
        )
        return str(sent["id"])

    async def ticket_of(self, agent: Actor, conversation_id: str) -> Json:
        """The newest ticket of a conversation, as that agent's desk lists it."""
        for state in ("waiting", "open", "closed"):
            for ticket in await self.api.pages(f"/tickets?state={state}", token=agent.token):
                if ticket["conversation_id"] == conversation_id:
                    return ticket
        raise LookupError(conversation_id)

    async def mailed_token(self, address: str) -> str:
        """The token of the newest mail to that address; each is taken once."""
        async with asyncio.timeout(MAIL_SECONDS):
            while True:
                for path in sorted(self._mail.glob("*.eml"), reverse=True):
                    if token := _token_in(path, address):
                        path.unlink()
                        return token
                await asyncio.sleep(0.02)

    def _address(self, kind: str) -> tuple[str, int]:
        number = next(self._numbers)
        return f"{kind}{number}.{self._salt}@example.org", number


def _token_in(path: Path, address: str) -> str | None:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    if address not in str(message["To"]):
        return None
    body: Any = message.get_body(("plain", "html"))
    found = re.search(r"token=([\w~.-]+)", body.get_content()) if body else None
    return found.group(1) if found else None
