"""The member app as somebody sees it: by labels, headings and words."""

from playwright.sync_api import Locator, Page, expect

from tests.web.browser import UNSENT_KEPT, Window, Windows, wait_until

# What a hand on the mouse does to the slider: down on the knob, along, and up at its end.
STEPS = 12
KEPT = """
async () => {
  const answer = (request) => new Promise((done) => { request.onsuccess = () => done(request.result) })
  if (!(await navigator.serviceWorker.getRegistration('/app'))?.active) return false
  const cache = await caches.open('shopbell-shell')
  if ((await cache.keys()).length < 3) return false
  for (const { name } of await indexedDB.databases()) {
    const database = await answer(indexedDB.open(name))
    const messages = IDBKeyRange.bound('messages/', 'messages0')
    const count = await answer(database.transaction('rows').objectStore('rows').count(messages))
    database.close()
    if (count) return true
  }
  return false
}
"""
LEFT = """
async () => ({
  databases: (await indexedDB.databases()).map(({ name }) => name),
  storage: [...Object.keys(localStorage), ...Object.keys(sessionStorage)],
})
"""
PENDING = "() => !document.querySelector('.speech.pending, .speech.failed')"


class App:
    """One window of the app."""

    def __init__(self, window: Window, url: str) -> None:
        self.window = window
        self.url = url

    @property
    def page(self) -> Page:
        return self.window.page

    @property
    def composer(self) -> Locator:
        return self.page.get_by_placeholder("Write to")

    @property
    def thread(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def rows(self) -> Locator:
        """The list of chats."""
        return self.page.locator(".chat-row")

    def beside(self, windows: Windows) -> "App":
        """Another tab of the same browser."""
        return App(windows.open(beside=self.window), self.url)

    def visit(self, path: str) -> None:
        """Load the app at a path below `/app`."""
        self.page.goto(f"{self.url}/app{path}")
        self.page.wait_for_selector("h1")

    def heading(self, text: str) -> Locator:
        return self.page.get_by_role("heading", level=1, name=text)

    def row(self, name: str) -> Locator:
        return self.rows.filter(has_text=name)

    def expect_connected(self) -> None:
        """Wait until the app hears the server; it says nothing of that but on the page You."""
        expect(self.page.locator(".app[data-connection=live]")).to_be_visible()

    def expect_loaded(self) -> None:
        """Wait until the newest messages of the open chat are here."""
        expect(self.thread).to_have_attribute("aria-busy", "false")
        expect(self.thread.get_by_role("alert")).to_have_count(0)

    def say(self, text: str) -> None:
        """Write and send it; on return it stands in the thread, sent or not."""
        self.composer.fill(text)
        self.composer.press("Enter")
        expect(self.thread.locator(".speech").filter(has_text=text).last).to_be_attached()

    def expect_said(self, text: str) -> None:
        expect(self.thread.get_by_text(text, exact=True)).to_be_visible()

    def expect_sent(self) -> None:
        """Wait until the server has everything that was written here."""
        self.page.wait_for_function(PENDING)

    def said(self) -> list[str]:
        """The texts of the thread that are drawn, oldest first."""
        return self.thread.locator(".speech").all_inner_texts()

    def mute(self) -> None:
        """Mute the chat that is open."""
        self.page.get_by_label("More").click()
        self.page.get_by_role("button", name="Mute on this device").click()

    def sign_out(self) -> None:
        self.page.get_by_role("link", name="You", exact=True).click()
        self.page.get_by_role("button", name="Sign out").click()
        self.page.get_by_role("dialog").get_by_role("button", name="Sign out").click()

    def slide_to_join(self) -> None:
        slider = self.page.get_by_role("slider", name="Slide to join the Loop")
        box = slider.bounding_box()
        assert box is not None
        height = box["y"] + box["height"] / 2
        self.page.mouse.move(box["x"] + 24, height)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + box["width"] - 12, height, steps=STEPS)
        self.page.mouse.up()

    def expect_unsent_kept(self) -> None:
        """Wait until what is unsent is in the browser's database."""
        wait_until(self.page, UNSENT_KEPT)

    def expect_kept(self) -> None:
        """Wait until the browser has written down what it shows, and the page itself."""
        wait_until(self.page, KEPT)

    def kept_here(self) -> dict[str, list[str]]:
        """The names of what this browser keeps for this site; of caches, only what is not the app itself."""
        found: dict[str, list[str]] = self.page.evaluate(LEFT)
        return found
