"""The tables of businesses and of the words they are found by."""

from typing import Any

import msgspec

from shopbell.businesses.rules import Business, Holiday, Hours
from shopbell.kernel.database import Insert, Row, Snapshot
from shopbell.kernel.transaction import Transaction
from shopbell.signin.names import filed_words, sort_key

COLUMNS = (
    "id", "slug", "name", "time_zone", "category", "description", "phone", "email", "website", "street",
    "postcode", "city", "country", "latitude", "longitude", "hours", "holidays",
)  # fmt: skip
BUSINESS = ", ".join(f"b.{name}" for name in COLUMNS)
STORED = (*COLUMNS, "name_key")

SAVE_WORDS = Insert("business_words", "word text, business_id text")

_hours = msgspec.json.Decoder(Hours)
_holidays = msgspec.json.Decoder(list[Holiday])


def business(read: Snapshot, business_id: str) -> Business | None:
    """The business with its profile; None for an id of nobody."""
    row = read.row(f"SELECT {BUSINESS} FROM businesses b WHERE b.id = :id", id=business_id)
    return of_row(row) if row else None


def of_row(row: Row) -> Business:
    """The business of a row of `BUSINESS`."""
    *plain, hours, holidays = row
    return Business(
        **dict(zip(COLUMNS, plain, strict=False)),
        hours=None if hours is None else _hours.decode(hours),
        holidays=None if holidays is None else _holidays.decode(holidays),
    )


def add(tx: Transaction, added: Business) -> None:
    marks = ", ".join(f":{name}" for name in STORED)
    tx.run(
        f"INSERT INTO businesses ({', '.join(STORED)}, created_at) VALUES ({marks}, :created_at)",
        **_stored(added), created_at=tx.now,
    )  # fmt: skip
    _file(tx, added)


def save(tx: Transaction, changed: Business) -> None:
    new = ", ".join(f"{name} = :{name}" for name in STORED if name != "id")
    tx.run(f"UPDATE businesses SET {new} WHERE id = :id", **_stored(changed))
    tx.run("DELETE FROM business_words WHERE business_id = :id", id=changed.id)
    _file(tx, changed)


def is_slug_taken(read: Snapshot, slug: str) -> bool:
    return read.value("SELECT 1 FROM businesses WHERE slug = :slug", slug=slug) is not None


def has_first(read: Snapshot) -> bool:
    """Whether a first business has been opened here."""
    return read.value("SELECT 1 FROM store WHERE name = 'first_business'") is not None


def claim_first(tx: Transaction, business_id: str) -> bool:
    """Whether this business is the first of the store; the row makes sure that only one ever is."""
    return tx.run(
        "INSERT INTO store (name, value) VALUES ('first_business', :id) ON CONFLICT (name) DO NOTHING",
        id=business_id,
    ) > 0  # fmt: skip


def _stored(business: Business) -> dict[str, Any]:
    values = {name: getattr(business, name) for name in COLUMNS}
    for name in ("hours", "holidays"):
        if values[name] is not None:
            values[name] = msgspec.json.encode(values[name]).decode()
    return {**values, "name_key": sort_key(business.name)}


def _file(tx: Transaction, business: Business) -> None:
    """File the business under the words of its name, its trade and its town."""
    told = " ".join(part for part in (business.name, business.category, business.city) if part)
    tx.many(SAVE_WORDS, [(word, business.id) for word in filed_words(told)])
