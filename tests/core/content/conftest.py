"""A small installation around the kit's database: the rooms below the faces, and plugins of a test's own."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from core.context import Actor, Tenant
from core.db import Database, tenant_read, work
from core.hooks import use_plan
from core.sites import enable_plugin
from tests.core.content.world import World
from tests.kit.clock import FakeClock


@pytest.fixture
async def make_world(database: Database, tmp_path: Path) -> Callable[..., Any]:
    """Return `world = await make_world(plugin, ...)`."""

    async def make(*plugins: Any, on: tuple[str, ...] = ("alfa",)) -> World:
        world = World(database, tmp_path, plugins=plugins)
        with world.active(), use_plan(world.registry.platform_plan()):
            await world.tenants.refresh(force=True)
        for slug in on:
            for plugin in plugins:
                with world.on(slug):
                    async with tenant_read():
                        await enable_plugin(plugin.name)
        return world

    return make


@pytest.fixture
async def world(make_world: Callable[..., Any]) -> World:
    """An installation without plugins."""
    return await make_world()  # type: ignore[no-any-return]


@pytest.fixture
async def admin(world: World) -> Actor:
    return await world.person("administrator")


@pytest.fixture
async def site(world: World, admin: Actor) -> AsyncIterator[Tenant]:
    """Be on the site alfa as its administrator, with a read scope open, for the whole test."""
    with world.on("alfa", admin) as tenant:
        async with tenant_read():
            yield tenant


@pytest.fixture
async def clock() -> AsyncIterator[FakeClock]:  # async: it must be set in the test's own context
    fake = FakeClock()
    with fake.installed():
        yield fake


@pytest.fixture
def statements(monkeypatch: Any) -> Callable[[], Any]:
    """Return `with statements() as seen`: what is asked of the database meanwhile, outside of writes."""

    @contextmanager
    def watch() -> Iterator[list[str]]:
        seen: list[str] = []
        real = work.ReadScope.fetch

        async def fetch(self: Any, sql: str, args: Any = ()) -> Any:
            seen.append(sql)
            return await real(self, sql, args)

        with monkeypatch.context() as patch:
            patch.setattr(work.ReadScope, "fetch", fetch)
            yield seen

    return watch
