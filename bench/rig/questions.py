"""What staff ask of a very large desk: every filter, sort and search, and its threads."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from urllib.parse import urlencode

from bench.rig.history import Desk, Ticket

STATES = (None, "waiting", "pulled", "assigned", "open", "closed")
PRIORITIES = (None, "high", "medium", "low")
SORTS = ("updated", "waiting", "priority")
# Searches are combined with these; the cross product of everything would ask the same again and again.
SEARCHED: tuple[dict[str, str], ...] = (
    {},
    {"state": "open"},
    {"state": "closed"},
    {"state": "waiting"},
    {"holder": "me"},
    {"priority": "high"},
    {"sort": "waiting"},
    {"sort": "priority"},
    {"state": "closed", "sort": "priority"},
)
PREFIX_LENGTHS = (1, 2, 3)
# Between a prefix that finds a handful and one that finds a third of all, one for each order of magnitude.
LADDER = (1, 10, 100, 1_000, 3_000, 10_000, 30_000, 100_000)


@dataclass(frozen=True)
class Question:
    """One kind of request; its pages begin at `start`, and are followed by `next`, given back as `key`.

    `repeats` makes up for kinds that a group has few of.
    """

    group: str
    name: str
    path: str
    pages: int = 1
    key: str = "after"
    start: str | None = None
    repeats: int = 1


def counts() -> Iterator[Question]:
    yield Question("counts", "GET /desk", "/desk", repeats=40)


def panel(colleague_id: str) -> Iterator[Question]:
    """Every combination of state, holder, priority and sort."""
    for state, holder, priority, sort in product(STATES, (None, "me", "none", colleague_id), PRIORITIES, SORTS):
        asked = {"state": state, "holder": holder, "priority": priority, "sort": sort}
        given = {name: value for name, value in asked.items() if value}
        shown = {name: value if value != colleague_id else "colleague" for name, value in given.items()}
        yield Question("panel", urlencode(shown) or "all", f"/tickets?{urlencode(given)}", pages=5)


def search(desk: Desk) -> Iterator[Question]:
    """Prefixes from very common to unknown, and two words at once, under several filters."""
    for words, filters in product(_sought(desk.words), SEARCHED):
        given = {"q": words, **filters}
        yield Question("search", urlencode(given), f"/tickets?{urlencode(given)}", pages=3)


def thread(long: Ticket, messages: range, short: list[Ticket]) -> Iterator[Question]:
    """The long thread at its ends and in its middle, and a few of the short ones."""
    middle = messages[len(messages) // 2]
    path = f"/conversations/{long.customer.conversation_id}/messages"
    yield Question("thread", "long, newest", path, pages=20, key="before")
    yield Question("thread", "long, newest 100", f"{path}?limit=100", pages=20, key="before")
    yield Question("thread", "long, before the middle", f"{path}?before={middle}")
    yield Question("thread", "long, after the middle", f"{path}?after={middle}")
    yield Question("thread", "long, from the beginning", path, pages=20, key="after", start="0")
    for number, ticket in enumerate(short):
        path = f"/conversations/{ticket.customer.conversation_id}/messages"
        yield Question("thread", f"short {number}", path)


def one_ticket(long: Ticket, short: list[Ticket]) -> Iterator[Question]:
    for number, one in enumerate([long, *short]):
        yield Question("ticket", f"ticket {number}", f"/tickets/{one.id}")


def _sought(words: Counter[str]) -> list[str]:
    by_prefix: Counter[str] = Counter()
    for word, customers in words.items():
        by_prefix.update({word[:length]: customers for length in PREFIX_LENGTHS if len(word) >= length})
    sought = ["zzzz", "maria smith", "m s", "anna zz"]
    for length in PREFIX_LENGTHS:
        ranked = [prefix for prefix, _ in by_prefix.most_common() if len(prefix) == length]
        sought += [ranked[0], ranked[1], ranked[len(ranked) // 2], ranked[-1]]
    sought += [_nearest(by_prefix, customers) for customers in LADDER]
    sought += [_nearest(words, customers) for customers in LADDER]
    return list(dict.fromkeys(sought))


def _nearest(counted: Counter[str], customers: int) -> str:
    """The prefix whose number of customers is nearest to `customers`."""
    return min(counted, key=lambda prefix: abs(counted[prefix] - customers))
