"""The OpenAPI 3.1 document, drawn from the routes themselves and the very types that parse and answer."""

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, get_args

import msgspec
from litestar import Litestar, Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from litestar.routes import HTTPRoute
from litestar.typing import FieldDefinition

from shopbell.kernel.http.problems import MEDIA_TYPE

JSON = "application/json"
CONSTRAINTS = ("gt", "ge", "lt", "le", "multiple_of", "min_length", "max_length", "pattern")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")

# What each refusal means here, and when an operation may give it.
REFUSALS = {
    400: "The request could not be read, or does not say which side it speaks for.",
    401: "No credentials, or none that are valid any more.",
    403: "The role or the side may not do this.",
    404: "There is no such thing, or it belongs to somebody else.",
    409: "The state has moved on; the problem says how.",
    412: "Another login than the one named by `Shopbell-Actor` asks; nothing was done.",
    408: "The file took too long to arrive.",
    413: "The request or the file is too large.",
    415: "The body is not of the media type this takes.",
    416: "The file has no such range.",
    422: "A value is outside its bounds; `errors` names each field.",
    429: "Too many requests; `Retry-After` says when to come back.",
    503: "The database can't be reached, or the server is restarting; try again shortly.",
    507: "The disk is full; nothing was stored.",
}


class FieldProblem(msgspec.Struct):
    field: str
    detail: str


class Problem(msgspec.Struct):
    """A refusal (RFC 9457). `code` is stable; further members depend on it."""

    type: str
    code: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] | msgspec.UnsetType = msgspec.UNSET


class Types:
    """Schemas that are filled in together, once every type of the document is known."""

    def __init__(self) -> None:
        self._wanted: list[tuple[Any, dict[str, Any]]] = []

    def schema(self, kind: Any) -> dict[str, Any]:
        # msgspec describes only what it could also decode, which a choice of untagged structs is not.
        choices = get_args(kind) if isinstance(kind, UnionType) else ()
        if sum(isinstance(choice, type) and issubclass(choice, msgspec.Struct) for choice in choices) > 1:
            return {"anyOf": [self.schema(choice) for choice in choices]}
        place: dict[str, Any] = {}
        self._wanted.append((kind, place))
        return place

    def components(self) -> dict[str, Any]:
        schemas, components = msgspec.json.schema_components(
            [kind for kind, _ in self._wanted], ref_template="#/components/schemas/{name}"
        )
        for schema, (_, place) in zip(schemas, self._wanted, strict=True):
            place.update(schema)
        return components


def document(
    app: Litestar, info: dict[str, str], security_schemes: dict[str, Any], *, below: str = "/"
) -> dict[str, Any]:
    """Every operation of the app, with its parameters, body, answers, refusals and `security`.

    `below` is the path under which all others are reached.
    """
    types = Types()
    problem = types.schema(Problem)
    paths: dict[str, dict[str, Any]] = {}
    for path, handler in _operations(app):
        # HEAD is what GET answers, without the body.
        for method in handler.http_methods - {"HEAD"}:
            paths.setdefault(path, {})[method.lower()] = _operation(types, path, method, handler)
    return {
        "openapi": "3.1.0",
        "info": info,
        "servers": [{"url": below}],
        "paths": paths,
        "components": {
            "schemas": types.components(),
            "responses": {
                f"Refused{status}": {"description": why, "content": {MEDIA_TYPE: {"schema": problem}}}
                for status, why in REFUSALS.items()
            },
            "securitySchemes": security_schemes,
        },
    }


def _operations(app: Litestar) -> Iterator[tuple[str, HTTPRouteHandler]]:
    for route in sorted((route for route in app.routes if isinstance(route, HTTPRoute)), key=lambda r: r.path):
        for handler in route.route_handlers:
            if handler.resolve_include_in_schema():
                yield route.path_format, handler


def _operation(types: Types, path: str, method: str, handler: HTTPRouteHandler) -> dict[str, Any]:
    fields = handler.parsed_fn_signature.parameters
    feature = handler.fn.__module__.split(".")[-2]
    operation: dict[str, Any] = {
        "operationId": f"{feature}.{handler.fn.__name__}",
        "tags": [feature],
        "summary": handler.summary or "",
        "security": handler.resolve_security(),
        "parameters": list(_parameters(types, path, fields)),
        "responses": _answers(types, path, method, handler),
    }
    if described := handler.fn.__doc__:
        operation["description"] = " ".join(described.split())
    if (data := fields.get("data")) is not None:
        operation["requestBody"] = {
            "required": data.is_required,
            "content": {JSON: {"schema": types.schema(data.annotation)}},
        }
    elif (form := handler.opt.get("form")) is not None:
        operation["requestBody"] = form
    return operation


def _parameters(types: Types, path: str, fields: dict[str, FieldDefinition]) -> Iterator[dict[str, Any]]:
    for name, field in fields.items():
        if f"{{{name}}}" in path:
            yield {"name": name, "in": "path", "required": True, "schema": types.schema(field.annotation)}
        elif isinstance(field.kwarg_definition, QueryParameter):
            schema = types.schema(_bounded(field, field.kwarg_definition))
            if field.has_default and field.default is not None:
                schema["default"] = field.default
            yield {
                "name": field.kwarg_definition.name or name,
                "in": "query",
                "required": field.is_required,
                "schema": schema,
            }


def _bounded(field: FieldDefinition, parameter: QueryParameter) -> Any:
    """The parameter's type with its bounds; None only says that it may be left out."""
    given = [kind for kind in get_args(field.annotation) if kind is not type(None)]
    kind = given[0] if field.is_optional and len(given) == 1 else field.annotation
    bounds = {name: bound for name in CONSTRAINTS if (bound := getattr(parameter, name)) is not None}
    return Annotated[kind, msgspec.Meta(**bounds)] if bounds else kind


def _answers(types: Types, path: str, method: str, handler: HTTPRouteHandler) -> dict[str, Any]:
    answers = dict(handler.opt.get("answers") or {})
    if not answers:
        answers[str(handler.status_code)] = _answer(types, handler.parsed_fn_signature.return_type)
    for status, spec in (handler.responses or {}).items():
        returned = FieldDefinition.from_annotation(spec.data_container)
        answers[str(status)] = {**_answer(types, returned), "description": spec.description}
    for status in _refusals(path, method, handler):
        answers.setdefault(str(status), {"$ref": f"#/components/responses/Refused{status}"})
    return answers


def _answer(types: Types, returned: FieldDefinition) -> dict[str, Any]:
    kind = returned.annotation
    if returned.is_subclass_of(Response):
        kind = get_args(returned.annotation)[0]
    if kind is None or kind is type(None):
        return {"description": "Done."}
    return {"description": "Done.", "content": {JSON: {"schema": types.schema(kind)}}}


def _refusals(path: str, method: str, handler: HTTPRouteHandler) -> list[int]:
    statuses = {422, 503}
    if handler.resolve_security():
        statuses |= {400, 401, 403, 412, 429}
    if "{" in path:
        statuses.add(404)
    if method in UNSAFE:
        statuses |= {400, 401, 403, 404, 409, 413, 415, 429, 507}
    if "form" in handler.opt:
        statuses.add(408)
    return sorted(statuses)
