"""What people accept when they sign up can be read, and is the operator's own where they have written it."""

from collections.abc import Callable

import httpx
import pytest

from tests.running import Server
from tests.web.browser import NARROW, Windows


@pytest.mark.parametrize(("path", "file"), [("/terms", "terms.txt"), ("/privacy", "privacy.txt")])
def test_the_operators_words_stand_in_for_ours(serve: Callable[..., Server], path: str, file: str) -> None:
    server = serve()
    ours = httpx.get(server.url + path)
    assert (ours.status_code, "no " in ours.text) == (200, True)
    (server.data / file).write_text("Our own <b>words</b>.\n\nMore of them.\n")
    theirs = httpx.get(server.url + path).text
    assert "Our own &lt;b&gt;words&lt;/b&gt;." in theirs
    assert "More of them." in theirs
    assert "has written no" not in theirs


def test_who_signs_up_can_read_what_they_accept(windows: Windows, dev_server: Server) -> None:
    window = windows.open(f"{dev_server.url}/app/sign-up", width=NARROW)
    for name in ("Terms", "Privacy notice"):
        with window.context.expect_page() as opened:
            window.page.get_by_role("link", name=name).click()
        page = opened.value
        page.get_by_role("heading", level=1, name=name).wait_for()
        page.close()
    window.page.goto(f"{dev_server.url}/privacy")
    window.check_axe()
    window.check_width()
