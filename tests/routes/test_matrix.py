"""Role x route x site: every route of the application, for everybody, against a reviewed table (AC01 to AC03).

The table is `matrix.toml`. After adding a route or changing who may use one, write it anew with

    MATRIX_WRITE=1 .venv/bin/pytest tests/routes/test_matrix.py

and read the difference as carefully as the code: it is the list of who may do what.
"""

import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar

from core.db import tables
from tests.kit.clock import FakeClock
from tests.routes.addresses import Address, address_of, addresses, parameters_of
from tests.routes.sessions import Visitor, signed_in
from tests.routes.world import ABSENT, ROLES, Snapshot, World, make_world, names_rows, rows_of, values_for

TABLE = Path(__file__).with_name("matrix.toml")
HEAD = """\
# Who gets which status from which route: {roles}.
# Things in the addresses belong to an editor of the same site. Written by the command in test_matrix.py; read it
# when it changes.

"""
BODIES: dict[str, Any] = {
    "PATCH /api/v1/posts/{number:int}": {"version": 1, "title": "x"},
    "PATCH /api/v1/pages/{number:int}": {"version": 1, "title": "x"},
    "PATCH /api/v1/terms/{taxonomy:str}/{number:int}": {"version": 1, "name": "x"},
    "PATCH /api/v1/users/{number:int}": {"version": 1, "bio": "x"},
    "PATCH /api/v1/comments/{number:int}": {"version": 1, "content": "x"},
    "POST /api/v1/comments": {"post": 2, "content": "x"},
    "POST /api/v1/comments/{number:int}/status": {"status": "spam"},
    "PATCH /api/v1/content/{type:str}/{number:int}": {"version": 1, "title": "x"},
    "POST /api/v1/content/{type:str}": {"title": "x"},
    "POST /api/v1/content/{type:str}/{number:int}/status": {"status": "private"},
    "POST /api/v1/posts": {"title": "x"},
    "POST /api/v1/pages": {"title": "x"},
    "POST /api/v1/terms/{taxonomy:str}": {"name": "x"},
    "POST /api/v1/users": {"email": "x@example.org"},
    "POST /api/v1/posts/{number:int}/status": {"status": "private"},
    "POST /api/v1/pages/{number:int}/status": {"status": "private"},
    "PUT /api/v1/users/{number:int}/roles": {"roles": ["subscriber"]},
}
"""Bodies that get past the decoding, so that rights decide about the status."""

UPLOADS = ("POST /admin/tools/import",)
"""Routes that take a file."""

NOISE = frozenset({"sessions", "rate_limits"})
"""Tables that every request may touch."""


@pytest.fixture
async def world(app: Litestar) -> World:
    """Both sites filled, and people of every role."""
    return await make_world(app)


async def _ask(visitor: Visitor, address: Address, path: str) -> httpx.Response:
    if address.method in ("GET", "DELETE"):
        return await visitor.ask(address.method, path)
    if address.is_api:
        return await visitor.ask(address.method, path, json=BODIES.get(address.name, {}))
    if address.name in UPLOADS:
        files = {"file": ("x.xml", b"<rss/>", "text/xml")}
        return await visitor.ask(address.method, path, data={"_csrf": visitor.csrf}, files=files)
    return await visitor.ask(address.method, path, data={"_csrf": visitor.csrf})


def _variants(address: Address, world: World) -> Iterator[tuple[str, str]]:
    """Yield the lines of the table for an address: about what everybody may read, and about a draft."""
    yield address.name, address_of(address.path, values_for(address.path, world.alfa))
    if any((before, name) == ("posts", "number") for name, _kind, before in parameters_of(address.path)):
        hidden = msgspec.structs.replace(world.alfa, post=world.alfa.draft)
        yield f"{address.name}, a draft", address_of(address.path, values_for(address.path, hidden))


async def test_every_route_answers_each_role_as_the_table_says(
    engine: str, world: World, tmp_path: Path, database_name: str
) -> None:
    snapshot = Snapshot(world.app, tmp_path / f"{database_name}.db") if engine == "sqlite" else None
    visitors = [await signed_in(world.app, "alfa", world.people[role]) for role in ROLES]
    if snapshot is not None:
        await snapshot.take()
    found: dict[str, list[int]] = {}
    for address in addresses(world.app):
        if snapshot is None and address.method != "GET":
            continue  # changes are tried where they can be undone; rights do not depend on the engine
        for name, path in _variants(address, world):
            for visitor in visitors:
                status = (await _ask(visitor, address, path)).status_code
                assert status < 500, (name, status)
                found.setdefault(name, []).append(status)
                if snapshot is not None and address.method != "GET" and status < 400:
                    await snapshot.restore()
    if os.environ.get("MATRIX_WRITE") and engine == "sqlite":
        _write(found)
    table = tomllib.loads(TABLE.read_text("utf-8"))
    wanted = {name: row for name, row in table.items() if name in found or engine == "sqlite"}
    assert found == wanted


def _write(found: dict[str, list[int]]) -> None:
    lines = [f'"{name}" = {statuses}' for name, statuses in found.items()]
    TABLE.write_text(HEAD.format(roles=", ".join(ROLES)) + "\n".join(lines) + "\n", "utf-8")


def test_no_route_that_changes_something_is_for_everybody_unnoticed(app: Litestar) -> None:
    """AC01: what nobody has to sign in for is a short list, each with its reason."""
    reasons = {
        "POST /-/csp-report": "browsers report without a session",
    }
    public = {
        address.name
        for address in addresses(app)
        if address.capability == "public" and address.method != "GET" and address.plugin == "core"
    }
    assert {name for name in public if not name.startswith("POST /admin/")} == set(reasons)


_NOISE = re.compile(
    rf"[0-9a-f]{{8}}-[0-9a-f-]{{27}}|{ABSENT // 1_000_000}\d{{6}}|[A-Za-z0-9_=-]{{22,}}|max-age=\d+|\b[0-9a-f]{{16}}\b"
)


def _normal(answer: httpx.Response) -> tuple[int, list[tuple[str, str]], str]:
    """Return an answer without what differs from request to request: references, tokens, the number asked for."""
    headers = [
        (name, _NOISE.sub("*", value))
        for name, value in sorted(answer.headers.items())
        if name not in ("date", "content-length", "x-request-id")
    ]
    return answer.status_code, headers, _NOISE.sub("*", answer.text)


@pytest.mark.parametrize("role", ["anonymous", "author", "administrator"])
async def test_what_another_site_has_is_as_good_as_nothing(world: World, role: str) -> None:
    """AC02, AC03: whatever is asked about a row of another site, the answer is that about a row that is nowhere."""
    before = await rows_of(world.app, "beta", NOISE)
    visitor = await signed_in(world.app, "alfa", world.people[role])
    asked = 0
    for address in addresses(world.app):
        if not names_rows(address.path):
            continue
        foreign, nothing = [
            _normal(await _ask(visitor, address, address_of(address.path, values_for(address.path, things))))
            for things in (world.beta, None)
        ]
        assert foreign == nothing, address.name
        asked += 1
    assert asked > 15
    assert await rows_of(world.app, "beta", NOISE) == before


async def test_without_the_first_wall_no_route_shows_more(
    engine: str, world: World, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AC05: on PostgreSQL row-level security alone keeps the sites apart, whatever a query forgets to say."""
    if engine != "postgres":
        pytest.skip("row-level security is PostgreSQL's")
    visitor = await signed_in(world.app, "alfa", world.people["administrator"])
    asked = [
        (address, address_of(address.path, values_for(address.path, things)))
        for address in addresses(world.app)
        if address.method == "GET"
        for things in (world.alfa, world.beta)
        if things is world.alfa or names_rows(address.path)
    ]
    before = [_normal(await _ask(visitor, address, path)) for address, path in asked]
    torn_down = _tear_down_first_wall(monkeypatch)
    for (address, path), wanted in zip(asked, before, strict=True):
        assert _normal(await _ask(visitor, address, path)) == wanted, path
    assert min(torn_down.values()) > 20, torn_down


def _tear_down_first_wall(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Have every query on a `TenantTable` ask for the rows of all sites; return how often each kind did."""
    count = {"tables": 0, "sql": 0}
    run = tables._compile_and_run

    def of_anyone(cls: Any) -> Any:
        count["tables"] += 1
        return cls.tenant_id.is_not_null()

    async def run_for_anyone(sql: str, values: Any) -> Any:
        if re.search(r"\bjobs\b", sql):  # a table of the platform, which has no other wall
            return await run(sql, values)
        count["sql"] += 1
        return await run(re.sub(r"([\w.]*\btenant_id) = \{\}", r"(\1 = {} OR TRUE)", sql), values)

    monkeypatch.setattr(tables.TenantTable, "_of_tenant", classmethod(of_anyone))
    monkeypatch.setattr(tables, "_compile_and_run", run_for_anyone)
    return count


async def test_who_is_signed_in_on_one_site_is_nobody_on_another(world: World) -> None:
    before = await rows_of(world.app, "beta", NOISE)
    nobody = Visitor(world.app, "beta")
    stranger = await signed_in(world.app, "alfa", world.people["administrator"])
    stranger.base_url = nobody.base_url
    for address in addresses(world.app):
        if address.path.startswith("/-/"):
            continue
        path = address_of(address.path, values_for(address.path, world.beta))
        statuses = [(await _ask(who, address, path)).status_code for who in (nobody, stranger)]
        assert statuses[0] == statuses[1], address.name
    assert await rows_of(world.app, "beta", NOISE) == before
