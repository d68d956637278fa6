"""The pages about the API tell the truth: every request of the how-to is sent, the table is the app's."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from core.api import document_of
from tests.core.api.kit import Api, open_api, token_for
from tests.kit.people import People

DOCS = Path(__file__).parents[3] / "docs"
HOW_TO = DOCS / "how-to" / "use-the-api.md"
REFERENCE = DOCS / "reference" / "api.md"

_TABLE = re.compile(r"(?<=<!-- routes: begin -->\n).*?(?=<!-- routes: end -->)", re.S)


async def test_every_request_of_the_how_to_is_answered_as_it_says(app: Litestar) -> None:
    blocks = re.findall(r"```http\n# answers (\d+)\n(.*?)```", HOW_TO.read_text("utf-8"), re.S)
    assert len(blocks) >= 10
    person = await People(app).make("alfa", "editor")
    known = {"token": await token_for(app, "alfa", person), "number": "", "version": ""}
    async with Api(app, "alfa") as client:
        for status, text in blocks:
            answer = await _send(client, text, known)
            assert answer.status_code == int(status), f"{text}\n{answer.text}"
            if answer.status_code < 300 and answer.content:
                value = answer.json()
                known |= {name: str(value[name]) for name in ("number", "version") if name in value}


async def _send(client: Api, text: str, known: dict[str, str]) -> Any:
    for name, value in known.items():
        text = text.replace(f"{{{name}}}", value)
    head, _empty, body = text.partition("\n\n")
    first, *lines = head.strip().splitlines()
    method, path = first.split(" ")
    headers = dict(line.split(": ", 1) for line in lines)
    if body.strip():
        json.loads(body)
    return await client.request(
        method, path.removeprefix("/api/v1"), headers=headers, content=body.strip().encode()
    )


def test_the_reference_names_every_address(app: Litestar) -> None:
    """Write the table anew with `API_DOCS_WRITE=1 pytest tests/core/api/test_docs.py`."""
    made = _table(app)
    text = REFERENCE.read_text("utf-8")
    if os.environ.get("API_DOCS_WRITE"):
        REFERENCE.write_text(_TABLE.sub(lambda _found: made, text), "utf-8")
    assert _TABLE.findall(REFERENCE.read_text("utf-8")) == [made]


def _table(app: Litestar) -> str:
    handlers = {
        (route.path_format, str(method).lower()): handler
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        if isinstance(handler, HTTPRouteHandler)
        for method in handler.http_methods
    }
    lines = ["| | address | capability | |", "| --- | --- | --- | --- |"]
    for path, item in document_of(app, frozenset())["paths"].items():
        for method, operation in item.items():
            capability = handlers[path, method].opt["capability"]
            lines.append(
                f"| {method.upper()} | `{path.removeprefix('/api/v1') or '/'}` | {capability}"
                f" | {operation['summary']} |"
            )
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("role", ["", "administrator"])
async def test_every_link_of_the_index_leads_somewhere(app: Litestar, role: str) -> None:
    client = await open_api(app, "alfa", *filter(None, [role]))
    links = (await client.json("/"))["links"]
    assert {"posts", "pages", "users", "openapi.json"} <= set(links)
    for link in links.values():
        assert (await client.get(link)).status_code in ((200,) if role else (200, 401))
