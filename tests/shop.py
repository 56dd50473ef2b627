"""A shop on a real server, staffed in every role, for the tests of one module."""

import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.documented import Documented
from tests.faults.clients import Api, Json, Live
from tests.faults.town import Actor, Town
from tests.quick import quick_folder
from tests.running import Server


@dataclass(frozen=True)
class Case:
    """A customer who wrote, the conversation, and its ticket."""

    person: Actor
    conversation: str
    ticket: str


@dataclass(frozen=True)
class Shop:
    """One business; tests share it, each with customers of its own. Figures of the desk need a shop of their own."""

    server: Server
    api: Api
    documented: Documented
    town: Town
    owner: Actor
    manager: Actor
    marketer: Actor
    ann: Actor
    bob: Actor

    async def ask(self, actor: Actor | None, method: str, path: str, body: Any = None) -> httpx.Response:
        answer = await self.api.call(method, path, body, token=actor.token if actor else None)
        self.documented.check(answer)
        return answer

    async def done(self, actor: Actor, method: str, path: str, body: Any = None) -> Any:
        """The answer's body, of a request that has to succeed."""
        return await self.api.done(method, path, body, token=actor.token)

    async def case(self, text: str = "Hello") -> Case:
        """A new customer's message and the ticket that waits for it."""
        person, conversation = await self.town.customer(self.owner.business_id)
        await self.town.post(person, conversation, text)
        return Case(person, conversation, (await self.newest(conversation))["id"])

    async def held(self, agent: Actor, text: str = "Hello") -> Case:
        """The same, claimed by that agent."""
        case = await self.case(text)
        await self.claim(agent, case)
        return case

    async def closed(self, agent: Actor) -> Case:
        case = await self.held(agent)
        await self.close(agent, case)
        return case

    async def newest(self, conversation: str) -> Json:
        """The newest ticket of a conversation, as the Owner's desk lists it."""
        for state in ("waiting", "open", "closed"):
            page = await self.done(self.owner, "GET", f"/tickets?state={state}&limit=100")
            for ticket in page["items"]:
                if ticket["conversation_id"] == conversation:
                    found: Json = ticket
                    return found
        raise LookupError(conversation)

    async def ticket(self, case: Case) -> Json:
        found: Json = await self.done(self.owner, "GET", f"/tickets/{case.ticket}")
        return found

    async def claim(self, agent: Actor, case: Case) -> Json:
        found: Json = await self.done(agent, "PUT", f"/tickets/{case.ticket}/holder", {"staff_id": "me"})
        return found

    async def close(self, agent: Actor, case: Case, outcome: str = "resolved") -> Json:
        found: Json = await self.done(agent, "PUT", f"/tickets/{case.ticket}/closure", {"outcome": outcome})
        return found

    async def say(self, author: Actor, conversation: str, text: str = "Hi") -> Json:
        return await self.town.post(author, conversation, text)

    async def write(self, author: Actor, conversation: str, text: str = "Hi") -> httpx.Response:
        """The same, where it may be refused."""
        body = {"nonce": secrets.token_hex(8), "text": text}
        return await self.ask(author, "POST", f"/conversations/{conversation}/messages", body)

    async def thread(self, reader: Actor, conversation: str) -> list[Json]:
        return await self.api.thread(conversation, token=reader.token)

    async def listen(self, actor: Actor, **how: Any) -> Live:
        return await Live.open(self.server, actor.token, **how)


def refused(answer: httpx.Response, status: int, code: str = "") -> Json:
    """The problem, which has that status and code."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: Json = answer.json()
    assert found["status"] == status
    assert not code or found["code"] == code, found
    return found


def field_of(answer: httpx.Response) -> str:
    """The first field a 422 names."""
    name: str = refused(answer, 422)["errors"][0]["field"]
    return name


@pytest.fixture(scope="module")
def shop_server() -> Iterator[Server]:
    with quick_folder() as folder, Server(folder / "data") as server:
        yield server


@pytest.fixture(scope="module")
async def shop(shop_server: Server) -> AsyncIterator[Shop]:
    async with Api(shop_server) as api:
        yield await staffed(shop_server, api, Town(api, shop_server.data))


async def staffed(server: Server, api: Api, town: Town) -> Shop:
    owner = await town.owner()
    colleagues = [await town.hired(owner, role) for role in ("manager", "marketer", "agent", "agent")]
    documented = Documented(await api.done("GET", "/openapi.json"))
    return Shop(server, api, documented, town, owner, *colleagues)


async def small(shop: Shop) -> Shop:
    """A new business on the same server, in which the Owner is everybody."""
    owner = await shop.town.owner()
    return Shop(shop.server, shop.api, shop.documented, shop.town, owner, owner, owner, owner, owner)
