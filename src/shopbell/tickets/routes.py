"""The desk over HTTP: what staff do with tickets."""

from typing import Annotated

import msgspec
from litestar import Response, Router, delete, get, post, put
from litestar.params import QueryParameter

from shopbell.kernel.desk import Desk
from shopbell.kernel.http import (
    DEFAULT_LIMIT,
    AfterQuery,
    Body,
    Given,
    Id,
    JSONBody,
    LimitQuery,
    Nonce,
    PathId,
    SearchQuery,
    Seq,
    Text,
    checked_id,
)
from shopbell.signin.security import STAFF
from shopbell.staff.actors import Staff
from shopbell.tickets import commands, panel, queries
from shopbell.tickets.answers import SENT_AGAIN, SentItem, sent
from shopbell.tickets.items import TicketItem, item
from shopbell.tickets.panel import Filters, Shown, Sort, TicketPage
from shopbell.tickets.queries import HistoryPage, NotePage, TicketDetail
from shopbell.tickets.rules import Outcome, Priority


class Pulled(msgspec.Struct, frozen=True):
    pulled: int
    waiting: int = 0


class NewHolder(Body, frozen=True):
    """`me` claims; a colleague's id transfers, with an optional note; `take_over` is needed when another holds it."""

    staff_id: Id
    note: Text | None = None
    take_over: bool = False


class NewPriority(Body, frozen=True):
    priority: Priority | None


class NewNote(Body, frozen=True):
    nonce: Nonce
    text: Text


class Closure(Body, frozen=True):
    """`seen_seq` is the number of the last message the closer saw."""

    outcome: Outcome
    seen_seq: Seq | None = None


@get("/desk", summary="How many tickets wait, and how many nobody holds", security=STAFF)
async def desk_counts(desk: Given[Desk], staff: Given[Staff]) -> queries.DeskItem:
    return await desk.read(queries.desk, staff)


@post("/desk/pull", status_code=200, summary="Bring every waiting ticket into the panel", security=STAFF)
async def pull(desk: Given[Desk], staff: Given[Staff]) -> Pulled:
    pulled = some = await desk.do(staff.business_id, commands.pull, staff)
    while some == commands.PULLED_AT_ONCE:
        some = await desk.do(staff.business_id, commands.pull, staff)
        pulled += some
    return Pulled(pulled)


@get("/tickets", summary="A page of the panel", security=STAFF)
async def tickets(
    desk: Given[Desk],
    staff: Given[Staff],
    shown: Annotated[Shown | None, QueryParameter(name="state")] = None,
    holder: Annotated[str | None, QueryParameter(min_length=1, max_length=200, pattern=r"^[!-~]+$")] = None,
    priority: Annotated[Priority | None, QueryParameter()] = None,
    q: SearchQuery = None,
    sort: Annotated[Sort, QueryParameter()] = Sort.UPDATED,
    limit: LimitQuery = DEFAULT_LIMIT,
    after: AfterQuery = None,
) -> TicketPage:
    """All chats ever created but those that wait, unless `state` asks for them.

    `holder` is `me`, `none` or a colleague's id; `q` finds the start of any word of the customer's name, or a
    ticket's number.
    """
    filters = Filters(state=shown, holder=holder, priority=priority, q=q, sort=sort)
    return await desk.read(panel.page, staff, filters, limit=limit, after=after)


@get("/tickets/{ticket_id:str}", summary="One ticket", security=STAFF)
async def ticket(desk: Given[Desk], staff: Given[Staff], ticket_id: PathId) -> TicketDetail:
    return await desk.read(queries.ticket, staff, checked_id(ticket_id))


@get("/tickets/{ticket_id:str}/history", summary="What was done with the ticket, and by whom", security=STAFF)
async def history(
    desk: Given[Desk],
    staff: Given[Staff],
    ticket_id: PathId,
    limit: LimitQuery = DEFAULT_LIMIT,
    after: AfterQuery = None,
) -> HistoryPage:
    return await desk.read(queries.history, staff, checked_id(ticket_id), limit=limit, after=after)


@get("/tickets/{ticket_id:str}/notes", summary="What staff said among themselves", security=STAFF)
async def notes(
    desk: Given[Desk],
    staff: Given[Staff],
    ticket_id: PathId,
    limit: LimitQuery = DEFAULT_LIMIT,
    after: AfterQuery = None,
) -> NotePage:
    return await desk.read(queries.notes, staff, checked_id(ticket_id), limit=limit, after=after)


@post(
    "/tickets/{ticket_id:str}/notes",
    status_code=201,
    summary="Leave a note that only staff ever see",
    security=STAFF,
    responses=SENT_AGAIN,
)
async def note(
    desk: Given[Desk], staff: Given[Staff], ticket_id: PathId, data: JSONBody[NewNote]
) -> Response[SentItem]:
    ticket_id = checked_id(ticket_id)
    return sent(await desk.do(staff.business_id, commands.note, staff, ticket_id, data.nonce, data.text))


@put("/tickets/{ticket_id:str}/holder", summary="Claim, transfer or take over", security=STAFF)
async def assign(desk: Given[Desk], staff: Given[Staff], ticket_id: PathId, data: JSONBody[NewHolder]) -> TicketItem:
    ticket_id = checked_id(ticket_id)
    to = None if data.staff_id == "me" else checked_id(data.staff_id)
    assigned = await desk.do(
        staff.business_id, commands.assign, staff, ticket_id, to, note=data.note, take_over=data.take_over
    )
    return item(assigned)


@delete(
    "/tickets/{ticket_id:str}/holder",
    status_code=200,
    summary="Give the ticket back to everybody",
    security=STAFF,
)
async def release(desk: Given[Desk], staff: Given[Staff], ticket_id: PathId) -> TicketItem:
    return item(await desk.do(staff.business_id, commands.release, staff, checked_id(ticket_id)))


@put("/tickets/{ticket_id:str}/priority", summary="Set or unset the priority", security=STAFF)
async def prioritise(
    desk: Given[Desk], staff: Given[Staff], ticket_id: PathId, data: JSONBody[NewPriority]
) -> TicketItem:
    ticket_id = checked_id(ticket_id)
    return item(await desk.do(staff.business_id, commands.prioritise, staff, ticket_id, data.priority))


@put("/tickets/{ticket_id:str}/closure", summary="Close with one of two outcomes", security=STAFF)
async def close(desk: Given[Desk], staff: Given[Staff], ticket_id: PathId, data: JSONBody[Closure]) -> TicketItem:
    """409 `new_messages`, with the messages, when the customer wrote after `seen_seq`."""
    ticket_id = checked_id(ticket_id)
    return item(await desk.do(staff.business_id, commands.close, staff, ticket_id, data.outcome, data.seen_seq))


@delete("/tickets/{ticket_id:str}/closure", status_code=200, summary="Re-open, held by the caller", security=STAFF)
async def reopen(desk: Given[Desk], staff: Given[Staff], ticket_id: PathId) -> TicketItem:
    """409 with the follow-up while one is open."""
    return item(await desk.do(staff.business_id, commands.reopen, staff, checked_id(ticket_id)))


router = Router(
    path="/",
    route_handlers=[
        desk_counts, pull, tickets, ticket, history, notes, note, assign, release, prioritise, close, reopen
    ],
)  # fmt: skip
