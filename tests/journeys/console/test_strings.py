"""Naughty strings as every text of the console: nothing runs, nothing is turned or pushed, each stands as written."""

import re
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.faults.strings import MOST_NAME, MOST_TEXT
from tests.journeys.console.desk import Desk
from tests.journeys.console.shop import Customer, Shop
from tests.running import Server
from tests.web.browser import NARROW, WIDE, Windows
from tests.web.canary import Canary, contents, go, names, pairs, texts

MOST_SOUGHT = 200
# Enough for every row, or for lines of thousands of characters, to be drawn; and for all others.
TALLEST, TALL = 20_000, 4_000
LONG = 2_000
# Of so many tickets one is opened, and the strings are said in those.
OPENED = 3
PHRASES = (
    ".ticket, .main > header p, .event, .steps li, .message .meta, .note header, .composer .for, .standing, "
    ".standing .grow, .who-am-i, .menu [role^=menuitem], .dialog p, .colleagues label"
)
STANDS = """([name, lines, steps]) =>
    document.querySelector('#whose')?.textContent === name &&
    document.querySelectorAll('.thread .said').length === lines &&
    document.querySelectorAll('.steps li').length === steps"""
# A field of one line takes none of these.
BREAKS = re.compile(r"[\r\n]")
# What the field holds once the console is drawn anew.
SEEK = """async (words) => {
    const field = document.querySelector('#search')
    field.value = words
    field.dispatchEvent(new InputEvent('input', { bubbles: true }))
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))
    return field.value
}"""
# As a hand would leave it there.
WRITE = """(text) => {
    const field = document.querySelector('#composer')
    field.value = text
    field.dispatchEvent(new InputEvent('input', { bubbles: true }))
}"""


@dataclass(frozen=True)
class Case:
    """A ticket full of strings: whose it is, and what was said in it, each as a message and as a note."""

    ticket: str
    customer: Customer
    said: list[str]
    last_line: str

    @property
    def draft(self) -> str:
        """All of it; a text area knows one kind of line end."""
        return re.sub(r"\r\n?", "\n", "\n".join(self.said))[:MOST_TEXT]


@dataclass(frozen=True)
class Crowd:
    shop: Shop
    cases: list[Case]

    @property
    def names(self) -> list[str]:
        """Of everybody, customers and colleagues alike."""
        return [case.customer.name for case in self.cases]


@pytest.fixture(scope="module")
def crowd(town_server: Server) -> Iterator[Crowd]:
    """Every string, as part of a customer's and a colleague's name, as a message and as a note."""
    shop = Shop(town_server, names(120)[-1])
    people, said = pairs(names(MOST_NAME)), texts(MOST_TEXT)
    colleagues = [shop.done("POST", "/staff", {
        "role": "agent", "first_name": first, "last_name": last, "email": f"{secrets.token_hex(6)}@example.org",
    }, by=shop.owner.token) for first, last in people]  # fmt: skip
    customers = [shop.customer(first, last) for first, last in people]
    opened = len(people[::OPENED])
    spoken = [said[at // OPENED :: opened] if at % OPENED == 0 else ["Hello"] for at in range(len(people))]
    for customer, words in zip(customers, spoken, strict=True):
        for text in words:
            shop.say(customer, text)
    shop.pull()
    tickets: dict[str, Any] = {}
    after = ""
    while after is not None:
        page = shop.done("GET", f"/tickets?limit=100{after}", by=shop.owner.token)
        tickets |= {item["conversation_id"]: item for item in page["items"]}
        after = page["next"] and f"&after={page['next']}"
    cases = []
    for customer, colleague, words in zip(customers, colleagues, spoken, strict=True):
        item = tickets[customer.conversation]
        ticket = item["id"]
        for text in words:
            _note(shop, ticket, text, shop.owner.token)
        shop.done("PUT", f"/tickets/{ticket}/holder", {"staff_id": colleague["id"]}, by=shop.owner.token)
        cases.append(Case(ticket, customer, words, item["last_line"]))
    yield Crowd(shop, cases)
    shop.close()


def _note(shop: Shop, ticket: str, text: str, token: str) -> None:
    shop.done("POST", f"/tickets/{ticket}/notes", {"nonce": secrets.token_hex(8), "text": text}, by=token)


def test_every_string_stands_in_every_place_of_a_ticket(windows: Windows, crowd: Crowd) -> None:
    desk = Desk(crowd.shop.console(windows, crowd.shop.owner))
    page, canary = desk.page, Canary(desk.window, PHRASES)
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": TALLEST})
        page.goto(f"{crowd.shop.server.url}/console")
        expect(desk.panel.get_by_role("listitem")).to_have_count(len(crowd.cases))
        canary.check_place()
        for shown in contents(page, ".ticket .name > bdi", ".ticket .meta > bdi"):
            assert sorted(shown) == sorted(crowd.names)
        assert sorted(contents(page, ".ticket .last")[0]) == sorted(case.last_line for case in crowd.cases)
        for case in crowd.cases[::OPENED]:
            is_long = sum(len(text) for text in case.said) > LONG
            page.set_viewport_size({"width": width, "height": TALLEST if is_long else TALL})
            go(page, f"/console/t/{case.ticket}")
            page.wait_for_function(STANDS, arg=[case.customer.name, 2 * len(case.said), 3])
            if width == WIDE:
                page.evaluate(WRITE, case.draft)
            assert contents(page, ".message .said", ".note .said", "h1", "#composer") == [
                case.said, case.said, [case.customer.name], [case.draft],
            ]  # fmt: skip
            canary.check_place()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_string_stands_in_the_lists_of_colleagues_and_in_the_search(
    windows: Windows, crowd: Crowd, width: int
) -> None:
    desk = Desk(crowd.shop.console(windows, crowd.shop.owner, width=width))
    page, canary = desk.page, Canary(desk.window, PHRASES)
    page.goto(f"{crowd.shop.server.url}/console")
    page.get_by_role("button", name="All colleagues").click()
    # The menu can be opened before the server has told who works here.
    expect(page.get_by_role("menuitemradio")).to_have_count(2 + len(crowd.names))
    assert set(contents(page, ".menu bdi")[0]) == {"All colleagues", crowd.shop.owner.name, *crowd.names}
    canary.check_place()
    page.keyboard.press("Escape")
    for words in names(MOST_SOUGHT):
        if not BREAKS.search(words):
            assert page.evaluate(SEEK, words) == words
            desk.window.check_width()
    canary.check()
    page.goto(f"{crowd.shop.server.url}/console/t/{crowd.cases[0].ticket}")
    if width == NARROW:
        page.get_by_role("button", name="More").click()
        page.get_by_role("menuitem", name="Transfer").click()
    else:
        page.get_by_role("button", name="Transfer").click()
    expect(page.get_by_role("dialog").get_by_role("radio")).to_have_count(len(crowd.names))
    assert set(contents(page, ".colleagues bdi")[0]) == {f"{crowd.shop.owner.name} (you)", *crowd.names[1:]}
    canary.check_place()


def test_marks_piled_on_letters_stay_out_of_the_lines_around_them(windows: Windows, shop: Shop) -> None:
    piled = max(texts(MOST_NAME), key=lambda text: sum(map(unicodedata.combining, text)))
    amara = shop.arrives(piled, piled, "Okafor")
    shop.say(amara, "Hello")
    desk = Desk(shop.console(windows, shop.owner))
    canary = Canary(desk.window)
    shop.pull()
    _note(shop, shop.ticket(amara)["id"], piled, shop.owner.token)
    desk.page.goto(f"{shop.server.url}/console/t/{shop.ticket(amara)['id']}")
    expect(desk.thread.locator(".said")).to_have_count(3)
    for place in (".speech .said", ".note .said", ".side h2", ".main > header h1 bdi"):
        canary.check_ink(desk.page.locator(place).first)
