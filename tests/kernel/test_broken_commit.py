"""A commit that breaks is looked up, and only believed of the server that ran it."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from shopbell.kernel import ids
from shopbell.kernel.database import Unsettled, open_database
from shopbell.kernel.errors import StorageUnsettled
from shopbell.kernel.postgres import PostgresConnection
from shopbell.kernel.scope import HOUSE
from shopbell.migrations import migrate
from tests.engines import Postgres
from tests.kernel.notches import cut, found_business, open_desk

pytestmark = pytest.mark.anyio


class Interrupted:
    """A connection of the driver on which something happens just before the COMMIT."""

    def __init__(self, raw: Any, happen: Callable[[], None]) -> None:
        self._raw = raw
        self._happen = happen

    def execute(self, sql: Any, *given: Any, **how: Any) -> Any:
        if sql == "COMMIT":
            self._happen()
        return self._raw.execute(sql, *given, **how)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


@pytest.fixture(scope="module")
def doomed() -> Iterator[Postgres]:
    """A PostgreSQL that no other test needs."""
    with Postgres() as server:
        yield server


def writing(url: str) -> PostgresConnection:
    """A connection in the middle of a transaction that has written one row."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE sticks (name text)")
    writer = open_database(url).writer()
    assert isinstance(writer, PostgresConnection)
    writer.begin(HOUSE)
    writer.run("INSERT INTO sticks VALUES ('ours')", {})
    return writer


def sticks(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM sticks").fetchall()]


def test_a_number_that_a_crashed_server_gave_again_proves_nothing(doomed: Postgres) -> None:
    url = doomed.create("crashed")
    writer = writing(url)

    def crash() -> None:
        doomed.stop()
        doomed.start()
        for _ in range(5):
            with psycopg.connect(url, autocommit=True) as another:
                another.execute("INSERT INTO sticks VALUES ('theirs')")

    writer._raw = Interrupted(writer._raw, crash)  # type: ignore[assignment]
    with pytest.raises(Unsettled):
        writer.commit()
    assert sticks(url) == ["theirs"] * 5
    writer.close()


async def test_who_asked_is_not_told_that_nothing_was_stored_when_that_cannot_be_said(doomed: Postgres) -> None:
    url = doomed.create("unsettled")
    migrate(url)
    async with open_desk(url) as desk:
        shop = ids.new()
        await desk.do(shop, found_business, shop)
        writer = desk._writer._connection
        assert isinstance(writer, PostgresConnection)
        writer._raw = Interrupted(writer._raw, doomed.stop)  # type: ignore[assignment]
        with pytest.raises(StorageUnsettled):
            await desk.do(shop, cut, shop, "perhaps")
        doomed.start()
        assert await desk.do(shop, cut, shop, "surely") == 1


def test_a_connection_that_broke_before_the_commit_leaves_nothing(doomed: Postgres) -> None:
    url = doomed.create("cut")
    writer = writing(url)
    writer._raw = Interrupted(writer._raw, lambda: doomed.cut(url))  # type: ignore[assignment]
    with pytest.raises(psycopg.OperationalError):
        writer.commit()
    assert sticks(url) == []
    writer.close()
