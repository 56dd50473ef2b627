"""What a business says of itself."""

from tests.signin.asking import Api, Json, fields

CLOSED: Json = {day: [] for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")}
FULL: Json = {
    "name": "Ollerby's Bakehouse",
    "time_zone": "Europe/London",
    "category": "Bakery",
    "description": "Bread from a stone oven.\nSince the fishing fleet was sail.",
    "phone": "+441632960114",
    "email": "hello@bakehouse.example",
    "website": "https://bakehouse.example/",
    "street": "14 Mill Wynd",
    "postcode": "MW1 4QT",
    "city": "Merrowmouth",
    "country": "GB",
    "latitude": 55.49712,
    "longitude": -1.62904,
    "hours": {**CLOSED, "tuesday": ["07:00-12:30", "13:30-16:30"], "friday": ["22:00-02:00"]},
    "holidays": [
        {"name": "Lantern Night", "day": "02-02", "hours": ["10:00-14:00"]},
        {"name": "Jubilee", "day": "2027-05-01", "hours": []},
        {"name": "Leap Day", "day": "02-29", "hours": []},
    ],
}


async def test_a_profile_comes_back_as_it_was_given(api: Api) -> None:
    made = await api.register()
    changed = await api.done("PUT", "/business", FULL, token=made["token"])
    same = {"id": made["business"]["id"], "slug": made["business"]["slug"]}
    assert changed == {**FULL, **same}
    assert await api.done("GET", f"/businesses/{made['business']['id']}") == changed
    own = await api.done("GET", "/business", token=made["token"])
    assert own.pop("cursor").endswith("-1")
    assert own == changed


async def test_what_is_left_out_stays_and_null_empties(api: Api) -> None:
    token = (await api.register())["token"]
    await api.done("PUT", "/business", FULL, token=token)
    changed = await api.done("PUT", "/business", {"phone": None, "city": "Elsewhere"}, token=token)
    expected = {**FULL, "phone": None, "city": "Elsewhere"}
    assert {name: changed[name] for name in FULL} == expected


async def test_a_change_that_changes_nothing_is_no_event(api: Api) -> None:
    token = (await api.register())["token"]
    await api.done("PUT", "/business", FULL, token=token)
    before = (await api.done("GET", "/business", token=token))["cursor"]
    await api.done("PUT", "/business", FULL, token=token)
    assert (await api.done("GET", "/business", token=token))["cursor"] == before


async def test_owner_and_manager_may_change_it_and_nobody_else(api: Api) -> None:
    owner = await api.register()
    for role, status in (("owner", 200), ("manager", 200), ("marketer", 403), ("agent", 403)):
        token = (await api.hire(owner["token"], role))["token"]
        assert (await api.ask("GET", "/business", token=token)).status_code == 200
        assert (await api.ask("PUT", "/business", {"city": role}, token=token)).status_code == status
    assert (await api.done("GET", "/business", token=owner["token"]))["city"] == "manager"


async def test_a_change_touches_ones_own_business_only(api: Api) -> None:
    mine, other = await api.register("Mine"), await api.register("Other")
    await api.done("PUT", "/business", {"description": "mine"}, token=mine["token"])
    assert await api.done("GET", f"/businesses/{other['business']['id']}") == other["business"]


async def test_a_field_outside_its_bounds_is_named(lone_api: Api) -> None:
    token = (await lone_api.register())["token"]
    for change, field in (
        ({"name": " "}, "name"),
        ({"name": None}, "name"),
        ({"slug": "mine"}, "slug"),
        ({"id": "mine"}, "id"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"website": "https://a b"}, "website"),
        ({"email": "nobody"}, "email"),
        ({"phone": "call me"}, "phone"),
        ({"latitude": 90.1, "longitude": 0}, "latitude"),
        ({"latitude": 1}, "longitude"),
        ({"longitude": 1}, "latitude"),
        ({"description": "d" * 8001}, "description"),
        ({"city": "nul\0"}, "city"),
        ({"hours": {"someday": []}}, "hours"),
        ({"hours": {"monday": ["9-17"]}}, "hours"),
        ({"hours": {"monday": ["09:00-25:00"]}}, "hours"),
        ({"holidays": [{"name": "x", "day": "02-30"}]}, "holidays"),
        ({"holidays": [{"name": "x", "day": "2027-02-29"}]}, "holidays"),
    ):
        named = fields(await lone_api.ask("PUT", "/business", change, token=token))
        assert [name.split(".")[0].split("[")[0] for name in named] == [field], change


async def test_numbers_json_has_no_word_for_are_malformed(lone_api: Api) -> None:
    token = (await lone_api.register())["token"]
    for number in ("NaN", "Infinity", "1e999"):
        answer = await lone_api.http.put(
            "/api/v1/business",
            content=f'{{"latitude": {number}, "longitude": 0}}',
            headers={"authorization": f"Bearer {token}", "content-type": "application/json"},
        )
        assert answer.status_code in (400, 422), number
