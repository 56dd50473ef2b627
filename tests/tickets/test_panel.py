"""The panel: filtered, sorted, searched, a page at a time."""

import pytest

from tests.faults.clients import Json
from tests.shop import Case, Shop, field_of, refused


async def rows(shop: Shop, query: str, cases: dict[str, Case]) -> list[str]:
    """The names of the test's own cases among all pages, in order; pages are small."""
    names = {case.ticket: name for name, case in cases.items()}
    found: list[str] = []
    after = ""
    while True:
        page = await shop.done(shop.ann, "GET", f"/tickets?limit=3{query}{after}")
        assert len(page["items"]) <= 3
        assert page["cursor"]
        found += [names[item["id"]] for item in page["items"] if item["id"] in names]
        if page["next"] is None:
            return found
        after = f"&after={page['next']}"


@pytest.fixture(scope="module")
async def cases(shop: Shop) -> dict[str, Case]:
    """Tickets in every state, made in this order, the later ones pulled last so that none of them waits."""
    found = {
        "closed by ann": await shop.closed(shop.ann),
        "closed by bob": await shop.closed(shop.bob),
        "pulled": await shop.case(),
        "anns": await shop.held(shop.ann),
        "bobs": await shop.held(shop.bob),
    }
    await shop.done(shop.ann, "POST", "/desk/pull")
    for name, priority in (("anns", "low"), ("pulled", "high"), ("closed by bob", "high"), ("bobs", "medium")):
        await shop.done(shop.owner, "PUT", f"/tickets/{found[name].ticket}/priority", {"priority": priority})
    return {**found, "waiting": await shop.case()}


BY_UPDATE = ["bobs", "closed by bob", "pulled", "anns", "closed by ann"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", BY_UPDATE),
        ("&sort=updated", BY_UPDATE),
        ("&state=waiting", ["waiting"]),
        ("&state=pulled", ["pulled"]),
        ("&state=assigned", ["bobs", "anns"]),
        ("&state=open", ["bobs", "pulled", "anns"]),
        ("&state=closed", ["closed by bob", "closed by ann"]),
        ("&holder=me", ["anns"]),
        ("&holder=me&state=closed", ["closed by ann"]),
        ("&holder=me&state=pulled", []),
        ("&holder=none", ["pulled"]),
        ("&holder=none&state=waiting", ["waiting"]),
        ("&holder=none&state=closed", []),
        ("&holder={bob}", ["bobs", "closed by bob"]),
        ("&holder={bob}&state=open", ["bobs"]),
        ("&priority=high", ["closed by bob", "pulled"]),
        ("&priority=high&state=open", ["pulled"]),
        ("&priority=low&holder=me", ["anns"]),
        ("&sort=waiting", ["pulled", "anns", "bobs", "closed by bob", "closed by ann"]),
        ("&sort=waiting&state=open", ["pulled", "anns", "bobs"]),
        ("&sort=priority", ["closed by bob", "pulled", "bobs", "anns", "closed by ann"]),
        ("&sort=priority&priority=high", ["closed by bob", "pulled"]),
        ("&sort=priority&state=closed", ["closed by bob", "closed by ann"]),
    ],
)
async def test_filters_and_orders(shop: Shop, cases: dict[str, Case], query: str, expected: list[str]) -> None:
    assert await rows(shop, query.format(bob=shop.bob.id), cases) == expected


async def test_a_row_has_all_a_screen_draws(shop: Shop, cases: dict[str, Case]) -> None:
    row: Json = (await shop.done(shop.ann, "GET", f"/tickets?holder={shop.bob.id}&state=open"))["items"][0]
    case = cases["bobs"]
    thread = await shop.thread(shop.ann, case.conversation)
    assert row["customer"] == {"id": case.person.id, "name": case.person.name}
    assert row["holder"] == {"id": shop.bob.id, "name": shop.bob.name}
    assert (row["id"], row["conversation_id"], row["state"]) == (case.ticket, case.conversation, "assigned")
    assert (row["messages"], row["unread"], row["last_line"]) == (1, 1, "Hello")
    assert (row["last_seq"], row["priority"], row["outcome"]) == (thread[-1]["seq"], "medium", None)
    assert row["follow_up_of"] is None
    detail = await shop.done(shop.marketer, "GET", f"/tickets/{case.ticket}")
    assert {key: detail[key] for key in row} == row


async def test_a_search_finds_the_start_of_any_word_of_the_name_or_the_number(
    shop: Shop, cases: dict[str, Case]
) -> None:
    case = cases["anns"]
    last = case.person.name.split()[1]
    number = (await shop.ticket(case))["number"]
    for query in (last, last.lower(), last.upper(), f"pia {last}", str(number), f"%23{number}"):
        assert "anns" in await rows(shop, f"&q={query}", cases), query
    assert await rows(shop, f"&q={last[1:]}", cases) == []
    assert await rows(shop, f"&q={last}&holder=none", cases) == []
    assert await rows(shop, "&q=pia&sort=waiting&state=open", cases) == ["pulled", "anns", "bobs"]
    assert await rows(shop, "&q=%25", cases) == []


async def test_the_text_of_a_row_is_one_line(shop: Shop) -> None:
    case = await shop.case("  Two\n\tlines   and\u00a0blanks " + "x" * 300)
    line = (await shop.ticket(case))["last_line"]
    assert line.startswith("Two lines and blanks xxx")
    assert len(line) == 140


async def test_a_text_of_separators_alone_is_not_taken_for_withdrawn(shop: Shop) -> None:
    case = await shop.case("\x1f")
    assert (await shop.ticket(case))["last_line"] == "\x1f"


async def test_what_moves_a_row(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    seen = [(await shop.ticket(case))["updated_seq"]]
    path = f"/tickets/{case.ticket}"
    moves = [
        (case.person, "POST", f"/conversations/{case.conversation}/messages", {"nonce": "1", "text": "Hi"}),
        (shop.ann, "POST", f"/conversations/{case.conversation}/messages", {"nonce": "1", "text": "Hi"}),
        (shop.bob, "POST", f"{path}/notes", {"nonce": "1", "text": "Hm"}),
        (shop.ann, "PUT", f"{path}/priority", {"priority": "low"}),
        (shop.ann, "PUT", f"{path}/closure", {"outcome": "resolved"}),
        (shop.ann, "DELETE", f"{path}/closure", None),
    ]
    for move in moves:
        await shop.done(*move)
        seen.append((await shop.ticket(case))["updated_seq"])
    assert seen == sorted(set(seen))
    for still in [
        (shop.ann, "PUT", f"/conversations/{case.conversation}/read", {"seq": seen[-1]}),
        (shop.ann, "PUT", f"{path}/holder", {"staff_id": shop.bob.id}),
        (shop.bob, "DELETE", f"{path}/holder", None),
    ]:
        await shop.done(*still)
        assert (await shop.ticket(case))["updated_seq"] == seen[-1]


@pytest.mark.parametrize(
    ("query", "field"),
    [("priority=urgent", "priority"), ("sort=name", "sort"), ("limit=0", "limit"),
     ("limit=101", "limit"), ("limit=x", "limit"), ("q=", "q"), (f"q={'x' * 201}", "q"), ("q=%00", "q"),
     ("holder=", "holder"), ("after=x", "after"), ("after=-1", "after"), ("sort=priority&after=x.y", "after"),
     ("sort=waiting&after=.", "after"), (f"after={'9' * 19}", "after"), ("colour=red", "colour")],
)  # fmt: skip
async def test_a_filter_outside_its_bounds_is_named(shop: Shop, query: str, field: str) -> None:
    assert field_of(await shop.ask(shop.ann, "GET", f"/tickets?{query}")) == field


async def test_the_tickets_of_a_business_are_for_its_own_staff(shop: Shop, cases: dict[str, Case]) -> None:
    stranger, person = await shop.town.owner(), await shop.town.person()
    unknown = refused(await shop.ask(stranger, "GET", f"/tickets/{'0' * 32}"), 404)
    case = cases["anns"]
    for path in ("", "/history", "/notes"):
        assert refused(await shop.ask(stranger, "GET", f"/tickets/{case.ticket}{path}"), 404) == unknown
        refused(await shop.ask(case.person, "GET", f"/tickets/{case.ticket}{path}"), 403)
        refused(await shop.ask(person, "GET", f"/tickets/{case.ticket}{path}"), 403)
        refused(await shop.ask(shop.ann, "GET", f"/tickets/nonsense{path}"), 404)
    assert (await shop.done(stranger, "GET", f"/tickets?q=pia&holder={shop.ann.id}"))["items"] == []


async def test_a_state_that_is_none_is_named(shop: Shop) -> None:
    assert field_of(await shop.ask(shop.ann, "GET", "/tickets?state=lost")) == "state"
