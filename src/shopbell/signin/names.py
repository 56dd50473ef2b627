"""How names are filed: the key they are sorted by and the words they are found by."""

import re
import unicodedata

from shopbell.kernel.words import sought, words

# Case folding and compatibility forms can make a character many; an index entry has to stay small.
KEY_CHARACTERS = 40
WORD_CHARACTERS = 40

_ACCENTS = re.compile("[\u0300-\u036f]")


def sort_key(name: str) -> str:
    """What names are ordered by, code point by code point: without case, and with accents last."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    bare = " ".join(_ACCENTS.sub("", folded).split())
    return bare[:KEY_CHARACTERS]


def filed_words(name: str) -> list[str]:
    """The words to file the name under, sorted."""
    return sorted({word[:WORD_CHARACTERS] for word in words(name)})


def sought_words(text: str) -> list[str]:
    """The beginnings of words somebody asks for, cut like those that are filed."""
    return list(dict.fromkeys(word[:WORD_CHARACTERS] for word in sought(text)))
