"""A request read strictly: JSON only, decoded once and straight into the type the route names."""

from functools import cache
from typing import Any, TypeAlias, TypeVar

import msgspec
from litestar import Request
from litestar.exceptions import InternalServerException
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.params import QueryParameter

from shopbell.kernel.errors import Invalid, Malformed, Refusal

T = TypeVar("T")

BODY_BYTES = 256 * 1024

# What they bring along means nothing (RFC 9110, 9.3.1).
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

AnyRequest: TypeAlias = Request[Any, Any, Any]


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a request that takes none, where a client always sends one."""


NOTHING: msgspec.json.Decoder[Nothing | None] = msgspec.json.Decoder(Nothing | None)


class TooLarge(Refusal):
    status = 413
    code = "too_large"
    title = f"A request may be at most {BODY_BYTES // 1024} KiB long."


class NotJson(Refusal):
    status = 415
    code = "not_json"
    title = "Send the body as application/json."


class ApiRequest(AnyRequest):
    """Litestar's request, whose own way with JSON would take "5" for 5 and report no field."""

    async def body(self) -> bytes:
        """The body, whole. Raises Malformed where the route wants one and none came."""
        try:
            body = await super().body()
        except InternalServerException as error:
            # Litestar's word for a client that hung up in the middle: nobody reads the answer, and no fault of ours.
            raise Malformed("The body ended early.") from error
        if not body and _wants_body(self.route_handler):
            raise Malformed("Send a JSON body.")
        return body

    async def json(self) -> Any:
        """The body as the type of the route's `data`. Raises NotJson, Malformed, msgspec.ValidationError."""
        if not _is_json(self.headers.get("content-type", "")):
            raise NotJson
        return _decoded(_decoder(self.route_handler), await self.body())


def _decoded(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    try:
        return decoder.decode(body)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"The body is not JSON: {error}.") from error


def _is_json(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == "application/json"


@cache
def _wants_body(route: BaseRouteHandler) -> bool:
    wanted = route.parsed_fn_signature.parameters.get("data")
    return wanted is not None and wanted.is_required


@cache
def _decoder(route: BaseRouteHandler) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(route.parsed_fn_signature.parameters["data"].annotation)


async def refuse_unexpected(request: AnyRequest) -> None:
    """Raise for a query or a body that the route would pass over, so that a misspelled filter or field is noticed."""
    if request.scope["query_string"]:
        _check_query(request)
    if _takes_no_body(request.route_handler) and request.method not in SAFE_METHODS:
        await _check_empty(request)


def _check_query(request: AnyRequest) -> None:
    taken = _query_names(request.route_handler)
    seen: set[str] = set()
    for name, value in request.query_params.multi_items():
        if name not in taken:
            raise Invalid(name, "Unknown query parameter.")
        if name in seen:
            raise Invalid(name, "Give it once.")
        # Litestar's lenient reading would take the word for "not given", and drop the filter.
        if value.lower() == "null" and not taken[name]:
            raise Invalid(name, "Leave it out rather than null.")
        seen.add(name)


async def _check_empty(request: AnyRequest) -> None:
    body = await request.body()
    if not body:
        return
    if not _is_json(request.headers.get("content-type", "")):
        raise NotJson
    _decoded(NOTHING, body)


@cache
def _takes_no_body(route: BaseRouteHandler) -> bool:
    # Pages read their forms by themselves.
    described = isinstance(route, HTTPRouteHandler) and route.resolve_include_in_schema()
    return described and "data" not in route.parsed_fn_signature.parameters and "form" not in route.opt


@cache
def _query_names(route: BaseRouteHandler) -> dict[str, bool]:
    """The names of the query parameters, and whether each is free text."""
    return {
        field.kwarg_definition.name or name: str in (field.annotation, *field.args)
        for name, field in route.parsed_fn_signature.parameters.items()
        if isinstance(field.kwarg_definition, QueryParameter)
    }
