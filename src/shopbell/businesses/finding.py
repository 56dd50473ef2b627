"""Finding by the beginnings of words: in a table of words and ids, in the order of the words found."""

from typing import Any

from shopbell.businesses import keyset
from shopbell.businesses.keyset import Place
from shopbell.kernel.database import Row, Snapshot
from shopbell.kernel.words import prefix_range
from shopbell.signin.names import sought_words

# Nobody remembers more words of a name; what comes after them is not looked at.
WORDS = 8
# A page looks at so many entries at most, so that a search with few hits among very many takes no longer.
STRETCH = 500


class WordTable:
    """A table with the columns `word`, `id_column` and, where it serves several businesses, `scope`.

    Needs an index on (scope, word, id) to walk along, and one on (scope, id, word) to look back.
    """

    def __init__(self, name: str, id_column: str, *, scope: str = "") -> None:
        self._name = name
        self._id = id_column
        self._scope = scope

    def find(
        self, read: Snapshot, text: str, select: str, *, limit: int, after: str | None, **scope: str
    ) -> tuple[list[Row], str | None]:
        """A page of what has, for each word of the text, a word that begins so; and its `next`.

        `select` continues `SELECT word, id` for the row `w`: columns, joins and conditions. A page may hold less
        than `limit`, even nothing, though more follows. Raises Invalid for an `after` that `next` never said.
        """
        place = keyset.place(after) if after else None
        words = self._rarest_first(read, text, scope)
        if not words:
            return [], None
        values = {**_bounds(words), **_from(words, place), **scope}
        end = self._end_of_stretch(read, values)
        to_word, to_id = end or (values["high0"], "")
        rows = read.rows(
            f"SELECT w.word, w.{self._id}{select} AND {self._condition(len(words))}"
            f" ORDER BY w.word, w.{self._id} LIMIT :limit",
            **values, to_word=to_word, to_id=to_id, limit=limit + 1,
        )  # fmt: skip
        shown = rows[:limit]
        last = (shown[-1][0], shown[-1][1]) if len(rows) > limit else end
        return shown, keyset.mark(last) if last else None

    def _rarest_first(self, read: Snapshot, text: str, scope: dict[str, str]) -> list[str]:
        """The words asked for; empty when one of them begins no word at all."""
        asked = sorted(sought_words(text), key=len, reverse=True)[:WORDS]
        if len(asked) < 2:
            return asked
        counts = {word: self._count(read, word, scope) for word in asked}
        return sorted(asked, key=counts.__getitem__) if all(counts.values()) else []

    def _count(self, read: Snapshot, word: str, scope: dict[str, str]) -> int:
        """How many entries begin so, counted only far enough to tell a rare word from a common one."""
        low, high = prefix_range(word)
        return int(read.value(
            f"SELECT count(*) FROM (SELECT 1 FROM {self._name} w"
            f" WHERE {self._scoped('w')} w.word >= :low AND w.word < :high LIMIT :limit) AS sample",
            low=low, high=high, limit=STRETCH, **scope,
        ))  # fmt: skip

    def _end_of_stretch(self, read: Snapshot, values: dict[str, str]) -> Place | None:
        """The last of the entries this page looks at; None when they are all that is left."""
        names = ("from_word", "from_id", "high0", self._scope)
        row = read.row(
            f"SELECT w.word, w.{self._id} FROM {self._name} w WHERE {self._ahead()}"
            f" ORDER BY w.word, w.{self._id} LIMIT 1 OFFSET :offset",
            **{name: value for name, value in values.items() if name in names}, offset=STRETCH - 1,
        )  # fmt: skip
        return (row[0], row[1]) if row else None

    def _ahead(self) -> str:
        return (
            f"{self._scoped('w')} w.word >= :from_word AND w.word < :high0"
            f" AND (w.word > :from_word OR w.{self._id} > :from_id)"
        )

    def _condition(self, words: int) -> str:
        """What `w` must meet: within the stretch, the other words there too, and the first match of its id."""
        others = "".join(
            f" AND EXISTS ({self._words_of_the_same('o')} AND o.word >= :low{number} AND o.word < :high{number})"
            for number in range(1, words)
        )
        return (
            f"{self._ahead()} AND w.word <= :to_word AND (w.word < :to_word OR w.{self._id} <= :to_id){others}"
            f" AND NOT EXISTS ({self._words_of_the_same('e')} AND e.word >= :low0 AND e.word < w.word)"
        )

    def _words_of_the_same(self, alias: str) -> str:
        return f"SELECT 1 FROM {self._name} {alias} WHERE {self._scoped(alias)} {alias}.{self._id} = w.{self._id}"

    def _scoped(self, alias: str) -> str:
        return f"{alias}.{self._scope} = :{self._scope} AND" if self._scope else ""


def _bounds(words: list[str]) -> dict[str, str]:
    values: dict[str, Any] = {}
    for number, word in enumerate(words):
        values[f"low{number}"], values[f"high{number}"] = prefix_range(word)
    return values


def _from(words: list[str], place: Place | None) -> dict[str, str]:
    """Where the page begins: after the place, which may stand before the word when the search has changed."""
    word, id_ = place or (words[0], "")
    return {"from_word": max(word, words[0]), "from_id": id_}
