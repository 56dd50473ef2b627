"""Joining and leaving, and who hears of it."""

from typing import Any

import msgspec

from shopbell.kernel import ids
from shopbell.kernel.database import Snapshot
from tests.scopes import everything
from tests.signin.asking import Api, Json


async def logged(api: Api) -> list[tuple[str, str, str | None, Json]]:
    """Name, audience, person and body of every event there is."""

    def rows(read: Snapshot) -> list[tuple[Any, ...]]:
        return read.rows("SELECT name, audience, person_id, body FROM event_log ORDER BY business_id, seq")

    found = await api.desk.read_for(await everything(api.desk), rows)
    return [(*row[:3], msgspec.json.decode(row[3])) for row in found]


def membership(made: Json) -> str:
    return f"/businesses/{made['business']['id']}/membership"


async def test_a_person_joins_and_leaves_and_both_sides_hear(api: Api) -> None:
    owner, pia = await api.register(), await api.sign_up("Pia", "Person")
    assert (await api.ask("PUT", membership(owner), token=pia["token"])).status_code == 204
    assert (await api.ask("DELETE", membership(owner), token=pia["token"])).status_code == 204
    joined, left = await logged(api)
    both = {"business": {"id": owner["business"]["id"], "name": "Bakery"}, "person": pia["person"]}
    assert joined[:3] == ("member_joined", "both", pia["person"]["id"])
    assert joined[3] == {**both, "joined_at": joined[3]["joined_at"]}
    assert left[:3] == ("member_left", "both", pia["person"]["id"])
    assert left[3] == {**both, "left_at": left[3]["left_at"]}


async def test_joining_and_leaving_twice_happens_once(api: Api) -> None:
    owner, pia = await api.register(), await api.sign_up()
    for method in ("DELETE", "PUT", "PUT", "DELETE", "DELETE"):
        assert (await api.ask(method, membership(owner), token=pia["token"])).status_code == 204
    assert [event[0] for event in await logged(api)] == ["member_joined", "member_left"]


async def test_who_joins_again_is_a_member_since_then(api: Api) -> None:
    owner, pia = await api.register(), await api.sign_up()
    await api.done("PUT", membership(owner), token=pia["token"])
    first = (await api.done("GET", "/memberships", token=pia["token"]))["items"][0]["joined_at"]
    await api.done("DELETE", membership(owner), token=pia["token"])
    await api.done("PUT", membership(owner), token=pia["token"])
    assert (await api.done("GET", "/memberships", token=pia["token"]))["items"][0]["joined_at"] > first


async def test_a_persons_loops_are_listed_with_their_cursors(api: Api) -> None:
    owners = [await api.register(name) for name in ("First", "Second", "Third", "Not joined")]
    pia, ben = await api.sign_up(), await api.sign_up()
    for owner in owners[:3]:
        await api.done("PUT", membership(owner), token=pia["token"])
    await api.done("PUT", membership(owners[0]), token=ben["token"])
    page = await api.done("GET", "/memberships", token=pia["token"])
    assert [item["business"]["name"] for item in page["items"]] == ["Third", "Second", "First"]
    cursors = {owner["business"]["id"]: seq for owner, seq in zip(owners, (2, 1, 1), strict=False)}
    assert {key: int(cursor.split("-")[1]) for key, cursor in page["cursors"].items()} == cursors
    pages = await api.pages("/memberships?limit=1", token=pia["token"])
    assert pages == page["items"]


async def test_nobodys_loop_cannot_be_joined(api: Api) -> None:
    pia = await api.sign_up()
    answers = [
        await api.ask(method, f"/businesses/{id_}/membership", token=pia["token"])
        for method in ("PUT", "DELETE")
        for id_ in (ids.new(), "x")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


async def test_only_people_join(api: Api) -> None:
    owner = await api.register()
    for method in ("PUT", "DELETE"):
        assert (await api.ask(method, membership(owner), token=owner["token"])).status_code == 403
        assert (await api.ask(method, membership(owner))).status_code == 401


async def test_a_blocked_person_may_join_and_stays_blocked_for_all_to_see(api: Api) -> None:
    owner, pia = await api.register(), await api.sign_up()
    await api.done("PUT", membership(owner), token=pia["token"])
    await api.done("PUT", f"/members/{pia['person']['id']}/block", token=owner["token"])
    await api.done("DELETE", membership(owner), token=pia["token"])
    await api.done("PUT", membership(owner), token=pia["token"])
    assert (await api.pages("/members", token=owner["token"]))[0]["blocked"] is True
    told = [(name, audience) for name, audience, _, _ in await logged(api)]
    blocked = ("member_blocked", "staff")
    assert told == [("member_joined", "both"), blocked, ("member_left", "both"), ("member_joined", "both"), blocked]
