"""Naughty strings as every text of the member app: nothing runs, nothing is turned, each stands as it was written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.faults.strings import MOST_BUSINESS_NAME, MOST_NAME, MOST_TEXT
from tests.journeys.member.conftest import Enter
from tests.journeys.member.shop import HOURS, Customer, Shop
from tests.running import Server
from tests.web.browser import NARROW, WIDE
from tests.web.canary import Canary, contents, go, names, texts

# The field counts UTF-16 units, of which 2,000 may stand in it.
MOST_OF_A_LINE, MOST_OF_A_COMMENT = 120, 1_700
# Enough for lines of thousands of characters to be drawn, and for all others.
TALLEST, TALL = 30_000, 5_000
LONG = 2_000
# Of so many shops one is entered, and the strings are said there.
ENTERED = 5
PAGE = 30
PHRASES = (
    ".chat-row, .chat-row .last, .shop-row, .shop-row > .stack, .shop-head div, .talk > header .who, .message .meta, "
    ".ask p, .open-hours, .open-hours dt, .reach li, .you-head div, .menu button"
)
COUNTED = re.compile(r"^\(\d+\) ")
STANDS = """([name, count]) => document.querySelector('h1')?.textContent === name &&
    document.querySelectorAll('.thread .said').length === count"""

TOLD = """([name, days]) => document.querySelector('h1')?.textContent === name &&
    document.querySelectorAll('.open-hours bdi').length === days"""


@dataclass(frozen=True)
class Place:
    """A shop of strings, and what was said there, each by both sides."""

    shop: Shop
    profile: dict[str, Any]
    conversation: str
    said: list[str]


@dataclass(frozen=True)
class Street:
    customer: Customer
    places: list[Place]

    @property
    def names(self) -> list[str]:
        return [place.shop.name for place in self.places]


@pytest.fixture(scope="module")
def street(town: Server) -> Iterator[Street]:
    """Every string, as part of a shop's name and of its profile, and as a message of either side."""
    called, lines, days = names(MOST_BUSINESS_NAME), names(MOST_OF_A_LINE), names(MOST_NAME)
    every, entered = texts(MOST_TEXT), len(called[::ENTERED])
    first = Shop(town.url, called[0])
    customer = first.customer(days[0], days[-1])
    places = []
    for at, name in enumerate(called):
        shop = Shop(town.url, name) if at else first
        turn = at // ENTERED
        profile: dict[str, Any] = {"category": lines[at], "city": lines[at - 1]}
        if at % ENTERED == 0:
            profile |= {
                "description": "\n".join(every[turn::entered])[:8_000],
                "street": lines[at - 2], "country": lines[at - 3],
                "holidays": holidays(days[turn::entered]), "hours": HOURS,
            }  # fmt: skip
        shop.describe(**profile)
        said = every[turn::entered] if at % ENTERED == 0 else ["Hello"]
        conversation = shop.chat_of(customer)
        for text in said:
            shop.write(customer, text)
            shop.answer(text, conversation)
        shop.ask("PUT", f"/businesses/{shop.id}/membership", token=customer.token)
        places.append(Place(shop, profile, conversation, said))
    yield Street(customer, places)
    for place in places:
        place.shop.hang_up()


def holidays(called: list[str]) -> list[dict[str, str]]:
    """One a day, from some day on that has not begun anywhere."""
    first = date.today() + timedelta(days=2)
    return [{"name": name, "day": f"{first + timedelta(days=at):%m-%d}"} for at, name in enumerate(called)]


def test_every_string_stands_in_every_place(enter: Enter, street: Street) -> None:
    app = enter(street.customer, "/you")
    page, canary = app.page, Canary(app.window, PHRASES)
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": TALL})
        app.visit("/you")
        expect(page.locator(".shop-row")).to_have_count(len(street.places))
        [heading], loops = contents(page, "h1", ".shop-row bdi")
        assert heading == street.customer.name
        assert sorted(loops) == sorted(street.names)
        canary.check_place()
        app.visit("/find")
        expect(page.locator(".shop-row")).to_have_count(PAGE)
        assert set(contents(page, ".shop-row .strong bdi")[0]) <= set(street.names)
        canary.check_place()
        app.visit("/chats")
        expect(app.rows).to_have_count(len(street.places))
        assert sorted(contents(page, ".chat-row .name bdi")[0]) == sorted(street.names)
        canary.check_place()
        for place in street.places[::ENTERED]:
            is_long = sum(len(text) for text in place.said) > LONG
            page.set_viewport_size({"width": width, "height": TALLEST if is_long else TALL})
            go(page, f"/app/chats/{place.conversation}")
            page.wait_for_function(STANDS, arg=[place.shop.name, 2 * len(place.said)])
            said, [title] = contents(page, ".thread .said", "title")
            assert said == [text for text in place.said for _ in range(2)]
            assert COUNTED.sub("", title) == f"{place.shop.name} · Shopbell"
            canary.check_place()
            go(page, f"/app/b/{place.shop.id}")
            page.wait_for_function(TOLD, arg=[place.shop.name, len(place.profile["holidays"])])
            told, about, days, [address] = contents(page, ".told", ".shop-head p bdi", ".open-hours bdi", ".reach bdi")
            assert told == [place.profile["description"]]
            assert about == [place.profile["category"], place.profile["city"]]
            assert days == [day["name"] for day in place.profile["holidays"]]
            assert address == ", ".join(place.profile[part] for part in ("street", "city", "country"))
            canary.check_place()
    canary.check()


def test_every_string_can_be_given_as_a_comment(enter: Enter, shop: Shop) -> None:
    customer = shop.customer()
    app = enter(customer, f"/chats/{shop.chat_of(customer)}", width=NARROW)
    app.expect_connected()
    canary, form = Canary(app.window), app.page.get_by_role("region", name="How was it?")
    app.page.reload()
    # A text area knows one kind of line end, and nobody means the white space around.
    comments = [re.sub(r"\r\n?", "\n", words).strip() for words in names(MOST_OF_A_COMMENT)]
    for comment in comments:
        shop.answer("Anything else?", shop.write(customer, "Thank you!"))
        shop.close()
        form.get_by_role("radio", name="4 stars").check(force=True)
        form.get_by_label("Anything to add?").fill(comment)
        app.window.check_width()
        form.get_by_role("button", name="Send feedback").click()
        expect(form).to_have_count(0)
    assert sorted(said for _, said in shop.feedback() if said is not None) == sorted(comments)
    canary.check()
