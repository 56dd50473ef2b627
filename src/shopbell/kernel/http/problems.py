"""Every "no" as a problem document (RFC 9457): from a command, the decoder, the router or a fault of ours."""

import re
from collections.abc import Callable, Mapping
from enum import Enum
from http import HTTPStatus
from typing import Any, Literal, get_args, get_origin

import msgspec
import structlog
from litestar import Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.typing import FieldDefinition

from shopbell.kernel.errors import Invalid, Malformed, NotFound, Refusal, Unauthenticated
from shopbell.kernel.http import fields
from shopbell.kernel.http.requests import AnyRequest, TooLarge

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
PLACE = re.compile(r" - at `\$\.?([^`]*)`$")
NAMED = re.compile(r"(?:unknown|required) field `([^`]*)`")
IN_WORDS = {
    "Expected `null`, got": "Must be null, or left out.",
    repr(fields.NO_NUL): "May not contain the character NUL.",
    repr(fields.NOT_BLANK_OR_EMPTY): "May not be blank or contain the character NUL.",
    repr(fields.NOT_BLANK): "May not be blank or contain the character NUL.",
    repr(fields.PRINTABLE): "May hold printable ASCII only.",
    repr(fields.ADDRESS): "Must be an e-mail address.",
}


def problem(request: AnyRequest, refusal: Refusal) -> Response[bytes]:
    """The refusal as the answer to the request."""
    headers: dict[str, str] = {}
    if "retry_after" in refusal.extra:
        headers["Retry-After"] = str(refusal.extra["retry_after"])
    if isinstance(refusal, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    return Response(
        msgspec.json.encode(refusal.problem()),
        status_code=refusal.status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


def invalid(message: str, field: str = "", among: Mapping[str, Any] | None = None) -> Invalid:
    """What msgspec says of a value, in words for people; `field` is its place where that is no body.

    `among` are the types of the fields it may be about, for naming what one can choose from.
    """
    place = PLACE.search(message)
    path = ".".join(part for part in (field, place[1] if place else "") if part)
    said = PLACE.sub("", message)
    if named := NAMED.search(said):
        path = f"{path}.{named[1]}".lstrip(".")
        return Invalid(path, "Unknown field." if "unknown" in said else "Required.")
    words = next((words for pattern, words in IN_WORDS.items() if pattern in said), None)
    if said.startswith("Invalid enum value") and (choices := _choices((among or {}).get(path))):
        words = f"Must be one of: {', '.join(choices)}."
    return Invalid(path, words or said.replace("`", "") + ".")


def _choices(kind: Any) -> list[str]:
    """The words of an enumeration, also where the type allows something else beside it."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [str(member.value) for member in kind]
    if get_origin(kind) is Literal:
        return [str(word) for word in get_args(kind)]
    return [word for part in get_args(kind) for word in _choices(part)]


def _refused(request: AnyRequest, refusal: Refusal) -> Response[bytes]:
    return problem(request, refusal)


def _misread(request: AnyRequest, error: msgspec.DecodeError) -> Response[bytes]:
    if isinstance(error, msgspec.ValidationError):
        return problem(request, invalid(str(error), among=_fields(request)))
    return problem(request, Malformed(f"The body is not JSON: {error}."))


def _fields(request: AnyRequest) -> dict[str, Any]:
    """The types of the body's own fields."""
    data = request.route_handler.parsed_fn_signature.parameters.get("data")
    return {} if data is None else {field.encode_name: field.type for field in msgspec.structs.fields(data.annotation)}


def _misspelled(request: AnyRequest, error: UnicodeDecodeError) -> Response[bytes]:
    return problem(request, Malformed("The request is not UTF-8."))


def _outside_bounds(request: AnyRequest, error: ValidationException) -> Response[bytes]:
    """Litestar's own findings: parameters of the path and the query."""
    found = error.extra if isinstance(error.extra, list) else []
    taken = request.route_handler.parsed_fn_signature.parameters
    kinds = {_asked_as(taken, name): field.annotation for name, field in taken.items()}
    refusals = [invalid(str(item["message"]), _asked_as(taken, str(item.get("key", ""))), kinds) for item in found]
    if not refusals:
        return problem(request, Invalid("", error.detail))
    first = refusals[0]
    first.extra["errors"] = [line for refusal in refusals for line in refusal.extra["errors"]]
    return problem(request, first)


def _asked_as(taken: Mapping[str, FieldDefinition], name: str) -> str:
    """The parameter's name in the request, which need not be the handler's."""
    described = taken[name].kwarg_definition if name in taken else None
    return getattr(described, "name", None) or name


def _refused_by_router(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    if error.status_code == HTTPStatus.NOT_FOUND:
        return problem(request, NotFound("There is nothing at this address."))
    if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return problem(request, TooLarge())
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _fault(request, error)
    status = HTTPStatus(error.status_code)
    refusal = Refusal(f"{status.phrase}.", code=status.name.lower())
    refusal.status, refusal.title = status.value, f"{status.phrase}."
    answer = problem(request, refusal)
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer


def _fault(request: AnyRequest, error: Exception) -> Response[bytes]:
    """A fault of ours: the log gets the trace, the client only that it happened."""
    log.error("request_failed", exc_info=error, method=request.method, path=request.scope["path"])
    refusal = Refusal("Something went wrong on our side. Nothing was stored.", code="fault")
    refusal.status, refusal.title = 500, "The server made a mistake."
    return problem(request, refusal)


exception_handlers: dict[type[Exception] | int, Callable[[AnyRequest, Any], Response[bytes]]] = {
    Refusal: _refused,
    msgspec.DecodeError: _misread,
    UnicodeDecodeError: _misspelled,
    ValidationException: _outside_bounds,
    HTTPException: _refused_by_router,
    Exception: _fault,
}
