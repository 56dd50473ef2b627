"""Finding tickets by the start of any word of the customer's name, or by their number.

A rare word is followed from the few people who have it to their tickets, where the page allows it from those with the
newest tickets first. A common one is looked for on the way along the panel, where it soon turns up. There, each ticket
carries the bloom of its customer's name, so that hardly anybody else's words have to be looked at.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from shopbell.kernel.bloom import bloom
from shopbell.kernel.database import Snapshot
from shopbell.kernel.words import prefix_range
from shopbell.signin.names import sought_words

# More words than a name has; each may cost a look at the words of many customers.
WORDS = 8
# The closed tickets of so many people are looked up one by one; a walk along a million tickets of 400,000 customers
# fills a page from those of more people sooner than that.
FEW_PEOPLE = 800
# So many where a filter that no index serves keeps out most of what a walk comes by.
FEW_FILTERED_PEOPLE = 2_000
# So many where those with the newest tickets come first and fill a page, so that the others are only counted.
FEW_NEWEST_FIRST = 2_500
# How many people are looked up for the first page at first, and then if they did not fill it.
HELPINGS = (64, 512)
# Above the number of any event.
ENDLESS = 2**62
# The number of the first event: those who never had a closed ticket stand below it.
FIRST_EVENT = 1

# An expression instead of the bare column keeps a planner from the indexes that begin with that column.
WALKED, LOOKED_UP = "t.business_id = :business_id", "t.business_id || '' = :business_id"


class Condition(msgspec.Struct, frozen=True):
    """`where` holds for the tickets sought, with its `params`.

    On a walk, `on_the_way` has to hold as well. With `few`, being of THE_FEW says as much: the people with a closed
    ticket of `:floor` or above. With `newest_first`, the page is most likely of those with the newest.
    """

    where: str
    params: dict[str, Any]
    on_the_way: str = ""
    few: bool = False
    newest_first: bool = False


NOTHING = Condition("AND 1 = 0", {})


def condition(read: Snapshot, business_id: str, text: str, *, by_update: bool, filters: int) -> Condition:
    """SQL on `tickets t` that holds for the tickets sought; the caller gives `:business_id`.

    They are sought in the order of their updates or not, and under so many filters by holder and priority.
    """
    number = text.strip().removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 19:
        return Condition("AND t.number = :number", {"number": int(number)})
    prefixes = sought_words(text)[:WORDS]
    if not prefixes:
        return NOTHING
    newest_first = by_update and not filters and len(prefixes) == 1
    # There is an index of closed tickets for one filter, and none for two.
    few_people = FEW_NEWEST_FIRST if newest_first else FEW_FILTERED_PEOPLE if filters > 1 else FEW_PEOPLE
    counted = {prefix: _count(read, business_id, prefix, few_people + 1) for prefix in prefixes}
    rarest, *others = sorted(prefixes, key=lambda prefix: counted[prefix])
    if counted[rarest] == 0:
        return NOTHING
    # Not `=`, which planners take for something that hardly ever holds, and then they walk nothing.
    where = " ".join(["AND t.name_bloom & :bloom >= :bloom", *(_has_word(at) for at in range(1, len(prefixes)))])
    params: dict[str, Any] = {"bloom": bloom(prefixes), "floor": FIRST_EVENT}
    for at, prefix in enumerate([rarest, *others]):
        params |= _range(at, prefix)
    return Condition(where, params, _has_word(0), counted[rarest] <= few_people, newest_first)


def _count(read: Snapshot, business_id: str, prefix: str, limit: int) -> int:
    """How many people have a word that begins so, counted no further than `limit`."""
    return int(read.value(
        f"SELECT count(*) FROM (SELECT 1 FROM contact_words w WHERE {_WORDS} LIMIT :limit) AS counted",
        business_id=business_id, limit=limit, **_range(0, prefix),
    ))  # fmt: skip


_WORDS = "w.business_id = :business_id AND w.word >= :low0 AND w.word < :high0"
THE_FEW = f"t.person_id IN LIST (SELECT w.person_id FROM contact_words w WHERE {_WORDS} AND w.closed_seq >= :floor)"


def floors(read: Snapshot, business_id: str, few: Condition, below: int) -> Iterator[int]:
    """Falling numbers that cut the tickets below `below` where few people at a time have a closed one."""
    for people in HELPINGS:
        floor = read.value(
            f"SELECT w.closed_seq FROM contact_words w WHERE {_WORDS} AND w.closed_seq < :below"
            " ORDER BY w.closed_seq DESC LIMIT 1 OFFSET :people",
            business_id=business_id, below=below, people=people, low0=few.params["low0"], high0=few.params["high0"],
        )  # fmt: skip
        # None has a closed ticket that is older.
        if not floor:
            break
        yield floor
    yield FIRST_EVENT


def _range(at: int, prefix: str) -> dict[str, str]:
    low, high = prefix_range(prefix)
    return {f"low{at}": low, f"high{at}": high}


def _has_word(at: int) -> str:
    """Asks the customer's own words; a value instead of EXISTS, which a planner may turn into a list or a join."""
    return (
        "AND (SELECT 1 FROM contact_words w WHERE w.business_id = :business_id AND w.person_id = t.person_id"
        f" AND w.word >= :low{at} AND w.word < :high{at} LIMIT 1) IS NOT NULL"
    )
