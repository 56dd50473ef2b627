"""What every route is made of: bounded fields, pages, strictly read requests, refusals as documents."""

from shopbell.kernel.http.fields import (
    DEFAULT_LIMIT,
    Body,
    BusinessName,
    Email,
    Id,
    Name,
    Nonce,
    Page,
    Password,
    Seq,
    Text,
    Token,
    checked_id,
)
from shopbell.kernel.http.origin import is_own_origin
from shopbell.kernel.http.parameters import (
    AfterQuery,
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
    "Given",
    "Id",
    "JSONBody",
    "LimitQuery",
    "Name",
    "Nonce",
    "Page",
    "Password",
    "PathId",
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
