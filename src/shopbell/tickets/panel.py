"""The panel on the right: all chats ever, filtered, sorted and searched, a page at a time.

A page walks an index in the order asked for and stops when it is full: one of the open tickets, which are few, and
one of the closed ones, which nothing but a note moves any more. The walks are merged. So a page costs the same in a
shop of a hundred tickets and in one of a million.
"""

from collections.abc import Callable, Iterator
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
from shopbell.tickets.search import ENDLESS, Condition


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


HIGHEST = max(RANK.values())


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


class Walk(msgspec.Struct, frozen=True):
    """Tickets found along one index: those of `states` that `where` holds for, in `order`."""

    states: tuple[State, ...]
    order: "Order"
    where: str = ""
    params: dict[str, Any] = {}


def page(read: Snapshot, staff: Staff, filters: Filters, *, limit: int, after: str | None) -> TicketPage:
    """The tickets the filters let through, the most recently updated first unless `sort` says otherwise."""
    require(staff.role, Right.READ_TICKETS)
    sought = _conditions(read, staff, filters)
    found: list[Ticket] = []
    for walks in _stages(read, staff, filters, sought, after):
        found += _found(read, staff, sought, walks, limit + 1)
        found.sort(key=PLACE[filters.sort])
        if len(found) > limit:
            break
    shown = found[:limit]
    following = _key(filters.sort, shown[-1]) if len(found) > limit else None
    return TicketPage([item(ticket) for ticket in shown], following, read.cursor(staff.business_id))


def _rank(ticket: Ticket) -> int:
    return RANK[ticket.priority] if ticket.priority else 0


PLACE: dict[Sort, Callable[[Ticket], tuple[Any, ...]]] = {
    Sort.UPDATED: lambda ticket: (-ticket.updated_seq,),
    # A closed ticket waits for nothing.
    Sort.WAITING: lambda ticket: (
        (1, -ticket.updated_seq) if ticket.state == State.CLOSED else (0, ticket.waiting_since, ticket.id)
    ),
    Sort.PRIORITY: lambda ticket: (-_rank(ticket), -ticket.updated_seq),
}


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


class Order(msgspec.Struct, frozen=True):
    """What tickets are ordered by: `columns` as SQL names them, of which each walk shows those after the id."""

    by: str
    columns: tuple[str, ...]

    @property
    def on_the_walk(self) -> str:
        return self.by.format(**{column: f"t.{column}" for column in self.columns})

    @property
    def of_the_page(self) -> str:
        return self.by.format(**{column: column for column in self.columns})

    @property
    def shown(self) -> str:
        return ", ".join(f"t.{column}" for column in self.columns)


BY_UPDATE = Order("{updated_seq} DESC", ("id", "updated_seq"))
BY_WAIT = Order("{waiting_since}, {id}", ("id", "waiting_since"))
BY_PRIORITY = Order("COALESCE({priority}, 0) DESC, {updated_seq} DESC", ("id", "priority", "updated_seq"))


def _stages(
    read: Snapshot, staff: Staff, filters: Filters, sought: Condition, after: str | None
) -> Iterator[list[Walk]]:
    """The walks to take at once, as long as the page is not full: each set finds what comes before the next."""
    states = _states(filters, staff)
    held = tuple(state for state in states if state != State.CLOSED)
    closed = tuple(state for state in states if state == State.CLOSED)
    if filters.sort == Sort.WAITING:
        # The key of one who waits has two parts; one without follows what is closed.
        last_closed = after if after is not None and "." not in after else None
        if last_closed is None:
            where, params = _waiting_longer(after)
            yield [Walk((state,), BY_WAIT, where, params) for state in held]
        for where, params in _bands(read, staff, sought, closed, last_closed):
            yield [Walk(part, BY_UPDATE, where, params) for part in (closed,) if part]
    elif filters.sort == Sort.UPDATED:
        for where, params in _bands(read, staff, sought, closed, after):
            yield [Walk(part, BY_UPDATE, where, params) for part in (held, closed) if part]
    elif sought.few:
        where, params = _lower(after)
        yield [Walk(part, BY_PRIORITY, where, params) for part in (held, closed) if part]
    else:
        # One rank after the other, and each in the order its index has.
        ranks = [RANK[filters.priority]] if filters.priority else range(HIGHEST, -1, -1)
        at, seq = (HIGHEST, None) if after is None else _parts(after)
        for rank in (rank for rank in ranks if rank <= at):
            where, params = _ranked(rank, seq if rank == at else None)
            yield [Walk(part, BY_UPDATE, where, params) for part in (held, closed) if part]


def _bands(
    read: Snapshot, staff: Staff, sought: Condition, closed: tuple[State, ...], after: str | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """What comes after the key by its update: at once, or from the newest on where that spares looking people up."""
    if not (sought.few and sought.newest_first and closed):
        yield _before(after)
        return
    before = ENDLESS if after is None else _number(after)
    for floor in search.floors(read, staff.business_id, sought, before):
        yield "AND t.updated_seq >= :floor AND t.updated_seq < :before", {"floor": floor, "before": before}
        before = floor


def _ranked(rank: int, before: str | None) -> tuple[str, dict[str, Any]]:
    where, params = _before(before)
    if rank == 0:
        return f"AND t.priority IS NULL {where}", params
    return f"AND t.priority = :rank {where}", {"rank": rank, **params}


def _waiting_longer(after: str | None) -> tuple[str, dict[str, Any]]:
    if after is None:
        return "", {}
    since, ticket_id = _parts(after)
    return "AND (t.waiting_since, t.id) > (:since, :last_id)", {"since": since, "last_id": ticket_id}


def _lower(after: str | None) -> tuple[str, dict[str, Any]]:
    if after is None:
        return "", {}
    rank, seq = _parts(after)
    return "AND (COALESCE(t.priority, 0), t.updated_seq) < (:last_rank, :before)", {
        "last_rank": rank,
        "before": _number(seq),
    }


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
    if sort == Sort.WAITING and last.state != State.CLOSED:
        return f"{last.waiting_since}.{last.id}"
    if sort == Sort.PRIORITY:
        return f"{_rank(last)}.{last.updated_seq}"
    return str(last.updated_seq)


def _found(read: Snapshot, staff: Staff, sought: Condition, walks: list[Walk], limit: int) -> list[Ticket]:
    """What the walks, all in one order, come by first; the names that belong to it are asked for last. In no order."""
    if not walks:
        return []
    order = walks[0].order
    found = " UNION ALL ".join(
        f"SELECT * FROM (SELECT {order.shown} FROM tickets t WHERE {_among(walk, sought)} {walk.where}"
        f" ORDER BY {order.on_the_walk} LIMIT :limit) AS {walk.states[0]}"
        for walk in walks
    )
    ids = f"SELECT id FROM ({found}) AS found ORDER BY {order.of_the_page} LIMIT :limit"
    # A walk says closer what was sought.
    params = sought.params | {name: value for walk in walks for name, value in walk.params.items()}
    rows = read.rows(
        f"SELECT {store.TICKET} FROM ({ids}) AS page JOIN tickets t ON t.id = page.id {store.NAMES}",
        business_id=staff.business_id, limit=limit, **params,
    )  # fmt: skip
    return [store.ticket_of(row) for row in rows]


OPEN_STATES = (State.WAITING, State.PULLED, State.ASSIGNED)


def _among(walk: Walk, sought: Condition) -> str:
    """Keeps to the states of the walk, in the words that lead both planners to the index it is for."""
    if sought.few and walk.states == (State.CLOSED,):
        return f"{search.LOOKED_UP} AND t.state = 'closed' AND {search.THE_FEW} {sought.where}"
    narrowed = f"{sought.on_the_way} {sought.where}"
    if walk.states == (State.CLOSED,):
        return f"{search.WALKED} AND t.state = 'closed' {narrowed}"
    # The condition of the partial indexes, word for word; then the fewest that leave the right states, since
    # PostgreSQL takes each for a chance of its own.
    if walk.order == BY_WAIT:
        only = f"AND t.state = '{walk.states[0]}'"
    else:
        only = " ".join(f"AND t.state <> '{state}'" for state in OPEN_STATES if state not in walk.states)
    return f"{search.WALKED} AND t.state <> 'closed' {only} {narrowed}"


def _conditions(read: Snapshot, staff: Staff, filters: Filters) -> Condition:
    conditions: list[str] = []
    values: dict[str, Any] = {}
    if filters.holder is not None and filters.holder != "none":
        conditions.append("AND t.holder_id = :holder_id")
        values["holder_id"] = staff.id if filters.holder == "me" else filters.holder
    if filters.priority is not None:
        conditions.append("AND t.priority = :priority")
        values["priority"] = RANK[filters.priority]
    if filters.q is None:
        return Condition(" ".join(conditions), values)
    named = search.condition(
        read, staff.business_id, filters.q, by_update=filters.sort != Sort.PRIORITY, filters=len(conditions)
    )
    return msgspec.structs.replace(named, where=" ".join([*conditions, named.where]), params=values | named.params)
