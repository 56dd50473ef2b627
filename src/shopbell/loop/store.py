"""The tables of contacts and of the words their names are found by."""

from collections.abc import Mapping, Sequence

from shopbell.kernel.database import Insert, Match, Snapshot, Update
from shopbell.kernel.transaction import Transaction
from shopbell.loop.rules import Contact
from shopbell.signin.names import filed_words, sort_key

CONTACTS = Match(
    "contacts",
    "contacts.business_id, contacts.person_id, joined_at, blocked_at",
    key="business_id text, person_id text",
)
SAVE_WORDS = Insert("contact_words", "business_id text, word text, person_id text")
SAVE_CLOSED = Update("contact_words", "closed_seq bigint", key="business_id text, person_id text")


def contact(read: Snapshot, business_id: str, person_id: str) -> Contact | None:
    """The person as the business knows them; None when it does not."""
    row = read.row(
        "SELECT business_id, person_id, joined_at, blocked_at FROM contacts"
        " WHERE business_id = :business_id AND person_id = :person_id",
        business_id=business_id, person_id=person_id,
    )  # fmt: skip
    return Contact(*row) if row else None


def contacts(read: Snapshot, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Contact]:
    """Those of the (business, person) pairs that know each other. One statement."""
    return {(row[0], row[1]): Contact(*row) for row in read.matches(CONTACTS, pairs)}


def memberships_of(read: Snapshot, person_ids: Sequence[str]) -> set[tuple[str, str]]:
    """The Loops those people are in, as pairs of person and business."""
    rows = read.rows(
        "SELECT person_id, business_id FROM contacts WHERE person_id IN :ids AND joined_at IS NOT NULL",
        ids=list(person_ids),
    )
    return {(person_id, business_id) for person_id, business_id in rows}


def is_member(read: Snapshot, business_id: str, person_id: str) -> bool:
    """Whether the person is in the Loop of the business."""
    found = contact(read, business_id, person_id)
    return found is not None and found.is_member


def blocked(read: Snapshot, business_id: str, person_ids: Sequence[str]) -> set[str]:
    """Those of the people whom the business has blocked. One statement."""
    rows = read.rows(
        "SELECT person_id FROM contacts"
        " WHERE business_id = :business_id AND person_id IN :ids AND blocked_at IS NOT NULL",
        business_id=business_id, ids=list(person_ids),
    )  # fmt: skip
    return {row[0] for row in rows}


def add(tx: Transaction, business_id: str, person_id: str, first_name: str, last_name: str) -> None:
    """File a new contact under their name and its words."""
    name = f"{first_name} {last_name}"
    tx.run(
        "INSERT INTO contacts (business_id, person_id, name_key, created_at)"
        " VALUES (:business_id, :person_id, :name_key, :now)",
        business_id=business_id, person_id=person_id, name_key=sort_key(name), now=tx.now,
    )  # fmt: skip
    tx.many(SAVE_WORDS, [(business_id, word, person_id) for word in filed_words(name)])


def save_closed(tx: Transaction, newest: Mapping[tuple[str, str], int]) -> None:
    """File the words of each contact (business, person) under the event number of their newest closed ticket."""
    tx.many(SAVE_CLOSED, [(seq, *contact) for contact, seq in newest.items()])


def save_joined(tx: Transaction, business_id: str, person_id: str, at: int | None) -> None:
    tx.run(
        "UPDATE contacts SET joined_at = :at WHERE business_id = :business_id AND person_id = :person_id",
        at=at, business_id=business_id, person_id=person_id,
    )  # fmt: skip


def save_blocked(tx: Transaction, business_id: str, person_id: str, at: int | None) -> None:
    tx.run(
        "UPDATE contacts SET blocked_at = :at WHERE business_id = :business_id AND person_id = :person_id",
        at=at, business_id=business_id, person_id=person_id,
    )  # fmt: skip
