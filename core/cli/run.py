"""Running a command's coroutine inside the installation, or inside one of its sites."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import ExitStack, asynccontextmanager
from typing import Any, TypeVar

import click

from core.cli.called import CALLED
from core.context import Actor, acting
from core.db import platform_read, tenant_read
from core.errors import NotFound, VitralError
from core.hooks import use_plan
from core.i18n import use_language
from core.runtime import Runtime, build_runtime
from core.settings import load_settings
from core.sites import find_site
from core.tenancy import enter

__all__ = ["CLI", "installation", "run", "site", "site_option", "site_or_all_option"]

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
CLI = Actor(kind="cli", name="cli")


def site_option(command: F) -> F:
    """Give a command the option `--site`."""
    return click.option("--site", "slug", required=True, metavar="SLUG", help="The site to work on.")(command)


def site_or_all_option(command: F) -> F:
    """Give a command the option `--site`, to be left out for what concerns every site."""
    told = "The site to work on; none for a plugin of level installation."
    return click.option("--site", "slug", metavar="SLUG", help=told)(command)


@asynccontextmanager
async def installation(*, checked: bool = True) -> AsyncIterator[Runtime]:
    """Open the installation as the shell, on the platform.

    Args:
        checked: Refuse a database that is behind or whose walls do not stand.

    Raises:
        VitralError: A plugin's command asks for it that said that it opens no database.
    """
    called = CALLED.get()
    if called is not None and called[1].offline:
        raise VitralError(
            f"The command {called[1].name!r} is marked offline, so it opens no database.",
            hint=f"Take offline=True out of the manifest of “{called[0]}”.",
        )
    runtime = build_runtime(load_settings().settings)
    # the shell speaks English; inside a site its own language counts: some of what is said there is kept
    with ExitStack() as stack:
        stack.enter_context(use_language("en"))
        stack.enter_context(runtime.active())
        stack.enter_context(acting(None, CLI))
        stack.enter_context(use_plan(runtime.registry.platform_plan()))
        await runtime.database.start()
        try:
            if checked:
                await runtime.check()
                await runtime.tenants.refresh()
            async with platform_read():
                yield runtime
        finally:
            await runtime.database.stop()


@asynccontextmanager
async def site(slug: str) -> AsyncIterator[Runtime]:
    """Open the installation inside one site, as the shell. What is done there is recorded.

    Raises:
        NotFound: There is no such site, or the plugin whose command this is is off there.
    """
    async with installation() as runtime:
        tenant, called = find_site(slug), CALLED.get()
        if called is not None and called[0] not in runtime.registry.active(tenant.enabled):
            raise NotFound(
                f"The plugin “{called[0]}” is not enabled on the site {slug!r}.",
                hint=f"`vitral plugin enable {called[0]} --site {slug}` enables it.",
            )
        with enter(tenant, CLI):
            async with tenant_read():
                yield runtime


def run(work: Callable[[], Awaitable[T]]) -> T:
    """Run a command's coroutine to its end."""

    async def wrapped() -> T:
        return await work()

    coroutine: Coroutine[Any, Any, T] = wrapped()
    return asyncio.run(coroutine)
