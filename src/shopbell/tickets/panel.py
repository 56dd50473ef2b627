"""The panel on the right: all chats ever, filtered, sorted and searched, a page at a time.

For each state it shows, a page walks one index in the order asked for and stops when it is full; the walks are
merged. So a page costs the same in a shop of a hundred tickets and in one of a million.
"""

from enum import StrEnum
from typing import Any

import msgspec

from shopbell.kernel.database import Snapshot
from shopbell.kernel.errors import Invalid
from shopbell.staff.actors import Staff
from shopbell.staff.rules import Right, require
from shopbell.tickets import search, store
from shopbell.tickets.items import TicketItem, item
from shopbell.tickets.rules import RANK, Priority, State, Ticket
from shopbell.tickets.search import Condition


class Shown(StrEnum):
    """What `state` may ask for."""

    WAITING = "waiting"
    PULLED = "pulled"
    ASSIGNED = "assigned"
    OPEN = "open"
    CLOSED = "closed"


SHOWN: dict[Shown | None, tuple[State, ...]] = {
    None: (State.PULLED, State.ASSIGNED, State.CLOSED),
    Shown.WAITING: (State.WAITING,),
    Shown.PULLED: (State.PULLED,),
    Shown.ASSIGNED: (State.ASSIGNED,),
    Shown.OPEN: (State.PULLED, State.ASSIGNED),
    Shown.CLOSED: (State.CLOSED,),
}


class Sort(StrEnum):
    UPDATED = "updated"
    WAITING = "waiting"
    PRIORITY = "priority"


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What the reader wants to see; `holder` is `me`, `none` or the id of a colleague."""

    state: Shown | None = None
    holder: str | None = None
    priority: Priority | None = None
    q: str | None = None
    sort: Sort = Sort.UPDATED


class TicketPage(msgspec.Struct, frozen=True):
    items: list[TicketItem]
    next: str | None
    cursor: str


def page(read: Snapshot, staff: Staff, filters: Filters, *, limit: int, after: str | None) -> TicketPage:
    """The tickets the filters let through, the most recently updated first unless `sort` says otherwise."""
    require(staff.role, Right.READ_TICKETS)
    found: list[Ticket] = []
    sought = _conditions(read, staff, filters)
    for where, params in _segments(filters, after):
        if len(found) <= limit:
            part = Condition(f"{sought.where} {where}", sought.params | params, sought.business)
            found += _segment(read, staff, filters, part, limit + 1 - len(found))
    shown = found[:limit]
    following = _key(filters.sort, shown[-1]) if len(found) > limit else None
    return TicketPage([item(ticket) for ticket in shown], following, read.cursor(staff.business_id))


def _states(filters: Filters, staff: Staff) -> tuple[State, ...]:
    """The states that can hold anything the filters let through."""
    states = SHOWN[filters.state]
    if filters.holder is None:
        return states
    if filters.holder == "none":
        return tuple(state for state in states if state in (State.WAITING, State.PULLED))
    # A closed ticket keeps its last holder, yet is nothing one still has in hand.
    mine = filters.holder == "me" and filters.state is None
    held = {State.ASSIGNED} if mine else {State.ASSIGNED, State.CLOSED}
    return tuple(state for state in states if state in held)


def _segments(filters: Filters, after: str | None) -> list[tuple[str, dict[str, Any]]]:
    """The parts of the order that are walked one after the other, from where the last page ended."""
    if filters.sort == Sort.WAITING:
        if after is None:
            return [("", {})]
        since, ticket_id = _parts(after)
        return [("AND (t.waiting_since, t.id) > (:since, :last_id)", {"since": since, "last_id": ticket_id})]
    if filters.sort == Sort.UPDATED:
        return [_before(after)]
    ranks = [RANK[filters.priority]] if filters.priority else [3, 2, 1, 0]
    if after is None:
        return [_ranked(rank, None) for rank in ranks]
    at, seq = _parts(after)
    return [_ranked(rank, seq if rank == at else None) for rank in ranks if rank <= at]


def _ranked(rank: int, before: str | None) -> tuple[str, dict[str, Any]]:
    where, params = _before(before)
    if rank == 0:
        return f"AND t.priority IS NULL {where}", params
    return f"AND t.priority = :rank {where}", {"rank": rank, **params}


def _before(seq: str | None) -> tuple[str, dict[str, Any]]:
    return ("", {}) if seq is None else ("AND t.updated_seq < :before", {"before": _number(seq)})


def _parts(after: str) -> tuple[int, str]:
    first, _, second = after.partition(".")
    if "\0" in second:
        raise _not_a_key()
    return _number(first), second


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise _not_a_key()
    return int(text)


def _not_a_key() -> Invalid:
    return Invalid("after", "Give the `next` of the page before this one.")


def _key(sort: Sort, last: Ticket) -> str:
    """What stands for the last ticket of a page."""
    if sort == Sort.WAITING:
        return f"{last.waiting_since}.{last.id}"
    if sort == Sort.PRIORITY:
        return f"{RANK[last.priority] if last.priority else 0}.{last.updated_seq}"
    return str(last.updated_seq)


def _segment(read: Snapshot, staff: Staff, filters: Filters, part: Condition, limit: int) -> list[Ticket]:
    states = _states(filters, staff)
    if not states:
        return []
    order = "t.waiting_since, t.id" if filters.sort == Sort.WAITING else "t.updated_seq DESC"
    walks = " UNION ALL ".join(
        f"SELECT id FROM (SELECT t.id FROM tickets t WHERE {part.business}"
        f" AND t.state = '{state}' {part.where} ORDER BY {order} LIMIT :limit) AS {state}"
        for state in states
    )
    rows = read.rows(
        f"SELECT {store.TICKET} FROM ({walks}) AS page JOIN tickets t ON t.id = page.id {store.NAMES}"
        f" ORDER BY {order} LIMIT :limit",
        business_id=staff.business_id, limit=limit, **part.params,
    )  # fmt: skip
    return [store.ticket_of(row) for row in rows]


def _conditions(read: Snapshot, staff: Staff, filters: Filters) -> Condition:
    conditions: list[str] = []
    values: dict[str, Any] = {}
    if filters.holder is not None and filters.holder != "none":
        conditions.append("AND t.holder_id = :holder_id")
        values["holder_id"] = staff.id if filters.holder == "me" else filters.holder
    if filters.priority is not None and filters.sort != Sort.PRIORITY:
        conditions.append("AND t.priority = :priority")
        values["priority"] = RANK[filters.priority]
    named = search.EVERYTHING if filters.q is None else search.condition(read, staff.business_id, filters.q)
    return Condition(" ".join([*conditions, named.where]), values | named.params, named.business)
