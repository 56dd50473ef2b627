"""The words a name is found by: the same for "José", "JOSE" and "ＪＯＳＥ", and for names without spaces."""

import re
import unicodedata
from collections.abc import Iterator

# Accents of Latin, Greek and Cyrillic; the marks of other scripts are letters in their own right.
_ACCENTS = re.compile("[\u0300-\u036f]")
# Scripts written without spaces, or whose names are looked up by a part: Han, kana, Hangul, bopomofo.
_UNSPACED = re.compile(
    "[\u3005-\u3007\u3040-\u312f\u3130-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+"
)
# Greater than every character a word can hold, since Unicode will never assign it.
_LAST = "\U0010ffff"


def words(text: str) -> set[str]:
    """Everything to file a name under. A run of an unspaced script counts by its characters and its pairs."""
    found: set[str] = set()
    for word in _split(text):
        if _UNSPACED.fullmatch(word):
            found.update(word)
            found.update(_pairs(word))
        else:
            found.add(word)
    return found


def sought(text: str) -> list[str]:
    """The beginnings of words that somebody asks for; a name matches when it has a word for each of them."""
    asked: dict[str, None] = {}
    for word in _split(text):
        asked.update(dict.fromkeys(_pairs(word) if _UNSPACED.fullmatch(word) and len(word) > 1 else [word]))
    return list(asked)


def prefix_range(prefix: str) -> tuple[str, str]:
    """The words that begin so are `>= low AND < high` in code point order (`COLLATE "C"` on PostgreSQL)."""
    return prefix, prefix + _LAST


def _split(text: str) -> Iterator[str]:
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    plain = unicodedata.normalize("NFKC", bare).casefold()
    for part in "".join(character if _counts(character) else " " for character in plain).split():
        yield from (piece for piece in _pieces(part) if piece)


def _counts(character: str) -> bool:
    """Letters, marks, digits, and symbols such as an emoji; punctuation and blanks part words."""
    category = unicodedata.category(character)
    return category[0] in "LMN" or category == "So"


def _pieces(part: str) -> Iterator[str]:
    """The part cut where a spaced and an unspaced script meet."""
    start = 0
    for run in _UNSPACED.finditer(part):
        yield part[start : run.start()]
        yield run[0]
        start = run.end()
    yield part[start:]


def _pairs(word: str) -> list[str]:
    return [word[at : at + 2] for at in range(len(word) - 1)]
