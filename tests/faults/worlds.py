"""Two businesses with everything in them, and everybody who might look where they should not."""

import re
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.faults.clients import Api, Json
from tests.faults.town import PASSWORD, Actor, Town

ROLES = ("manager", "marketer", "agent")
CANARY = "canary"
HEX_ID = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True)
class World:
    """One business, one of each thing in it, and what of it nobody outside may ever see."""

    owner: Actor
    customer: Actor
    ids: Mapping[str, str]
    secrets: frozenset[str]


@dataclass(frozen=True)
class Prowler:
    """Somebody with credentials, or none, and the ids that are truly theirs to use."""

    name: str
    side: str
    token: str | None
    ids: Mapping[str, str]
    knows: frozenset[str] = field(default_factory=frozenset)


async def world(town: Town, *, marked: bool) -> World:
    """A business with a held ticket that has a message, a note and a reply; marked texts hold a canary."""
    api = town.api
    mark = f"{CANARY}-{secrets.token_hex(6)}" if marked else "plain"
    owner = await town.owner()
    agent = await town.hired(owner, "agent")
    customer, conversation = await town.customer(owner.business_id)
    await api.done("PUT", f"/businesses/{owner.business_id}/membership", token=customer.token)
    attachment = await town.send_file(customer, conversation, f"{mark}.txt", f"{mark} file".encode())
    message = await town.post(customer, conversation, f"{mark} message", attachments=[attachment])
    unposted = await town.send_file(customer, conversation, f"{mark} too.txt", f"{mark} file".encode())
    ticket = (await town.ticket_of(owner, conversation))["id"]
    await api.done("PUT", f"/tickets/{ticket}/holder", {"staff_id": "me"}, token=agent.token)
    await api.done("POST", f"/tickets/{ticket}/notes", {"nonce": "n", "text": f"{mark} note"}, token=agent.token)
    await town.post(agent, conversation, f"{mark} reply")
    # A second ticket, so that a page of one has a next.
    other, other_conversation = await town.customer(owner.business_id)
    await town.post(other, other_conversation, f"{mark} other")
    await api.done("POST", "/desk/pull", token=owner.token)
    page = (await api.done("GET", "/tickets?limit=1", token=owner.token))["next"]
    ids = {
        "business": owner.business_id, "conversation": conversation, "message": message["id"],
        "attachment": attachment, "unposted": unposted,
        "ticket": ticket, "staff": agent.id, "person": customer.id, "page": page,
        "own_email": owner.email, "own_password": PASSWORD,
    }  # fmt: skip
    private = {
        attachment,
        unposted,
        conversation,
        other_conversation,
        message["id"],
        ticket,
        agent.id,
        customer.id,
        other.id,
    }
    emails = {owner.email, agent.email, customer.email, other.email}
    return World(owner, customer, ids, frozenset(private | emails | ({mark} if marked else set())))


async def prowlers(town: Town, victim: World, own: World) -> list[Prowler]:
    """Every kind of credential that is not the victim's."""
    api = town.api
    others = [await town.hired(own.owner, role) for role in ROLES]
    found = [Prowler(f"{a.role} of another business", "staff", a.token, own.ids) for a in (own.owner, *others)]

    # One login, two businesses: what it may see in the one it must not see while working in the other.
    double = await town.hired(victim.owner, "manager")
    there = await town.hired(own.owner, "agent", address=double.email)
    found.append(Prowler("colleague at work elsewhere", "staff", there.token, {
        **own.ids, "own_email": double.email,
    }, frozenset({"business"})))  # fmt: skip

    found.append(Prowler("customer of another business", "person", own.customer.token, own.ids))
    neighbour, conversation = await town.customer(victim.owner.business_id)
    attachment = await town.send_file(neighbour, conversation, "hello.txt", b"hello")
    message = await town.post(neighbour, conversation, "hello", attachments=[attachment])
    ids = {
        **own.ids, "conversation": conversation, "message": message["id"], "person": neighbour.id,
        "attachment": attachment, "unposted": await town.send_file(neighbour, conversation, "mine.txt", b"mine"),
    }  # fmt: skip
    found.append(Prowler("another customer of the same business", "person", neighbour.token, ids))

    ended = (await town.signed_in(own.owner.email))["token"]
    await api.done("DELETE", "/session", token=ended)
    found.append(Prowler("somebody signed out", "nobody", ended, own.ids))
    found.append(Prowler("nobody", "nobody", None, own.ids))
    return found


def unknown_like(id: str) -> str:
    """An id of nobody, of the same form."""
    return HEX_ID.sub(lambda _: uuid.uuid4().hex, id) if HEX_ID.search(id) else uuid.uuid4().hex


async def everything(api: Api, victim: World) -> list[Json]:
    """All that the victim's Owner and customer can read of it, to be the same before and after."""
    ids = victim.ids
    return [
        *[await api.done("GET", path, token=victim.owner.token) for path in (
            "/desk", "/tickets", "/tickets?state=waiting", "/tickets?state=closed", "/members", "/staff",
            "/business", f"/tickets/{ids['ticket']}", f"/tickets/{ids['ticket']}/history",
            f"/tickets/{ids['ticket']}/notes", f"/conversations/{ids['conversation']}/messages",
        )],
        *[await api.done("GET", path, token=victim.customer.token) for path in (
            "/me", "/conversations", "/memberships", f"/conversations/{ids['conversation']}/messages",
        )],
    ]  # fmt: skip
