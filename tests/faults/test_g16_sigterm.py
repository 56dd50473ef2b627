"""G16: on SIGTERM work in flight finishes or is kept, sockets get 1012, and the process is gone in time."""

import asyncio
import random
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import pytest

from tests.faults.clients import Api, Live
from tests.faults.crowd import gathered
from tests.faults.history import BrokenPromise
from tests.faults.killer import mortal
from tests.faults.lossless import nothing_lost
from tests.faults.raw import RawLive
from tests.faults.sizes import figure
from tests.faults.stopping import stopped_in_time, told_to_come_back
from tests.faults.town import PASSWORD, Town
from tests.running import LENIENT, Service

ROUNDS = figure(smoke=2, short=10, long=200)
SIGN_UPS = 6


async def test_a_stop_under_load_loses_nothing_tells_every_socket_and_ends_in_time(
    server: Service, api: Api, town: Town
) -> None:
    crowd = await gathered(town, customers=8, agents=4)
    owner = crowd.owner
    async with nothing_lost("G16", server, api, crowd):
        for pause in _pauses():
            idle = [await Live.open(server, owner.token) for _ in range(5)]
            await asyncio.sleep(pause)
            await stopped_in_time(server)
            await told_to_come_back(idle)
            await asyncio.to_thread(server.start)


@pytest.mark.only_on("cluster")
async def test_processes_that_are_replaced_one_after_the_other_lose_nothing_and_are_not_missed(
    server: Service, api: Api, town: Town
) -> None:
    crowd = await gathered(town, customers=8, agents=4)
    owner = crowd.owner
    async with nothing_lost("G16", server, api, crowd):
        for pause in _pauses():
            for process in server.processes:
                idle = [await Live.open(process, owner.token) for _ in range(5)]
                await asyncio.sleep(pause)
                await stopped_in_time(process)
                await told_to_come_back(idle)
                # The others serve meanwhile, and each of these is a new connection.
                for _ in range(2 * len(server.processes)):
                    async with Api(server) as newcomer:
                        await newcomer.done("GET", "/me", token=owner.token)
                await asyncio.to_thread(process.start)


@pytest.mark.parametrize("round_", range(figure(smoke=1, short=10, long=200)))
async def test_requests_under_way_when_the_signal_comes_are_answered_or_kept(
    deploy: Callable[..., Service], round_: int
) -> None:
    # At full cost a password takes its time, so these requests are surely still at work.
    costly = {**LENIENT, "SHOPBELL_PASSWORD_COST": "high"}
    people = [
        {"first_name": "Pia", "last_name": "P", "email": f"p{n}.{round_}@example.org", "password": PASSWORD}
        for n in range(SIGN_UPS)
    ]
    with mortal(deploy(costly)) as server:
        server.start()
        async with Api(server) as api:
            await api.call("GET", "/businesses")
            asked = [asyncio.create_task(api.call("POST", "/people", person)) for person in people]
            await asyncio.sleep(0.15)
            await stopped_in_time(server)
            answers = await asyncio.gather(*asked, return_exceptions=True)
            await asyncio.to_thread(server.start)
            missing = []
            for person, answer in zip(people, answers, strict=True):
                # The same address again is refused exactly where the first sign-up was kept.
                kept = (await api.call("POST", "/people", person)).status_code != 201
                answered = isinstance(answer, httpx.Response) and answer.status_code == 201
                if not (answered and kept):
                    missing.append((person["email"], answer, f"kept: {kept}"))
    if missing:
        raise BrokenPromise("G16", "requests under way neither finished nor kept", missing)


async def test_clients_that_do_not_read_or_never_finish_their_request_do_not_hold_up_a_stop(
    server: Service, api: Api, town: Town
) -> None:
    owner = await town.owner()
    person, conversation = await town.customer(owner.business_id)
    stuck = [await RawLive.open(server, owner.token) for _ in range(5)]
    async with await Live.open(server, person.token) as live:
        for number in range(60):
            await live.ask({
                "type": "post_message", "conversation_id": conversation,
                "nonce": f"n{number}", "text": f"{number} {'x' * 7_900}",
            })  # fmt: skip
    address = urlsplit(server.url)
    halves = [socket.create_connection((address.hostname, address.port)) for _ in range(4)]
    for number, half in enumerate(halves):
        head = "POST /api/v1/people HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        half.sendall((head + ("Content-Length: 100\r\n\r\n{" if number % 2 else "")).encode())
    await asyncio.sleep(0.2)
    await stopped_in_time(server)
    for reader in stuck:
        reader.close()
    for half in halves:
        half.close()


def _pauses() -> list[float]:
    chance = random.Random(16)
    return [chance.uniform(0.2, 1.0) for _ in range(ROUNDS)]
