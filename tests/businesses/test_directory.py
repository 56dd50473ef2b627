"""Finding a business, and what anybody may know of it."""

from shopbell.businesses import keyset, queries
from shopbell.kernel import ids
from shopbell.kernel.scope import HOUSE
from tests.signin.asking import Api, fields
from tests.signin.plans import whole_tables_read


async def names(api: Api, path: str) -> list[str]:
    return [item["name"] for item in await api.pages(path)]


async def test_all_businesses_are_listed_by_name_over_pages(api: Api) -> None:
    for name in ("delta", "Ærø", "Charlie", "alpha", "Écluse", "Bravo", "alpha"):
        await api.register(name)
    expected = ["alpha", "alpha", "Bravo", "Charlie", "delta", "Écluse", "Ærø"]
    for limit in (1, 2, 3, 100):
        assert await names(api, f"/businesses?limit={limit}") == expected


async def test_a_business_is_found_by_the_beginnings_of_words(api: Api) -> None:
    for name in ("Ollerby's Bakehouse", "Baker Street Books", "Ropewalk Cycles", "横浜中華街", "Café Zoë"):
        await api.register(name)
    assert await names(api, "/businesses?q=bak") == ["Ollerby's Bakehouse", "Baker Street Books"]
    assert await names(api, "/businesses?q=BAKE oll") == ["Ollerby's Bakehouse"]
    assert await names(api, "/businesses?q=cafe zoe") == ["Café Zoë"]
    assert await names(api, "/businesses?q=中華") == ["横浜中華街"]
    assert await names(api, "/businesses?q=alk") == []
    assert await names(api, "/businesses?q=bak rope") == []
    assert await names(api, "/businesses?q=%25") == []
    assert await names(api, "/businesses?q=!?") == []


async def test_a_business_with_many_matching_words_comes_once_over_pages(api: Api) -> None:
    for name in ("Anna and Annette's Antiques", "Ant Farm", "An Anchor", "Zebra"):
        await api.register(name)
    expected = ["An Anchor", "Anna and Annette's Antiques", "Ant Farm"]
    for limit in (1, 2, 100):
        found = await names(api, f"/businesses?q=an&limit={limit}")
        assert sorted(found) == sorted(expected)


async def test_a_business_is_found_by_its_trade_and_town_once_it_names_them(api: Api) -> None:
    owner = await api.register("Ollerby's")
    assert await names(api, "/businesses?q=bakery merrow") == []
    changes = {"category": "Bakery", "city": "Merrowmouth"}
    await api.done("PUT", "/business", changes, token=owner["token"])
    assert await names(api, "/businesses?q=bakery merrow") == ["Ollerby's"]
    await api.done("PUT", "/business", {"name": "Smith", "category": None}, token=owner["token"])
    assert await names(api, "/businesses?q=oll") == await names(api, "/businesses?q=bakery") == []
    assert await names(api, "/businesses?q=smi") == ["Smith"]


async def test_anybody_reads_the_profile(api: Api) -> None:
    made = await api.register()
    assert await api.done("GET", f"/businesses/{made['business']['id']}") == made["business"]


async def test_an_id_of_nobody_and_what_is_no_id_are_unknown_alike(api: Api) -> None:
    answers = [await api.ask("GET", f"/businesses/{id_}") for id_ in (ids.new(), "x", "%00", "A" * 32)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


async def test_a_query_outside_its_bounds_is_named(lone_api: Api) -> None:
    for query, field in (
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("q=", "q"),
        (f"q={'q' * 201}", "q"),
        ("q=%00", "q"),
        ("after=zzz", "after"),
        ("after=WyJhIiwiYiJd", "after"),
        ("search=x", "search"),
    ):
        assert fields(await lone_api.ask("GET", f"/businesses?{query}")) == [field], query


def test_no_page_of_the_directory_reads_the_whole_table(database_url: str) -> None:
    place = keyset.mark(("a", ids.new()))
    for after in (None, place):
        assert whole_tables_read(database_url, HOUSE, queries.directory, limit=50, after=after) == []
        assert whole_tables_read(database_url, HOUSE, queries.search, "an", limit=50, after=after) == []
