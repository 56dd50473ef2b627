"""Old events lose their bodies: whoever stayed away longer than the log remembers is told to fetch anew."""

from collections.abc import Sequence

from shopbell.kernel.clock import DAY
from shopbell.kernel.database import Snapshot
from shopbell.kernel.transaction import Transaction

KEPT = 30 * DAY
# Measured to hold the writer for a few milliseconds.
EVENTS_AT_ONCE = 500


def trim(tx: Transaction, business_id: str) -> bool:
    """Drop the bodies of some events older than KEPT and raise the floor; whether there may be more."""
    floor = tx.value("SELECT floor FROM event_heads WHERE business_id = :id", id=business_id)
    oldest = tx.rows(
        "SELECT seq, at FROM event_log WHERE business_id = :id AND seq > :floor ORDER BY seq LIMIT :limit",
        id=business_id, floor=floor, limit=EVENTS_AT_ONCE,
    )  # fmt: skip
    dropped = [seq for seq, at in oldest if at < tx.now - KEPT]
    if dropped:
        tx.run(
            "UPDATE event_log SET body = NULL WHERE business_id = :id AND seq > :floor AND seq <= :last",
            id=business_id, floor=floor, last=dropped[-1],
        )  # fmt: skip
        tx.run("UPDATE event_heads SET floor = :last WHERE business_id = :id", last=dropped[-1], id=business_id)
    return len(dropped) == EVENTS_AT_ONCE


def logging(read: Snapshot, after: str, limit: int) -> list[str]:
    """Some businesses, by rising id, that have events above their floor."""
    rows = read.rows(
        "SELECT business_id FROM event_heads WHERE business_id > :after AND seq > floor"
        " ORDER BY business_id LIMIT :limit",
        after=after, limit=limit,
    )  # fmt: skip
    return [row[0] for row in rows]


def overdue(read: Snapshot, business_ids: Sequence[str], now: int) -> list[str]:
    """Those of the businesses whose oldest kept event is older than KEPT."""
    rows = read.rows(
        "SELECT h.business_id FROM event_heads h"
        " JOIN event_log l ON l.business_id = h.business_id AND l.seq = h.floor + 1"
        " WHERE h.business_id IN :ids AND l.at < :cutoff ORDER BY h.business_id",
        ids=list(business_ids), cutoff=now - KEPT,
    )  # fmt: skip
    return [row[0] for row in rows]
