"""What a page says no to while the database is away."""

from pathlib import Path

import httpx
import pytest

from shopbell.app import build
from shopbell.kernel.database import open_database
from shopbell.kernel.desk import Desk
from shopbell.settings import Settings
from tests.signin.asking import BASE_URL, PASSWORD, Api, Clock

pytestmark = pytest.mark.anyio


async def test_a_refusal_is_still_a_page_without_the_database(sqlite_url: str, tmp_path: Path) -> None:
    desk = Desk(open_database(sqlite_url))
    settings = Settings(
        database_url=sqlite_url, data=tmp_path, base_url=BASE_URL, rate_limits=False, costly_passwords=False,
        registration_open=True,
    )  # fmt: skip
    app = build(settings, desk)
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
    async with app.routes.lifespan(), httpx.AsyncClient(transport=transport, base_url=BASE_URL) as http:
        api = Api(http, desk, Clock(), tmp_path / "mail")
        owner = await api.register()
        agent = await api.hire(owner["token"], "agent")
        session = {"shopbell-side": "staff", "origin": BASE_URL}
        entering = {"email": agent["email"], "password": PASSWORD}
        await http.post("/api/v1/staff/sessions", json=entering, headers=session)
        within = await http.get("/portal/users")
        assert (within.status_code, "You may not see this page" in within.text) == (403, True)
        assert "/sign-out" in within.text

        # Who asks is remembered; nothing else can be read.
        await desk.stop()
        alone = await http.get("/portal/users")
    assert (alone.status_code, "You may not see this page" in alone.text) == (403, True)
    assert "/sign-out" not in alone.text
