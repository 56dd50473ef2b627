"""Who speaks on a socket stays signed in, whichever process the socket is open at."""

import asyncio

import pytest

from shopbell.kernel import ids
from shopbell.kernel.clock import HOUR, MINUTE
from shopbell.kernel.database import open_database
from shopbell.kernel.desk import Desk
from shopbell.signin import commands as signin
from shopbell.signin.policy import Policy
from shopbell.signin.signals import SessionsEnded
from shopbell.staff.door import Door
from shopbell.staff.signals import StaffChanged
from tests.desk_world import OWNER, found
from tests.signin.asking import BASE_URL, Api, Json
from tests.statements import WatchedDatabase

pytestmark = pytest.mark.anyio

POLICY = Policy(base_url=BASE_URL, secure_cookies=True, registration_open=True)


async def a_day_of_words(api: Api, door: Door, begun: Json) -> None:
    """Somebody says something on their socket every eleven hours, and does nothing else."""
    for _ in range(3):
        api.clock.ahead += 11 * HOUR
        door.used(ids.hashed(begun["token"]))
        # What is left to the writer is done in order.
        await api.desk.do(None, lambda tx: None)


async def test_a_session_that_speaks_on_a_socket_stays_awake(api: Api) -> None:
    begun = await api.register()
    door = Door(api.desk, POLICY)
    await door.by_token(begun["token"])
    await a_day_of_words(api, door, begun)
    assert (await api.ask("GET", "/me", token=begun["token"])).is_success


async def test_so_does_one_that_the_door_knows_nothing_of_any_more(api: Api) -> None:
    begun = await api.register()
    door = Door(api.desk, POLICY)
    staff = await door.by_token(begun["token"])
    api.desk.signalled(StaffChanged(begun["business"]["id"], staff.id))
    await a_day_of_words(api, door, begun)
    assert (await api.ask("GET", "/me", token=begun["token"])).is_success


async def test_a_session_that_is_silent_on_its_socket_falls_asleep(api: Api) -> None:
    begun = await api.register()
    door = Door(api.desk, POLICY)
    await door.by_token(begun["token"])
    api.clock.ahead += 12 * HOUR + MINUTE
    door.used(ids.hashed(begun["token"]))
    await api.desk.do(None, lambda tx: None)
    assert (await api.ask("GET", "/me", token=begun["token"])).status_code == 401


@pytest.mark.parametrize(("who", "looks"), [("somebody else", 1), ("they", 2)])
@pytest.mark.parametrize("how", ["signed out", "changed"])
async def test_only_who_changes_while_they_are_looked_up_is_looked_up_again(
    database_url: str, how: str, who: str, looks: int
) -> None:
    database = WatchedDatabase(open_database(database_url))
    desk = Desk(database)
    desk.start()
    try:
        owner, token = (await desk.do(None, found)).staff[OWNER], ids.token()
        await desk.do(None, signin.begin_session, owner.login_id, owner.business_id, ids.hashed(token))
        door = Door(desk, POLICY)
        with database.watched() as asked:
            looking = asyncio.ensure_future(door.by_token(token))
            await asyncio.sleep(0)
            session, staff_id = (ids.hashed(token), owner.id) if who == "they" else (ids.new(), ids.new())
            ended, changed = SessionsEnded([session]), StaffChanged(owner.business_id, staff_id)
            desk.signalled(ended if how == "signed out" else changed)
            assert (await looking).id == owner.id
    finally:
        await desk.stop()
    assert sum("LEFT JOIN staff" in str(sql) for sql, _ in asked) == looks
