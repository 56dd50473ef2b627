"""The figures of a shop, from what its people did, over HTTP."""

import secrets
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from shopbell.businesses.queries import profile
from shopbell.dashboard import beginning, queries
from shopbell.kernel import clock as wall
from shopbell.kernel import ids
from shopbell.kernel.clock import DAY, HOUR, MINUTE, SECOND, micros, moment
from shopbell.kernel.scope import HOUSE, of_business
from shopbell.staff.actors import Staff
from shopbell.staff.rules import Role
from tests.signin.asking import Api, Json, fields
from tests.signin.plans import whole_tables_read

HELSINKI = ZoneInfo("Europe/Helsinki")


def set_clock(api: Api, when: datetime) -> None:
    """It is that moment, and goes on from there."""
    api.clock.ahead = micros(when) - wall.now()


@pytest.fixture(autouse=True)
def noon(api: Api) -> None:
    """Noon in Helsinki, so that no test runs over a midnight."""
    tomorrow = datetime.now(UTC).date() + timedelta(1)
    set_clock(api, datetime.combine(tomorrow, time(10), UTC))


def today(api: Api) -> date:
    return moment(api.clock()).astimezone(HELSINKI).date()


async def customer(api: Api, owner: Json) -> Json:
    """Somebody new with a conversation."""
    person = await api.sign_up()
    opened = await api.done("POST", f"/businesses/{owner['business']['id']}/conversation", token=person["token"])
    return {**person, "conversation": opened["id"]}


async def write(api: Api, who: Json, person: Json) -> None:
    body = {"nonce": secrets.token_hex(8), "text": "Hello"}
    await api.done("POST", f"/conversations/{person['conversation']}/messages", body, token=who["token"])


async def ticket_of(api: Api, owner: Json, person: Json) -> str:
    for state in ("waiting", "open", "closed"):
        for ticket in await api.pages(f"/tickets?state={state}", token=owner["token"]):
            if ticket["conversation_id"] == person["conversation"]:
                return str(ticket["id"])
    raise LookupError


async def close(api: Api, who: Json, ticket: str, outcome: str = "resolved") -> None:
    await api.done("PUT", f"/tickets/{ticket}/closure", {"outcome": outcome}, token=who["token"])


async def answered(api: Api, owner: Json, agent: Json, after: int) -> Json:
    """A new customer whom the agent answered so many microseconds later."""
    person = await customer(api, owner)
    await write(api, person, person)
    api.clock.ahead += after
    await write(api, agent, person)
    return {**person, "ticket": await ticket_of(api, owner, person)}


async def next_day(api: Api, who: Json) -> Json:
    """The same colleague, signed in again a day later."""
    api.clock.ahead += DAY
    return {**who, **await api.sign_in(who["email"])}


async def dashboard(api: Api, who: Json, query: str = "") -> Json:
    found: Json = await api.done("GET", f"/dashboard{query}", token=who["token"])
    return found


async def test_a_shop_that_begins_has_nothing_to_show_and_says_so(api: Api) -> None:
    owner = await api.register()
    found = await dashboard(api, owner)
    day = today(api).isoformat()
    cursor = found.pop("cursor")
    assert cursor
    assert found == {
        "from": day,
        "to": day,
        "time_zone": "Europe/Helsinki",
        "scope": "business",
        "tickets": {
            "new": 0, "new_before": 0, "open": 0, "unheld": 0, "resolved": 0, "abandoned": 0, "reopened": 0,
        },
        "first_reply": {
            "count": 0, "median_seconds": None, "p90_seconds": None, "median_seconds_before": None,
        },
        "feedback": {"asked": 0, "count": 0, "average": None, "ratings": [0, 0, 0, 0, 0], "latest": None},
        "loop": {"members": 0, "joined": 0, "left": 0, "days": [{"day": day, "members": 0, "joined": 0, "left": 0}]},
        "days": [
            {"day": day, "resolved": 0, "abandoned": 0, "open": 0, "median_seconds": None, "p90_seconds": None}
        ],
    }  # fmt: skip


async def test_a_days_work_is_counted(api: Api) -> None:
    owner = await api.register()
    first = await answered(api, owner, owner, 2 * MINUTE)
    second = await answered(api, owner, owner, 4 * MINUTE)
    third = await customer(api, owner)
    await write(api, third, third)
    await close(api, owner, first["ticket"])
    await close(api, owner, second["ticket"], "abandoned")
    await api.done(
        "PUT", f"/tickets/{first['ticket']}/feedback", {"rating": 4, "comment": "Kind"}, token=first["token"]
    )
    await api.done("DELETE", f"/tickets/{second['ticket']}/closure", token=owner["token"])
    found = await dashboard(api, owner)
    assert found["tickets"] == {
        "new": 3, "new_before": 0, "open": 2, "unheld": 1, "resolved": 1, "abandoned": 1, "reopened": 1,
    }  # fmt: skip
    reply = found["first_reply"]
    assert (reply["count"], reply["median_seconds"], reply["p90_seconds"]) == (2, 180, 228)
    feedback = found["feedback"]
    assert (feedback["asked"], feedback["average"], feedback["ratings"]) == (2, 4.0, [0, 0, 0, 1, 0])
    assert (feedback["latest"]["text"], feedback["latest"]["ticket_number"]) == ("Kind", 1)
    (day,) = found["days"]
    assert (day["resolved"], day["abandoned"], day["open"]) == (1, 0, 2)


async def test_a_reply_to_the_follow_up_is_none_to_the_ticket_before(api: Api) -> None:
    owner = await api.register()
    person = await customer(api, owner)
    await write(api, person, person)
    await close(api, owner, await ticket_of(api, owner, person), "abandoned")
    api.clock.ahead += HOUR
    await write(api, person, person)
    api.clock.ahead += 30 * SECOND
    await write(api, owner, person)
    reply = (await dashboard(api, owner))["first_reply"]
    assert (reply["count"], reply["median_seconds"]) == (1, 30)


async def test_who_was_written_to_first_waited_for_nobody(api: Api) -> None:
    owner = await api.register()
    person = await customer(api, owner)
    await api.done("PUT", f"/businesses/{owner['business']['id']}/membership", token=person["token"])
    await write(api, owner, person)
    await write(api, person, person)
    found = await dashboard(api, owner)
    assert found["tickets"]["new"] == 1
    assert found["first_reply"]["count"] == 0


async def test_an_agent_sees_own_figures_and_no_loop(api: Api) -> None:
    owner = await api.register()
    agent = await api.hire(owner["token"], "agent")
    mine = await answered(api, owner, agent, MINUTE)
    theirs = await answered(api, owner, owner, HOUR)
    for who, done in ((agent, mine), (owner, theirs)):
        await close(api, who, done["ticket"])
        await api.done("PUT", f"/tickets/{done['ticket']}/feedback", {"rating": 5 if who is agent else 1},
                       token=done["token"])  # fmt: skip
    await api.done("DELETE", f"/tickets/{theirs['ticket']}/closure", token=owner["token"])
    found = await dashboard(api, agent)
    assert (found["scope"], found["loop"]) == ("own", None)
    assert found["tickets"] == {
        "new": 1, "new_before": 0, "open": 0, "unheld": 0, "resolved": 1, "abandoned": 0, "reopened": 0,
    }  # fmt: skip
    assert (found["first_reply"]["count"], found["first_reply"]["median_seconds"]) == (1, 60)
    assert found["feedback"]["ratings"] == [0, 0, 0, 0, 1]
    assert found["days"][0]["resolved"] == 1


@pytest.mark.parametrize("role", ["manager", "marketer"])
async def test_who_leads_or_advertises_sees_all_figures(api: Api, role: str) -> None:
    owner = await api.register()
    await answered(api, owner, owner, MINUTE)
    colleague = await api.hire(owner["token"], role)
    mine, all_of_them = await dashboard(api, colleague), await dashboard(api, owner)
    assert mine["scope"] == "business"
    assert {**mine, "cursor": ""} == {**all_of_them, "cursor": ""}


async def test_joins_and_leaves_are_counted_day_by_day(api: Api) -> None:
    owner = await api.register()
    path = f"/businesses/{owner['business']['id']}/membership"
    early, late = await api.sign_up(), await api.sign_up()
    await api.done("PUT", path, token=early["token"])
    owner = await next_day(api, owner)
    await api.done("PUT", path, token=late["token"])
    await api.done("DELETE", path, token=early["token"])
    now = today(api)
    loop = (await dashboard(api, owner, f"?from={now - timedelta(2)}&to={now}"))["loop"]
    assert (loop["members"], loop["joined"], loop["left"]) == (1, 2, 1)
    assert [(day["members"], day["joined"], day["left"]) for day in loop["days"]] == [(0, 0, 0), (1, 1, 0), (1, 1, 1)]
    past = (await dashboard(api, owner, f"?from={now - timedelta(1)}&to={now - timedelta(1)}"))["loop"]
    assert (past["joined"], past["left"], past["days"][0]["members"]) == (1, 0, 1)


async def test_days_are_those_of_the_shop_and_not_of_the_server(api: Api) -> None:
    # 00:30 on the 3rd in Helsinki.
    set_clock(api, datetime(2031, 7, 2, 21, 30, tzinfo=UTC))
    owner = await api.register()
    person = await customer(api, owner)
    await write(api, person, person)
    assert (await dashboard(api, owner))["to"] == "2031-07-03"
    for day, new in (("2031-07-02", 0), ("2031-07-03", 1), ("2031-07-04", 0)):
        assert (await dashboard(api, owner, f"?from={day}&to={day}"))["tickets"]["new"] == new


async def test_a_period_is_compared_with_the_days_before_it(api: Api) -> None:
    owner = await api.register()
    await answered(api, owner, owner, MINUTE)
    owner = await next_day(api, owner)
    await answered(api, owner, owner, 3 * MINUTE)
    await answered(api, owner, owner, 3 * MINUTE)
    found = await dashboard(api, owner)
    assert (found["tickets"]["new"], found["tickets"]["new_before"]) == (2, 1)
    assert found["first_reply"]["median_seconds_before"] == 60


async def test_today_is_compared_with_yesterday_up_to_the_same_time_of_day(api: Api) -> None:
    owner = await api.register()
    await answered(api, owner, owner, 10 * SECOND)
    api.clock.ahead += 2 * HOUR
    await answered(api, owner, owner, 90 * SECOND)
    api.clock.ahead += DAY - HOUR
    owner = {**owner, **await api.sign_in(owner["email"])}
    found = await dashboard(api, owner)
    assert (found["tickets"]["new"], found["tickets"]["new_before"]) == (0, 1)
    assert found["first_reply"]["median_seconds_before"] == 10
    api.clock.ahead += 2 * HOUR
    assert (await dashboard(api, owner))["tickets"]["new_before"] == 2


async def test_another_shops_doings_change_nothing(api: Api) -> None:
    mine, other = await api.register("Mine"), await api.register("Other")
    before = await dashboard(api, mine)
    person = await answered(api, other, other, MINUTE)
    await api.done("PUT", f"/businesses/{other['business']['id']}/membership", token=person["token"])
    await close(api, other, person["ticket"])
    await api.done("PUT", f"/tickets/{person['ticket']}/feedback", {"rating": 1}, token=person["token"])
    assert await dashboard(api, mine) == before
    assert (await dashboard(api, other))["tickets"]["new"] == 1


async def test_people_and_strangers_get_nothing(api: Api) -> None:
    person = await api.sign_up()
    assert (await api.ask("GET", "/dashboard", token=person["token"])).status_code == 403
    assert (await api.ask("GET", "/dashboard")).status_code == 401


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-07-02&to=2026-07-01", "to"),
        ("from=2020-01-01&to=2026-07-01", "from"),
        ("from=yesterday", "from"),
        ("to=2026-02-30", "to"),
        ("to=9999-12-31&from=9999-12-31", "to"),
        ("from=0001-01-01&to=0001-01-01", "from"),
        ("from=2026-07-01&from=2026-07-02", "from"),
        ("days=7", "days"),
    ],
)
async def test_a_period_outside_its_bounds_is_named(lone_api: Api, query: str, field: str) -> None:
    owner = await lone_api.register()
    assert fields(await lone_api.ask("GET", f"/dashboard?{query}", token=owner["token"])) == [field]


async def test_the_first_steps_are_found_in_what_was_done(api: Api) -> None:
    owner = await api.register()
    business_id = owner["business"]["id"]

    async def taken() -> list[bool]:
        business = await api.desk.read_for(HOUSE, profile, business_id)
        steps = await api.desk.read_for(of_business(business_id), beginning.first_steps, business)
        return [steps.profile_filled, steps.colleague_invited, steps.member_joined, steps.chat_answered]

    assert await taken() == [False, False, False, False]
    await api.done("PUT", "/business", {"category": "Bakery", "description": "Bread"}, token=owner["token"])
    assert await taken() == [False, False, False, False]
    await api.done("PUT", "/business", {"hours": {"monday": ["09:00-17:00"]}}, token=owner["token"])
    assert await taken() == [True, False, False, False]
    await api.hire(owner["token"], "agent")
    assert await taken() == [True, True, False, False]
    person = await customer(api, owner)
    await api.done("PUT", f"/businesses/{business_id}/membership", token=person["token"])
    await write(api, person, person)
    assert await taken() == [True, True, True, False]
    await write(api, owner, person)
    assert await taken() == [True, True, True, True]


async def test_who_waits_longest_is_named(api: Api) -> None:
    owner = await api.register()
    staff = Staff("", owner["business"]["id"], Role.OWNER, "", "", "")
    assert await api.desk.read(queries.longest_waiting, staff) is None
    first, second = await customer(api, owner), await customer(api, owner)
    await write(api, second, second)
    api.clock.ahead += MINUTE
    await write(api, first, first)
    found = await api.desk.read(queries.longest_waiting, staff)
    assert found is not None
    assert found[0] == "Pia"
    assert MINUTE <= api.clock() - found[1] < 2 * MINUTE


async def test_no_figure_reads_a_whole_table(api: Api, database_url: str) -> None:
    owner = await api.register()
    person = await answered(api, owner, owner, MINUTE)
    await close(api, owner, person["ticket"])
    staff = Staff(ids.new(), owner["business"]["id"], Role.OWNER, ids.new(), "Olga", "Owner")
    business = await api.desk.read_for(HOUSE, profile, staff.business_id)
    now = api.clock()
    last = today(api)
    for query, given in (
        (queries.dashboard, (staff, last - timedelta(90), last, now)),
        (queries.dashboard, (Staff(staff.id, staff.business_id, Role.AGENT, "", "", ""), None, None, now)),
        (queries.longest_waiting, (staff,)),
        (beginning.first_steps, (business,)),
    ):
        assert whole_tables_read(database_url, staff.scope, query, *given) == []
