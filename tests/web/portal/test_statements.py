"""What each page asks of the database: a fixed number of statements, none of which walks a growing table."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from shopbell.app import build
from shopbell.kernel.database import open_database
from shopbell.kernel.desk import Desk
from shopbell.settings import Settings
from tests.signin.asking import BASE_URL, PASSWORD, Api, Clock
from tests.statements import Asked, WatchedDatabase

pytestmark = pytest.mark.anyio

# Of these four are the frame's: the shop, who waits, where else one works, and where the live stream goes on.
PAGES = {
    "/portal": 16,
    "/portal?days=90": 16,
    "/portal/users": 7,
    "/portal/users/new": 4,
    "/portal/users/{staff}": 6,
    "/portal/offers": 4,
    "/sign-in": 0,
    "/forgotten": 0,
    "/password?token=x": 1,
    "/register": 0,
}
# A process that does not write alone looks up the session anew at each request.
LOOKED_UP = 1


@pytest.fixture
async def watched(database_url: str, tmp_path: Path) -> AsyncIterator[tuple[Api, WatchedDatabase]]:
    """The app over a database whose every statement is seen."""
    database = WatchedDatabase(open_database(database_url))
    desk = Desk(database)
    app = build(
        Settings(
            database_url=database_url, data=tmp_path, base_url=BASE_URL, rate_limits=False, costly_passwords=False,
            registration_open=True,
        ),
        desk,
    )  # fmt: skip
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
    async with app.routes.lifespan(), httpx.AsyncClient(transport=transport, base_url=BASE_URL) as http:
        yield Api(http, desk, Clock(), tmp_path / "mail"), database


async def test_a_page_asks_a_fixed_number_of_statements(watched: tuple[Api, WatchedDatabase]) -> None:
    api, database = watched
    owner = await api.register()
    for _ in range(3):
        await api.hire(owner["token"], "agent")
    session = {"shopbell-side": "staff", "origin": BASE_URL}
    await api.http.post("/api/v1/staff/sessions", json={"email": owner["email"], "password": PASSWORD}, headers=session)
    staff_id = owner["staff"]["id"]
    found: dict[str, int] = {}
    for path in PAGES:
        asked = await of_page(api, database, path.format(staff=staff_id))
        signed_in = path.startswith("/portal") or path == "/sign-in"
        found[path] = len(asked) - (LOOKED_UP if signed_in and database.locks_rows else 0)
    assert found == PAGES


async def of_page(api: Api, database: WatchedDatabase, path: str) -> list[Asked]:
    """What is asked for a page, where its session is known already."""
    answer: Any = await api.http.get(path)
    with database.watched() as asked:
        answer = await api.http.get(path)
    assert answer.status_code in (200, 303, 410), answer.text
    return asked
