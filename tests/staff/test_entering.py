"""Signing in to work, for one business or several."""

from pathlib import Path

from shopbell.kernel import ids
from shopbell.kernel.clock import HOUR, MINUTE
from shopbell.kernel.scope import HOUSE, Scope
from shopbell.signin.signals import SessionsEnded
from shopbell.staff import entrance
from tests.signin.asking import PASSWORD, Api, Json, fields, running
from tests.signin.plans import whole_tables_read


async def two_businesses(api: Api) -> tuple[Json, Json]:
    """The same owner of both, signed in to each."""
    first = await api.register("First", address="olga@example.org")
    second = await api.register("Second", address="olga@example.org")
    return first, second


async def test_a_staff_session_says_where_one_may_work(api: Api) -> None:
    first, second = await two_businesses(api)
    signed_in = await api.sign_in("olga@example.org")
    assert signed_in["businesses"] == [
        {
            "id": made["business"]["id"],
            "name": made["business"]["name"],
            "slug": made["business"]["slug"],
            "staff_id": made["staff"]["id"],
            "role": "owner",
        }
        for made in (first, second)
    ]


async def test_without_a_business_one_works_where_one_worked_last(api: Api) -> None:
    first, second = await two_businesses(api)
    assert (await api.sign_in("olga@example.org"))["staff"] == second["staff"]
    assert (await api.sign_in("olga@example.org", first["business"]["id"]))["staff"] == first["staff"]
    signed_in = await api.sign_in("olga@example.org")
    assert signed_in["staff"] == first["staff"]
    await api.done("PUT", "/session/business", {"business_id": second["business"]["id"]}, token=signed_in["token"])
    assert (await api.sign_in("olga@example.org"))["staff"] == second["staff"]


async def test_who_was_let_go_where_they_worked_last_works_elsewhere(api: Api) -> None:
    mine, other = await api.register("Mine"), await api.register("Other")
    sam = await api.hire(mine["token"], "agent", "sam@example.org")
    newcomer = {"role": "agent", "first_name": "Sam", "last_name": "S", "email": "sam@example.org"}
    there = await api.done("POST", "/staff", newcomer, token=other["token"])
    at_other = await api.sign_in("sam@example.org", other["business"]["id"])
    await api.done("PUT", f"/staff/{there['id']}", {"active": False}, token=other["token"])
    assert (await api.ask("GET", "/me", token=at_other["token"])).status_code == 401
    assert (await api.ask("GET", "/me", token=sam["token"])).status_code == 200
    assert (await api.sign_in("sam@example.org"))["staff"] == sam["staff"]


async def test_a_business_one_does_not_work_for_is_as_unknown_as_nobodys(api: Api) -> None:
    owner, other = await api.register("Mine"), await api.register("Other")
    session_path, body = "/staff/sessions", {"email": owner["email"], "password": PASSWORD}
    signing_in, switching = [], []
    for business_id in (other["business"]["id"], ids.new(), "x"):
        named = {"business_id": business_id}
        signing_in.append(await api.ask("POST", session_path, {**body, **named}))
        switching.append(await api.ask("PUT", "/session/business", named, token=owner["token"]))
    for answers in (signing_in, switching):
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
    assert (await api.done("GET", "/me", token=owner["token"]))["staff"] == owner["staff"]


async def test_a_session_switches_to_another_business(api: Api) -> None:
    first, second = await two_businesses(api)
    told: list[SessionsEnded] = []
    api.desk.hear_signal(SessionsEnded, told.append)
    assert (await api.done("GET", "/me", token=first["token"]))["staff"] == first["staff"]
    named = {"business_id": second["business"]["id"]}
    switched = await api.done("PUT", "/session/business", named, token=first["token"])
    assert switched == {"staff": second["staff"]}
    assert (await api.done("GET", "/me", token=first["token"]))["staff"] == second["staff"]
    assert [signal.sessions for signal in told] == [[ids.hashed(first["token"])]]


async def test_a_second_factor_is_refused_while_there_is_none(lone_api: Api) -> None:
    owner = await lone_api.register()
    body = {"email": owner["email"], "password": PASSWORD}
    assert (await lone_api.ask("POST", "/staff/sessions", {**body, "code": None})).status_code == 201
    assert fields(await lone_api.ask("POST", "/staff/sessions", {**body, "code": "123456"})) == ["code"]


async def test_a_person_is_no_staff_and_has_no_business(api: Api) -> None:
    owner, person = await api.register(), await api.sign_up()
    answer = await api.ask("POST", "/staff/sessions", {"email": person["email"], "password": PASSWORD})
    assert answer.status_code == 401
    named = {"business_id": owner["business"]["id"]}
    assert (await api.ask("PUT", "/session/business", named, token=person["token"])).status_code == 403


async def test_who_may_do_what_is_told(api: Api) -> None:
    owner = await api.register()
    agent = await api.hire(owner["token"], "agent")
    rights = (await api.done("GET", "/me", token=agent["token"]))["rights"]
    assert "write_tickets" in rights
    assert "write_staff" not in rights
    assert "write_staff" in (await api.done("GET", "/me", token=owner["token"]))["rights"]


async def test_another_process_sees_the_end_of_a_session_at_once(postgres_url: str, tmp_path: Path) -> None:
    async with running(postgres_url, tmp_path) as one, running(postgres_url, tmp_path) as other:
        owner = await one.register()
        sam = await one.hire(owner["token"], "manager")
        assert (await other.done("GET", "/me", token=sam["token"]))["staff"]["role"] == "manager"
        path = f"/staff/{sam['staff']['id']}"
        await one.done("PUT", path, {"role": "agent"}, token=owner["token"])
        assert (await other.done("GET", "/me", token=sam["token"]))["staff"]["role"] == "agent"
        await other.ask("DELETE", "/session", token=sam["token"])
        assert (await one.ask("GET", "/me", token=sam["token"])).status_code == 401


async def test_who_is_remembered_is_looked_up_once(lone_api: Api) -> None:
    token = (await lone_api.register())["token"]
    reads = 0
    read = lone_api.desk.read_for

    async def counted(scope: Scope, query: object, *args: object, **named: object) -> object:
        nonlocal reads
        reads += query is entrance.who
        return await read(scope, query, *args, **named)  # type: ignore[arg-type]

    lone_api.desk.read_for = counted  # type: ignore[method-assign, assignment]
    for _ in range(5):
        await lone_api.done("GET", "/me", token=token)
    assert reads == 1


async def test_who_acts_in_a_session_is_told_for_its_open_screens(api: Api) -> None:
    early, person = await api.register(), await api.sign_up()
    api.clock.ahead += 12 * HOUR - MINUTE
    late = await api.sign_in(early["email"])
    actors = {
        ids.hashed(early["token"]): early["staff"]["id"],
        ids.hashed(person["token"]): person["person"]["id"],
        ids.hashed(late["token"]): late["staff"]["id"],
    }

    async def acting() -> dict[str, str | None]:
        return await api.desk.read_for(HOUSE, entrance.acting, [*actors, ids.new()], api.clock())

    assert await acting() == actors
    api.clock.ahead += 2 * MINUTE
    assert await acting() == dict(list(actors.items())[1:])


def test_asking_who_a_session_is_reads_no_whole_table(database_url: str) -> None:
    assert whole_tables_read(database_url, HOUSE, entrance.who, [(ids.new(), 0)]) == []
    assert whole_tables_read(database_url, HOUSE, entrance.acting, [ids.new()], 0) == []
