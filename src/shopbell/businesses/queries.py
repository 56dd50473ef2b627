"""The public directory."""

import msgspec

from shopbell.businesses import keyset
from shopbell.businesses.finding import WordTable
from shopbell.businesses.rules import Business
from shopbell.businesses.store import business
from shopbell.kernel.database import Snapshot
from shopbell.kernel.errors import NotFound
from shopbell.kernel.http import Page

WORDS = WordTable("business_words", "business_id")
ITEM = "b.id, b.slug, b.name, b.category, b.city"


class BusinessItem(msgspec.Struct, frozen=True):
    """A business in a list."""

    id: str
    slug: str
    name: str
    category: str | None
    city: str | None


def profile(read: Snapshot, business_id: str) -> Business:
    """What anybody may know of the business. Raises NotFound."""
    found = business(read, business_id)
    if found is None:
        raise NotFound
    return found


def directory(read: Snapshot, *, limit: int, after: str | None) -> Page[BusinessItem]:
    """All businesses by name."""
    name_key, id_ = keyset.place(after) if after else ("", "")
    rows = read.rows(
        f"SELECT b.name_key, {ITEM} FROM businesses b"
        " WHERE b.name_key >= :name_key AND (b.name_key > :name_key OR b.id > :id)"
        " ORDER BY b.name_key, b.id LIMIT :limit",
        name_key=name_key, id=id_, limit=limit + 1,
    )  # fmt: skip
    shown = rows[:limit]
    following = keyset.mark((shown[-1][0], shown[-1][1])) if len(rows) > limit else None
    return Page([BusinessItem(*row[1:]) for row in shown], following)


def search(read: Snapshot, text: str, *, limit: int, after: str | None) -> Page[BusinessItem]:
    """Those with a word of name, trade or town that begins as each word of the text; by the word found."""
    select = f", {ITEM} FROM business_words w JOIN businesses b ON b.id = w.business_id WHERE 1 = 1"
    rows, following = WORDS.find(read, text, select, limit=limit, after=after)
    return Page([BusinessItem(*row[2:]) for row in rows], following)
