"""Which site answers, and which of the routes of plugins are there for it."""

import asyncio
import sqlite3
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest
from litestar import get

from core.app import runtime_of
from core.clock import now
from core.db import platform_execute, platform_work, tenant_read
from core.http import REPORT_PATH
from core.ids import new_id
from core.plugins import Plugin
from core.sites import disable_plugin, resume_site, suspend_site
from core.tenancy import Tenants
from tests.kit.client import Browser
from tests.kit.plugin import entered


@pytest.fixture
def hours() -> Plugin:
    """A plugin with one page."""

    @get("/hours", opt={"capability": "public"})
    async def shown() -> dict[str, str]:
        """When it is open."""
        return {"monday": "9-17"}

    return Plugin(
        name="hours", version="1.0", title="Hours", parts={"routes": SimpleNamespace(handlers=[shown])}
    )


async def test_a_host_that_nobody_has_is_not_found(app: Any, caplog: Any) -> None:
    async with Browser(app, host="nobody.test") as visitor:
        for path in ("/", "/admin", "/admin/login", "/api/v1/posts"):
            assert (await visitor.get(path)).status_code == 404
            assert not [record for record in caplog.records if record.levelname == "ERROR"]
        assert (await visitor.get("/healthz")).json() == {"status": "ok"}


@pytest.mark.parametrize("host", ["alfa.test", "nobody.test"])
async def test_browsers_report_without_a_token_on_every_host(app: Any, host: str) -> None:
    headers = {"content-type": "application/csp-report", "origin": f"http://{host}"}
    async with Browser(app, host=host) as visitor:
        answer = await visitor.post(REPORT_PATH, content=b'{"csp-report": {}}', headers=headers)
    assert answer.status_code == 204


async def test_the_host_decides_about_the_site(app: Any, browser: Any) -> None:
    for site, title in (("alfa", "Alfa"), ("beta", "Beta")):
        async with browser(site) as visitor:
            page = await visitor.soup("/")
        assert page.title is not None
        assert title in page.title.text
    async with Browser(app, host="ALFA.test:8000") as visitor:
        assert (await visitor.get("/")).status_code == 200


@pytest.mark.parametrize("path", ["//admin/login", "/admin//login", "//api/v1/posts", "//healthz"])
async def test_an_address_with_an_empty_part_leads_to_no_route(app: Any, browser: Any, path: str) -> None:
    async with browser("alfa") as visitor:
        assert (await visitor.get(path.replace("//", "/"))).status_code == 200
        assert (await visitor.get(f"http://alfa.test{path}")).status_code == 404


async def test_addresses_longer_than_any_are_not_remembered(app: Any, browser: Any) -> None:
    async with browser("alfa") as visitor:
        assert (await visitor.get(f"/{'x' * 2000}")).status_code == 404
        before = app.asgi_router.handle_routing.cache_info().currsize
        for number in range(20):
            assert (await visitor.get(f"/{number}-{'x' * 2000}")).status_code == 404
        assert app.asgi_router.handle_routing.cache_info().currsize == before


async def test_a_suspended_site_says_so_and_the_other_answers(
    app: Any, within: Any, browser: Any, caplog: Any
) -> None:
    with within("alfa"):
        await suspend_site("alfa")
    async with browser("alfa") as visitor:
        for path in ("/", "/admin/login", "/api/v1/posts"):
            answer = await visitor.get(path)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "3600")
            assert not [record for record in caplog.records if record.levelname == "ERROR"]
    async with browser("beta") as visitor:
        assert (await visitor.get("/")).status_code == 200
    with within("alfa"):
        await resume_site("alfa")
    async with browser("alfa") as visitor:
        assert (await visitor.get("/")).status_code == 200


@pytest.mark.parametrize("path", ["/", "/nothing-here/", "/api/v1/posts", "/healthz"])
async def test_head_is_get_without_a_body(app: Any, browser: Any, path: str) -> None:
    async with browser("alfa") as visitor:
        got, head = await visitor.get(path), await visitor.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["content-type"] == got.headers["content-type"]
    assert got.content


@pytest.mark.parametrize("path", ["/_site", "/_site/", "/_site/feed/", "/_site/_site/"])
async def test_the_inner_prefix_is_no_address(app: Any, browser: Any, path: str) -> None:
    async with browser("alfa") as visitor:
        answer = await visitor.get(path)
    assert answer.status_code == 404
    assert "/_site" not in answer.headers.get("location", "")


@pytest.mark.parametrize("method", ["DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize(
    ("path", "allowed"), [("/healthz", "GET"), ("/api/v1/posts", "GET, POST"), ("/robots.txt", "GET")]
)
async def test_a_method_that_an_address_lacks_is_refused(
    app: Any, browser: Any, method: str, path: str, allowed: str
) -> None:
    async with browser("alfa") as visitor:
        answer = await visitor.request(method, path)
        assert answer.status_code == 405
        assert ", ".join(sorted(answer.headers["allow"].split(", "))) == allowed


@pytest.mark.parametrize("path", ["/", "/nothing-here/", "/-/nothing"])
async def test_what_a_site_shows_says_the_same_of_every_address(browser: Any, path: str) -> None:
    async with browser("alfa") as visitor:
        answer = await visitor.request("OPTIONS", path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_nothing_is_posted_to_an_address_that_is_not_there(browser: Any, method: str) -> None:
    async with browser("alfa") as visitor:
        answer = await visitor.request(method, "/nothing-here/", headers={"accept": "application/json"})
        # not 403: a stranger's form has nothing here that it could change
        assert answer.status_code == 404
        assert answer.json()["status"] == 404


async def test_a_route_is_there_where_its_plugin_is_on(app_with: Any, hours: Plugin) -> None:
    app = await app_with(hours, on=("alfa",))
    async with Browser(app, "alfa") as visitor:
        assert (await visitor.get("/hours")).json() == {"monday": "9-17"}
    async with Browser(app, "beta") as visitor:
        answer = await visitor.get("/hours")
        missing = await visitor.get("/nothing-of-the-kind")
    assert (answer.status_code, missing.status_code) == (404, 404)
    assert answer.headers["content-type"].startswith("text/html")
    assert "Beta" in answer.text  # the theme's page


async def test_other_processes_hear_within_a_second(app_with: Any, hours: Plugin) -> None:
    app = await app_with(hours, on=("alfa",))
    runtime = runtime_of(app)
    mine = runtime.tenants
    elsewhere = Tenants()
    with runtime.active():
        await elsewhere.refresh()
        polling = asyncio.ensure_future(mine.poll())
    try:
        async with Browser(app, "alfa") as visitor:
            assert (await visitor.get("/hours")).status_code == 200
            runtime.tenants = elsewhere  # what the other process does, it does with its own registry
            with entered(app, "alfa"):
                async with tenant_read():
                    await disable_plugin("hours")
            runtime.tenants = mine
            before = mine.by_slug("alfa")
            assert before is not None
            assert "hours" in before.enabled
            await asyncio.sleep(1)
            assert (await visitor.get("/hours")).status_code == 404
    finally:
        polling.cancel()


@pytest.mark.parametrize(
    "error", [asyncpg.ConnectionDoesNotExistError("gone"), sqlite3.OperationalError("database is locked")]
)
async def test_they_hear_again_after_the_database_was_away(
    app: Any, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = runtime_of(app)
    looks: list[int] = []

    class Failing(Tenants):
        async def _rows(self) -> Any:
            looks.append(1)
            if len(looks) == 2:
                raise error
            return await super()._rows()

    mine = Failing()
    monkeypatch.setattr("core.tenancy.registry.POLL_SECONDS", 0.01)
    with runtime.active():
        await mine.refresh()
        polling = asyncio.ensure_future(mine.poll())
        with entered(app, "alfa"):
            await suspend_site("alfa")
        async with asyncio.timeout(5):
            while (known := mine.by_slug("alfa")) is None or known.status == "active":
                assert not polling.done()
                await asyncio.sleep(0.01)
        polling.cancel()


async def test_a_plugin_that_came_after_the_start_is_named_in_the_log(app: Any, caplog: Any) -> None:
    runtime = runtime_of(app)
    with entered(app, "alfa") as tenant:
        async with platform_work():
            await platform_execute(
                "INSERT INTO enabled_plugins (id, tenant_id, plugin, enabled_at) VALUES ({}, {}, {}, {})",
                new_id(), tenant.id, "herbarium", now(),
            )  # fmt: skip
            await platform_execute("UPDATE tenants SET revision = revision + 1 WHERE id = {}", tenant.id)
        await runtime.tenants.refresh(force=True)
    assert "'alfa' has enabled 'herbarium'" in caplog.text
    assert "restart" in caplog.text
