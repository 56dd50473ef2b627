"""G10: lost rights end REST at once and on open sockets within two seconds."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from tests.faults.clients import Api, Json, Live
from tests.faults.history import BrokenPromise
from tests.faults.sizes import figure
from tests.faults.town import Actor, Town
from tests.running import Service

ROUNDS = figure(smoke=3, short=40, long=1_000)
AT_ONCE = 4
PUSH_SECONDS = 2.0
ENDED = (401, 403)

pytestmark = pytest.mark.also_on("cluster")


@pytest.fixture
def server(lasting_server: Service) -> Service:
    return lasting_server


@pytest.fixture
async def owner(town: Town) -> Actor:
    return await town.owner()


async def test_sign_out_ends_rest_at_once_and_closes_the_sockets_of_that_session_only(
    server: Service, api: Api, town: Town, owner: Actor
) -> None:
    async def once() -> None:
        agent = await town.hired(owner, "agent")
        other = (await town.signed_in(agent.email))["token"]
        async with (
            await Live.open(server, agent.token) as live,
            await Live.open(server, other) as staying,
        ):
            await api.done("DELETE", "/session", token=agent.token)
            await ended_at_once(api, agent.token)
            await closed_in_time(live, "sign-out")
            assert (await api.call("GET", "/me", token=other)).status_code == 200
            assert staying.close_code is None

    await _rounds(once)


async def test_a_person_who_signs_out_is_cut_off_as_fast(server: Service, api: Api, town: Town, owner: Actor) -> None:
    async def once() -> None:
        person, conversation = await town.customer(owner.business_id)
        async with await Live.open(server, person.token) as live:
            await api.done("DELETE", "/session", token=person.token)
            await ended_at_once(api, person.token, f"/conversations/{conversation}/messages")
            await closed_in_time(live, "sign-out")

    await _rounds(once)


async def test_deactivation_ends_rest_at_once_and_closes_every_socket(
    server: Service, api: Api, town: Town, owner: Actor
) -> None:
    async def once() -> None:
        agent = await town.hired(owner, "agent")
        async with (
            await Live.open(server, agent.token) as first,
            await Live.open(server, agent.token) as second,
        ):
            await api.done("PUT", f"/staff/{agent.id}", {"active": False}, token=owner.token)
            await ended_at_once(api, agent.token, "/tickets")
            await closed_in_time(first, "deactivation")
            await closed_in_time(second, "deactivation")

    await _rounds(once)


async def test_deactivation_in_one_business_leaves_the_login_its_other_one(
    server: Service, api: Api, town: Town, owner: Actor
) -> None:
    elsewhere = await town.owner()
    agent = await town.hired(owner, "agent")
    there = await town.hired(elsewhere, "agent", address=agent.email)
    async with await Live.open(server, there.token) as staying:
        await api.done("PUT", f"/staff/{agent.id}", {"active": False}, token=owner.token)
        await ended_at_once(api, agent.token, "/tickets")
        assert (await api.call("GET", "/tickets", token=there.token)).status_code == 200
        switch = await api.call("PUT", "/session/business", {"business_id": owner.business_id}, token=there.token)
        assert switch.status_code == 404, switch.text
        assert staying.close_code is None


@pytest.mark.parametrize("side", ["staff", "person"])
async def test_a_password_reset_ends_every_session_and_socket_of_the_login(
    server: Service, api: Api, town: Town, owner: Actor, side: str
) -> None:
    async def once() -> None:
        actor = await (town.hired(owner, "agent") if side == "staff" else town.person())
        async with await Live.open(server, actor.token) as live:
            await api.done("POST", "/password/resets", {"email": actor.email, "side": side})
            await town.set_password(actor.email, "another password entirely")
            await ended_at_once(api, actor.token)
            await closed_in_time(live, "password reset")
            old = {"email": actor.email, "password": "correct horse battery staple"}
            assert (await api.call("POST", _sessions(side), old)).status_code == 401
            new = {**old, "password": "another password entirely"}
            assert (await api.call("POST", _sessions(side), new)).status_code == 201

    await _rounds(once)


async def test_a_role_change_keeps_session_and_socket_and_refuses_what_the_new_role_may_not_do(
    server: Service, api: Api, town: Town, owner: Actor
) -> None:
    async def once() -> None:
        agent = await town.hired(owner, "agent")
        person, conversation = await town.customer(owner.business_id)
        await town.post(person, conversation, "hello")
        ticket = (await town.ticket_of(owner, conversation))["id"]
        async with await Live.open(server, agent.token) as live:
            await api.done("PUT", f"/staff/{agent.id}", {"role": "marketer"}, token=owner.token)
            claim = await api.call("PUT", f"/tickets/{ticket}/holder", {"staff_id": "me"}, token=agent.token)
            pull = await api.call("POST", "/desk/pull", token=agent.token)
            wrong = [a.text for a in (claim, pull) if a.status_code != 403]
            answer = await live.ask(_post(conversation, "as a marketer"))
            wrong += [str(answer)] if _status(answer) != 403 else []
            if wrong:
                raise BrokenPromise("G10", "things a lost role still allowed", wrong)
            await api.done("PUT", f"/staff/{agent.id}", {"role": "agent"}, token=owner.token)
            await asyncio.sleep(PUSH_SECONDS / 10)
            assert live.close_code is None, "a role change keeps the socket"
            assert (await live.ask(_post(conversation, "as an agent")))["type"] == "ok"

    await _rounds(once)


async def test_a_block_ends_only_writing_to_that_business(server: Service, api: Api, town: Town, owner: Actor) -> None:
    elsewhere = await town.owner()

    async def once() -> None:
        person, conversation = await town.customer(owner.business_id)
        other = await town.conversation(person, elsewhere.business_id)
        await town.post(person, conversation, "hello")
        async with await Live.open(server, person.token) as live:
            await api.done("PUT", f"/members/{person.id}/block", token=owner.token)
            rest = await api.call(
                "POST", f"/conversations/{conversation}/messages", {"nonce": "n", "text": "x"},
                token=person.token,
            )  # fmt: skip
            answer = await live.ask(_post(conversation, "still here"))
            if rest.status_code != 403 or _status(answer) != 403:
                raise BrokenPromise("G10", "blocked people still writing", [rest.text, answer])
            assert (await live.ask(_post(other, "elsewhere")))["type"] == "ok"
            assert [m["text"] for m in await api.thread(conversation, token=person.token)] == ["hello"]
            assert live.close_code is None, "a block keeps the socket"
            await api.done("DELETE", f"/members/{person.id}/block", token=owner.token)
            assert (await live.ask(_post(conversation, "back again")))["type"] == "ok"

    await _rounds(once)


async def _rounds(once: Callable[[], Awaitable[None]]) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def gated() -> None:
        async with gate:
            await once()

    await asyncio.gather(*(gated() for _ in range(ROUNDS)))


async def ended_at_once(api: Api, token: str, path: str = "/me") -> None:
    answer = await api.call("GET", path, token=token)
    if answer.status_code not in ENDED:
        raise BrokenPromise("G10", "REST answers after rights were lost", [answer.text[:200]])


async def closed_in_time(live: Live, cause: str) -> None:
    begun = time.monotonic()
    try:
        code = await live.closed(seconds=PUSH_SECONDS)
    except TimeoutError:
        raise BrokenPromise("G10", f"sockets open {PUSH_SECONDS} s after {cause}", [live]) from None
    if code != 1008:
        took = time.monotonic() - begun
        raise BrokenPromise("G10", f"sockets closed with another code after {cause}", [(code, took)])


def _post(conversation: str, text: str) -> Json:
    return {"type": "post_message", "conversation_id": conversation, "nonce": text[:64], "text": text}


def _status(answer: Json) -> int:
    return int(answer["problem"]["status"]) if answer["type"] == "refused" else 200


def _sessions(side: str) -> str:
    return "/staff/sessions" if side == "staff" else "/people/sessions"
