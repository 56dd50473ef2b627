"""The whole app in this process, asked over HTTP, by a clock the test moves."""

import asyncio
import email
import email.policy
import itertools
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from shopbell.app import build
from shopbell.kernel import clock as wall
from shopbell.kernel.database import open_database
from shopbell.kernel.desk import Desk
from shopbell.settings import Settings
from tests.documented import Documented

Json = dict[str, Any]

PASSWORD = "correct horse battery staple"
BASE_URL = "https://chat.example.org"
MAIL_SECONDS = 10


@dataclass
class Clock:
    """The wall clock, put forward by `ahead` microseconds."""

    ahead: int = 0

    def __call__(self) -> int:
        return wall.now() + self.ahead


@dataclass
class Api:
    """One running app; answers are checked by whoever asks."""

    http: httpx.AsyncClient
    desk: Desk
    clock: Clock
    mail: Path
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    documented: Documented | None = None

    async def ask(
        self, method: str, path: str, body: Any = None, *, token: str | None = None, **headers: str
    ) -> httpx.Response:
        """One request; underscores of header names become hyphens."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent["authorization"] = f"Bearer {token}"
        answer = await self.http.request(method, f"/api/v1{path}", json=body, headers=sent)
        if self.documented is not None:
            self.documented.check(answer)
        return answer

    async def done(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> Any:
        """The answer's body, of a request that has to succeed."""
        answer = await self.ask(method, path, body, token=token)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def pages(self, path: str, *, token: str | None = None) -> list[Json]:
        """The items of every page of a list."""
        items: list[Json] = []
        after = ""
        while True:
            page = await self.done("GET", f"{path}{after}", token=token)
            items += page["items"]
            if page["next"] is None:
                return items
            after = f"{'&' if '?' in path else '?'}after={page['next']}"

    async def send_file(self, conversation_id: str, data: bytes, name: str = "file.bin", *, token: str) -> Json:
        """What the upload of a file that has to succeed was answered."""
        answer = await self.http.post(
            f"/api/v1/conversations/{conversation_id}/attachments",
            files={"file": (name, data)},
            headers={"authorization": f"Bearer {token}"},
        )
        assert answer.status_code == 201, answer.text
        sent: Json = answer.json()
        return sent

    async def register(self, name: str = "Bakery", address: str | None = None) -> Json:
        """A new business with its Owner signed in."""
        owner = {"first_name": "Olga", "last_name": "Owner", "email": address or self.address("owner")}
        body = {"name": name, "time_zone": "Europe/Helsinki", "owner": {**owner, "password": PASSWORD}}
        return {**await self.done("POST", "/businesses", body), "email": owner["email"]}

    async def sign_up(self, first_name: str = "Pia", last_name: str = "Person") -> Json:
        """A new person, signed in."""
        address = self.address("person")
        body = {"first_name": first_name, "last_name": last_name, "email": address, "password": PASSWORD}
        return {**await self.done("POST", "/people", body), "email": address}

    async def hire(self, owner_token: str, role: str, address: str | None = None) -> Json:
        """A new colleague who has set a password by the mailed link and is signed in."""
        address = address or self.address(role)
        body = {"role": role, "first_name": "Sam", "last_name": role.title(), "email": address}
        staff = await self.done("POST", "/staff", body, token=owner_token)
        await self.done("POST", f"/staff/{staff['id']}/invitation", token=owner_token)
        link = await self.mailed_token(address)
        await self.done("POST", "/password", {"token": link, "password": PASSWORD})
        return {**await self.sign_in(address), "email": address}

    async def sign_in(self, address: str, business_id: str | None = None) -> Json:
        """A new staff session."""
        body = {"email": address, "password": PASSWORD, "business_id": business_id}
        answer: Json = await self.done("POST", "/staff/sessions", body)
        return answer

    async def mailed_token(self, address: str) -> str:
        """The token of the next mail to that address; each mail is taken once."""
        async with asyncio.timeout(MAIL_SECONDS):
            while True:
                for path in sorted(self.mail.glob("*.eml")):
                    if token := _token_in(path, address):
                        path.unlink()
                        return token
                await asyncio.sleep(0.01)

    def address(self, who: str) -> str:
        return f"{who}{next(self.numbers)}@example.org"


def _token_in(path: Path, address: str) -> str | None:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    found = re.search(r"token=([\w~.-]+)", message.get_content())
    return found[1] if found and message["To"] == address else None


@asynccontextmanager
async def running(database_url: str, data: Path, clock: Clock | None = None, **settings: Any) -> AsyncIterator[Api]:
    """The app over that database, lenient unless the settings say otherwise."""
    chosen: Json = {
        "base_url": BASE_URL,
        "rate_limits": False,
        "costly_passwords": False,
        "registration_open": True,
    }
    clock = clock or Clock()
    desk = Desk(open_database(database_url), clock=clock)
    app = build(Settings(database_url=database_url, data=data, **{**chosen, **settings}), desk)
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
    async with app.routes.lifespan(), httpx.AsyncClient(transport=transport, base_url=BASE_URL) as http:
        documented = Documented((await http.get("/api/v1/openapi.json")).json())
        yield Api(http, desk, clock, data / "mail", documented=documented)


def fields(answer: httpx.Response) -> list[str]:
    """The fields a 422 problem names."""
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return [error["field"] for error in answer.json()["errors"]]
