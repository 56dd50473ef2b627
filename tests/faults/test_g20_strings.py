"""G20: every string that the contract allows comes back as it came, every other one is refused by name."""

import asyncio

import httpx
import pytest

from tests.faults.clients import Api, Live
from tests.faults.history import BrokenPromise
from tests.faults.judging import all_of, clear, found, judge, judge_problem, same
from tests.faults.strings import (
    MOST_BUSINESS_NAME,
    MOST_NAME,
    MOST_TEXT,
    allowed,
    allowed_nonce,
    naughty,
)
from tests.faults.town import PASSWORD, Town
from tests.running import Server

pytestmark = pytest.mark.usefixtures("unharmed")


@pytest.fixture
def server(lasting_server: Server) -> Server:
    return lasting_server


async def test_names_come_back_code_point_for_code_point_or_are_refused_by_name(api: Api, town: Town) -> None:
    owner = await town.owner()

    async def person(text: str, number: int) -> None:
        body = {"first_name": text, "last_name": "L", "email": f"q{number}@example.org", "password": PASSWORD}
        answer = await api.call("POST", "/people", body)
        judge(answer, "first_name", text, allowed(text, MOST_NAME), lambda b: b["person"]["first_name"])
        if answer.is_success:
            me = await api.done("GET", "/me", token=answer.json()["token"])
            same("first_name of /me", text, str(found(me, "first_name")))

    async def colleague(text: str, number: int) -> None:
        body = {"role": "agent", "first_name": "F", "last_name": text, "email": f"s{number}@example.org"}
        answer = await api.call("POST", "/staff", body, token=owner.token)
        judge(answer, "last_name", text, allowed(text, MOST_NAME), lambda b: b["last_name"])

    async def business(text: str, number: int) -> None:
        answer = await api.call("POST", "/businesses", {
            "name": text, "time_zone": "Europe/Paris",
            "owner": {"first_name": "F", "last_name": "L", "email": f"o{number}@example.org",
                      "password": PASSWORD},
        })  # fmt: skip
        judge(answer, "name", text, allowed(text, MOST_BUSINESS_NAME), lambda b: b["business"]["name"])
        if answer.is_success:
            profile = await api.done("GET", f"/businesses/{answer.json()['business']['id']}")
            same("name of a profile", text, profile["name"])

    for kind in (person, colleague, business):
        await all_of(kind(text, number) for number, text in enumerate(naughty()))
    stored = {s["last_name"] for s in await api.pages("/staff", token=owner.token)}
    missing = {text for text in naughty() if allowed(text, MOST_NAME)} - stored
    if missing:
        raise BrokenPromise("G20", "names of staff that the list tells otherwise", missing)


async def test_messages_come_back_code_point_for_code_point_to_both_sides_or_are_refused_by_name(
    server: Server, api: Api, town: Town
) -> None:
    owner = await town.owner()
    person, conversation = await town.customer(owner.business_id)
    path = f"/conversations/{conversation}/messages"
    said: list[str] = []
    async with (
        await Live.open(server, owner.token) as screen,
        await Live.open(server, person.token) as live,
    ):
        for number, text in enumerate(naughty()):
            if number % 2:
                body = {"nonce": f"n{number}", "text": text}
                answer = await api.call("POST", path, body, token=person.token)
                problem = None if answer.is_success else {"status": answer.status_code, **answer.json()}
            else:
                frame = await live.ask({
                    "type": "post_message", "conversation_id": conversation, "nonce": f"n{number}",
                    "text": text,
                })  # fmt: skip
                problem = frame.get("problem")
            judge_problem(problem, "text", text, allowed(text, MOST_TEXT))
            said += [text] if problem is None else []
        for reader in (owner, person):
            same("messages", said, [m["text"] for m in await api.thread(conversation, token=reader.token)])
        await asyncio.sleep(0.2)
    for heard in (screen.heard, live.heard):
        texts = [f["body"]["text"] for f in heard if f["type"] == "event" and f["name"] == "message_posted"]
        same("message_posted", said, texts)


async def test_notes_come_back_code_point_for_code_point_or_are_refused_by_name(
    server: Server, api: Api, town: Town
) -> None:
    owner = await town.owner()
    person, conversation = await town.customer(owner.business_id)
    await town.post(person, conversation, "hello")
    ticket = (await town.ticket_of(owner, conversation))["id"]
    said: list[str] = []
    for number, text in enumerate(naughty()):
        body = {"nonce": f"n{number}", "text": text}
        answer = await api.call("POST", f"/tickets/{ticket}/notes", body, token=owner.token)
        problem = None if answer.is_success else {"status": answer.status_code, **answer.json()}
        judge_problem(problem, "text", text, allowed(text, MOST_TEXT))
        said += [text] if problem is None else []
    same("notes", said, [n["text"] for n in await api.pages(f"/tickets/{ticket}/notes", token=owner.token)])


async def test_nonces_searches_and_addresses_of_any_kind_are_taken_or_refused_by_name(api: Api, town: Town) -> None:
    owner = await town.owner()
    person, conversation = await town.customer(owner.business_id)

    async def nonce(text: str, number: int) -> None:
        body = {"nonce": text, "text": f"text {number}"}
        answer = await api.call("POST", f"/conversations/{conversation}/messages", body, token=person.token)
        if answer.status_code == 422 and allowed_nonce(text):
            # Twice the same naughty string is the same nonce with another text.
            assert naughty().count(text) > 1, answer.text
            return
        judge(answer, "nonce", text, allowed_nonce(text), lambda _: text)

    async def search(text: str, number: int) -> None:
        for path in ("/businesses", "/tickets", "/members"):
            # A longer one is no request line any more; the bounds are tried among the queries.
            query = httpx.QueryParams({"q": text[:2_000]})
            clear(await api.call("GET", f"{path}?{query}", token=owner.token), 200, 422)

    async def address(text: str, number: int) -> None:
        body = {"first_name": "F", "last_name": "L", "email": text, "password": PASSWORD}
        clear(await api.call("POST", "/people", body), 201, 422, 409)
        clear(await api.call("POST", "/people/sessions", {"email": text, "password": text}), 401, 422)
        clear(await api.call("POST", "/password", {"token": text, "password": PASSWORD}), 422, 404, 400, 410)

    for kind in (nonce, search, address):
        await all_of(kind(text, number) for number, text in enumerate(naughty()))
