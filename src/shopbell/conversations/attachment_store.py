"""The table of attachments. Every function names the business, the person or the author it reads for."""

from collections.abc import Iterable, Sequence

from shopbell.conversations.attachments import Attached, Attachment
from shopbell.kernel.database import Match, Snapshot, Update
from shopbell.kernel.transaction import Transaction

ATTACHMENT = """
    a.id, a.business_id, a.conversation_id, a.author_id, a.kept, a.type, a.name, a.size, a.caption,
    a.created_at, a.seq"""
UNPOSTED = Match(
    "attachments a",
    ATTACHMENT,
    key="a.id text, a.conversation_id text, a.author_id text",
    rest="WHERE a.seq IS NULL",
)
POST = Update("attachments", "seq bigint", key="id text, business_id text")

# Attachment, conversation, author.
Key = tuple[str, str, str]


def add(tx: Transaction, attachment: Attachment) -> None:
    a = attachment
    tx.run(
        "INSERT INTO attachments"
        " (id, business_id, conversation_id, author_id, kept, type, name, size, caption, created_at)"
        " VALUES (:id, :business_id, :conversation_id, :author_id, :kept, :type, :name, :size, :caption, :created_at)",
        id=a.id, business_id=a.business_id, conversation_id=a.conversation_id, author_id=a.author_id, kept=a.kept,
        type=a.type, name=a.name, size=a.size, caption=a.caption, created_at=a.created_at,
    )  # fmt: skip


def for_staff(read: Snapshot, business_id: str, staff_id: str, attachment_id: str) -> Attachment | None:
    """An attachment of the business that was posted, or that is the colleague's own."""
    row = read.row(
        f"SELECT {ATTACHMENT} FROM attachments a WHERE a.id = :id AND a.business_id = :business_id"
        " AND (a.seq IS NOT NULL OR a.author_id = :staff_id)",
        id=attachment_id, business_id=business_id, staff_id=staff_id,
    )  # fmt: skip
    return Attachment(*row) if row else None


def for_person(read: Snapshot, person_id: str, attachment_id: str) -> Attachment | None:
    """An attachment of one of the person's conversations that was posted, or that is their own."""
    row = read.row(
        f"SELECT {ATTACHMENT} FROM attachments a JOIN conversations c ON c.id = a.conversation_id"
        " WHERE a.id = :id AND c.person_id = :person_id AND (a.seq IS NOT NULL OR a.author_id = :person_id)",
        id=attachment_id, person_id=person_id,
    )  # fmt: skip
    return Attachment(*row) if row else None


def unposted(read: Snapshot, keys: Sequence[Key]) -> dict[Key, Attached]:
    """Those of the attachments that wait to be posted, there and by that author. At most one statement."""
    found = (Attachment(*row) for row in read.matches(UNPOSTED, keys))
    return {(a.id, a.conversation_id, a.author_id): a.shown for a in found}


def post(tx: Transaction, posted: Iterable[tuple[int, str, str]]) -> None:
    """Say with which message each was posted: number, attachment, business."""
    tx.many(POST, list(posted))


def drop_unposted(tx: Transaction, business_id: str, attachment_id: str, before: int) -> list[str]:
    """Forget an attachment that was uploaded before then and never posted; what its bytes are kept under."""
    return _dropped(
        tx,
        "id = :id AND business_id = :business_id AND seq IS NULL AND created_at <= :before",
        id=attachment_id, business_id=business_id, before=before,
    )  # fmt: skip


def drop_of_message(tx: Transaction, business_id: str, conversation_id: str, seq: int, ids: list[str]) -> list[str]:
    """Forget the attachments of a message; what their bytes are kept under."""
    return _dropped(
        tx,
        "id IN :ids AND business_id = :business_id AND conversation_id = :conversation_id AND seq = :seq",
        ids=ids, business_id=business_id, conversation_id=conversation_id, seq=seq,
    )  # fmt: skip


def _dropped(tx: Transaction, condition: str, **params: object) -> list[str]:
    kept = [row[0] for row in tx.rows(f"SELECT kept FROM attachments WHERE {condition}", **params)]
    if kept:
        tx.run(f"DELETE FROM attachments WHERE {condition}", **params)
    return kept


def bytes_since(read: Snapshot, author_id: str, after: int) -> int:
    """How much the author uploaded after that instant and has left here."""
    found: int = read.value(
        "SELECT COALESCE(sum(size), 0) FROM attachments WHERE author_id = :id AND created_at > :after",
        id=author_id, after=after,
    )  # fmt: skip
    return found


def missing(read: Snapshot, kept: Sequence[str]) -> set[str]:
    """Those of the names that no attachment of anybody has: for clearing up alone."""
    rows = read.rows("SELECT kept FROM attachments WHERE kept IN :kept", kept=list(kept))
    return set(kept) - {row[0] for row in rows}
