"""How soon the console answers its agent: ten thousand tickets, a long thread, a computer four times slower."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Page

from bench.rig.bulk import sqlite_loader
from bench.rig.figures import Bar, at_most, machine, say
from bench.rig.history import invent
from bench.rig.rows import load
from tests.journeys.console.shop import Shop
from tests.running import Server
from tests.web.browser import Windows, launched

TICKETS = 10_000
SLOWER = 4
# After the browser has done the next frame, as a person sees it.
PAINTED = """const painted = () => new Promise((done) => {
    requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = done
        port2.postMessage(0)
    })
})"""
USABLE = "() => document.querySelectorAll('.ticket').length > 5 ? performance.now() : false"
SEND = f"""async (text) => {{
    {PAINTED}
    const composer = document.getElementById('composer')
    composer.value = text
    composer.dispatchEvent(new Event('input', {{ bubbles: true }}))
    await painted()
    const pressed = performance.now()
    composer.dispatchEvent(new KeyboardEvent('keydown', {{ key: 'Enter', bubbles: true, cancelable: true }}))
    await painted()
    const stands = [...document.querySelectorAll('.said')].some((said) => said.textContent === text)
    return stands ? performance.now() - pressed : Infinity
}}"""
SWITCH = f"""async (place) => {{
    {PAINTED}
    const row = document.querySelectorAll('.ticket')[place]
    const name = row.querySelector('bdi').textContent
    const pressed = performance.now()
    row.click()
    do await painted()
    while (document.querySelector('h1')?.textContent !== name || !document.querySelector('.said'))
    return performance.now() - pressed
}}"""
# The wheel as a hand turns it when in a hurry: a screenful each fifth of a second.
WHEEL_PIXELS_PER_SECOND = 4_000
WATCH = """() => {
    window.longTasks = []
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((one) => one.duration)))
        .observe({ type: 'longtask' })
}"""
# What the browser tells of is longer than 50 ms; 0 when there was none since the last time.
LONGEST = "() => Math.max(0, ...longTasks.splice(0))"
# About as long as the thread of 5,000 messages is.
THREAD_PIXELS = 450_000
# Pixels of the thread above and below what is seen.
LEFT = {1: "thread => thread.scrollTop", -1: "thread => thread.scrollHeight - thread.clientHeight - thread.scrollTop"}

Measure = Callable[[Page, int], list[float]]


def main() -> None:
    options = parser().parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=options.folder)))
        shop = long_desk(folder / "data")
        stack.enter_context(shop.server)
        chromium = stack.enter_context(launched())
        windows = Windows(chromium, folder)
        figures = {name: alone(measure, shop.console(windows, shop.owner).page, options.rounds)
                   for name, (measure, _) in MEASURES.items()}  # fmt: skip
        shop.close()
    report = {"bench": "screens", "machine": machine(options.folder), "tickets": TICKETS, "slower": SLOWER}
    rounded = {name: [round(each, 1) for each in times] for name, times in figures.items()}
    say({**report, "milliseconds": rounded}, bars(figures), check=options.check)


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=9, help="how often each is tried")
    options.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="where the data lies")
    options.add_argument("--check", action="store_true", help="exit with 1 when a bar does not hold")
    return options


def long_desk(data: Path) -> Shop:
    """A shop of many tickets, of which the newest, held by its Owner, has the long thread; its server is stopped."""
    server = Server(data).start()
    shop = Shop(server)
    server.stop()
    desk = invent(shop.business, [shop.owner.id], TICKETS, int(time.time() * 1_000_000))
    with sqlite_loader(data / "shopbell.db") as loader:
        load(loader, desk)
    return shop


def alone(measure: "Measure", page: Page, rounds: int) -> list[float]:
    """What it measures on the page, which is closed then: one that is slowed down keeps a core busy while it idles."""
    try:
        return measure(page, rounds)
    finally:
        page.context.close()


def slowed(page: Page) -> None:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def usable(page: Page, rounds: int) -> list[float]:
    """From asking for the page to its rows."""
    slowed(page)
    times = []
    for _ in range(rounds):
        page.reload()
        times.append(float(page.wait_for_function(USABLE).json_value()))
    return times


def bubble(page: Page, rounds: int) -> list[float]:
    """From the Enter key to the bubble."""
    page.locator(".ticket").first.click()
    page.wait_for_selector(".said")
    slowed(page)
    return [page.evaluate(SEND, f"Try {place}") for place in range(rounds)]


def switch(page: Page, rounds: int) -> list[float]:
    """From the press on a ticket that was open before to its thread."""
    page.wait_for_selector(".ticket")
    for place in (1, 3):
        page.evaluate(SWITCH, place)
    slowed(page)
    return [page.evaluate(SWITCH, (1, 3)[turn % 2]) for turn in range(rounds)]


def scroll(page: Page, rounds: int) -> list[float]:
    """The longest task of each stretch while the wheel goes from the thread's end to its beginning and back, once.

    All of it is fetched on the way up. Either way takes about `rounds` stretches, and more where the wheel had to wait
    for that.
    """
    page.locator(".ticket").first.click()
    page.wait_for_selector(".said")
    slowed(page)
    page.evaluate(WATCH)
    session = page.context.new_cdp_session(page)
    thread = page.locator(".thread")
    box = thread.bounding_box()
    assert box
    centre = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    wheel = {**centre, "speed": WHEEL_PIXELS_PER_SECOND, "preventFling": True, "gestureSourceType": "mouse"}
    longest = []
    for way, left in LEFT.items():
        while thread.evaluate(left) > 1:
            session.send("Input.synthesizeScrollGesture", {**wheel, "yDistance": way * THREAD_PIXELS / rounds})
            page.wait_for_timeout(300)
            longest.append(float(page.evaluate(LONGEST)))
    return longest


MEASURES: dict[str, tuple[Measure, float]] = {
    "console usable": (usable, 1_000),
    "key to bubble": (bubble, 50),
    "switching tickets from memory": (switch, 100),
    "longest task while scrolling": (scroll, 50),
}


def bars(figures: dict[str, list[float]]) -> list[Bar]:
    return [at_most(f"{name}: median, ms", median(times), MEASURES[name][1]) for name, times in figures.items()]


if __name__ == "__main__":
    main()
