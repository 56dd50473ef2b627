"""Real windows of a real Chromium: opened on our pages, watched for errors, looked at by axe and by eye."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, TypeAlias

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, Route, sync_playwright

from tests.web.unreachable import BROKEN_WORDS, DANGLING, OUT_OF_REACH, OVERFLOW, TOO_SMALL

ROOT = Path(__file__).parents[2]
WEB = ROOT / "src" / "shopbell" / "web"
# LEAST is a window of WIDE at 400 %, in which WCAG 1.4.10 has everything read without scrolling sideways.
WIDE, NARROW, LEAST = 1280, 360, 320
PATIENCE_MS = 10_000
HEIGHTS = {WIDE: 900, NARROW: 740, LEAST: 568}
# How a walk through many states is seen: wide or not, theme and direction meet two by two, and either direction 200 %.
LOOKS: dict[str, dict[str, Any]] = {
    "wide-light": {"width": WIDE},
    "wide-dark-rtl": {"width": WIDE, "theme": "dark", "direction": "rtl"},
    "narrow-light-rtl": {"width": NARROW, "direction": "rtl", "has_touch": True},
    "least-dark": {"width": LEAST, "theme": "dark", "has_touch": True},
    "zoomed": {"zoom": 2},
    "zoomed-rtl": {"zoom": 2, "direction": "rtl"},
}
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# What the API says no by; the browser puts each into its console, and no page can keep it from doing so.
REFUSED = re.compile(r"the server responded with a status of 4\d\d")
STANDARDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
WORTH_FAILING = ("serious", "critical")
# Before the scripts of the page run, and after the parser has put there what the server said.
TURN = """
addEventListener('readystatechange', () => { document.documentElement.dir = 'rtl' }, { capture: true, once: true })
"""

# Until what is unsent is in the browser's database nothing can outlive the page.
UNSENT_KEPT = """async () => {
    for (const { name } of await indexedDB.databases()) {
        const items = await new Promise((done) => {
            const opening = indexedDB.open(name)
            opening.onsuccess = () => {
                const database = opening.result
                const asking = database.transaction('outbox').objectStore('outbox').count()
                asking.onsuccess = () => { database.close(); done(asking.result) }
            }
        })
        if (items > 0) return true
    }
    return false
}"""

LOOK_AGAIN_MS = 50
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

Theme: TypeAlias = Literal["light", "dark"]


class Window:
    """One tab. `page` is Playwright's; `problems` is what should not have happened in it."""

    def __init__(self, page: Page, axe: Path) -> None:
        self.page = page
        self.problems: list[str] = []
        self._axe = axe
        self._forgiven: list[re.Pattern[str]] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self._happened(f"thrown: {error}"))
        page.on("response", self._answered)

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    def forgive(self, pattern: str) -> None:
        """Let what matches happen without failing the test, as the errors of a line that the test cuts."""
        self._forgiven.append(re.compile(pattern))
        self.problems = [problem for problem in self.problems if not re.search(pattern, problem)]

    @contextmanager
    def holding(self, addresses: str) -> Iterator[None]:
        """Have what is asked for there wait for its answer until the block ends."""
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        self.page.route(addresses, hold)
        try:
            yield
        finally:
            for route in held:
                route.continue_()
            self.page.unroute(addresses)

    def sign_in(self, url: str, side: Literal["staff", "person"], email: str, password: str) -> None:
        """Sign in as that side's pages do: by the API, answered with a cookie. Leaves the window on our site."""
        # Where no app runs, which might reload its page for whoever is signed in now while a test goes elsewhere.
        self.page.goto(f"{url}/terms")
        path = "people/sessions" if side == "person" else "staff/sessions"
        status = self.page.evaluate(
            """async ([path, side, body]) => (await fetch(path, {
                method: 'POST', headers: { 'Content-Type': 'application/json', 'Shopbell-Side': side }, body,
            })).status""",
            [f"{url}/api/v1/{path}", side, json.dumps({"email": email, "password": password})],
        )
        if status != 201:
            pytest.fail(f"Signing in was answered {status}.")

    def check_axe(self, within: str = "body") -> None:
        """Fail on anything serious or critical that axe-core finds in there."""
        self.page.evaluate(self._axe.read_text())
        found = self.page.evaluate(
            "async ([within, tags]) => (await axe.run(within, { runOnly: tags })).violations", [within, list(STANDARDS)]
        )
        wrong = [_told(violation) for violation in found if violation["impact"] in WORTH_FAILING]
        if wrong:
            pytest.fail("\n".join(wrong))

    def check_width(self) -> None:
        """Fail if the page is wider than its window or hides a button behind its edge, or if its lines break badly."""
        beyond = self.page.evaluate(OVERFLOW)
        if beyond > 0:
            pytest.fail(f"The page is {beyond} px wider than its window.")
        if hidden := self.page.evaluate(OUT_OF_REACH):
            pytest.fail("\n".join(["Beyond the window's edge:", *hidden]))
        if words := self.page.evaluate(BROKEN_WORDS):
            pytest.fail(f"Buttons so narrow that they break these words: {words}")
        if dangling := self.page.evaluate(DANGLING):
            pytest.fail("\n".join(["A line begins or ends with a dot that parts nothing:", *dangling]))

    def check_targets(self) -> None:
        """Fail if a finger would miss something one presses, where there is no mouse."""
        if self.page.evaluate("matchMedia('(pointer: coarse)').matches") and (small := self.page.evaluate(TOO_SMALL)):
            pytest.fail("\n".join(["Too small for a thumb:", *small]))

    def check(self, name: str, *, within: str = "body", whole: bool = False) -> None:
        """Fail if what is shown now cannot be read, reached and hit by everybody; `name` is for the picture of it.

        `within` is what lies on top, where something does: what it covers in part is no target now.
        """
        self.screenshot(name, whole=whole)
        self.check_width()
        self.check_targets()
        self.check_axe(within)

    def screenshot(self, name: str, *, whole: bool = True) -> Path | None:
        """Keep a picture in $SHOPBELL_SHOTS for somebody to look at; without that setting none is taken."""
        folder = os.environ.get("SHOPBELL_SHOTS")
        if not folder:
            return None
        file = Path(folder) / f"{name}.png"
        self.page.screenshot(path=file, full_page=whole)
        return file

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            place = message.location.get("url", "")
            if not (REFUSED.search(message.text) and "/api/" in place):
                self._happened(f"{message.type}: {message.text} ({place})")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self._happened(f"answered {response.status}: {response.url}")

    def _happened(self, problem: str) -> None:
        if not any(pattern.search(problem) for pattern in self._forgiven):
            self.problems.append(problem)


def wait_until(page: Page, comes_true: str) -> None:
    """Wait for what a function of the page promises; Playwright takes the promise itself for an answer."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not page.evaluate(comes_true):
        if time.monotonic() > deadline:
            pytest.fail(f"It has not come true: {comes_true}")
        page.wait_for_timeout(LOOK_AGAIN_MS)


class Windows:
    """All windows of one test."""

    def __init__(self, chromium: Browser, axe: Path) -> None:
        self._chromium = chromium
        self._axe = axe
        self.opened: list[Window] = []

    def open(
        self,
        url: str = "",
        *,
        width: int = WIDE,
        theme: Theme = "light",
        direction: Literal["ltr", "rtl"] = "ltr",
        zoom: int = 1,
        beside: Window | None = None,
        still: bool = True,
        **context: Any,
    ) -> Window:
        """A window of a browser of its own, or another tab `beside` one; on `url` if given.

        `zoom` shows everything that many times as large: a page that has that much less of the same window.
        `still` asks for reduced motion, so that nothing is caught halfway; `context` is for Playwright.
        """
        if beside is None:
            home = self._chromium.new_context(
                viewport={"width": width // zoom, "height": HEIGHTS.get(width, 900) // zoom},
                device_scale_factor=zoom,
                color_scheme=theme,
                reduced_motion="reduce" if still else "no-preference",
                **{"locale": "en-US", "timezone_id": "America/New_York", **context},
            )
        else:
            home = beside.context
        page = home.new_page()
        page.set_default_timeout(PATIENCE_MS)
        if direction == "rtl":
            page.add_init_script(TURN)
        window = Window(page, self._axe)
        self.opened.append(window)
        if url:
            page.goto(url)
        return window

    def close(self) -> list[str]:
        """Close all; what went wrong in any."""
        for context in {window.context for window in self.opened}:
            context.close()
        return [problem for window in self.opened for problem in window.problems]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for a module's tests: while it runs, its event loop is this thread's, and no other can run."""
    with launched() as browser:
        yield browser


@contextmanager
def launched() -> Iterator[Browser]:
    """The machine's Chromium, run for as long as it is asked for. Raises FileNotFoundError where there is none."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise FileNotFoundError("The pages are tried with Chromium: have it on the PATH, or its place in $CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """axe-core as one script."""
    script = tmp_path_factory.mktemp("axe") / "axe.js"
    deno(
        "bundle", "--minify", "--platform", "browser", "--output", str(script), str(Path(__file__).with_name("axe.ts"))
    )
    return script


@pytest.fixture
def windows(chromium: Browser, axe: Path) -> Iterator[Windows]:
    """Open windows with `windows.open(url)`; the test fails if a page logs an error or breaks its own policy."""
    all_of_them = Windows(chromium, axe)
    yield all_of_them
    if problems := all_of_them.close():
        pytest.fail("\n".join(problems))


def deno(command: str, *arguments: str) -> str:
    """What deno prints for that command, run with the pages' own configuration and lock."""
    program = Path(sys.executable).with_name("deno")
    ours = {"DENO_DIR": str(ROOT / ".venv" / "deno"), "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"}
    done = subprocess.run(
        [program, command, "--quiet", "--frozen", "--config", WEB / "deno.json", *arguments],
        capture_output=True, text=True, check=False, env={**ours, **os.environ},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def _told(violation: dict[str, Any]) -> str:
    places = [" ".join(node["target"]) + ": " + node["failureSummary"] for node in violation["nodes"]]
    return f"{violation['id']} ({violation['impact']}): {violation['help']}\n" + "\n".join(places)
