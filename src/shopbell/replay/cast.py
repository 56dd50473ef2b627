"""Who plays: a business, the agents who serve its desk and the people who write to it."""

import asyncio
import email
import email.policy
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from shopbell.replay import wire
from shopbell.replay.rest import Away, Refused, Rest

T = TypeVar("T")
R = TypeVar("R")

AT_ONCE = 8
"""How many sign up at the same time; hashing passwords is the server's slowest work."""

MAIL_SECONDS = 15.0
FIRST_NAMES = ("Ada", "Bela", "Chidi", "Dina", "Emre", "Femi", "Gita", "Hana", "Ivo", "Jun", "Kaia", "Luz")


class Uncast(Exception):
    """The cast can't be put together; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Of a staff login that exists already."""

    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Agent:
    token: str
    staff_id: str
    business_id: str


@dataclass(frozen=True, slots=True)
class Customer:
    token: str
    person_id: str
    conversation_id: str
    cursors: dict[str, str]


@dataclass(frozen=True, slots=True)
class Desk:
    """The business played with; `alone` when nobody else can be at work in it."""

    business: wire.Business
    agents: tuple[Agent, ...]
    alone: bool


class Casting:
    """Puts a cast together over the contract alone; e-mail addresses and passwords are random."""

    def __init__(self, rest: Rest, *, mail: Path | None) -> None:
        self._rest = rest
        self._mail = mail
        self._run = secrets.token_hex(5)
        self._password = secrets.token_urlsafe(18)

    async def open_desk(self, agents: int, staff: Credentials | None) -> Desk:
        """A new business, or the one `staff` works for, with so many agents signed in.

        With a mail folder at hand each agent is invited and sets a password; without one, the sign-in
        link can't be read, so the one login opens a session for each of them.
        """
        login = staff or await self._register()
        first = await self._sign_in(login)
        business = await self._rest.ask(wire.Business, "GET", f"/businesses/{first.staff.business_id}")
        if self._mail is None:
            sessions = [first, *[await self._sign_in(login) for _ in range(agents - 1)]]
        else:
            sessions = [await self._hire(first.token, number) for number in range(agents)]
        hired = tuple(Agent(session.token, session.staff.id, business.id) for session in sessions)
        return Desk(business, hired, alone=staff is None)

    async def sign_up(self, business_id: str, count: int) -> list[Customer]:
        """So many people, each with an empty conversation with the business."""

        async def one(number: int) -> Customer:
            name = FIRST_NAMES[number % len(FIRST_NAMES)]
            session = await self._join(name, f"{number + 1}")
            conversation = await self._rest.ask(
                wire.Conversation,
                "POST",
                f"/businesses/{business_id}/conversation",
                token=session.token,
            )
            listed = await self._rest.ask(wire.Conversations, "GET", "/conversations", token=session.token)
            return Customer(session.token, session.person.id, conversation.id, listed.cursors)

        return await few_at_once(one, range(count))

    async def _join(self, first_name: str, last_name: str) -> wire.PersonSession:
        address = self._address(f"person-{last_name}")
        body = {
            "first_name": first_name,
            "last_name": last_name,
            "email": address,
            "password": self._password,
        }
        try:
            return await self._rest.ask(wire.PersonSession, "POST", "/people", body)
        except Refused as refusal:
            if not refusal.uncertain:
                raise
        credentials = {"email": address, "password": self._password}
        return await self._rest.ask(wire.PersonSession, "POST", "/people/sessions", credentials)

    async def _register(self) -> Credentials:
        """A new business; the login of its owner."""
        owner = Credentials(self._address("owner"), self._password)
        body = {
            "name": f"Replay {self._run}",
            "time_zone": "UTC",
            "owner": {
                "first_name": "Olga",
                "last_name": "Replay",
                "email": owner.email,
                "password": owner.password,
            },
        }
        try:
            await self._rest.ask(object, "POST", "/businesses", body)
        except Refused as refusal:
            if refusal.problem.status != 403:
                raise
            raise Uncast(
                "This server takes no new businesses (SHOPBELL_REGISTRATION); "
                "name staff of an existing one with --business-email and --password."
            ) from refusal
        return owner

    async def _sign_in(self, staff: Credentials) -> wire.StaffSession:
        body = {"email": staff.email, "password": staff.password}
        return await self._rest.ask(wire.StaffSession, "POST", "/staff/sessions", body)

    async def _hire(self, owner_token: str, number: int) -> wire.StaffSession:
        address = self._address(f"agent-{number + 1}")
        body = {"role": "agent", "first_name": "Agent", "last_name": f"{number + 1}", "email": address}
        hired = await self._rest.ask(wire.Staff, "POST", "/staff", body, token=owner_token)
        await self._rest.ask(object, "POST", f"/staff/{hired.id}/invitation", token=owner_token)
        token = await self._invitation(address)
        await self._rest.ask(object, "POST", "/password", {"token": token, "password": self._password})
        return await self._sign_in(Credentials(address, self._password))

    async def _invitation(self, address: str) -> str:
        assert self._mail is not None
        try:
            async with asyncio.timeout(MAIL_SECONDS):
                while True:
                    for path in self._mail.glob(f"*{address}*.eml"):
                        found = re.search(r"token=([\w.~-]+)", _text(path))
                        if found is not None:
                            return found[1]
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise Uncast(f"No invitation for {address} arrived in {self._mail}.") from None

    def _address(self, who: str) -> str:
        return f"{who}-{self._run}@replay.example"


def _text(path: Path) -> str:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return "".join(part.get_content() for part in message.walk() if part.get_content_maintype() == "text")


async def sign_out(rest: Rest, tokens: Iterable[str]) -> None:
    """Ends the sessions of the cast, as far as the server still knows them."""

    async def one(token: str) -> None:
        try:
            await rest.ask(object, "DELETE", "/session", token=token)
        except (Refused, Away):
            return

    await few_at_once(one, tokens)


async def few_at_once(do: Callable[[T], Awaitable[R]], items: Iterable[T]) -> list[R]:
    """`do` for every item, a few at a time; the results in the order of the items."""
    free = asyncio.Semaphore(AT_ONCE)

    async def in_turn(item: T) -> R:
        async with free:
            return await do(item)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(in_turn(item)) for item in items]
    return [task.result() for task in tasks]
