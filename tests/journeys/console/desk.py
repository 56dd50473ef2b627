"""One console as somebody at it sees and uses it: by names and roles, never by what it is made of."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.journeys.console.shop import Colleague, Customer, Shop
from tests.web.browser import UNSENT_KEPT, Window, Windows, wait_until

# As the style sheet has it: 48 rem.
ONE_PANE = 768
NOTHING_STORED = "async () => (await indexedDB.databases()).length + localStorage.length === 0"


class Desk:
    """What can be seen and done in one window's console."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.page: Page = window.page
        self.panel = self.page.get_by_role("region", name="Tickets")
        self.pull = self.panel.get_by_role("button", name="Pull Ticket")
        self.thread = self.page.get_by_role("log")
        self.composer = self.page.locator("#composer")

    def row(self, name: str) -> Locator:
        return self.panel.get_by_role("listitem").filter(has_text=name)

    def bubble(self) -> Locator:
        return self.pull.get_by_role("img")

    def expect_waiting(self, count: int) -> None:
        """The red bubble shows that many; at zero there is none."""
        if count == 0:
            expect(self.pull).to_be_disabled()
            expect(self.bubble()).to_have_count(0)
            expect(self.panel.get_by_text("Nobody is waiting")).to_be_visible()
        else:
            expect(self.bubble()).to_have_text(str(count))

    def select(self, name: str) -> None:
        """And see what was said: what one has not seen would count as written meanwhile."""
        self.row(name).get_by_role("link").click()
        expect(self.page.get_by_role("heading", name=name, level=1)).to_be_visible()
        expect(self.page.locator(".thread .said").first).to_be_visible()
        # The list is held still under the pointer.
        self.page.mouse.move(500, 200)

    @property
    def one_pane(self) -> bool:
        """Whether the window has room for either the tickets or one of them."""
        return bool(self.page.evaluate("innerWidth") < ONE_PANE)

    def to_the_list(self) -> None:
        """Back to the tickets, where they are not beside the one that is open."""
        if self.one_pane:
            self.page.get_by_role("link", name="All tickets").click()
        expect(self.panel).to_be_visible()

    def search(self, text: str) -> None:
        self.page.keyboard.press("Control+k")
        self.page.get_by_role("searchbox").fill(text)

    def act(self, name: str) -> None:
        """Have something done by its button in the ticket's header, or from the menu of what has no room there."""
        button = self.page.get_by_role("button", name=name, exact=True)
        more = self.page.get_by_role("button", name="More")
        expect(button.or_(more).filter(visible=True).first).to_be_visible()
        if button.is_visible():
            button.click()
        else:
            more.click()
            self.page.get_by_role("menuitem", name=name).click()

    def say(self, text: str) -> None:
        self.composer.fill(text)
        self.composer.press("Enter")

    def note(self, text: str) -> None:
        self.page.get_by_role("tab", name="Note").click()
        self.say(text)

    def expect_said(self, text: str) -> None:
        expect(self.thread.get_by_text(text, exact=True)).to_be_visible()

    def expect_name(self, name: str) -> None:
        """Whose console it is."""
        expect(self.page.get_by_role("button", name=f"You: {name}")).to_be_visible()

    def expect_unsent_kept(self) -> None:
        """Wait until something unsent is in the browser's database, where another tab finds it."""
        wait_until(self.page, UNSENT_KEPT)

    def sign_out(self) -> None:
        self.page.get_by_role("button", name=re.compile("You: ")).click()
        self.page.get_by_role("menuitem", name="Sign out").click()

    def sign_out_of_the_portal(self, url: str) -> None:
        """As `sign_out`, from another page; throws away what is not sent, which is asked first."""
        self.page.goto(f"{url}/portal")
        self.page.locator("summary[title='Your account']").click()
        self.page.get_by_role("button", name="Sign out").click()
        dialog = self.page.get_by_role("dialog")
        expect(dialog).to_contain_text("1 message is not sent yet.")
        dialog.get_by_role("button", name="Sign out and throw away").click()
        self.page.wait_for_url("**/sign-in**")

    def expect_nothing_left(self) -> None:
        """The browser keeps no database and no text of anybody."""
        wait_until(self.page, NOTHING_STORED)

    def close_ticket(self, outcome: str) -> None:
        self.page.get_by_role("button", name="Close Ticket").click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_text(outcome, exact=True).click()
        dialog.get_by_role("button", name="Close Ticket").click()


def with_amara(windows: Windows, shop: Shop, colleague: Colleague, **how: Any) -> tuple[Customer, Desk]:
    """Amara has said hello, and the colleague's console holds and shows her ticket; `how` is for the window."""
    amara = shop.arrives("Hello")
    shop.pull()
    desk = Desk(shop.console(windows, colleague, **how))
    desk.select(amara.name)
    desk.expect_said("Hello")
    return amara, desk
