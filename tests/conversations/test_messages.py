"""Messages: said once, read page by page, taken back."""

import asyncio
import secrets
from typing import Any

import httpx
import pytest

from tests.faults.town import Actor
from tests.shop import Case, Shop, field_of, refused


def post(shop: Shop, by: Actor | None, case: Case, body: Any) -> Any:
    return shop.ask(by, "POST", f"/conversations/{case.conversation}/messages", body)


async def withdraw(shop: Shop, by: Actor, conversation: str, message_id: str) -> httpx.Response:
    return await shop.ask(by, "DELETE", f"/conversations/{conversation}/messages/{message_id}")


async def test_a_message_reads_the_same_on_both_sides_but_for_names_and_nonces(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    asked = (await post(shop, case.person, case, {"nonce": "ask", "text": "Open?"})).json()
    said = (await post(shop, shop.ann, case, {"nonce": "say", "text": "Yes"})).json()
    assert said.keys() == {"id", "seq", "created_at"}
    for reader, name, nonces in (
        (case.person, "Sam", ["ask", None]),
        (shop.ann, shop.ann.name, [None, "say"]),
        (shop.bob, shop.ann.name, [None, None]),
    ):
        theirs, ours = (await shop.thread(reader, case.conversation))[1:]
        assert {key: theirs[key] for key in asked} == asked
        assert {key: ours[key] for key in said} == said
        assert theirs["author"] == {"side": "person", "id": case.person.id, "name": case.person.name}
        assert ours["author"] == {"side": "staff", "id": shop.ann.id, "name": name}
        assert [theirs.get("nonce"), ours.get("nonce")] == nonces
        assert (theirs["kind"], theirs["text"], theirs["attachments"]) == ("text", "Open?", [])
        assert ("ticket_id" in theirs) == (reader is not case.person)


async def test_the_same_nonce_and_body_answer_as_the_first_time(shop: Shop) -> None:
    case = await shop.case()
    first = await post(shop, case.person, case, {"nonce": "n", "text": "Once"})
    again = await post(shop, case.person, case, {"nonce": "n", "text": "Once", "attachments": []})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert [message["text"] for message in await shop.thread(case.person, case.conversation)] == ["Hello", "Once"]


async def test_the_same_nonce_with_another_body_is_refused(shop: Shop) -> None:
    case = await shop.case()
    await post(shop, case.person, case, {"nonce": "n", "text": "Once"})
    assert field_of(await post(shop, case.person, case, {"nonce": "n", "text": "Once "})) == "nonce"
    assert len(await shop.thread(case.person, case.conversation)) == 2


async def test_a_nonce_belongs_to_its_author_and_conversation(shop: Shop) -> None:
    case, other = await shop.held(shop.ann), await shop.held(shop.ann)
    for by, where in ((case.person, case), (shop.ann, case), (shop.ann, other), (other.person, other)):
        assert (await post(shop, by, where, {"nonce": "shared", "text": f"By {by.name}"})).status_code == 201


async def test_repeats_in_flight_at_once_make_one_message(shop: Shop) -> None:
    case = await shop.case()
    answers = await asyncio.gather(*(post(shop, case.person, case, {"nonce": "n", "text": "Once"}) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.text for answer in answers}) == 1


async def test_a_retry_is_answered_though_the_rules_have_changed_meanwhile(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    body = {"nonce": "n", "text": "Before"}
    first = await post(shop, shop.ann, case, body)
    theirs = await post(shop, case.person, case, body)
    await shop.done(shop.owner, "PUT", f"/tickets/{case.ticket}/holder", {"staff_id": shop.bob.id, "take_over": True})
    await shop.close(shop.bob, case)
    await shop.done(shop.owner, "PUT", f"/members/{case.person.id}/block")
    assert (await post(shop, shop.ann, case, body)).json() == first.json()
    assert (await post(shop, case.person, case, body)).json() == theirs.json()
    refused(await shop.write(case.person, case.conversation), 403, "blocked")
    assert (await shop.ticket(case))["state"] == "closed"


async def test_a_withdrawn_message_still_answers_its_retry(shop: Shop) -> None:
    case = await shop.case()
    first = (await post(shop, case.person, case, {"nonce": "n", "text": "Oops"})).json()
    await withdraw(shop, case.person, case.conversation, first["id"])
    again = await post(shop, case.person, case, {"nonce": "n", "text": "Oops"})
    assert (again.status_code, again.json()) == (200, first)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"nonce": "n"}, "text"),
        ({"text": "Hi"}, "nonce"),
        ({"nonce": "", "text": "Hi"}, "nonce"),
        ({"nonce": "x" * 65, "text": "Hi"}, "nonce"),
        ({"nonce": "é", "text": "Hi"}, "nonce"),
        ({"nonce": "n\n", "text": "Hi"}, "nonce"),
        ({"nonce": 5, "text": "Hi"}, "nonce"),
        ({"nonce": "n", "text": ""}, "text"),
        ({"nonce": "n", "text": " \t\u2028\u3000"}, "text"),
        ({"nonce": "n", "text": "a\0"}, "text"),
        ({"nonce": "n", "text": "x" * 8_001}, "text"),
        ({"nonce": "n", "text": None}, "text"),
        ({"nonce": "n", "text": "Hi", "attachments": ["0" * 32]}, "attachments.0"),
        ({"nonce": "n", "text": "Hi", "seq": 1}, "seq"),
    ],
)
async def test_a_message_outside_its_bounds_is_refused_by_field(shop: Shop, body: Any, field: str) -> None:
    case = await shop.case()
    assert field_of(await post(shop, case.person, case, body)) == field
    assert len(await shop.thread(case.person, case.conversation)) == 1


@pytest.mark.parametrize(
    "text",
    ["x" * 8_000, "🙂" * 8_000, "e\u0301 \ufb01 \u200d\ufeff", "\r\n a \u2028b\x1f", "<b>&amp;</b>", "\U0010ffff"],
)
async def test_text_comes_back_code_point_for_code_point(shop: Shop, text: str) -> None:
    case = await shop.held(shop.ann)
    for by in (case.person, shop.ann):
        await shop.say(by, case.conversation, text)
    for reader in (case.person, shop.ann):
        assert [message["text"] for message in (await shop.thread(reader, case.conversation))[1:]] == [text, text]


async def test_a_thread_is_for_its_person_and_the_shops_staff(shop: Shop) -> None:
    case, stranger, foreign = await shop.case(), await shop.town.person(), await shop.town.owner()
    path = f"/conversations/{case.conversation}/messages"
    unknown = refused(await shop.ask(foreign, "GET", f"/conversations/{'0' * 32}/messages"), 404)
    for outsider in (stranger, foreign):
        assert refused(await shop.ask(outsider, "GET", path), 404) == unknown
        assert refused(await shop.write(outsider, case.conversation), 404) == unknown
    refused(await shop.ask(None, "GET", path), 401)
    refused(await post(shop, None, case, {"nonce": "n", "text": "Hi"}), 401)
    assert len(await shop.thread(shop.marketer, case.conversation)) == 1


async def pages(shop: Shop, case: Case, by: str, first: str = "") -> list[list[int]]:
    """The numbers on each page of three, followed by `before` or `after`."""
    found = []
    place = first
    while True:
        page = await shop.done(case.person, "GET", f"/conversations/{case.conversation}/messages?limit=3{place}")
        found.append([item["seq"] for item in page["items"]])
        if page["next"] is None:
            return found
        place = f"&{by}={page['next']}"


async def test_pages_go_back_from_the_newest_and_forward_from_anywhere(shop: Shop) -> None:
    case = await shop.case()
    for at in range(7):
        await shop.say(case.person, case.conversation, f"Text {at}")
    seqs = [message["seq"] for message in await shop.thread(case.person, case.conversation)]
    assert seqs == sorted(set(seqs))
    assert await pages(shop, case, "before") == [seqs[5:], seqs[2:5], seqs[:2]]
    assert await pages(shop, case, "after", "&after=0") == [seqs[:3], seqs[3:6], seqs[6:]]
    assert await pages(shop, case, "after", f"&after={seqs[4]}") == [seqs[5:]]
    assert await pages(shop, case, "after", f"&after={seqs[-1]}") == [[]]
    assert await pages(shop, case, "before", f"&before={seqs[0]}") == [[]]
    for place, field in (("before=x", "before"), ("after=-1", "after"), ("limit=0", "limit"), ("before=1.5", "before")):
        path = f"/conversations/{case.conversation}/messages?{place}"
        assert field_of(await shop.ask(case.person, "GET", path)) == field


async def test_a_withdrawn_message_leaves_an_empty_line_for_both_sides(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    said = await shop.say(case.person, case.conversation, "My card number")
    for _ in range(2):
        assert (await withdraw(shop, case.person, case.conversation, said["id"])).status_code == 204
    for reader in (case.person, shop.ann):
        gone = (await shop.thread(reader, case.conversation))[-1]
        assert (gone["id"], gone["seq"], gone["text"], gone["attachments"]) == (said["id"], said["seq"], "", [])
        assert gone["withdrawn_at"] > gone["created_at"]
    ticket = await shop.ticket(case)
    assert (ticket["last_line"], ticket["messages"]) == ("", 2)
    last = (await shop.done(case.person, "GET", "/conversations"))["items"][0]["last_message"]
    assert (last["id"], last["text"]) == (said["id"], "")


async def test_an_older_withdrawn_message_leaves_the_panels_line_alone(shop: Shop) -> None:
    case = await shop.case()
    said = await shop.say(case.person, case.conversation, "First")
    await shop.say(case.person, case.conversation, "Second")
    await withdraw(shop, case.person, case.conversation, said["id"])
    assert (await shop.ticket(case))["last_line"] == "Second"


async def test_who_may_withdraw_what(shop: Shop) -> None:
    case = await shop.held(shop.ann)
    theirs = (await shop.say(case.person, case.conversation))["id"]
    for by in (shop.ann, shop.manager, shop.owner, shop.marketer):
        refused(await withdraw(shop, by, case.conversation, theirs), 403)
    for by, status in ((case.person, 403), (shop.bob, 403), (shop.marketer, 403), (shop.manager, 204), (shop.ann, 204)):
        ours = (await shop.say(shop.ann, case.conversation))["id"]
        assert (await withdraw(shop, by, case.conversation, ours)).status_code == status
    stranger = await shop.town.person()
    unknown = refused(await withdraw(shop, stranger, case.conversation, theirs), 404)
    other = await shop.case()
    for message_id in ("nonsense", f"{other.conversation}.1", f"{case.conversation}.999999", f"{case.conversation}.x"):
        assert refused(await withdraw(shop, case.person, case.conversation, message_id), 404) == unknown
    await shop.close(shop.ann, case)
    asked = (await shop.thread(case.person, case.conversation))[-1]
    for by in (case.person, shop.owner):
        refused(await withdraw(shop, by, case.conversation, asked["id"]), 403)


async def test_a_blocked_person_reads_on_and_writes_no_more_until_unblocked(shop: Shop) -> None:
    case = await shop.case()
    refused(await shop.ask(shop.ann, "PUT", f"/members/{case.person.id}/block"), 403)
    await shop.done(shop.manager, "PUT", f"/members/{case.person.id}/block")
    refused(await shop.write(case.person, case.conversation), 403, "blocked")
    assert len(await shop.thread(case.person, case.conversation)) == 1
    await shop.done(shop.manager, "DELETE", f"/members/{case.person.id}/block")
    assert (await shop.write(case.person, case.conversation)).status_code == 201


async def test_no_credentials_of_the_other_kind_help(shop: Shop) -> None:
    case = await shop.case()
    body = {"nonce": secrets.token_hex(4), "text": "Hi"}
    answer = await shop.api.call("POST", f"/conversations/{case.conversation}/messages", body, token="x" * 43)
    refused(answer, 401)
