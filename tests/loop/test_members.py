"""The Loop as its business sees it."""

from shopbell.businesses import keyset
from shopbell.kernel import ids
from shopbell.kernel.scope import of_business
from shopbell.loop import queries, store
from shopbell.signin.actors import Person
from shopbell.staff.actors import Staff
from shopbell.staff.rules import Role
from tests.signin.asking import Api, Json, fields
from tests.signin.plans import whole_tables_read


async def joined(api: Api, owner: Json, *people: str) -> list[str]:
    """The ids of new members with these full names, who joined in this order."""
    found = []
    for name in people:
        first_name, _, last_name = name.partition(" ")
        person = await api.sign_up(first_name, last_name)
        await api.done("PUT", f"/businesses/{owner['business']['id']}/membership", token=person["token"])
        found.append(person["person"]["id"])
    return found


async def names(api: Api, owner: Json, query: str) -> list[str]:
    items = await api.pages(f"/members{query}", token=owner["token"])
    return [f"{item['first_name']} {item['last_name']}" for item in items]


async def test_who_joined_last_comes_first(api: Api) -> None:
    owner = await api.register()
    people = ["Cy Young", "Ann Lee", "Bo Hill", "Ann Lee", "Dee Ash"]
    await joined(api, owner, *people)
    for query in ("", "?sort=newest", "?limit=1", "?limit=2", "?limit=5"):
        assert await names(api, owner, query) == people[::-1]


async def test_members_are_sorted_by_name_without_regard_to_case_or_accent(api: Api) -> None:
    owner = await api.register()
    await joined(api, owner, "bo Hill", "Ängel Ash", "Ann Lee", "ANN Ash", "Ann Lee", "Zoë Z", "佐藤 花子")
    expected = ["Ängel Ash", "ANN Ash", "Ann Lee", "Ann Lee", "bo Hill", "Zoë Z", "佐藤 花子"]
    for limit in (1, 2, 3, 50):
        assert await names(api, owner, f"?sort=name&limit={limit}") == expected


async def test_members_are_found_by_the_beginning_of_any_word(api: Api) -> None:
    owner = await api.register()
    await joined(api, owner, "Mary Ann Smith-Jones", "Ann Jones", "Marianne Smyth", "José Ñandú", "山田 太郎")
    assert await names(api, owner, "?q=ann") == ["Mary Ann Smith-Jones", "Ann Jones"]
    assert sorted(await names(api, owner, "?q=JON")) == ["Ann Jones", "Mary Ann Smith-Jones"]
    assert sorted(await names(api, owner, "?q=mar sm")) == ["Marianne Smyth", "Mary Ann Smith-Jones"]
    assert await names(api, owner, "?q=jose nandu") == ["José Ñandú"]
    assert await names(api, owner, "?q=郎") == ["山田 太郎"]
    assert await names(api, owner, "?q=山田") == ["山田 太郎"]
    for nothing in ("mith", "ann zz", "zz ann", "%25", "_", "*", "''"):
        assert await names(api, owner, f"?q={nothing}") == []


async def test_a_search_over_pages_names_everybody_once(api: Api) -> None:
    owner = await api.register()
    people = ["Ann Anderson", "Anna Annan", "Andy Ant", "Bo An", "An An", "Cy Young"]
    await joined(api, owner, *people)
    for limit in (1, 2, 3, 50):
        assert sorted(await names(api, owner, f"?q=an&limit={limit}")) == sorted(people[:-1])
        assert sorted(await names(api, owner, f"?q=an and&limit={limit}")) == ["Andy Ant", "Ann Anderson"]


async def test_who_left_is_listed_no_more_but_not_forgotten(api: Api) -> None:
    owner, pia = await api.register(), await api.sign_up()
    path = f"/businesses/{owner['business']['id']}/membership"
    await api.done("PUT", path, token=pia["token"])
    await api.done("DELETE", path, token=pia["token"])
    for query in ("", "?sort=name", "?q=pia"):
        assert await names(api, owner, query) == []
    card = await api.done("GET", f"/members/{pia['person']['id']}", token=owner["token"])
    assert card["first_name"] == "Pia"
    assert card["joined_at"] is None


async def test_a_card_shows_one_member_and_where_the_stream_goes_on(api: Api) -> None:
    owner = await api.register()
    (pia,) = await joined(api, owner, "Pia Person")
    page = await api.done("GET", "/members", token=owner["token"])
    card = await api.done("GET", f"/members/{pia}", token=owner["token"])
    assert card == {**page["items"][0], "cursor": page["cursor"]}
    assert card["blocked"] is False


async def test_every_role_reads_and_owner_and_manager_block(api: Api) -> None:
    owner = await api.register()
    (pia,) = await joined(api, owner, "Pia Person")
    for role, status in (("owner", 204), ("manager", 204), ("marketer", 403), ("agent", 403)):
        token = (await api.hire(owner["token"], role))["token"]
        assert (await api.ask("GET", "/members", token=token)).status_code == 200
        assert (await api.ask("GET", f"/members/{pia}", token=token)).status_code == 200
        for method in ("PUT", "DELETE"):
            assert (await api.ask(method, f"/members/{pia}/block", token=token)).status_code == status


async def test_blocking_twice_happens_once(api: Api) -> None:
    owner = await api.register()
    (pia,) = await joined(api, owner, "Pia Person")
    for method, blocked, seq in (("DELETE", False, 1), ("PUT", True, 2), ("PUT", True, 2), ("DELETE", False, 3)):
        await api.done(method, f"/members/{pia}/block", token=owner["token"])
        card = await api.done("GET", f"/members/{pia}", token=owner["token"])
        assert card["blocked"] is blocked
        assert card["cursor"].endswith(f"-{seq}")
    business_id = owner["business"]["id"]
    assert await api.desk.read_for(of_business(business_id), store.blocked, business_id, [pia]) == set()


async def test_members_of_another_business_are_as_unknown_as_nobody(api: Api) -> None:
    mine, other = await api.register("Mine"), await api.register("Other")
    (theirs,) = await joined(api, other, "Theo Theirs")
    stranger = (await api.sign_up())["person"]["id"]
    for method, path in (("GET", "/members/{}"), ("PUT", "/members/{}/block"), ("DELETE", "/members/{}/block")):
        answers = [
            await api.ask(method, path.format(id_), token=mine["token"]) for id_ in (theirs, stranger, ids.new(), "x")
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
    for query in ("", "?sort=name", "?q=theo"):
        assert await names(api, mine, query) == []
    assert (await api.done("GET", f"/members/{theirs}", token=other["token"]))["blocked"] is False


async def test_the_mark_of_another_businesss_page_shows_nothing_of_it(api: Api) -> None:
    mine, other = await api.register("Mine"), await api.register("Other")
    await joined(api, other, "Ann One", "Bo Two", "Cy Three")
    await joined(api, mine, "Zed Last")
    page = await api.done("GET", "/members?sort=name&limit=1", token=other["token"])
    assert await names(api, mine, f"?sort=name&after={page['next']}") == ["Zed Last"]


async def test_a_query_outside_its_bounds_is_named(lone_api: Api) -> None:
    token = (await lone_api.register())["token"]
    newest = keyset.mark((1, ids.new()))
    by_name = keyset.mark(("a", ids.new()))
    for query, field in (
        ("sort=oldest", "sort"),
        ("q=a&sort=name", "sort"),
        ("limit=0", "limit"),
        ("q=%20" + "q" * 200, "q"),
        ("after=x", "after"),
        (f"after={by_name}", "after"),
        (f"sort=name&after={newest}", "after"),
        (f"sort=name&after={keyset.mark(('a', 'x'))}", "after"),
        (f"sort=name&after={keyset.mark((chr(0), ids.new()))}", "after"),
        ("business_id=x", "business_id"),
    ):
        assert fields(await lone_api.ask("GET", f"/members?{query}", token=token)) == [field], query


def test_no_list_of_a_loop_reads_a_whole_table(database_url: str) -> None:
    staff = Staff(ids.new(), ids.new(), Role.OWNER, ids.new(), "Olga", "Owner")
    person = Person(ids.new(), "Pia", "Person", "")
    by_time, by_name = keyset.mark((1, ids.new())), keyset.mark(("a", ids.new()))
    for query, place in (
        (queries.newest_members, by_time),
        (queries.members_by_name, by_name),
    ):
        for after in (None, place):
            assert whole_tables_read(database_url, staff.scope, query, staff, limit=50, after=after) == []
    for text in ("ann", "a b c"):
        for after in (None, by_name):
            found = whole_tables_read(
                database_url, staff.scope, queries.search_members, staff, text, limit=50, after=after
            )
            assert found == []
    assert whole_tables_read(database_url, person.scope, queries.memberships, person, limit=50, after=None) == []
    assert whole_tables_read(database_url, staff.scope, store.contact, staff.business_id, person.id) == []
    assert whole_tables_read(database_url, staff.scope, store.blocked, staff.business_id, [person.id]) == []
