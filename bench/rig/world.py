"""Businesses, agents and customers, made through the contract as their owners would make them."""

import asyncio
import email
import email.policy
import re
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from bench.rig.rest import Client, client
from bench.rig.server import Server

CONNECTIONS = 8
PASSWORD = "correct horse battery staple"
MAIL_SECONDS = 20.0
MAIL_POLL_SECONDS = 0.02
TOKEN = re.compile(r"token=([\w.~-]+)")


@dataclass(frozen=True)
class Customer:
    name: str
    token: str
    conversation_id: str


@dataclass(frozen=True)
class Shop:
    business_id: str
    owner_token: str
    agent_tokens: tuple[str, ...]
    customers: tuple[Customer, ...]


async def open_shops(server: Server, *, shops: int, customers: int, agents: int) -> list[Shop]:
    """That many businesses, each with so many customers in a conversation and agents who are signed in."""
    asking = await client(server, CONNECTIONS)
    run = token_hex(4)
    try:
        names = (f"{run}-{number}" for number in range(shops))
        return await asyncio.gather(*(_shop(asking, server.data, name, customers, agents) for name in names))
    finally:
        asking.close()


async def _shop(asking: Client, folder: Path, name: str, customers: int, agents: int) -> Shop:
    profile = {"name": f"Shop {name}", "time_zone": "Europe/London"}
    owner = {"first_name": "Olive", "last_name": "Owner", "email": f"owner-{name}@example.com"}
    made = await asking.ask("POST", "/businesses", {**profile, "owner": {**owner, "password": PASSWORD}})
    business_id, owner_token = made["business"]["id"], made["token"]
    hired = (hire(asking, folder, owner_token, f"{name}-{number}") for number in range(agents))
    came = (_customer(asking, business_id, f"{name}-{number}") for number in range(customers))
    agent_tokens = tuple(await asyncio.gather(*hired))
    return Shop(business_id, owner_token, agent_tokens, tuple(await asyncio.gather(*came)))


async def hire(asking: Client, folder: Path, owner_token: str, name: str) -> str:
    """Invites an agent, reads the mail, sets the password and signs in: the agent's token."""
    address = f"agent-{name}@example.com"
    newcomer = {"role": "agent", "first_name": "Ada", "last_name": f"Agent {name}", "email": address}
    staff = await asking.ask("POST", "/staff", newcomer, token=owner_token)
    await asking.ask("POST", f"/staff/{staff['id']}/invitation", token=owner_token)
    invitation = await _token_mailed_to(address, folder / "mail")
    await asking.ask("POST", "/password", {"token": invitation, "password": PASSWORD})
    signed_in = await asking.ask("POST", "/staff/sessions", {"email": address, "password": PASSWORD})
    token: str = signed_in["token"]
    return token


async def sign_up(asking: Client, name: str) -> str:
    """A new person's token."""
    who = {"first_name": "Pat", "last_name": f"Person {name}", "email": f"person-{name}@example.com"}
    made = await asking.ask("POST", "/people", {**who, "password": PASSWORD})
    token: str = made["token"]
    return token


async def _customer(asking: Client, business_id: str, name: str) -> Customer:
    token = await sign_up(asking, name)
    conversation = await asking.ask("POST", f"/businesses/{business_id}/conversation", token=token)
    return Customer(name, token, conversation["id"])


async def _token_mailed_to(address: str, folder: Path) -> str:
    for _ in range(int(MAIL_SECONDS / MAIL_POLL_SECONDS)):
        for path in folder.glob(f"*{address}*.eml"):
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            body = mail.get_body(("plain", "html"))
            if body and (found := TOKEN.search(body.get_content())):
                return found[1]
        await asyncio.sleep(MAIL_POLL_SECONDS)
    raise TimeoutError(f"no invitation for {address} in {folder}")
