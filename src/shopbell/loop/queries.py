"""A Loop as its business sees it, and the Loops of a person."""

from datetime import datetime

import msgspec

from shopbell.businesses import keyset
from shopbell.businesses.finding import WordTable
from shopbell.kernel.clock import moment
from shopbell.kernel.cursors import cursor
from shopbell.kernel.database import Row, Snapshot
from shopbell.kernel.errors import NotFound
from shopbell.kernel.http import Page
from shopbell.signin.actors import Person
from shopbell.staff.actors import Staff

WORDS = WordTable("contact_words", "person_id", scope="business_id")
MEMBER = "c.person_id, p.first_name, p.last_name, c.joined_at, c.blocked_at"
FROM = "FROM contacts c JOIN people p ON p.id = c.person_id"
FOUND = f"""
    , {MEMBER} FROM contact_words w
    JOIN contacts c ON c.business_id = w.business_id AND c.person_id = w.person_id
    JOIN people p ON p.id = w.person_id
    WHERE c.joined_at IS NOT NULL"""
# Later than any moment there will be.
FAR = 2**62


class MemberItem(msgspec.Struct, frozen=True):
    """A person as a business knows them; `joined_at` is null for who wrote but is no member."""

    id: str
    first_name: str
    last_name: str
    joined_at: datetime | None
    blocked: bool


class MemberCard(MemberItem, frozen=True):
    """The same alone, with where the live stream goes on after it."""

    cursor: str


class LoopBusiness(msgspec.Struct, frozen=True):
    id: str
    name: str
    slug: str


class MembershipItem(msgspec.Struct, frozen=True):
    business: LoopBusiness
    joined_at: datetime


def newest_members(read: Snapshot, staff: Staff, *, limit: int, after: str | None) -> Page[MemberItem]:
    """Who joined last comes first."""
    joined_at, person_id = keyset.moment(after) if after else (FAR, "")
    rows = read.rows(
        f"SELECT c.joined_at, {MEMBER} {FROM} WHERE c.business_id = :business_id AND c.joined_at IS NOT NULL"
        " AND c.joined_at <= :joined_at AND (c.joined_at < :joined_at OR c.person_id < :person_id)"
        " ORDER BY c.joined_at DESC, c.person_id DESC LIMIT :limit",
        business_id=staff.business_id, joined_at=joined_at, person_id=person_id, limit=limit + 1,
    )  # fmt: skip
    return _page(read, staff, [row[1:] for row in rows[:limit]], _following(rows, limit))


def members_by_name(read: Snapshot, staff: Staff, *, limit: int, after: str | None) -> Page[MemberItem]:
    """By first name, then last name."""
    name_key, person_id = keyset.place(after) if after else ("", "")
    rows = read.rows(
        f"SELECT c.name_key, {MEMBER} {FROM} WHERE c.business_id = :business_id AND c.joined_at IS NOT NULL"
        " AND c.name_key >= :name_key AND (c.name_key > :name_key OR c.person_id > :person_id)"
        " ORDER BY c.name_key, c.person_id LIMIT :limit",
        business_id=staff.business_id, name_key=name_key, person_id=person_id, limit=limit + 1,
    )  # fmt: skip
    return _page(read, staff, [row[1:] for row in rows[:limit]], _following(rows, limit))


def search_members(read: Snapshot, staff: Staff, text: str, *, limit: int, after: str | None) -> Page[MemberItem]:
    """Those with a word of their name that begins as each word of the text; by the word found."""
    rows, following = WORDS.find(read, text, FOUND, limit=limit, after=after, business_id=staff.business_id)
    return _page(read, staff, [row[2:] for row in rows], following)


def member(read: Snapshot, staff: Staff, person_id: str) -> MemberCard:
    """One person the business knows. Raises NotFound for any other."""
    row = read.row(
        f"SELECT {MEMBER} {FROM} WHERE c.business_id = :business_id AND c.person_id = :person_id",
        business_id=staff.business_id, person_id=person_id,
    )  # fmt: skip
    if row is None:
        raise NotFound
    return MemberCard(**msgspec.structs.asdict(_item(row)), cursor=read.cursor(staff.business_id))


def memberships(read: Snapshot, person: Person, *, limit: int, after: str | None) -> Page[MembershipItem]:
    """The Loops the person is in, the one joined last first."""
    joined_at, business_id = keyset.moment(after) if after else (FAR, "")
    rows = read.rows(
        "SELECT c.joined_at, b.id, b.name, b.slug FROM contacts c JOIN businesses b ON b.id = c.business_id"
        " WHERE c.person_id = :person_id AND c.joined_at IS NOT NULL"
        " AND c.joined_at <= :joined_at AND (c.joined_at < :joined_at OR c.business_id < :business_id)"
        " ORDER BY c.joined_at DESC, c.business_id DESC LIMIT :limit",
        person_id=person.id, joined_at=joined_at, business_id=business_id, limit=limit + 1,
    )  # fmt: skip
    shown = rows[:limit]
    return Page(
        [MembershipItem(LoopBusiness(*row[1:]), moment(row[0])) for row in shown],
        _following(rows, limit),
        cursors=_cursors(read, [row[1] for row in shown]),
    )


def _page(read: Snapshot, staff: Staff, rows: list[Row], following: str | None) -> Page[MemberItem]:
    return Page([_item(row) for row in rows], following, cursor=read.cursor(staff.business_id))


def _following(rows: list[Row], limit: int) -> str | None:
    """The mark after a page of rows that begin with sort key and id, if there was one row more."""
    last = rows[limit - 1] if len(rows) > limit else None
    return keyset.mark((last[0], last[1])) if last else None


def _item(row: Row) -> MemberItem:
    person_id, first_name, last_name, joined_at, blocked_at = row
    joined = None if joined_at is None else moment(joined_at)
    return MemberItem(person_id, first_name, last_name, joined, blocked_at is not None)


def _cursors(read: Snapshot, business_ids: list[str]) -> dict[str, str]:
    """Where the stream of each business goes on after this snapshot."""
    heads = read.rows("SELECT business_id, seq FROM event_heads WHERE business_id IN :ids", ids=business_ids)
    return {business_id: cursor(read.epoch, business_id, seq) for business_id, seq in heads}
