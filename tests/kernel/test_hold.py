"""One process serves a PostgreSQL database alone, or several share it; never both."""

import threading
from collections.abc import Callable

import psycopg
import pytest

from shopbell.kernel import hold
from shopbell.kernel.hold import Hold
from shopbell.kernel.lock import Taken
from tests.engines import Postgres

SECONDS = 10


def unexpected() -> None:
    raise AssertionError("the hold was not to be lost")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hold, "TRIES", 2)
    monkeypatch.setattr(hold, "LOOK_SECONDS", 0.05)


@pytest.mark.parametrize(("first", "second"), [(False, False), (False, True), (True, False)])
def test_who_serves_alone_keeps_all_others_out(postgres_url: str, first: bool, second: bool) -> None:
    with (
        Hold(postgres_url, shared=first, lost=unexpected),
        pytest.raises(Taken, match="NATS_URL"),
        Hold(postgres_url, shared=second, lost=unexpected),
    ):
        pass
    with Hold(postgres_url, shared=second, lost=unexpected):
        pass


def test_those_that_share_let_each_other_in(postgres_url: str) -> None:
    with Hold(postgres_url, shared=True, lost=unexpected), Hold(postgres_url, shared=True, lost=unexpected):
        pass


def locks(postgres_url: str, granted: bool = True) -> int:
    """How many advisory locks of this database are held, or waited for."""
    with psycopg.connect(postgres_url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
            " WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.granted = %s",
            [granted],
        ).fetchone()
        assert row is not None
        return int(row[0])


def until(found: Callable[[], bool]) -> None:
    waiting = threading.Event()
    for _ in range(SECONDS * 100):
        if found():
            return
        waiting.wait(0.01)
    raise TimeoutError


def test_a_lock_that_the_database_forgot_is_taken_again(postgres: Postgres, postgres_url: str) -> None:
    with Hold(postgres_url, shared=False, lost=unexpected):
        assert locks(postgres_url) == 1
        postgres.cut(postgres_url)
        until(lambda: locks(postgres_url) == 1)


def test_whoever_was_quicker_has_it_and_the_other_is_told(postgres: Postgres, postgres_url: str) -> None:
    lost = threading.Event()
    with Hold(postgres_url, shared=False, lost=lost.set), psycopg.connect(postgres_url, autocommit=True) as other:
        # It stands in line, and gets the lock the moment the first one loses it.
        waiting = threading.Thread(target=other.execute, args=("SELECT pg_advisory_lock(%s)", [hold.SERVING]))
        waiting.start()
        until(lambda: locks(postgres_url, granted=False) == 1)
        with psycopg.connect(postgres.url("postgres", role="postgres"), autocommit=True) as administration:
            administration.execute(
                "SELECT pg_terminate_backend(l.pid) FROM pg_locks l"
                " JOIN pg_database d ON d.oid = l.database AND d.datname = %s"
                " WHERE l.locktype = 'advisory' AND l.granted",
                [postgres_url.rsplit("/", 1)[1]],
            )
        waiting.join(SECONDS)
        assert lost.wait(SECONDS)
