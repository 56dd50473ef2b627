"""Notes and priority: what staff say and decide among themselves."""

from typing import Any

import pytest

from tests.faults.clients import Json
from tests.faults.town import Actor
from tests.shop import Case, Shop, field_of, refused


async def note(shop: Shop, by: Actor, case: Case, nonce: str, text: str) -> Any:
    return await shop.ask(by, "POST", f"/tickets/{case.ticket}/notes", {"nonce": nonce, "text": text})


async def notes(shop: Shop, by: Actor, case: Case) -> list[Json]:
    found: list[Json] = (await shop.done(by, "GET", f"/tickets/{case.ticket}/notes"))["items"]
    return found


async def test_any_colleague_but_a_marketer_leaves_notes_on_anybodys_ticket(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    for by in (shop.owner, shop.manager, shop.ann, shop.bob):
        assert (await note(shop, by, case, "n", f"From {by.role}")).status_code == 201
    refused(await note(shop, shop.marketer, case, "n", "No"), 403, "role_may_not")
    shown = await notes(shop, shop.marketer, case)
    assert [each["author"]["name"] for each in shown] == [
        each.name for each in (shop.owner, shop.manager, shop.ann, shop.bob)
    ]
    assert [each["seq"] for each in shown] == sorted(each["seq"] for each in shown)


async def test_a_note_repeated_under_its_nonce_is_one_note(shop: Shop) -> None:
    case = await shop.case()
    first = await note(shop, shop.ann, case, "same", "Once")
    again = await note(shop, shop.ann, case, "same", "Once")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert field_of(await note(shop, shop.ann, case, "same", "Otherwise")) == "nonce"
    assert (await note(shop, shop.bob, case, "same", "Another's")).status_code == 201
    assert [each["text"] for each in await notes(shop, shop.ann, case)] == ["Once", "Another's"]


async def test_the_nonce_of_a_note_is_shown_to_its_author_only(shop: Shop) -> None:
    case = await shop.case()
    await note(shop, shop.ann, case, "mine", "Text")
    assert [each.get("nonce") for each in await notes(shop, shop.ann, case)] == ["mine"]
    assert [each.get("nonce") for each in await notes(shop, shop.bob, case)] == [None]


async def test_notes_go_on_a_closed_ticket_move_its_row_and_are_paged(shop: Shop) -> None:
    case = await shop.closed(shop.ann)
    before = await shop.ticket(case)
    for at in range(5):
        await note(shop, shop.bob, case, f"n{at}", f"Note {at}")
    after = await shop.ticket(case)
    assert after["updated_seq"] > before["updated_seq"]
    assert after["state"] == "closed"
    found: list[str] = []
    place = ""
    while True:
        page = await shop.done(shop.ann, "GET", f"/tickets/{case.ticket}/notes?limit=2{place}")
        assert len(page["items"]) <= 2
        found += [each["text"] for each in page["items"]]
        if page["next"] is None:
            break
        place = f"&after={page['next']}"
    assert found == [f"Note {at}" for at in range(5)]


async def test_customers_never_read_notes(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    await note(shop, shop.ann, case, "n", "Difficult customer")
    refused(await shop.ask(case.person, "GET", f"/tickets/{case.ticket}/notes"), 403)
    refused(await note(shop, case.person, case, "n", "Mine"), 403)
    for path in ("/conversations", f"/conversations/{case.conversation}/messages", "/memberships", "/me"):
        assert "Difficult" not in (await shop.ask(case.person, "GET", path)).text


@pytest.mark.parametrize("text", ["", " ", "\u2003", "a\0b", "x" * 8_001, None, 5])
async def test_a_note_outside_its_bounds_is_refused(shop: Shop, text: Any) -> None:
    case = await shop.case()
    assert field_of(await note(shop, shop.ann, case, "n", text)) == "text"
    assert await notes(shop, shop.ann, case) == []


async def test_the_same_priority_again_changes_nothing(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    path = f"/tickets/{case.ticket}/priority"
    first = await shop.done(shop.ann, "PUT", path, {"priority": "high"})
    assert await shop.done(shop.ann, "PUT", path, {"priority": "high"}) == first
    history = (await shop.done(shop.ann, "GET", f"/tickets/{case.ticket}/history"))["items"]
    assert [item["name"] for item in history].count("ticket_prioritised") == 1


async def test_priority_is_set_and_unset_by_the_holder_and_by_who_manages(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    path = f"/tickets/{case.ticket}/priority"
    assert (await shop.ticket(case))["priority"] is None
    for by in (shop.ann, shop.manager, shop.owner):
        for priority in ("high", "medium", "low", None):
            before = await shop.ticket(case)
            assert (await shop.done(by, "PUT", path, {"priority": priority}))["priority"] == priority
            assert (await shop.ticket(case))["updated_seq"] > before["updated_seq"]
    answer = await shop.ask(shop.bob, "PUT", path, {"priority": "high"})
    assert refused(answer, 409, "held_by_colleague")["holder"]["id"] == shop.ann.id
    refused(await shop.ask(shop.marketer, "PUT", path, {"priority": "high"}), 403)
    for body in ({}, {"priority": "urgent"}, {"priority": 3}, {"priority": "high", "x": 1}):
        assert field_of(await shop.ask(shop.ann, "PUT", path, body))
    assert (await shop.ticket(case))["priority"] is None
