"""The catalogue: every text people read is looked up here by its English words."""

from gettext import NullTranslations

# One language so far; the reader's own will be chosen where the request is known.
_catalogue = NullTranslations()

LOCALE = "en"
DIRECTION = "ltr"


def gettext(text: str) -> str:
    """The text in the reader's language; placeholders are `%(name)s`, filled in by the caller."""
    return _catalogue.gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The form of the text for that count, in the reader's language; `%(num)s` is for the count."""
    return _catalogue.ngettext(one, many, count)


_ = gettext
