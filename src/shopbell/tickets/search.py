"""Finding tickets by the start of any word of the customer's name, or by their number.

A rare word is followed from the few people who have it to their tickets; a common one is looked for on the way
along the panel, where it soon turns up. Which is cheaper is decided by counting, no further than it matters.
"""

from typing import Any

import msgspec

from shopbell.kernel.database import Snapshot
from shopbell.kernel.words import prefix_range
from shopbell.signin.names import sought_words

# More words than a name has; each costs a look at every ticket on the way.
WORDS = 8
# The closed tickets of so many people are looked up one by one, which costs less than to look out for them.
FEW_PEOPLE = 1_000
# The names of so many are listed once and looked for on the way. SQLite makes such a list slowly, and asks each
# ticket's customer quickly; with PostgreSQL it is the other way round. So up to MANY_PEOPLE the planner chooses.
LISTED_PEOPLE = 4_000
MANY_PEOPLE = 12_000

# An expression instead of the bare column keeps a planner from the indexes that begin with that column.
WALKED, LOOKED_UP = "t.business_id = :business_id", "t.business_id || '' = :business_id"


class Condition(msgspec.Struct, frozen=True):
    """`where` holds for the tickets sought, with its `params`.

    On a walk, `on_the_way` has to hold as well, in words that keep a planner to that walk. With `few`, the parameter
    `people` says as much. What is `dear` asks the customer of each ticket it passes.
    """

    where: str
    params: dict[str, Any]
    on_the_way: str = ""
    few: bool = False
    dear: bool = False


EVERYTHING = Condition("", {})
NOTHING = Condition("AND 1 = 0", {})


def condition(read: Snapshot, business_id: str, text: str) -> Condition:
    """SQL on `tickets t` that holds for the tickets sought; the caller gives `:business_id`."""
    number = text.strip().removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 19:
        return Condition("AND t.number = :number", {"number": int(number)})
    prefixes = sought_words(text)[:WORDS]
    if not prefixes:
        return NOTHING
    counted = {prefix: _count(read, business_id, prefix) for prefix in prefixes}
    rarest = min(prefixes, key=lambda prefix: counted[prefix])
    if counted[rarest] == 0:
        return NOTHING
    first = _rarest(read, business_id, rarest, counted[rarest])
    where, params = "", dict(first.params)
    for index, prefix in enumerate((p for p in prefixes if p != rarest), 1):
        where += f"AND {_has_word(index)} "
        params |= _range(index, prefix)
    return msgspec.structs.replace(first, where=where, params=params)


def _count(read: Snapshot, business_id: str, prefix: str) -> int:
    """How many people have a word that begins so, counted no further than MANY_PEOPLE + 1."""
    return int(read.value(
        f"SELECT count(*) FROM (SELECT 1 FROM contact_words w WHERE {_WORDS} LIMIT :limit) AS counted",
        business_id=business_id, limit=MANY_PEOPLE + 1, **_range(0, prefix),
    ))  # fmt: skip


_WORDS = "w.business_id = :business_id AND w.word >= :low0 AND w.word < :high0"


def _range(index: int, prefix: str) -> dict[str, str]:
    low, high = prefix_range(prefix)
    return {f"low{index}": low, f"high{index}": high}


def _rarest(read: Snapshot, business_id: str, prefix: str, people: int) -> Condition:
    """The condition for the word that the fewest people have."""
    between = _range(0, prefix)
    listed = f"SELECT w.person_id FROM contact_words w WHERE {_WORDS}"
    if people > MANY_PEOPLE:
        return Condition("", dict(between), on_the_way=f"AND {_has_word(0)}", dear=True)
    # Compared with TRUE, neither of these is taken for a join, and a list is made only once.
    if people > LISTED_PEOPLE:
        return Condition("", dict(between), on_the_way=f"AND EXISTS ({_OF_CUSTOMER} {_between(0)}) = TRUE", dear=True)
    on_the_way = f"AND (t.person_id IN ({listed})) = TRUE"
    if people > FEW_PEOPLE:
        return Condition("", dict(between), on_the_way)
    few = sorted({row[0] for row in read.rows(listed, business_id=business_id, **between)})
    return Condition("", {"people": few, **between}, on_the_way, few=True)


_OF_CUSTOMER = "SELECT 1 FROM contact_words w WHERE w.business_id = :business_id AND w.person_id = t.person_id"


def _between(index: int) -> str:
    return f"AND w.word >= :low{index} AND w.word < :high{index}"


def _has_word(index: int) -> str:
    """Asks the customer's own words; a value instead of EXISTS, which a planner may turn into a list or a join."""
    return f"({_OF_CUSTOMER} {_between(index)} LIMIT 1) IS NOT NULL"
