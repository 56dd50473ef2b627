"""Taking on staff, and changing what they may do."""

import pytest

from shopbell.kernel import ids
from shopbell.kernel.database import Snapshot
from shopbell.staff import queries
from shopbell.staff.actors import Staff
from shopbell.staff.rules import Role
from tests.scopes import everything
from tests.signin.asking import PASSWORD, Api, Json, fields
from tests.signin.plans import whole_tables_read

NEWCOMER: Json = {"role": "agent", "first_name": "Sam", "last_name": "New", "email": "sam@example.org"}


async def test_a_newcomer_gets_in_by_the_mailed_link_only(api: Api) -> None:
    owner = await api.register()
    answer = await api.ask("POST", "/staff", {**NEWCOMER, "mobile": "+44 1632 960114"}, token=owner["token"])
    assert answer.status_code == 201
    added = answer.json()
    assert added == {**NEWCOMER, "id": added["id"], "active": True, "on_duty": True}
    for guess in (PASSWORD, "12345678"):
        credentials = {"email": NEWCOMER["email"], "password": guess}
        assert (await api.ask("POST", "/staff/sessions", credentials)).status_code == 401
    assert list(api.mail.glob("*.eml")) == []
    invited = await api.ask("POST", f"/staff/{added['id']}/invitation", token=owner["token"])
    assert invited.status_code == 202
    link = await api.mailed_token(NEWCOMER["email"])
    await api.done("POST", "/password", {"token": link, "password": PASSWORD})
    signed_in = await api.sign_in(NEWCOMER["email"])
    assert signed_in["staff"]["id"] == added["id"]
    assert signed_in["staff"]["role"] == "agent"


async def test_an_invitation_can_be_sent_again(api: Api) -> None:
    owner = await api.register()
    added = await api.done("POST", "/staff", NEWCOMER, token=owner["token"])
    for _ in range(2):
        await api.done("POST", f"/staff/{added['id']}/invitation", token=owner["token"])
        await api.mailed_token(NEWCOMER["email"])


async def test_a_login_of_another_business_is_used_as_it_is(api: Api) -> None:
    first, second = await api.register("First"), await api.register("Second")
    sam = await api.hire(first["token"], "agent")
    newcomer = {**NEWCOMER, "email": sam["email"].upper(), "role": "manager", "first_name": "Samuel"}
    added = await api.done("POST", "/staff", newcomer, token=second["token"])
    assert added["email"] == sam["email"]
    there = await api.sign_in(sam["email"], second["business"]["id"])
    assert there["staff"]["role"] == "manager"
    assert there["staff"]["first_name"] == "Samuel"
    assert (await api.ask("GET", "/me", token=sam["token"])).json()["staff"]["first_name"] == "Sam"


async def test_nobody_is_taken_on_twice(api: Api) -> None:
    owner = await api.register()
    added = await api.done("POST", "/staff", NEWCOMER, token=owner["token"])
    for state in ({"active": True}, {"active": False}):
        await api.done("PUT", f"/staff/{added['id']}", state, token=owner["token"])
        again = await api.ask("POST", "/staff", {**NEWCOMER, "email": "SAM@example.org"}, token=owner["token"])
        assert again.status_code == 409
        assert again.json()["code"] == "already_staff"


async def test_only_owners_take_on_invite_and_change_staff(api: Api) -> None:
    owner = await api.register()
    sam = await api.done("POST", "/staff", NEWCOMER, token=owner["token"])
    person = await api.sign_up()
    for role in ("manager", "marketer", "agent", "person"):
        token = person["token"] if role == "person" else (await api.hire(owner["token"], role))["token"]
        asked = [
            await api.ask("POST", "/staff", {**NEWCOMER, "email": f"{role}@example.org"}, token=token),
            await api.ask("POST", f"/staff/{sam['id']}/invitation", token=token),
            await api.ask("PUT", f"/staff/{sam['id']}", {"role": "owner"}, token=token),
            await api.ask("PUT", f"/staff/{sam['id']}", {"active": False}, token=token),
        ]
        assert [answer.status_code for answer in asked] == [403] * 4, role
    team = await api.pages("/staff", token=owner["token"])
    assert len(team) == 5
    assert next(member for member in team if member["id"] == sam["id"])["role"] == "agent"


async def test_owners_and_managers_see_all_of_the_staff_and_others_the_active(api: Api) -> None:
    owner = await api.register()
    hired = {role: await api.hire(owner["token"], role) for role in ("manager", "marketer", "agent")}
    gone = await api.hire(owner["token"], "agent")
    await api.done("PUT", f"/staff/{gone['staff']['id']}", {"active": False}, token=owner["token"])
    for token in (owner["token"], hired["manager"]["token"]):
        team = await api.pages("/staff?limit=2", token=token)
        assert [member["active"] for member in team] == [True] * 4 + [False]
        assert team[-1]["email"] == gone["email"]
        assert team[-1]["on_duty"] is False
    for token in (hired["marketer"]["token"], hired["agent"]["token"]):
        team = await api.pages("/staff?limit=2", token=token)
        assert [member["role"] for member in team] == ["owner", "manager", "marketer", "agent"]
        assert {frozenset(member) for member in team} == {
            frozenset({"id", "role", "first_name", "last_name", "on_duty"})
        }


async def test_a_new_role_holds_at_once_in_the_same_session(api: Api) -> None:
    owner = await api.register()
    sam = await api.hire(owner["token"], "manager")
    assert (await api.ask("PUT", "/business", {"city": "X"}, token=sam["token"])).status_code == 200
    changed = await api.done("PUT", f"/staff/{sam['staff']['id']}", {"role": "agent"}, token=owner["token"])
    assert changed["role"] == "agent"
    assert (await api.ask("PUT", "/business", {"city": "Y"}, token=sam["token"])).status_code == 403
    me = await api.done("GET", "/me", token=sam["token"])
    assert me["staff"]["role"] == "agent"
    assert "update_profile" not in me["rights"]


async def test_who_is_let_go_is_out_at_once_and_can_be_taken_back(api: Api) -> None:
    owner = await api.register()
    sam = await api.hire(owner["token"], "agent")
    path = f"/staff/{sam['staff']['id']}"
    assert (await api.ask("GET", "/me", token=sam["token"])).status_code == 200
    assert (await api.done("PUT", path, {"active": False}, token=owner["token"]))["active"] is False
    assert (await api.ask("GET", "/me", token=sam["token"])).status_code == 401
    refused = await api.ask("POST", "/staff/sessions", {"email": sam["email"], "password": PASSWORD})
    assert refused.status_code == 403
    assert refused.json()["code"] == "no_business"
    assert (await api.ask("POST", f"{path}/invitation", token=owner["token"])).status_code == 409
    assert (await api.done("PUT", path, {"active": True}, token=owner["token"]))["active"] is True
    assert (await api.ask("GET", "/me", token=sam["token"])).status_code == 401
    assert (await api.sign_in(sam["email"]))["staff"]["id"] == sam["staff"]["id"]


async def test_the_last_active_owner_stays(api: Api) -> None:
    owner = await api.register()
    path = f"/staff/{owner['staff']['id']}"
    for change in ({"role": "manager"}, {"active": False}, {"role": "agent", "active": False}):
        refused = await api.ask("PUT", path, change, token=owner["token"])
        assert refused.status_code == 409
        assert refused.json()["code"] == "last_owner"
    second = await api.hire(owner["token"], "owner")
    await api.done("PUT", f"/staff/{second['staff']['id']}", {"active": False}, token=owner["token"])
    assert (await api.ask("PUT", path, {"role": "agent"}, token=owner["token"])).status_code == 409
    await api.done("PUT", f"/staff/{second['staff']['id']}", {"active": True}, token=owner["token"])
    assert (await api.ask("PUT", path, {"role": "agent"}, token=owner["token"])).status_code == 200
    assert (await api.done("GET", "/me", token=owner["token"]))["staff"]["role"] == "agent"


async def test_what_changes_nothing_is_no_event(api: Api) -> None:
    owner = await api.register()
    sam = await api.done("POST", "/staff", NEWCOMER, token=owner["token"])
    before = (await api.done("GET", "/staff", token=owner["token"]))["cursor"]
    for change in ({"role": "agent"}, {"active": True}, {"role": "agent", "active": True}):
        await api.done("PUT", f"/staff/{sam['id']}", change, token=owner["token"])
    assert (await api.done("GET", "/staff", token=owner["token"]))["cursor"] == before


async def test_colleagues_of_another_business_are_as_unknown_as_nobody(api: Api) -> None:
    mine, other = await api.register("Mine"), await api.register("Other")
    theirs = await api.done("POST", "/staff", NEWCOMER, token=other["token"])
    for method, path, body in (("PUT", "/staff/{}", {"active": False}), ("POST", "/staff/{}/invitation", None)):
        answers = [
            await api.ask(method, path.format(id_), body, token=mine["token"])
            for id_ in (theirs["id"], other["staff"]["id"], ids.new(), "x")
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
    assert (await api.pages("/staff", token=other["token"]))[1]["active"] is True
    assert theirs["id"] not in [member["id"] for member in await api.pages("/staff", token=mine["token"])]


async def test_a_field_outside_its_bounds_is_named(lone_api: Api) -> None:
    token = (await lone_api.register())["token"]
    for field, value in (
        ("role", "boss"),
        ("role", None),
        ("first_name", "\t"),
        ("email", "sam@localhost"),
        ("mobile", "call me"),
        ("business_id", ids.new()),
        ("active", True),
    ):
        answer = await lone_api.ask("POST", "/staff", {**NEWCOMER, field: value}, token=token)
        assert fields(answer) == [field]
    assert fields(await lone_api.ask("GET", "/staff?after=x", token=token)) == ["after"]


async def test_the_events_of_staff_show_no_address(api: Api) -> None:
    owner = await api.register()
    sam = await api.done("POST", "/staff", NEWCOMER, token=owner["token"])
    await api.done("PUT", f"/staff/{sam['id']}", {"role": "manager"}, token=owner["token"])

    def logged(read: Snapshot) -> list[tuple[str, str, str]]:
        return [tuple(row) for row in read.rows("SELECT name, audience, body FROM event_log ORDER BY seq")]

    events = await api.desk.read_for(await everything(api.desk), logged)
    assert [event[:2] for event in events] == [("staff_added", "staff"), ("staff_changed", "staff")]
    assert not any("sam@example.org" in body for _, _, body in events)


@pytest.mark.parametrize("role", [Role.OWNER, Role.AGENT])
def test_no_list_of_staff_reads_the_whole_table(database_url: str, role: Role) -> None:
    staff = Staff(ids.new(), ids.new(), role, ids.new(), "Sam", "New")
    assert whole_tables_read(database_url, staff.scope, queries.team, staff, limit=50, after=None) == []
    assert whole_tables_read(database_url, staff.scope, queries.workplaces, staff.login_id) == []
    assert whole_tables_read(database_url, staff.scope, queries.me, staff) == []
