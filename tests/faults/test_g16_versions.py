"""G16: a newer version takes over from this one process by process, or gives way to it again, and nobody notices."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.faults.clients import Api, Live
from tests.faults.crowd import gathered
from tests.faults.history import BrokenPromise
from tests.faults.lossless import nothing_lost
from tests.faults.newer import newer_version
from tests.faults.stopping import stopped_in_time, told_to_come_back
from tests.faults.town import Actor, Town
from tests.running import DidNotServe, Server, Service

SIDE_BY_SIDE_SECONDS = 2.0
TABLE_HELD_SECONDS = 3.0
STARTED_SECONDS = 30.0
LONGEST_ANSWER_SECONDS = 2.0


@dataclass(frozen=True)
class Answer:
    status: int
    seconds: float


@pytest.mark.only_on("cluster")
async def test_two_versions_side_by_side_lose_nothing_and_refuse_nothing_on_the_way_up_and_back(
    server: Service, api: Api, town: Town, tmp_path: Path
) -> None:
    newer = newer_version(tmp_path)
    crowd = await gathered(town, customers=8, agents=4)
    owner = crowd.owner
    async with nothing_lost("G16", server, api, crowd):
        for source in (newer, None):
            for process in server.processes:
                process.source = source
                await _replaced(process, owner)
                await _all_serve(server, owner)
                await asyncio.sleep(SIDE_BY_SIDE_SECONDS)
    first, *_ = server.processes
    assert "99.0.0" not in await _version(first)
    assert '"schema_ahead"' in first.log
    assert '"bus_not_understood"' in server.log


@pytest.mark.only_on("cluster")
async def test_a_migration_that_waits_for_a_table_lets_the_version_before_go_on(
    server: Service, api: Api, town: Town, database_url: str, tmp_path: Path
) -> None:
    newcomer, serving, *_ = server.processes
    newcomer.source = newer_version(tmp_path)
    crowd = await gathered(town, customers=8, agents=4)
    owner = crowd.owner
    async with nothing_lost("G16", server, api, crowd):
        with psycopg.connect(database_url) as backup:
            backup.execute("LOCK TABLE messages IN ACCESS SHARE MODE")
            await asyncio.to_thread(newcomer.stop)
            starting = asyncio.create_task(asyncio.to_thread(newcomer.start))
            await _waiting_for_messages(backup)
            answers = await _answers(serving, owner, seconds=TABLE_HELD_SECONDS)
            assert not starting.done()
        await starting
        assert "99.0.0" in await _version(newcomer)
    if slow := [answer for answer in answers if answer.status != 200 or answer.seconds > LONGEST_ANSWER_SECONDS]:
        raise BrokenPromise("G16", "a migration kept the version before it waiting", slow)


async def _replaced(process: Server, owner: Actor) -> None:
    idle = [await Live.open(process, owner.token) for _ in range(5)]
    await stopped_in_time(process)
    await told_to_come_back(idle)
    try:
        await asyncio.to_thread(process.start)
    except DidNotServe as error:
        raise BrokenPromise("G16", "a process did not start beside one of another version", [str(error)]) from error


async def _all_serve(server: Service, owner: Actor) -> None:
    for process in server.processes:
        async with Api(process) as asking:
            await asking.done("GET", "/desk", token=owner.token)


async def _waiting_for_messages(backup: psycopg.Connection) -> None:
    """Return as soon as somebody waits for the table."""
    async with asyncio.timeout(STARTED_SECONDS):
        waiting = "SELECT 1 FROM pg_locks WHERE relation = 'messages'::regclass AND NOT granted"
        while backup.execute(waiting).fetchone() is None:
            await asyncio.sleep(0.05)


async def _answers(process: Server, owner: Actor, *, seconds: float) -> list[Answer]:
    """Many answers to questions about a thread, asked one after the other for so long."""
    loop = asyncio.get_running_loop()
    until, answers = loop.time() + seconds, []
    async with Api(process) as asking:
        some = (await asking.done("GET", "/tickets", token=owner.token))["items"][0]
        while (asked_at := loop.time()) < until:
            answer = await asking.call("GET", f"/conversations/{some['conversation_id']}/messages", token=owner.token)
            answers.append(Answer(answer.status_code, loop.time() - asked_at))
    return answers


async def _version(process: Server) -> str:
    async with Api(process) as asking:
        described = await asking.done("GET", "/openapi.json")
    return str(described["info"]["version"])
