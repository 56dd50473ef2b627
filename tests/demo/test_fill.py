"""A filled database holds what was planned, on either engine, as if it had happened then."""

from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from shopbell.demo import town
from shopbell.demo.fill import fill
from shopbell.demo.plan import Closed, Conversation, Noted, PersonSaid, Rated, StaffSaid, Town, Withdrawn
from shopbell.kernel import clock
from shopbell.kernel.database import Row, open_database
from shopbell.kernel.desk import Desk
from shopbell.tickets.rules import State
from tests.scopes import everything

HASH = "the hash of everybody's password"


class Filled(NamedTuple):
    desk: Desk
    plan: Town

    async def rows(self, sql: str) -> list[Row]:
        return await self.desk.read_for(await everything(self.desk), lambda read: read.rows(sql))


@pytest.fixture
async def filled(database_url: str) -> AsyncIterator[Filled]:
    desk, plan = Desk(open_database(database_url)), town.build(clock.now())
    if database_url.startswith("postgres"):
        # The demo is for SQLite; a part of it shows that nothing in it depends on that.
        plan = quarter(plan)
    desk.start()
    try:
        await fill(desk, plan, HASH)
        yield Filled(desk, plan)
    finally:
        await desk.stop()


def quarter(plan: Town) -> Town:
    """The plan of the bakery and the café alone, who share a login."""
    shops = {"bakery", "cafe"}
    return replace(
        plan,
        shops=tuple(one for one in plan.shops if one.text.trade in shops),
        staff=tuple(one for one in plan.staff if one.shop in shops),
        memberships=tuple(one for one in plan.memberships if one.shop in shops),
        conversations=tuple(one for one in plan.conversations if one.shop in shops),
        pulls=tuple(one for one in plan.pulls if one.shop in shops),
    )


def said(conversation: Conversation) -> list[tuple[str, int, str]]:
    """Side, time and text of each message; what was withdrawn has no text any more."""
    messages: list[tuple[str, int, str]] = []
    for episode in conversation.episodes:
        for step in episode.steps:
            match step:
                case PersonSaid():
                    messages.append(("person", step.at, step.text))
                case StaffSaid():
                    messages.append(("staff", step.at, step.text))
                case Withdrawn():
                    messages[-1] = (*messages[-1][:2], "")
                case _:
                    pass
    return messages


async def test_the_town_stands_in_the_database_as_planned(filled: Filled) -> None:
    await everybody_is_there(filled)
    await every_message_was_said_when_it_was_planned(filled)
    await every_ticket_is_in_its_state(filled)
    await counters_equal_recomputation(filled)
    await the_log_has_no_gap_and_never_goes_back_in_time(filled)
    await nobody_is_signed_in_and_nothing_is_left_to_do(filled)


async def everybody_is_there(filled: Filled) -> None:
    plan = filled.plan
    people = await filled.rows("SELECT email, first_name, last_name, created_at, password_hash FROM people")
    assert sorted(people) == sorted(
        (one.email, one.first_name, one.last_name, one.signed_up_at, HASH) for one in plan.people
    )
    logins = await filled.rows("SELECT email, password_hash FROM logins")
    assert sorted(logins) == sorted({(one.email, HASH) for one in plan.staff})
    staff = await filled.rows(
        "SELECT b.name, l.email, s.role, s.created_at, s.deactivated_at FROM staff s"
        " JOIN businesses b ON b.id = s.business_id JOIN logins l ON l.id = s.login_id"
    )
    names = {shop.text.trade: shop.text.name for shop in plan.shops}
    assert set(staff) == {
        (names[one.shop], one.email, one.person.role, one.added_at, one.left_at) for one in plan.staff
    }
    members = await filled.rows(
        "SELECT b.name, p.email, c.joined_at FROM contacts c"
        " JOIN businesses b ON b.id = c.business_id JOIN people p ON p.id = c.person_id"
        " WHERE c.joined_at IS NOT NULL"
    )
    assert set(members) == {
        (names[one.shop], one.email, one.joined_at) for one in plan.memberships if one.left_at is None
    }


async def every_message_was_said_when_it_was_planned(filled: Filled) -> None:
    rows = await filled.rows(
        "SELECT b.name, p.email, m.side, m.created_at, m.text FROM messages m"
        " JOIN conversations c ON c.id = m.conversation_id"
        " JOIN businesses b ON b.id = c.business_id JOIN people p ON p.id = c.person_id"
        " WHERE m.kind = 'text' ORDER BY m.conversation_id, m.seq"
    )
    names = {shop.text.trade: shop.text.name for shop in filled.plan.shops}
    found: dict[tuple[str, str], list[tuple[str, int, str]]] = {}
    for shop, email, *message in rows:
        found.setdefault((shop, email), []).append((message[0], message[1], message[2]))
    assert found == {(names[one.shop], one.email): said(one) for one in filled.plan.conversations}


async def every_ticket_is_in_its_state(filled: Filled) -> None:
    plan = filled.plan
    episodes = [episode for one in plan.conversations for episode in one.episodes]
    states = await filled.rows("SELECT state, count(*) FROM tickets GROUP BY state")
    assert dict(states) == {state.value: sum(episode.state is state for episode in episodes) for state in State}
    steps = [step for episode in episodes for step in episode.steps]
    for table, kind in (("ticket_closures", Closed), ("notes", Noted)):
        planned = sum(isinstance(step, kind) for step in steps) + (
            sum(bool(getattr(step, "note", "")) for step in steps) if kind is Noted else 0
        )
        assert await filled.rows(f"SELECT count(*) FROM {table}") == [(planned,)]
    ratings = await filled.rows("SELECT rating, comment FROM ticket_closures WHERE rating IS NOT NULL")
    assert sorted(ratings, key=str) == sorted(
        ((step.feedback.rating, step.feedback.comment or None) for step in steps if isinstance(step, Rated)),
        key=str,
    )
    follow_ups = sum(len(one.episodes) - 1 for one in plan.conversations)
    assert await filled.rows("SELECT count(*) FROM tickets WHERE follow_up_of IS NOT NULL") == [(follow_ups,)]


async def counters_equal_recomputation(filled: Filled) -> None:
    counted = await filled.rows("SELECT business_id, waiting, pulled, numbered FROM desk_counters")
    tickets = await filled.rows("SELECT business_id, state, number FROM tickets")
    assert len(counted) == len(filled.plan.shops)
    for business_id, waiting, pulled, numbered in counted:
        mine = [(state, number) for business, state, number in tickets if business == business_id]
        assert waiting == sum(state == "waiting" for state, _ in mine)
        assert pulled == sum(state == "pulled" for state, _ in mine)
        assert numbered == len(mine)
        assert sorted(number for _, number in mine) == list(range(1, numbered + 1))
    wrong = await filled.rows(
        "SELECT t.id FROM tickets t JOIN conversations c ON c.id = t.conversation_id"
        " WHERE t.messages <> (SELECT count(*) FROM messages m"
        "   WHERE m.conversation_id = t.conversation_id AND m.ticket_id = t.id AND m.side = 'person')"
        " OR t.messages - t.read_messages <> (SELECT count(*) FROM messages m"
        "   WHERE m.conversation_id = t.conversation_id AND m.ticket_id = t.id AND m.side = 'person'"
        "   AND m.seq > c.staff_read)"
    )
    assert wrong == []


async def the_log_has_no_gap_and_never_goes_back_in_time(filled: Filled) -> None:
    heads = await filled.rows("SELECT business_id, seq FROM event_heads")
    events = await filled.rows("SELECT business_id, seq, at FROM event_log ORDER BY business_id, seq")
    for business_id, head in heads:
        mine = [(seq, at) for business, seq, at in events if business == business_id]
        assert [seq for seq, _ in mine] == list(range(1, head + 1))
        times = [at for _, at in mine]
        assert times == sorted(times)
        assert times[-1] < filled.plan.built_at


async def nobody_is_signed_in_and_nothing_is_left_to_do(filled: Filled) -> None:
    for table in ("sessions", "resets", "jobs"):
        assert await filled.rows(f"SELECT count(*) FROM {table}") == [(0,)]
