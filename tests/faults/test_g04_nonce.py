"""G4: a retried send makes one message; another body with its nonce is refused."""

import asyncio
import itertools
from dataclasses import dataclass
from typing import Any

import pytest

from tests.faults.clients import Api, Disconnected, Live
from tests.faults.history import BrokenPromise, History, Operation, check_messages
from tests.faults.killer import end_all
from tests.faults.sizes import figure
from tests.faults.town import Actor, Town
from tests.running import Service

NONCES = figure(smoke=200, short=20_000, long=1_000_000)
AT_ONCE = 40


@pytest.fixture
def server(lasting_server: Service) -> Service:
    return lasting_server


@dataclass
class Author:
    """One person, two sockets and REST, all at once."""

    actor: Actor
    conversation_id: str
    sockets: tuple[Live, Live]

    def sender_of(self, nonce: str) -> str:
        """Whoever says something five ways at once, to several processes, is promised no order of what overlaps."""
        return f"{self.actor.id} with {nonce}"

    async def close(self) -> None:
        for live in self.sockets:
            await live.close()


@pytest.mark.also_on("cluster")
async def test_the_same_nonce_in_parallel_over_rest_and_socket_and_after_a_restart_is_one_message(
    server: Service, api: Api, town: Town
) -> None:
    owner = await town.owner()
    history = History()
    authors = [await _author(server, town, owner) for _ in range(4)]
    gate = asyncio.Semaphore(AT_ONCE // 5)

    async def five_times(author: Author, nonce: str) -> None:
        async with gate:
            text = f"{author.actor.id} {nonce}"
            await asyncio.gather(
                *(_by_rest(api, author, nonce, text, history) for _ in range(3)),
                *(_by_socket(live, author, nonce, text, history) for live in author.sockets),
            )

    jobs = list(zip(itertools.cycle(authors), (f"nonce-{n}" for n in range(NONCES)), strict=False))
    await asyncio.gather(*(five_times(author, nonce) for author, nonce in jobs))
    for author in authors:
        await author.close()
    await asyncio.to_thread(end_all, server)
    await asyncio.to_thread(server.start)
    for author, nonce in jobs[:: max(1, NONCES // 500)]:
        await _by_rest(api, author, nonce, f"{author.actor.id} {nonce}", history)

    threads = {a.conversation_id: await api.thread(a.conversation_id, token=owner.token) for a in authors}
    check_messages("G4", history.sends(), threads)
    first_times = sum(operation.verb == "rest 201" for operation in history.operations)
    if first_times > NONCES:
        raise BrokenPromise("G4", "sends answered 201 more than once", [first_times])


@pytest.mark.parametrize("way", ["rest", "socket"])
async def test_another_body_with_a_used_nonce_is_refused_with_422(
    server: Service, api: Api, town: Town, way: str
) -> None:
    author = await _author(server, town, await town.owner())
    first = await town.post(author.actor, author.conversation_id, "one thing", "used")
    problem = await _refusal(api, author, way, "used", "another thing")
    if problem["status"] != 422:
        raise BrokenPromise("G4", "other bodies taken under a used nonce", [problem])
    again = await town.post(author.actor, author.conversation_id, "one thing", "used")
    assert (again["id"], again["seq"]) == (first["id"], first["seq"])
    [message] = await api.thread(author.conversation_id, token=author.actor.token)
    assert message["text"] == "one thing"
    await author.close()


async def test_a_nonce_belongs_to_its_author_and_conversation(server: Service, api: Api, town: Town) -> None:
    owner, other = await town.owner(), await town.owner()
    person, conversation = await town.customer(owner.business_id)
    elsewhere = await town.conversation(person, other.business_id)
    said = [
        await town.post(person, conversation, "mine", "same"),
        await town.post(owner, conversation, "the shop's", "same"),
        await town.post(person, elsewhere, "to another shop", "same"),
    ]
    assert len({answer["id"] for answer in said}) == 3
    texts = [m["text"] for m in await api.thread(conversation, token=person.token)]
    assert texts == ["mine", "the shop's"]


async def test_a_retry_after_the_ticket_closed_or_the_author_was_blocked_gets_its_first_answer(
    api: Api, town: Town
) -> None:
    owner = await town.owner()
    person, conversation = await town.customer(owner.business_id)
    first = await town.post(person, conversation, "hello", "early")
    reply = await town.post(owner, conversation, "hi", "reply")
    ticket = await town.ticket_of(owner, conversation)
    await api.done("PUT", f"/tickets/{ticket['id']}/closure", {"outcome": "resolved"}, token=owner.token)
    await api.done("PUT", f"/members/{person.id}/block", token=owner.token)
    assert await town.post(person, conversation, "hello", "early") == first
    assert await town.post(owner, conversation, "hi", "reply") == reply
    fresh = await api.call(
        "POST", f"/conversations/{conversation}/messages", {"nonce": "late", "text": "x"}, token=person.token
    )
    assert fresh.status_code == 403, fresh.text


async def _author(server: Service, town: Town, owner: Actor) -> Author:
    person, conversation = await town.customer(owner.business_id)
    sockets = (await Live.open(server, person.token), await Live.open(server, person.token))
    return Author(person, conversation, sockets)


async def _by_rest(api: Api, author: Author, nonce: str, text: str, history: History) -> None:
    operation = history.invoke(author.sender_of(nonce), "rest", author.conversation_id, nonce, text)
    answer = await api.call(
        "POST", f"/conversations/{author.conversation_id}/messages", {"nonce": nonce, "text": text},
        token=author.actor.token,
    )  # fmt: skip
    operation.verb = f"rest {answer.status_code}"
    _end(operation, answer.is_success, answer.json())


async def _by_socket(live: Live, author: Author, nonce: str, text: str, history: History) -> None:
    operation = history.invoke(author.sender_of(nonce), "socket", author.conversation_id, nonce, text)
    try:
        answer = await live.ask({
            "type": "post_message", "conversation_id": author.conversation_id, "nonce": nonce, "text": text,
        })  # fmt: skip
    except Disconnected as error:
        raise BrokenPromise("G4", "retries that ended their socket", [error]) from error
    _end(operation, answer["type"] == "ok", answer.get("problem", answer))


def _end(operation: Operation, fine: bool, answer: Any) -> None:
    if not fine:
        operation.fail(answer)
        raise BrokenPromise("G4", "retries refused", [answer])
    operation.ok(answer)


async def _refusal(api: Api, author: Author, way: str, nonce: str, text: str) -> Any:
    if way == "rest":
        answer = await api.call(
            "POST", f"/conversations/{author.conversation_id}/messages", {"nonce": nonce, "text": text},
            token=author.actor.token,
        )  # fmt: skip
        return {"status": answer.status_code, **answer.json()}
    frame = await author.sockets[0].ask({
        "type": "post_message", "conversation_id": author.conversation_id, "nonce": nonce, "text": text,
    })  # fmt: skip
    return frame.get("problem", {"status": 200, **frame})
