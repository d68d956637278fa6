"""The OpenAPI document against the app: what it promises, for everybody (security.md, 4.3; issue 2, "Bad input").

Requests are made up from the document, right ones and wrong ones, and sent in process. None may be
answered by a fault of the server, by a status or a type of content that is not documented, or by JSON
that has another shape than the document says.
"""

from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st
from litestar import Litestar
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from core.api import document_of
from core.app import runtime_of
from tests.core.api.kit import Api, open_api
from tests.kit.async_ import run_here
from tests.routes.world import enable_everything, fill

ROLES = ("", "subscriber", "author", "administrator")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = {GenerationMode.POSITIVE: 6, GenerationMode.NEGATIVE: 3}


@pytest.fixture
async def filled(app: Litestar) -> Litestar:
    """The application with every plugin on, and something to find, on the site that is asked."""
    await enable_everything(app, "alfa")
    await fill(app, "alfa")
    return app


def _operations(app: Litestar) -> list[Any]:
    document = dict(document_of(app, frozenset(runtime_of(app).registry.plugins)))
    return [result.ok() for result in schemathesis.openapi.from_dict(document).get_all_operations()]


@pytest.mark.parametrize("role", ROLES)
def test_every_operation_keeps_its_word(
    request: pytest.FixtureRequest, filled: Litestar, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.api.changes.CHANGES", (1_000_000, 60))
    client: Api = run_here(request, open_api(filled, "alfa", *filter(None, [role])))
    operations = _operations(filled)
    assert len(operations) > 20
    for operation in operations:
        for mode, count in EXAMPLES.items():
            if mode is GenerationMode.NEGATIVE and not _takes_anything(operation):
                continue
            _try(request, client, operation, mode, count)


def _takes_anything(operation: Any) -> bool:
    return bool(len(operation.query) or len(operation.path_parameters) or len(operation.body))


def _try(
    request: pytest.FixtureRequest, client: Api, operation: Any, mode: GenerationMode, count: int
) -> None:
    @settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), number=st.integers(1, 4))
    def run(case: Any, number: int) -> None:
        if mode is GenerationMode.POSITIVE and "number" in case.path_parameters:
            case.path_parameters["number"] = number  # of something that is there, more often than not
        try:
            response = run_here(request, _send(client, case))
        except httpx.InvalidURL:  # longer than this client can say
            reject()
        case.validate_response(response, checks=CHECKS)

    try:
        run()
    except BaseException as error:
        error.add_note(f"in {operation.label}, {mode.value} examples")
        raise


async def _send(client: Api, case: Any) -> httpx.Response:
    sent = case.as_transport_kwargs(base_url="http://alfa.test")
    headers = {name: value for name, value in sent["headers"].items() if name.lower() != "user-agent"}
    return await client.request(
        sent["method"],
        sent["url"],
        params=sent["params"],
        headers={**dict(client.headers), **headers},
        content=_body(sent),
    )


def _body(sent: dict[str, Any]) -> Any:
    if "json" in sent:
        return httpx.Request("POST", "http://x", json=sent["json"]).content
    return sent.get("data")
