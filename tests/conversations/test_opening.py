"""Conversations: one for each person and business, opened by either side, listed for people."""

from tests.shop import Shop, refused, small


async def test_a_person_has_one_conversation_with_a_business(shop: Shop) -> None:
    person = await shop.town.person()
    path = f"/businesses/{shop.owner.business_id}/conversation"
    first, again = await shop.ask(person, "POST", path), await shop.ask(person, "POST", path)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["business_id"] == shop.owner.business_id


async def test_opening_writes_to_nobody(shop: Shop) -> None:
    shop = await small(shop)
    person, conversation = await shop.town.customer(shop.owner.business_id)
    assert (await shop.done(shop.owner, "GET", "/desk"))["unclaimed"] == 0
    listed = (await shop.done(person, "GET", "/conversations"))["items"]
    assert [(each["id"], each["last_message"], each["unread"], each["feedback_due"]) for each in listed] == [
        (conversation, None, 0, None)
    ]


async def test_nobody_opens_a_conversation_with_nothing(shop: Shop) -> None:
    person = await shop.town.person()
    for business_id in ("0" * 32, "nonsense"):
        refused(await shop.ask(person, "POST", f"/businesses/{business_id}/conversation"), 404)
    refused(await shop.ask(shop.ann, "POST", f"/businesses/{shop.owner.business_id}/conversation"), 403)
    refused(await shop.ask(None, "POST", f"/businesses/{shop.owner.business_id}/conversation"), 401)


async def test_staff_write_first_to_members_and_to_who_wrote_before_and_to_nobody_else(shop: Shop) -> None:
    member, writer, silent = await shop.town.person(), await shop.case(), await shop.town.person()
    await shop.done(member, "PUT", f"/businesses/{shop.owner.business_id}/membership")
    opened = await shop.ask(shop.ann, "POST", f"/members/{member.id}/conversation")
    assert opened.status_code == 201
    assert (await shop.ask(shop.ann, "POST", f"/members/{member.id}/conversation")).status_code == 200
    again = await shop.done(shop.ann, "POST", f"/members/{writer.person.id}/conversation")
    assert again == {"id": writer.conversation, "business_id": shop.owner.business_id}
    refused(await shop.ask(shop.ann, "POST", f"/members/{silent.id}/conversation"), 404)
    quiet = await shop.town.conversation(silent, shop.owner.business_id)
    refused(await shop.ask(shop.ann, "POST", f"/members/{silent.id}/conversation"), 403)
    refused(await shop.write(shop.ann, quiet), 403)
    refused(await shop.ask(shop.marketer, "POST", f"/members/{member.id}/conversation"), 403)
    assert (await shop.write(shop.ann, opened.json()["id"])).status_code == 201
    ticket = await shop.newest(opened.json()["id"])
    assert (ticket["state"], ticket["holder"]["id"], ticket["messages"]) == ("assigned", shop.ann.id, 0)


async def test_who_left_the_loop_without_a_word_is_not_written_to(shop: Shop) -> None:
    person = await shop.town.person()
    membership = f"/businesses/{shop.owner.business_id}/membership"
    await shop.done(person, "PUT", membership)
    conversation = (await shop.done(shop.ann, "POST", f"/members/{person.id}/conversation"))["id"]
    await shop.done(person, "DELETE", membership)
    refused(await shop.write(shop.ann, conversation), 403)


async def test_the_list_has_the_newest_first_with_unread_counts_and_a_cursor_for_each(shop: Shop) -> None:
    person = await shop.town.person()
    shops = [await small(shop) for _ in range(3)]
    conversations = [await shop.town.conversation(person, each.owner.business_id) for each in shops]
    for each, conversation in zip(shops, conversations, strict=True):
        await shop.say(person, conversation, "Hello")
        await each.say(each.owner, conversation, "Hi")
        await each.say(each.owner, conversation, "How can we help?")
    await shop.say(person, conversations[0], "Me again")
    found = []
    cursors: set[str] = set()
    after = ""
    while True:
        page = await shop.done(person, "GET", f"/conversations?limit=2{after}")
        found += page["items"]
        cursors |= page["cursors"].keys()
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert [each["id"] for each in found] == [conversations[0], conversations[2], conversations[1]]
    assert [each["unread"] for each in found] == [2, 2, 2]
    assert [each["last_message"]["text"] for each in found] == ["Me again", "How can we help?", "How can we help?"]
    assert found[1]["last_message"]["author"]["name"] == "Olga"
    assert cursors == {each["business"]["id"] for each in found} == {each.owner.business_id for each in shops}


async def test_the_list_is_for_people(shop: Shop) -> None:
    refused(await shop.ask(shop.ann, "GET", "/conversations"), 403)
    person = await shop.town.person()
    assert await shop.done(person, "GET", "/conversations") == {"items": [], "next": None, "cursors": {}}
    for after in ("x", "1", ".", f"{'9' * 19}.a", "-1.a"):
        assert (
            refused(await shop.ask(person, "GET", f"/conversations?after={after}"), 422)["errors"][0]["field"]
            == "after"
        )
