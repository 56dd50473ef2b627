"""The live core in a real browser against a real server: what it keeps, sends, draws and forgets."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page

from tests.quick import quick_folder
from tests.running import Server
from tests.web.browser import DRAWN, Window, Windows, deno, wait_until

SCROLL_UP = """async () => {
    core.log().scrollTop -= 450
    await new Promise(requestAnimationFrame)
    await new Promise(requestAnimationFrame)
    return [core.place()[1], document.querySelector('[data-key]').dataset.key]
}"""
TAKEN_IN = """async (left) => {
    left.forEach((words, at) => localStorage.setItem(`of-pages/left/${at}`, JSON.stringify(words)))
    const database = await core.openDatabase('of-pages')
    try {
        return [(await database.outbox()).map(({ nonce }) => nonce), localStorage.length]
    } finally {
        await database.destroy()
    }
}"""
PASSWORD = "correct horse battery staple"
BROKEN_LINE = r"WebSocket connection|ERR_CONNECTION|ERR_FAILED|ERR_ABORTED|Failed to load resource"


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("core") / "core.js"
    deno("bundle", "--platform", "browser", "--output", str(file), str(Path(__file__).with_name("core.ts")))
    return file.read_text()


@pytest.fixture
def shop() -> Iterator[Server]:
    with quick_folder() as folder, Server(folder / "data") as server:
        yield server


class Talk:
    """A business with its Owner, and a customer with a conversation."""

    def __init__(self, url: str) -> None:
        self.api = httpx.Client(base_url=f"{url}/api/v1")
        owner = {"first_name": "Maud", "last_name": "Grummet", "email": "maud@example.com", "password": PASSWORD}
        business = {"name": "Grummet", "time_zone": "Europe/London", "owner": owner}
        registered = self._done("POST", "/businesses", json=business)
        person = {"first_name": "Nell", "last_name": "Ashworth", "email": "nell@example.com", "password": PASSWORD}
        signed_up = self._done("POST", "/people", json=person)
        self.maud = {"Authorization": f"Bearer {registered['token']}"}
        self.nell = {"Authorization": f"Bearer {signed_up['token']}"}
        path = f"/businesses/{registered['business']['id']}/conversation"
        self.id = str(self._done("POST", path, headers=self.nell)["id"])

    def say(self, text: str) -> None:
        """A message of the customer's, from another device."""
        body = {"nonce": text, "text": text}
        self._done("POST", f"/conversations/{self.id}/messages", json=body, headers=self.nell)

    def texts(self) -> list[str]:
        page = self._done("GET", f"/conversations/{self.id}/messages?limit=100", headers=self.nell)
        return [item["text"] for item in page["items"]]

    def _done(self, method: str, path: str, **given: Any) -> Any:
        answer = self.api.request(method, path, **given)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None


@pytest.fixture
def talk(shop: Server) -> Iterator[Talk]:
    talk = Talk(shop.url)
    yield talk
    talk.api.close()


Enter = Callable[..., Window]


@pytest.fixture
def enter(windows: Windows, shop: Server, script: str, talk: Talk) -> Enter:
    """A tab with the core, signed in on that side, on an address that runs nothing of its own."""

    def entered(side: Any, beside: Window | None = None) -> Window:
        window = windows.open(beside=beside, bypass_csp=True)
        window.forgive(BROKEN_LINE)
        window.page.route(
            "**/blank", lambda route: route.fulfill(content_type="text/html", body="<!doctype html><body>")
        )
        if beside is None:
            email = "maud@example.com" if side == "staff" else "nell@example.com"
            window.sign_in(shop.url, side, email, PASSWORD)
        start(window.page)
        return window

    def start(page: Page) -> None:
        page.goto(f"{shop.url}/health/live")
        page.add_script_tag(content=script)

    entered.start = start  # type: ignore[attr-defined]
    return entered


def opened(window: Window, side: str) -> Page:
    page = window.page
    assert page.evaluate("side => core.open(side)", side)
    page.wait_for_function("core.status() === 'live'")
    return page


def restarted(window: Window, script: str, side: str) -> Page:
    """The same tab after a reload."""
    page = window.page
    page.reload()
    page.add_script_tag(content=script)
    assert page.evaluate("side => core.open(side)", side)
    return page


def post(page: Page, talk: Talk, *texts: str) -> None:
    page.evaluate("([id, texts]) => texts.forEach((text) => core.live().post(id, text))", [talk.id, texts])


def shown(page: Page, talk: Talk) -> Any:
    return page.evaluate("id => core.texts(id)", talk.id)


def test_what_one_side_writes_the_other_reads(enter: Enter, talk: Talk) -> None:
    console = opened(enter("staff"), "staff")
    app = opened(enter("person"), "person")
    app.evaluate("id => core.live().load.thread(id)", talk.id)
    # In one go, since what is posted may be stored by the next question.
    begun = "(id) => { core.live().post(id, 'One'); core.live().post(id, 'Two'); return core.pending(id).length }"
    assert app.evaluate(begun, talk.id) == 2
    console.wait_for_function("core.state().counts.waiting === 1 && core.state().tickets.size === 1")
    console.wait_for_function("[...core.state().tickets.values()][0].messages === 2")
    console.evaluate("id => core.live().load.thread(id)", talk.id)
    assert shown(console, talk) == ["One", "Two"] == talk.texts()
    console.evaluate("id => core.live().typing(id)", talk.id)
    app.wait_for_function("id => core.state().threads.get(id).typing.length === 1", arg=talk.id)
    app.wait_for_function("id => core.state().threads.get(id).marks.staff.delivered > 0", arg=talk.id)


def test_a_reload_finds_everything_before_the_server_answers(enter: Enter, talk: Talk, script: str) -> None:
    talk.say("One")
    window = enter("person")
    app = opened(window, "person")
    app.evaluate("id => core.live().load.thread(id)", talk.id)
    app.wait_for_function("id => core.texts(id).length === 1", arg=talk.id)
    kept = "async () => (await indexedDB.databases()).length"
    assert app.evaluate(kept) == 1
    app.wait_for_timeout(1_000)
    window.context.set_offline(True)
    window.page.route("**/api/**", lambda route: route.abort())
    window.context.set_offline(False)
    app = restarted(window, script, "person")
    assert shown(app, talk) == ["One"]
    assert app.evaluate("[...core.state().conversations.values()].map((row) => row.last_message.text)") == ["One"]


def test_what_came_while_the_page_was_closed_comes_once_and_in_order(enter: Enter, talk: Talk) -> None:
    talk.say("One")
    window = enter("person")
    app = opened(window, "person")
    app.evaluate("id => core.live().load.thread(id)", talk.id)
    app.wait_for_timeout(600)
    app.goto("about:blank")
    texts = [f"Later {number}" for number in range(30)]
    for text in texts:
        talk.say(text)
    enter.start(app)  # type: ignore[attr-defined]
    assert app.evaluate("core.open('person')")
    app.wait_for_function("id => core.texts(id).length === 31", arg=talk.id)
    assert shown(app, talk) == ["One", *texts]


def test_messages_written_without_a_server_survive_a_reload_and_are_sent_once(
    enter: Enter, talk: Talk, shop: Server
) -> None:
    app = opened(enter("person"), "person")
    app.evaluate("id => core.live().load.thread(id)", talk.id)
    app.wait_for_timeout(600)
    shop.kill()
    post(app, talk, "One", "Two", "Three")
    app.wait_for_function("core.status() === 'offline'")
    app.wait_for_timeout(300)
    # Without a server the page itself could not be loaded; the core begins again just the same.
    app.evaluate("core.live().close()")
    assert app.evaluate("core.open('person')")
    assert app.evaluate("id => core.pending(id)", talk.id) == [[text, "waiting"] for text in ("One", "Two", "Three")]
    assert app.evaluate("core.live().unsent") == 3
    shop.start()
    app.evaluate("core.live().reconnect()")
    app.wait_for_function("id => core.texts(id).length === 3", arg=talk.id, timeout=40_000)
    assert shown(app, talk) == ["One", "Two", "Three"] == talk.texts()
    assert app.evaluate("core.live().unsent") == 0


def test_two_tabs_of_one_login_send_each_message_once_and_agree(enter: Enter, talk: Talk) -> None:
    first = enter("person")
    one, two = opened(first, "person"), opened(enter("person", beside=first), "person")
    for page in (one, two):
        page.evaluate("id => core.live().load.thread(id)", talk.id)
    mine = [f"One {number}" for number in range(10)]
    others = [f"Two {number}" for number in range(10)]
    for text, other in zip(mine, others, strict=True):
        post(one, talk, text)
        post(two, talk, other)
    for page in (one, two):
        page.wait_for_function("id => core.texts(id).length === 20", arg=talk.id)
        page.wait_for_function("id => core.pending(id).length === 0", arg=talk.id)
    assert shown(one, talk) == shown(two, talk) == talk.texts()
    assert [text for text in talk.texts() if text.startswith("One")] == mine
    assert [text for text in talk.texts() if text.startswith("Two")] == others


def test_the_tab_that_stays_goes_on_keeping(enter: Enter, talk: Talk, script: str) -> None:
    talk.say("One")
    first = enter("person")
    opened(first, "person")
    second = enter("person", beside=first)
    two = opened(second, "person")
    two.evaluate("id => core.live().load.thread(id)", talk.id)
    first.page.close()
    talk.say("Two")
    two.wait_for_function("id => core.texts(id).length === 2", arg=talk.id)
    two.wait_for_timeout(1_000)
    two.route("**/api/**", lambda route: route.abort())
    assert shown(restarted(second, script, "person"), talk) == ["One", "Two"]


def test_signing_out_in_one_tab_signs_out_all_and_leaves_nothing(enter: Enter, talk: Talk) -> None:
    talk.say("One")
    first = enter("person")
    one, two = opened(first, "person"), opened(enter("person", beside=first), "person")
    one.evaluate("core.live().signOut()")
    two.wait_for_function("core.status() === 'signed-out'")
    one.wait_for_function("core.status() === 'signed-out'")
    assert one.evaluate("async () => (await indexedDB.databases()).map((one) => one.name)") == []
    assert one.evaluate("Object.keys(localStorage)") == []
    assert one.evaluate("core.open('person')") is False


def test_a_session_that_ends_elsewhere_takes_the_rows_and_leaves_what_is_unsent(enter: Enter, talk: Talk) -> None:
    talk.say("One")
    window = enter("person")
    app = opened(window, "person")
    app.evaluate("id => core.live().load.thread(id)", talk.id)
    app.wait_for_timeout(600)
    app.evaluate("fetch('/api/v1/session', { method: 'DELETE', headers: { 'Shopbell-Side': 'person' } })")
    app.wait_for_function("core.status() === 'signed-out'")
    rows = """() => new Promise(async (done) => {
        const [{ name }] = await indexedDB.databases()
        indexedDB.open(name).onsuccess = ({ target }) =>
            target.result.transaction('rows').objectStore('rows').count().onsuccess =
                (count) => done(count.target.result)
    })"""
    wait_until(app, f"async () => (await ({rows})()) === 0")


def test_five_thousand_messages_scroll_without_a_long_task(windows: Windows, shop: Server, script: str) -> None:
    page = bare(windows, shop, script)
    page.evaluate("core.show(1, 5000, true)")
    page.evaluate(DRAWN)
    assert page.evaluate("core.fromEnd()") == 0
    assert page.evaluate("document.querySelectorAll('.speech').length") < 120
    clock = page.context.new_cdp_session(page)
    # The thread's own time, so that what else the machine does is not counted: no task is longer than its whole step.
    clock.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        metrics = clock.send("Performance.getMetrics")["metrics"]
        return next(float(one["value"]) * 1_000 for one in metrics if one["name"] == "TaskDuration")

    firsts, steps = set(), []
    for _ in range(100):
        before = spent()
        paper, first = page.evaluate(SCROLL_UP)
        steps.append(spent() - before)
        firsts.add(first)
        assert paper < 80, "something said stands at the upper edge, at most a day line above it"
    assert len(firsts) > 20, "other lines came into the window"
    assert max(steps) < 50


def test_what_one_reads_stays_where_it_is_whatever_comes_above_and_below(
    windows: Windows, shop: Server, script: str
) -> None:
    page = bare(windows, shop, script)
    page.evaluate("core.show(2000, 2100)")
    page.evaluate(DRAWN)
    page.evaluate("core.log().scrollTop -= 900")
    page.evaluate(DRAWN)
    assert page.evaluate("core.fromEnd()") == pytest.approx(900, abs=2)
    key, offset = page.evaluate("core.place()")
    page.evaluate("core.say(2101)")
    page.evaluate(DRAWN)
    assert page.evaluate("key => core.where(key)", key) == pytest.approx(offset, abs=1)
    assert page.get_by_role("button", name="New messages").is_visible()
    page.evaluate("core.log().scrollTop = 0")
    page.evaluate(DRAWN)
    assert page.evaluate("core.older()") > 0
    key, offset = page.evaluate("core.place()")
    page.evaluate("core.prepend(1950)")
    page.evaluate(DRAWN)
    assert page.evaluate("key => core.where(key)", key) == pytest.approx(offset, abs=1)
    page.get_by_role("button", name="New messages").click()
    page.evaluate(DRAWN)
    assert page.evaluate("core.fromEnd()") == 0
    # The button has gone; whoever goes by keys goes on from the log.
    assert page.evaluate("document.activeElement === core.log()")
    page.evaluate("core.log().scrollTop -= 900")
    page.evaluate(DRAWN)
    unsent = {"kind": "message", "text": "Mine", "at": "2026-01-09T09:00:00Z", "status": "waiting"}
    first, second = [{**unsent, "nonce": nonce} for nonce in "ab"]
    page.evaluate("first => core.write(first)", first)
    page.evaluate(DRAWN)
    assert page.evaluate("core.fromEnd()") == 0
    page.evaluate("both => core.write(...both)", [first, second])
    page.evaluate(DRAWN)
    page.evaluate("core.log().scrollTop -= 900")
    page.evaluate(DRAWN)
    key, offset = page.evaluate("core.place()")
    # Only what one writes leads there, and not that the last one is another again.
    page.evaluate("first => core.pend(first)", first)
    page.evaluate(DRAWN)
    assert page.evaluate("key => core.where(key)", key) == pytest.approx(offset, abs=1)


@pytest.mark.parametrize(
    "drawing",
    ["core.log().scrollTop -= 500; requestAnimationFrame(go)", "core.write(unsent); queueMicrotask(go)"],
    ids=["scrolling", "writing"],
)
def test_who_scrolls_on_before_the_browser_tells_of_it_is_not_taken_back(
    windows: Windows, shop: Server, script: str, drawing: str
) -> None:
    page = bare(windows, shop, script)
    page.evaluate("core.show(2000, 2200)")
    page.evaluate(DRAWN)
    page.evaluate("core.log().scrollTop -= 6000")
    page.evaluate(DRAWN)
    # What is drawn next comes after this and before the browser tells of it, as in some browsers at any time.
    go = "() => { core.log().scrollTop -= 2000; gone = core.fromEnd() }"
    unsent = {"kind": "message", "nonce": "a", "text": "Mine", "at": "2026-01-09T09:00:00Z", "status": "waiting"}
    page.evaluate(f"unsent => {{ const go = {go}; {drawing} }}", unsent)
    page.evaluate(DRAWN)
    page.evaluate(DRAWN)
    assert page.evaluate("core.fromEnd()") == pytest.approx(page.evaluate("gone"), abs=1_000)


def test_new_messages_are_said_once_and_old_ones_never(windows: Windows, shop: Server, script: str) -> None:
    page = bare(windows, shop, script)
    page.evaluate("core.show(7, 50)")
    page.evaluate(DRAWN)
    region = page.locator("#say-polite")
    assert region.text_content() == ""
    page.evaluate("core.say(56)")
    region.filter(has_text="Message 56").wait_for(state="attached")
    page.evaluate("[57, 58, 59].forEach(core.say)")
    region.filter(has_text="3 new messages").wait_for(state="attached")
    page.evaluate("core.prepend(1)")
    page.wait_for_timeout(1_000)
    assert "3 new messages" in (region.text_content() or "")
    assert page.evaluate("core.log().getAttribute('aria-live')") == "off"


def test_what_any_page_left_as_gone_is_taken_in_from_none_and_the_rest_once(enter: Enter) -> None:
    def left(items: list[str], gone: list[str]) -> dict[str, Any]:
        return {"items": [{"nonce": nonce} for nonce in items], "gone": gone, "drafts": {}}

    page = enter("person").page
    orders = [left(["one", "two"], []), left(["two"], []), left([], ["one"])]
    for pages in (orders, orders[::-1]):
        assert page.evaluate(TAKEN_IN, pages) == [["two"], 0]


def bare(windows: Windows, shop: Server, script: str) -> Page:
    """The core with the look of the product, without a server behind it."""
    page = windows.open(f"{shop.url}/app/sign-in", bypass_csp=True).page
    page.evaluate("document.body.replaceChildren(...document.querySelectorAll('[aria-live]'))")
    page.add_script_tag(content=script)
    return page
