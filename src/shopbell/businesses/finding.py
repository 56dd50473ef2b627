"""Finding by the beginnings of words: in a table of words and ids, in the order of the words found."""

from typing import Any

from shopbell.businesses.keyset import Place
from shopbell.kernel.database import Snapshot
from shopbell.kernel.words import prefix_range
from shopbell.signin.names import sought_words

# Nobody remembers more words of a name; what comes after them is not looked at.
WORDS = 8
# Enough to tell a rare word from a common one.
SAMPLE = 1_000


class WordTable:
    """A table with the columns `word`, `id_column` and, where it serves several businesses, `business_id`.

    Needs an index on (business_id, word, id) to walk along, and one on (business_id, id, word) to look back.
    """

    def __init__(self, name: str, id_column: str, *, scope: str = "") -> None:
        self._name = name
        self._id = id_column
        self._scope = scope

    def sought(self, read: Snapshot, text: str, **scope: str) -> list[str]:
        """The words asked for, the rarest first; empty when one of them begins no word at all."""
        asked = sorted(sought_words(text), key=len, reverse=True)[:WORDS]
        if len(asked) < 2:
            return asked
        counts = {word: self._count(read, word, scope) for word in asked}
        return sorted(asked, key=counts.__getitem__) if all(counts.values()) else []

    def _count(self, read: Snapshot, word: str, scope: dict[str, str]) -> int:
        low, high = prefix_range(word)
        return int(read.value(
            f"SELECT count(*) FROM (SELECT 1 FROM {self._name} w"
            f" WHERE {self._scoped('w')} w.word >= :low AND w.word < :high LIMIT :sample) AS sample",
            low=low, high=high, sample=SAMPLE, **scope,
        ))  # fmt: skip

    def condition(self, words: list[str]) -> str:
        """What a row `w` must meet; each id comes once, under the first of its words that matches."""
        others = "".join(
            f" AND EXISTS (SELECT 1 FROM {self._name} o WHERE {self._scoped('o')} o.{self._id} = w.{self._id}"
            f" AND o.word >= :low{number} AND o.word < :high{number})"
            for number in range(1, len(words))
        )
        return (
            f"{self._scoped('w')} w.word >= :from_word AND w.word < :high0"
            f" AND (w.word > :from_word OR w.{self._id} > :from_id)"
            f" AND NOT EXISTS (SELECT 1 FROM {self._name} e WHERE {self._scoped('e')}"
            f" e.{self._id} = w.{self._id} AND e.word >= :low0 AND e.word < w.word){others}"
        )

    def order(self) -> str:
        return f"w.word, w.{self._id}"

    def params(self, words: list[str], after: Place | None) -> dict[str, Any]:
        """The values for `condition`; `after` is the word and id of the last row seen."""
        from_word, from_id = after or (words[0], "")
        values: dict[str, Any] = {"from_word": max(from_word, words[0]), "from_id": from_id}
        for number, word in enumerate(words):
            values[f"low{number}"], values[f"high{number}"] = prefix_range(word)
        return values

    def _scoped(self, alias: str) -> str:
        return f"{alias}.{self._scope} = :{self._scope} AND" if self._scope else ""
