"""Who speaks on a socket stays signed in, whichever process the socket is open at."""

import pytest

from shopbell.kernel import ids
from shopbell.kernel.clock import HOUR, MINUTE
from shopbell.signin.policy import Policy
from shopbell.staff.door import Door
from shopbell.staff.signals import StaffChanged
from tests.signin.asking import BASE_URL, Api, Json

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
