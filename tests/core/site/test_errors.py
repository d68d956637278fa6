"""Errors wear the site's theme, and say nothing of what went wrong inside."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from litestar import get

from core.app import runtime_of
from core.context import Actor, acting
from core.contract.markers import hookimpl
from core.errors import Forbidden, RateLimited, Unavailable
from core.hooks import use_plan
from core.plugins import Plugin
from core.sites import suspend_site
from tests.kit.client import Browser

Open = Callable[..., Browser]


def failing() -> Plugin:
    """Return a plugin whose routes fail in every way."""
    opt = {"capability": "public"}

    @get("/failing/forbidden", opt=opt)
    async def forbidden() -> None:
        raise Forbidden("Isto não é para você.")

    @get("/failing/busy", opt=opt)
    async def busy() -> None:
        raise Unavailable("O banco descansa.", retry_after=7)

    @get("/failing/often", opt=opt)
    async def often() -> None:
        raise RateLimited("Devagar.", retry_after=9)

    @get("/failing/crash", opt=opt)
    async def crash() -> None:
        raise ZeroDivisionError("secret in /srv/app.py")

    routes = SimpleNamespace(handlers=[forbidden, busy, often, crash])
    return Plugin(name="failing", version="1.0", title="Failing", parts={"routes": routes})


async def test_every_error_is_a_page_of_the_site(app_with: Any) -> None:
    app = await app_with(failing(), on=("alfa",))
    async with Browser(app, "alfa", raise_errors=False) as visitor:
        for path, status, text in (
            ("/failing/forbidden", 403, "Isto não é para você."),
            ("/failing/busy", 503, "O banco descansa."),
            ("/failing/often", 429, "Devagar."),
            ("/failing/crash", 500, "falha do servidor"),
            ("/nada", 404, "Esta página não existe"),
        ):
            answer = await visitor.get(path)
            assert answer.status_code == status, path
            assert text in answer.text, (path, answer.text)
            assert 'class="site-footer"' in answer.text and f"error{status}" in answer.text, path
            assert 'content="noindex"' in answer.text and answer.headers["cache-control"] == "no-store"
            assert (
                "secret" not in answer.text
                and "ZeroDivision" not in answer.text
                and "app.py" not in answer.text
            )
        assert (await visitor.get("/failing/busy")).headers["retry-after"] == "7"
        crash = await visitor.get("/failing/crash")
        assert crash.headers["x-request-id"] in crash.text  # what to quote


async def test_a_page_that_fails_while_the_database_is_away_is_themed_all_the_same(
    app: Any, browser: Open, monkeypatch: Any
) -> None:
    from core.db import work

    async def away(*_args: Any, **_options: Any) -> Any:
        raise OSError("the database is away")

    monkeypatch.setattr(work.ReadScope, "fetch", away)
    async with browser("alfa", raise_errors=False) as visitor:
        answer = await visitor.get("/")
    assert answer.status_code == 500
    assert 'class="site-footer"' in answer.text and "database is away" not in answer.text


async def test_a_theme_that_fails_leaves_a_plain_page(app_with: Any) -> None:
    def broken(names: tuple[str, ...]) -> tuple[str, ...]:
        return ("there-is-none.html",)

    hooks = SimpleNamespace(filter_template_candidates=hookimpl("filter_template_candidates")(broken))
    app = await app_with(
        Plugin(name="broken", version="1.0", title="Broken", parts={"hooks": hooks}), on=("alfa",)
    )
    async with Browser(app, "alfa", raise_errors=False) as visitor:
        answer = await visitor.get("/")
    assert answer.status_code == 500
    assert "<main>" in answer.text and "there-is-none" not in answer.text


async def test_a_suspended_site_and_an_unknown_host_are_told_apart(app: Any, browser: Open) -> None:
    runtime = runtime_of(app)
    with runtime.active(), acting(None, Actor(kind="cli")), use_plan(runtime.registry.platform_plan()):
        await suspend_site("alfa")
    async with browser("alfa") as visitor, browser(host="nowhere.test") as lost, browser("beta") as other:
        suspended = await visitor.get("/")
        assert (suspended.status_code, suspended.headers["retry-after"]) == (503, "3600")
        assert (await lost.get("/")).status_code == 404
        assert (await other.get("/")).status_code == 200
