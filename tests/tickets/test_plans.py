"""What screens and verbs ask the database: how many statements, and none that walks a growing table."""

import re
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from typing import Any, NamedTuple

import psycopg
import pytest

from shopbell.conversations import commands as conversing
from shopbell.conversations import queries as conversations
from shopbell.conversations import store as threads
from shopbell.kernel import ids
from shopbell.kernel.database import open_database
from shopbell.kernel.desk import Desk
from shopbell.kernel.scope import HOUSE, Scope
from shopbell.kernel.transaction import Transaction
from shopbell.live import resume
from shopbell.loop import commands as joining
from shopbell.loop import queries as loop
from shopbell.signin import commands as signin
from shopbell.signin.actors import Person
from shopbell.staff import entrance
from shopbell.staff.registering import Founding, register
from shopbell.tickets import commands, leaving, panel, posting, queries, search, thread
from shopbell.tickets import store as tickets
from shopbell.tickets.panel import Filters, Shown, Sort
from shopbell.tickets.posting import Post
from shopbell.tickets.rules import Counters, Outcome, Priority
from tests.desk_world import ANN, OWNER, World, address, found
from tests.plans import full_scans_of_postgres, full_scans_of_sqlite, plan_of_sqlite
from tests.statements import Asked, WatchedDatabase

pytestmark = pytest.mark.anyio

CROWD = 120
SET = 50
FIRST, SECOND = 0, 1


# Statements, without those that begin, save and end a transaction. More of them is slower: say why in the commit.
SCREENS = {
    "desk": 2, "ticket": 3, "history": 3, "notes": 3, "conversations": 1, "memberships": 2, "members": 2, "heard": 3,
    "starts": 1, "missed": 3, "missed by a person": 4, "elsewhere": 1, "own ticket": 1, "place": 1,
    "session": 1, "thread, staff": 3, "thread, person": 3, "thread before, staff": 3, "thread before, person": 3,
    "thread after, staff": 3, "thread after, person": 3,
}  # fmt: skip
# Each with the three that load the head of the stream, append to the log and save the head.
VERBS = {
    "post": 7, "post a set": 7, "post again": 3, "pull": 9, "claim": 10, "reply": 8, "read by staff": 10,
    "read by a person": 7, "received": 6, "note": 8, "prioritise": 8, "release": 9, "close": 14, "feedback": 6,
    "reopen": 10, "withdraw": 8, "open": 11, "open a ticket": 15, "join": 7, "leave": 7, "block": 7, "sign out": 12,
}  # fmt: skip


class Crowd(NamedTuple):
    """People who each wrote twice, their conversations and their tickets."""

    people: list[Person]
    conversations: list[str]
    tickets: list[str]


class Place:
    """A crowded shop whose every statement is seen."""

    def __init__(self, url: str, desk: Desk, watched: WatchedDatabase, world: World, crowd: Crowd) -> None:
        self.url = url
        self.desk = desk
        self.world = world
        self.crowd = crowd
        self._watched = watched

    async def read(self, query: Callable[..., Any], *args: Any, **kwargs: Any) -> list[Asked]:
        """What the query asks for its first argument, who looks."""
        return await self.read_for(args[0].scope, query, *args, **kwargs)

    async def read_for(self, scope: Scope, query: Callable[..., Any], *args: Any, **kwargs: Any) -> list[Asked]:
        """What the query asks in that scope."""
        with self._watched.watched() as asked:
            await self.desk.read_for(scope, query, *args, **kwargs)
        return asked

    async def do(self, command: Callable[..., Any], *args: Any, **kwargs: Any) -> list[Asked]:
        """What the command asks, with the saving of its events."""
        with self._watched.watched() as asked:
            await self.desk.do(self.world.business_id, command, *args, **kwargs)
        return asked

    async def post(self, posts: list[Post]) -> list[Asked]:
        return await self.do(_posted, posts)


def _posted(tx: Transaction, posts: list[Post]) -> None:
    for outcome in posting.post(tx, posts):
        if isinstance(outcome, Exception):
            raise outcome


def _neighbours(tx: Transaction) -> None:
    """As many other businesses, for the tables that have a row for each."""
    for at in range(CROWD):
        founding = Founding(f"Shop {at}", "Europe/Helsinki", "Olga", "Owner", address(), "hash", None)
        business, _ = register(tx, founding, ids.hashed(ids.token()))
        tickets.save_counters(tx, business.id, Counters(0, 0, 0))


def _crowded(tx: Transaction, world: World) -> Crowd:
    people = [
        signin.sign_up(tx, f"First{at}", f"Last{at}", address(), "hash", ids.hashed(ids.token())) for at in range(CROWD)
    ]
    opened = [conversing.open_as_person(tx, person, world.business_id)[0].id for person in people]
    for each in range(2):
        _posted(tx, [Post(p, c, f"n{each}", "Hello") for p, c in zip(people, opened, strict=True)])
    for person in people:
        joining.join(tx, person, world.business_id)
    for waiting in tickets.waiting(tx, world.business_id, CROWD):
        commands.note(tx, world.staff[ANN], waiting.id, "first", "Hm")
    rows: dict[str, str] = dict(
        tx.rows("SELECT conversation_id, id FROM tickets WHERE business_id = :id", id=world.business_id)
    )
    return Crowd(people, opened, [rows[conversation] for conversation in opened])


@pytest.fixture
async def place(database_url: str) -> AsyncIterator[Place]:
    watched = WatchedDatabase(open_database(database_url))
    desk = Desk(watched)
    desk.start()
    world = await desk.do(None, found)
    await desk.do(None, _neighbours)
    crowd = await desk.do(world.business_id, _crowded, world)
    yield Place(database_url, desk, watched, world, crowd)
    await desk.stop()


async def screens(place: Place) -> dict[str, list[Asked]]:
    """Everything a screen fetches, by name."""
    world, crowd = place.world, place.crowd
    ann, person, conversation = world.staff[ANN], crowd.people[FIRST], crowd.conversations[FIRST]
    found = {
        "desk": await place.read(queries.desk, ann),
        "ticket": await place.read(queries.ticket, ann, crowd.tickets[FIRST]),
        "history": await place.read(queries.history, ann, crowd.tickets[FIRST], limit=50, after=None),
        "notes": await place.read(queries.notes, ann, crowd.tickets[FIRST], limit=50, after=None),
        "conversations": await place.read(conversations.conversations, person, limit=50, after=None),
        "memberships": await place.read(loop.memberships, person, limit=50, after=None),
        "members": await place.read(loop.newest_members, ann, limit=50, after=None),
        "heard": await place.read_for(
            HOUSE,
            resume.heard,
            [
                resume.Coming(ann, {}),
                resume.Coming(person, {world.business_id: "x"}),
            ],
        ),
        "starts": await place.read_for(HOUSE, resume.starts, [{world.business_id: None}, {world.business_id: "x"}]),
        "missed": await place.read(resume.page, ann, world.business_id, 1),
        "missed by a person": await place.read(resume.page, person, world.business_id, 1),
        "elsewhere": await place.read_for(HOUSE, queries.waiting_elsewhere, [ann]),
        "own ticket": await place.read(queries.business_of_own, person, crowd.tickets[FIRST]),
        "place": await place.read_for(HOUSE, threads.sides, conversation),
        "session": await place.read_for(HOUSE, entrance.who, [(person.session, place.desk.clock())]),
    }
    for name, marks in {"": (None, None), " before": (10**6, None), " after": (None, 1)}.items():
        for who, actor in (("staff", ann), ("person", person)):
            found[f"thread{name}, {who}"] = await place.read(
                conversations.page, actor, conversation, limit=50, before=marks[0], after=marks[1]
            )
    return found


async def panels(place: Place) -> dict[str, list[Asked]]:
    """The panel in every filter, order and place, and searched."""
    ann = place.world.staff[ANN]
    keys = {Sort.UPDATED: "1000000", Sort.WAITING: f"1.{'0' * 32}", Sort.PRIORITY: "3.1000000"}
    found = {}
    for shown in (None, *Shown):
        for holder in (None, "me", "none", place.world.staff[OWNER].id):
            for priority in (None, Priority.HIGH):
                for sort in Sort:
                    for after in (None, keys[sort]):
                        for q in (None, "first1", "last la", "#7"):
                            filters = Filters(state=shown, holder=holder, priority=priority, q=q, sort=sort)
                            found[f"{filters} {after}"] = await place.read(
                                panel.page, ann, filters, limit=50, after=after
                            )
    return found


async def verbs(place: Place) -> dict[str, list[Asked]]:
    """A day at the desk, one verb after the other."""
    world, crowd = place.world, place.crowd
    ann, owner, ticket = world.staff[ANN], world.staff[OWNER], crowd.tickets[FIRST]
    person, conversation = crowd.people[FIRST], crowd.conversations[FIRST]
    marked = crowd.people[SECOND], crowd.conversations[SECOND]
    return {
        "post": await place.post([Post(person, conversation, "one", "Hi")]),
        "post a set": await place.post(
            [Post(p, c, "set", "Hi") for p, c in zip(crowd.people[:SET], crowd.conversations[:SET], strict=True)]
        ),
        "post again": await place.post([Post(person, conversation, "one", "Hi")]),
        "pull": await place.do(commands.pull, ann),
        "claim": await place.do(commands.assign, ann, ticket, None, note=None, take_over=False),
        "reply": await place.post([Post(ann, conversation, "reply", "Yes?")]),
        "read by staff": await place.do(thread.mark_read, ann, conversation, 2**40),
        "read by a person": await place.do(thread.mark_read, person, conversation, 2**40),
        "received": await place.do(thread.mark_delivered, *marked, 2**40),
        "note": await place.do(commands.note, ann, ticket, "n", "Hm"),
        "prioritise": await place.do(commands.prioritise, ann, ticket, Priority.LOW),
        "release": await place.do(commands.release, ann, ticket),
        "close": await place.do(commands.close, ann, ticket, Outcome.RESOLVED, 2**40),
        "feedback": await place.do(commands.give_feedback, person, world.business_id, ticket, 5, None),
        "reopen": await place.do(commands.reopen, ann, ticket),
        "withdraw": await place.do(thread.withdraw, person, conversation, await _first_of(place, conversation)),
        "open": await place.do(conversing.open_as_person, world.people[-1], world.business_id),
        "open a ticket": await place.post(
            [Post(world.people[at], world.conversations[at], "first", "Hi") for at in range(3)]
        ),
        "join": await place.do(joining.join, world.people[-1], world.business_id),
        "leave": await place.do(joining.leave, world.people[-1], world.business_id),
        "block": await place.do(joining.block, owner, person.id),
        "sign out": await place.do(leaving.sign_out, ann),
    }


async def _first_of(place: Place, conversation: str) -> str:
    page = await place.desk.read(
        conversations.page, place.world.staff[ANN], conversation, limit=1, before=None, after=0
    )
    return page.items[0].id


def full_scans(place: Place, asked: list[Asked]) -> list[str]:
    """The plans that walk a whole table or index, on the engine at hand."""
    if place.url.startswith("sqlite"):
        with closing(sqlite3.connect(place.url.removeprefix("sqlite:///"))) as file:
            return [scan for each in asked for scan in full_scans_of_sqlite(file, each)]
    with psycopg.connect(place.url, autocommit=True) as server:
        server.execute("ANALYZE")
        return [scan for each in asked for scan in full_scans_of_postgres(psycopg.ClientCursor(server), each)]


async def test_no_screen_walks_a_growing_table(place: Place) -> None:
    found = {**await screens(place), **await panels(place)}
    distinct = _distinct(found)
    assert len(distinct) > 30
    assert full_scans(place, distinct) == []


async def test_no_verb_walks_a_growing_table(place: Place) -> None:
    distinct = _distinct(await verbs(place))
    assert len(distinct) > 40
    assert full_scans(place, distinct) == []


@pytest.fixture
def common(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that anybody has pass for common."""
    for few in ("FEW_PEOPLE", "FEW_FILTERED_PEOPLE", "FEW_NEWEST_FIRST"):
        monkeypatch.setattr(search, few, 0)


async def test_no_search_for_a_common_word_walks_a_growing_table(place: Place, common: None) -> None:
    distinct = _distinct(await panels(place))
    assert len(distinct) > 30
    assert full_scans(place, distinct) == []


async def test_a_search_for_a_common_word_asks_one_statement_for_each_priority(place: Place, common: None) -> None:
    for name, asked in (await panels(place)).items():
        assert len(asked) <= _most_statements(name), name


async def test_the_panel_fetches_no_row_before_it_is_sure_to_show_it(place: Place) -> None:
    if not place.url.startswith("sqlite"):
        pytest.skip("PostgreSQL decides by what its tables hold")
    named = {name: asked for name, asked in (await panels(place)).items() if "#7" not in name}
    for sql, params in _distinct(named):
        for line in _plan_of_sqlite(place, sql, params):
            assert "tickets_" not in line or "COVERING INDEX" in line, (line, sql)


async def test_what_belongs_to_a_conversation_is_found_by_the_conversation(place: Place) -> None:
    if not place.url.startswith("sqlite"):
        pytest.skip("PostgreSQL decides by what its tables hold")
    found = [*_distinct(await verbs(place)), *_distinct(await screens(place))]
    asked = [each for each in found if re.search("FROM tickets .*conversation_id =", str(each[0]), re.DOTALL)]
    assert len(asked) > 1
    for sql, params in asked:
        for line in _plan_of_sqlite(place, sql, params):
            assert "tickets_waiting" not in line and "tickets_closed" not in line, (line, sql)


def _plan_of_sqlite(place: Place, sql: Any, params: Any) -> list[str]:
    with closing(sqlite3.connect(place.url.removeprefix("sqlite:///"))) as file:
        return plan_of_sqlite(file, (sql, params))


def _distinct(found: dict[str, list[Asked]]) -> list[Asked]:
    """Each statement once; those that were asked about nothing would have no plan."""
    return list(
        {str(getattr(sql, "sqlite", sql)): (sql, params) for asked in found.values() for sql, params in asked}.values()
    )


def counted(found: dict[str, list[Asked]]) -> dict[str, int]:
    return {name: len(asked) for name, asked in found.items()}


async def test_a_screen_asks_a_fixed_number_of_statements(place: Place) -> None:
    assert counted(await screens(place)) == SCREENS


async def test_a_page_of_the_panel_asks_one_statement_for_each_priority_and_each_word_sought(place: Place) -> None:
    for name, asked in (await panels(place)).items():
        assert len(asked) <= _most_statements(name), name


async def test_a_search_looks_nobody_up_who_never_had_a_closed_ticket(place: Place) -> None:
    asked = await place.read(panel.page, place.world.staff[ANN], Filters(q="first"), limit=50, after=None)
    assert len(asked) == _most_statements("first1")
    assert [params["floor"] for _, params in asked if "floor" in params] == [search.FIRST_EVENT]


def _most_statements(name: str) -> int:
    """Each word is counted, then come the walks and the head of the stream.

    Walks go from rank to rank, or from those who wait to what is closed. A single word without filters may be asked
    how far the first of them goes.
    """
    walks = 4 if "PRIORITY" in name else 2 if "WAITING" in name else 1
    words = sum(each in name for each in ("first1", "last", " la'"))
    return walks + words + (words == 1 and "PRIORITY" not in name) + 1


async def test_a_verb_asks_a_fixed_number_of_statements_and_a_set_no_more_than_one_post(place: Place) -> None:
    found = counted(await verbs(place))
    assert found == VERBS
    assert found["post a set"] == found["post"]


async def test_a_plan_that_walks_a_table_is_noticed(place: Place) -> None:
    for sql in (
        "SELECT id FROM tickets WHERE last_line = :text",
        "SELECT t.id FROM tickets t ORDER BY t.id",
        "SELECT count(*) FROM messages m WHERE m.text = :text",
        "UPDATE tickets SET last_line = '' WHERE last_line = :text",
    ):
        assert full_scans(place, [(sql, {"text": "x"})])
