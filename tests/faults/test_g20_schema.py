"""G20: requests made from the served OpenAPI document, fitting it or not, get what it tells of and never a 5xx."""

import asyncio
from collections.abc import Mapping
from typing import Any

import hypothesis
import pytest
import requests
import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from tests.faults.clients import PREFIX, Api
from tests.faults.history import BrokenPromise
from tests.faults.sizes import SIZE, figure
from tests.faults.town import Town
from tests.faults.worlds import world
from tests.running import Server

EXAMPLES = figure(smoke=12, short=100, long=8_000)
# A session that ends itself in the middle tries nothing any more; it is asked with no credentials only.
ENDS_SESSIONS = frozenset({("DELETE", "/session"), ("PUT", "/session/business")})

pytestmark = pytest.mark.usefixtures("unharmed")


@pytest.fixture
def server(lasting_server: Server) -> Server:
    return lasting_server


def test_every_operation_answers_generated_requests_clearly(server: Server) -> None:
    tokens, ids = asyncio.run(_prepared(server))
    schema = schemathesis.openapi.from_url(server.url + PREFIX + "/openapi.json")
    tried = 0
    with requests.Session() as session:
        for found in schema.get_all_operations():
            assert isinstance(found, Ok), found
            _try(found.ok(), server.url, tokens, ids, session)
            tried += 1
    assert tried >= 30, f"only {tried} operations documented"


async def _prepared(server: Server) -> tuple[list[str | None], Mapping[str, str]]:
    """Credentials of every kind, and ids that exist, so that requests reach deep."""
    async with Api(server) as api:
        town = Town(api, server.data)
        full = await world(town, marked=False)
        manager = await town.hired(full.owner, "manager")
        person, _ = await town.customer(full.owner.business_id)
    # Not the Owner: a request may by chance deactivate colleagues, and should not end the whole test.
    return [full.owner.token, manager.token, full.customer.token, person.token, None], full.ids


def _try(operation: Any, url: str, tokens: list[str | None], ids: Mapping[str, str], session: requests.Session) -> None:
    path = operation.path.removeprefix(PREFIX)
    may_end = (operation.method.upper(), path) in ENDS_SESSIONS
    real = {
        parameter.name: id
        for parameter in operation.path_parameters
        for kind, id in ids.items()
        if parameter.name.removesuffix("_id") == kind or (parameter.name == "id" and f"/{kind}" in path)
    }

    @hypothesis.settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=SIZE == "smoke",
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    @hypothesis.given(
        case=st.one_of(
            operation.as_strategy(),
            operation.as_strategy(path_parameters=real) if real else operation.as_strategy(),
            operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
        ),
        token=st.sampled_from([None] if may_end else tokens),
    )
    def attempt(case: schemathesis.Case[Any], token: str | None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = case.call(base_url=url, session=session, headers=headers)
        if answer.status_code >= 500:
            shown = f"{case.as_curl_command()}: {answer.status_code} {answer.text[:500]}"
            raise BrokenPromise("G20", "server errors", [shown])
        if answer.status_code >= 400:
            kind = answer.headers.get("content-type", [""])[0]
            if "application/problem+json" not in kind or not answer.json().get("detail"):
                raise BrokenPromise("G20", "refusals without a problem document", [answer.text[:500]])
        try:
            case.validate_response(answer, checks=[status_code_conformance, response_schema_conformance])
        except (Failure, FailureGroup) as unlike:
            raise BrokenPromise("G20", "answers the document does not tell of", [str(unlike)]) from unlike

    attempt()
