"""Both ends of a conversation behind lines that break in mid-frame: on both screens everything, once, in one order."""

import random
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.faults.proxy import Fault
from tests.journeys.console.desk import Desk
from tests.journeys.console.shop import PASSWORD, Shop
from tests.journeys.line import BROKEN, Line, line_to
from tests.journeys.member.app import App
from tests.quick import quick_folder
from tests.running import Server
from tests.web.browser import Windows

EACH = 50
# So tall that the whole thread is drawn.
TALL: ViewportSize = {"width": 1280, "height": 12_000}
SAID = "() => [...document.querySelectorAll('[role=log] .speech')].map((one) => one.innerText.trim())"
SETTLED = """(count) => !document.querySelector('.speech.pending, .speech.failed') &&
    document.querySelectorAll('[role=log] .speech').length >= count"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with quick_folder() as folder, Server(folder / "data") as server:
        yield server


@pytest.fixture
def lines(server: Server) -> Iterator[tuple[Line, Line]]:
    with line_to(server.url) as one, line_to(server.url) as other:
        yield one, other


def hurt(line: Line, chance: random.Random) -> None:
    """Break what stands, and what comes next after some bytes: within a frame, or with the answers swallowed."""
    bytes_up, bytes_down = chance.randrange(300, 2_500), chance.randrange(200, 6_000)
    fault = chance.choice((
        Fault(cut_up=bytes_up), Fault(cut_down=bytes_down), Fault(cut_up=bytes_up, drop_down=bytes_down), Fault(),
    ))  # fmt: skip
    line.cut(fault)


def found_again(page: Page) -> None:
    """The network says it is back, so that nobody waits for the end of a pause."""
    page.evaluate("dispatchEvent(new Event('online'))")


@pytest.mark.parametrize("seed", [1, 2])
def test_a_hundred_messages_over_lines_that_break_stand_once_and_in_one_order_on_both_screens(
    windows: Windows, server: Server, lines: tuple[Line, Line], seed: int
) -> None:
    shop = Shop(server)
    amara = shop.arrives("Hello")
    shop.pull()
    shop.claim(shop.owner, amara)
    chance = random.Random(seed)

    desk = Desk(windows.open())
    desk.window.forgive(BROKEN)
    desk.window.sign_in(lines[0].url, "staff", shop.owner.email, PASSWORD)
    desk.page.goto(f"{lines[0].url}/console/t/{shop.ticket(amara)['id']}")
    desk.expect_said("Hello")
    expect(desk.composer).to_be_visible()
    app = App(windows.open(), lines[1].url)
    app.window.forgive(BROKEN)
    app.window.sign_in(app.url, "person", amara.email, PASSWORD)
    app.visit(f"/chats/{amara.conversation}")
    app.expect_said("Hello")
    app.expect_connected()

    for number in range(EACH):
        app.composer.fill(f"Amara {number}")
        app.composer.press("Enter")
        desk.say(f"Nora {number}")
        if number % 5 == 4:
            side = chance.randrange(2)
            hurt(lines[side], chance)
            found_again((desk, app)[side].page)
    for line, page in zip(lines, (desk.page, app.page), strict=True):
        line.up()
        line.cut()
        page.set_viewport_size(TALL)
        found_again(page)

    for page in (desk.page, app.page):
        page.wait_for_function(SETTLED, arg=2 * EACH + 1, timeout=60_000)
    stored = shop.hears(amara)
    both = (desk.page.evaluate(SAID), app.page.evaluate(SAID))
    assert both[0] == both[1]
    assert len(stored) == 100, "the newest page of the API is full"
    assert both[0][-100:] == stored
    for name in ("Amara", "Nora"):
        assert [text for text in both[0] if text.startswith(name)] == [f"{name} {at}" for at in range(EACH)]
    assert len(both[0]) == 2 * EACH + 1
    shop.close()
