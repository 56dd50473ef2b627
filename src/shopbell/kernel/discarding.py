"""Kept bytes that nothing names any more: noted by the same commit, removed after it, and noted until they are."""

from collections.abc import Sequence

import msgspec

from shopbell.kernel.clock import HOUR
from shopbell.kernel.database import Insert, Snapshot
from shopbell.kernel.desk import Desk
from shopbell.kernel.files import Files
from shopbell.kernel.scope import HOUSE
from shopbell.kernel.transaction import Transaction

REMOVE_FILES = "remove_files"
# Older notes are of jobs that gave up.
OVERDUE_AFTER = 3 * HOUR
AT_ONCE = 100
NOTE = Insert("discarded_files", "name text, at bigint")


class RemoveFiles(msgspec.Struct, frozen=True):
    """A job: remove what is kept under these names."""

    names: list[str]


def discard(tx: Transaction, names: Sequence[str]) -> None:
    """Have the bytes under these names removed once this is committed."""
    if names:
        tx.many(NOTE, [(name, tx.now) for name in names])
        tx.job(REMOVE_FILES, {"names": list(names)})


async def remove(desk: Desk, files: Files, names: Sequence[str]) -> None:
    """Remove them, then the notes of them. Raises FilesDown; it may be done again."""
    for name in names:
        await files.remove(name)
    await desk.do_later(None, _forget, list(names))


def _forget(tx: Transaction, names: list[str]) -> None:
    tx.run("DELETE FROM discarded_files WHERE name IN :names", names=names)


async def remove_overdue(desk: Desk, files: Files) -> None:
    """Remove what jobs could not, such as while the bucket was away for hours."""
    while names := await desk.read_for(HOUSE, _overdue, desk.clock() - OVERDUE_AFTER):
        await remove(desk, files, names)


def _overdue(read: Snapshot, before: int) -> list[str]:
    rows = read.rows(
        "SELECT name FROM discarded_files WHERE at < :before ORDER BY at LIMIT :limit", before=before, limit=AT_ONCE
    )
    return [row[0] for row in rows]
