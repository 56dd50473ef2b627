"""What every route is made of: bounded fields, pages, strictly read requests, refusals as documents.

@put("/tickets/{ticket_id:str}/priority", summary="Set the priority")
async def prioritise(
    desk: Given[Desk], staff: Given[Staff], ticket_id: PathId, data: JSONBody[NewPriority]
) -> Ticket:
    id = checked_id(ticket_id)
    return await desk.do(staff.business_id, commands.prioritise, staff, id, data.priority)
"""

from shopbell.kernel.http.fields import (
    DEFAULT_LIMIT,
    Body,
    BusinessName,
    Email,
    Id,
    Limit,
    MessageText,
    Name,
    Nonce,
    Page,
    Password,
    Search,
    Seq,
    Text,
    Token,
    checked_id,
)
from shopbell.kernel.http.origin import is_own_origin
from shopbell.kernel.http.parameters import (
    AfterQuery,
    FromQuery,
    Given,
    JSONBody,
    LimitQuery,
    PathId,
    SearchQuery,
    SeqQuery,
)
from shopbell.kernel.http.problems import exception_handlers, invalid, problem
from shopbell.kernel.http.requests import BODY_BYTES, ApiRequest, refuse_unknown_query

__all__ = [
    "BODY_BYTES",
    "DEFAULT_LIMIT",
    "AfterQuery",
    "ApiRequest",
    "Body",
    "BusinessName",
    "Email",
    "FromQuery",
    "Given",
    "Id",
    "JSONBody",
    "Limit",
    "LimitQuery",
    "MessageText",
    "Name",
    "Nonce",
    "Page",
    "Password",
    "PathId",
    "Search",
    "SearchQuery",
    "Seq",
    "SeqQuery",
    "Text",
    "Token",
    "checked_id",
    "exception_handlers",
    "invalid",
    "is_own_origin",
    "problem",
    "refuse_unknown_query",
]
