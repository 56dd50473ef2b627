"""The composed app: every operation is described, bounded and guarded as its description says."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from litestar.routes import HTTPRoute

from shopbell.app import INFO, Shopbell, build
from shopbell.kernel.database import open_database
from shopbell.kernel.desk import Desk
from shopbell.kernel.http.openapi import document
from shopbell.settings import Settings

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def app(sqlite_url: str, tmp_path: Path) -> Shopbell:
    return build(Settings(data=tmp_path).served_at(8000), Desk(open_database(sqlite_url)))


def handlers(app: Shopbell) -> list[HTTPRouteHandler]:
    return [
        handler
        for route in app.routes.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if handler.resolve_include_in_schema()
    ]


def operations(app: Shopbell) -> list[tuple[str, str, dict[str, Any]]]:
    described = document(app.routes, INFO, {})
    return [
        (path, method, operation)
        for path, item in described["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does(app: Shopbell) -> None:
    found = operations(app)
    names = [operation["operationId"] for _, _, operation in found]
    assert len(names) == len(set(names))
    assert all(operation["summary"] for _, _, operation in found)


def test_every_operation_says_who_may_ask_and_asks_just_those(app: Shopbell) -> None:
    sides = {"staff": {"staff"}, "person": {"person"}, "anyone": {"staff", "person"}}
    for handler in handlers(app):
        wanted = [sides[name] for name in sides if name in handler.parsed_fn_signature.parameters]
        described = {scheme for way in handler.resolve_security() for scheme in way}
        expected = {f"{side}{kind}" for side in set().union(*wanted) for kind in ("Bearer", "Cookie")}
        # An operation that finds out by other means who asks must still say so.
        assert expected <= described, handler
        assert all(scheme.endswith(("Bearer", "Cookie")) for scheme in described)


@pytest.mark.anyio
@pytest.mark.parametrize(("base_url", "below"), [("https://example.org/chat", "/chat"), ("https://example.org", "/")])
async def test_the_document_says_below_which_path_all_of_it_is(
    sqlite_url: str, tmp_path: Path, base_url: str, below: str
) -> None:
    app = build(Settings(data=tmp_path, base_url=base_url), Desk(open_database(sqlite_url)))
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        described = (await client.get("/api/v1/openapi.json")).json()
    assert described["servers"] == [{"url": below}]


def test_only_signing_in_and_what_is_public_is_open_to_everyone(app: Shopbell) -> None:
    open_to_all = {(method, path) for path, method, operation in operations(app) if not operation["security"]}
    assert open_to_all == {
        ("get", "/health/live"),
        ("get", "/health/ready"),
        ("get", "/api/v1/openapi.json"),
        ("get", "/api/v1/businesses"),
        ("get", "/api/v1/businesses/{business_id}"),
        ("post", "/api/v1/businesses"),
        ("post", "/api/v1/people"),
        ("post", "/api/v1/people/sessions"),
        ("post", "/api/v1/staff/sessions"),
        ("post", "/api/v1/password"),
        ("post", "/api/v1/password/resets"),
    }


def test_every_text_in_a_query_has_an_end(app: Shopbell) -> None:
    for handler in handlers(app):
        for name, field in handler.parsed_fn_signature.parameters.items():
            if isinstance(field.kwarg_definition, QueryParameter) and str in (field.annotation, *field.args):
                assert field.kwarg_definition.max_length, (handler, name)


def test_every_text_in_a_body_has_an_end(app: Shopbell) -> None:
    described = document(app.routes, INFO, {})
    schemas = described["components"]["schemas"]
    endless: set[str] = set()

    def look(schema: dict[str, Any], place: str) -> None:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            for field, inner in schemas[name].get("properties", {}).items():
                look(inner, f"{name}.{field}")
        for inner in schema.get("anyOf", ()):
            look(inner, place)
        for field, inner in schema.get("properties", {}).items():
            look(inner, f"{place} {field}")
        if "items" in schema:
            look(schema["items"], place)
        if schema.get("type") == "string" and not {"maxLength", "enum", "format"} & schema.keys():
            endless.add(place)

    for path, method, operation in operations(app):
        if "requestBody" in operation:
            for content in operation["requestBody"]["content"].values():
                look(content["schema"], f"{method} {path}")
    assert endless == set()


def test_bodies_take_no_unknown_field(app: Shopbell) -> None:
    schemas = document(app.routes, INFO, {})["components"]["schemas"]
    for path, method, operation in operations(app):
        if "requestBody" in operation:
            for content in operation["requestBody"]["content"].values():
                reference = content["schema"].get("$ref", "").rpartition("/")[2]
                schema = schemas[reference] if reference else content["schema"]
                assert schema["additionalProperties"] is False, (method, path)
