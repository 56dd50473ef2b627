"""The second wall: what a query forgets to filter, PostgreSQL leaves out, whoever the server signs in as."""

import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import psycopg
import pytest
from psycopg import sql

from shopbell.conversations import queries as conversations
from shopbell.kernel import ids
from shopbell.kernel.database import Connection, Row, Snapshot, open_database
from shopbell.kernel.desk import Desk
from shopbell.kernel.errors import NotFound
from shopbell.kernel.scope import HOUSE, Scope, of_business
from shopbell.kernel.transaction import Transaction
from shopbell.migrations import migrate
from shopbell.settings import CannotServe
from shopbell.tickets import queries
from tests.desk_world import ANN, OWNER, Step, World, found, play
from tests.engines import Postgres
from tests.statements import WatchedConnection, WatchedDatabase

pytestmark = pytest.mark.anyio

# The epoch, and which migration was the last.
NOBODYS = {"store", "alembic_version"}
# What customers see of a business, whether they know it or not.
PUBLIC = {"businesses", "business_words"}

DAY = [
    *(Step("post", ANN, at, 1) for at in range(3)),
    *(Step(kind, ANN, 0, how) for kind, how in (("pull", 0), ("claim", 0), ("note", 1), ("close", 0), ("rate", 0))),
    *(Step("join", ANN, at, 0) for at in range(4)),
]


class Town:
    """Two shops that each had a day, over one database."""

    def __init__(self, desk: Desk, here: World, there: World) -> None:
        self.desk = desk
        self.here = here
        self.there = there


async def lived(desk: Desk) -> Town:
    worlds = []
    for _ in range(2):
        world = await desk.do(None, found)
        await play(desk, world, DAY)
        worlds.append(world)
    return Town(desk, *worlds)


@pytest.fixture
async def town(postgres_url: str) -> AsyncIterator[Town]:
    desk = Desk(open_database(postgres_url))
    desk.start()
    yield await lived(desk)
    await desk.stop()


def columns(read: Snapshot) -> dict[str, set[str]]:
    """Every table there is, with its columns."""
    tables: dict[str, set[str]] = {}
    for table, column in read.rows(
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
        " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
    ):
        tables.setdefault(table, set()).add(column)
    return tables


async def test_every_table_is_guarded_for_its_owner_too(town: Town) -> None:
    """A new table needs `guard` in its migration, or a reason here."""

    def unguarded(read: Snapshot) -> set[str]:
        guarded = read.rows(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE c.relrowsecurity AND c.relforcerowsecurity GROUP BY c.relname HAVING count(*) = 4"
        )
        return set(columns(read)) - {row[0] for row in guarded}

    assert await town.desk.read_for(HOUSE, unguarded) == NOBODYS


def whose(column: str) -> Callable[[Snapshot], dict[str, set[str]]]:
    """Whose rows a query without any filter finds, by table."""

    def found_in_each(read: Snapshot) -> dict[str, set[str]]:
        return {
            table: {row[0] for row in read.rows(f"SELECT DISTINCT {column} FROM {table}") if row[0] is not None}
            for table, names in columns(read).items()
            if column in names and table not in PUBLIC
        }

    return found_in_each


async def test_a_query_without_a_filter_finds_its_own_business_alone(town: Town) -> None:
    here, there = town.here.business_id, town.there.business_id
    both = await town.desk.read_for(of_business(here, there), whose("business_id"))
    assert {table for table, businesses in both.items() if businesses == {here, there}} == both.keys() - {"sessions"}
    alone = await town.desk.read(lambda read, _: whose("business_id")(read), town.here.staff[ANN])
    assert alone == {table: {here} & businesses for table, businesses in both.items()}


async def test_a_query_without_a_filter_finds_the_people_and_logins_of_its_own_business_alone(town: Town) -> None:
    def emails(read: Snapshot, table: str) -> set[str]:
        return {row[0] for row in read.rows(f"SELECT email FROM {table}")}

    for table in ("people", "logins"):
        everybody = await town.desk.read_for(HOUSE, emails, table)
        ours = await town.desk.read_for(of_business(town.here.business_id), emails, table)
        theirs = await town.desk.read_for(of_business(town.there.business_id), emails, table)
        assert ours
        assert len(ours) == len(theirs)
        assert ours | theirs == everybody
        assert not ours & theirs


async def test_a_query_without_a_filter_finds_a_persons_own_alone(town: Town) -> None:
    person = town.here.people[0]
    mine = await town.desk.read(lambda read, _: whose("person_id")(read), person)
    assert mine.pop("contact_words") == set()
    assert mine.keys() == {"contacts", "conversations", "tickets", "event_log"}
    assert all(people == {person.id} for people in mine.values())
    thread = await town.desk.read(lambda read, _: read.rows("SELECT DISTINCT conversation_id FROM messages"), person)
    assert thread == [(town.here.conversations[0],)]
    colleagues = await town.desk.read(lambda read, _: read.rows("SELECT DISTINCT business_id FROM staff"), person)
    assert colleagues == [(town.here.business_id,)]
    assert await town.desk.read(lambda read, _: read.rows("SELECT * FROM notes"), person) == []


async def test_the_house_hears_nothing_of_what_is_said(town: Town) -> None:
    def rows(read: Snapshot) -> dict[str, int]:
        return {table: read.value(f"SELECT count(*) FROM {table}") for table in columns(read)}

    seen = await town.desk.read_for(HOUSE, rows)
    hidden = {table for table, count in seen.items() if not count}
    assert hidden >= {"messages", "tickets", "notes", "event_log", "ticket_history", "ticket_closures", "contact_words"}
    assert not hidden & {"staff", "contacts", "conversations", "event_heads", "sessions", "people", "logins"}


async def test_who_names_nobody_finds_nothing(town: Town) -> None:
    def rows(read: Snapshot) -> dict[str, int]:
        return {table: read.value(f"SELECT count(*) FROM {table}") for table in columns(read)}

    seen = await town.desk.read_for(Scope(), rows)
    assert {table for table, count in seen.items() if count} == PUBLIC | NOBODYS


async def test_the_writer_adds_nothing_to_a_business_it_did_not_declare(town: Town) -> None:
    here, there = town.here.business_id, town.there.business_id

    def stray(tx: Transaction) -> None:
        tx.run(
            "INSERT INTO notes (ticket_id, seq, business_id, author_id, nonce, text, created_at)"
            " VALUES ('ticket', 1, :there, 'author', 'nonce', 'Astray', 0)",
            there=there,
        )

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await town.desk.do(here, stray)
    await town.desk.do(there, stray)


async def test_the_writer_changes_nothing_of_a_business_it_did_not_declare(town: Town) -> None:
    here, there = town.here.business_id, town.there.business_id

    def blank(tx: Transaction) -> int:
        return tx.run("UPDATE messages SET text = ''") + tx.run("DELETE FROM notes") + tx.run("DELETE FROM staff")

    def texts(read: Snapshot) -> list[Row]:
        return read.rows("SELECT text FROM messages WHERE text <> '' UNION ALL SELECT text FROM notes")

    before = await town.desk.read_for(of_business(there), texts)
    assert before
    assert await town.desk.do(here, blank)
    assert await town.desk.read_for(of_business(there), texts) == before
    assert await town.desk.read_for(of_business(here), texts) == []


FILTER = re.compile(r"\b(?:\w+\.)?business_id = :business_id\b")


class ForgetfulConnection(WatchedConnection):
    """Plants the fault in every query at once: none asks any more whose the rows are."""

    def rows(self, sql: str, params: dict[str, Any]) -> list[Row]:
        return super().rows(FILTER.sub("1 = 1", sql), params)


class Forgetful(WatchedDatabase):
    def reader(self) -> Connection:
        return ForgetfulConnection(super().reader(), [])


async def test_a_forgotten_filter_leaks_on_sqlite_and_not_on_postgresql(database_url: str) -> None:
    desk = Desk(Forgetful(open_database(database_url)))
    desk.start()
    town = await lived(desk)
    spy, theirs = town.here.staff[OWNER], town.there.conversations[0]
    ticket = await desk.read_for(
        of_business(town.there.business_id), lambda read: read.value("SELECT min(id) FROM tickets")
    )
    asked: list[tuple[Callable[..., Any], str, dict[str, Any]]] = [
        (queries.ticket, ticket, {}),
        (queries.notes, ticket, {"limit": 50, "after": None}),
        (queries.history, ticket, {"limit": 50, "after": None}),
        (conversations.page, theirs, {"limit": 50, "before": None, "after": None}),
    ]
    for query, id_, how in asked:
        if desk.database.locks_rows:
            with pytest.raises(NotFound):
                await desk.read(query, spy, id_, **how)
        else:
            assert await desk.read(query, spy, id_, **how)
    await desk.stop()


@pytest.fixture
def superuser_url(postgres: Postgres, postgres_url: str) -> str:
    """The same database, signed in to as somebody whom no policy binds."""
    return postgres.url(postgres_url.rsplit("/", 1)[1], role="postgres")


async def test_a_superuser_serves_as_a_role_that_is_bound(superuser_url: str) -> None:
    migrate(superuser_url)
    desk = Desk(open_database(superuser_url))
    desk.start()
    town = await lived(desk)
    both = {town.here.business_id, town.there.business_id}
    assert (await desk.read_for(of_business(*both), whose("business_id")))["messages"] == both
    for world in (town.here, town.there):
        alone = await desk.read_for(of_business(world.business_id), whose("business_id"))
        assert alone["messages"] == {world.business_id}
    await desk.stop()


async def test_a_login_that_can_neither_be_bound_nor_make_a_role_is_told_what_to_do(postgres: Postgres) -> None:
    role = f"free_{ids.new()}"
    with psycopg.connect(postgres.url("postgres", role="postgres"), autocommit=True) as administration:
        administration.execute(sql.SQL("CREATE ROLE {} LOGIN BYPASSRLS").format(sql.Identifier(role)))
        administration.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(sql.Identifier(role)))
    with pytest.raises(CannotServe, match=f'ALTER ROLE "{role}" NOBYPASSRLS'):
        migrate(postgres.url(role, role=role))
