"""A small installation around the two sites of the kit, which speak English here."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.db import Database, tenant_read
from core.hooks import use_plan
from core.i18n import use_language
from core.sites import enable_plugin, save_settings
from tests.core.accounts.world import World
from tests.kit.templates import SITES


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with use_language("en"):
        yield


@pytest.fixture
async def make_world(database: Database) -> Callable[..., Any]:
    """Return `world = await make_world(plugin, ..., https=True)`."""

    async def make(*plugins: Any, on: tuple[str, ...] = ("alfa",), https: bool = False) -> World:
        world = World(database, plugins=plugins, https=https)
        with world.active(), use_plan(world.registry.platform_plan()):
            await world.tenants.refresh(force=True)
        for slug in SITES:
            with world.on(slug):
                async with tenant_read():
                    await save_settings("site", {"language": "en"})
                    for plugin in plugins if slug in on else ():
                        await enable_plugin(plugin.name)
        return world

    return make


@pytest.fixture
async def world(make_world: Callable[..., Any]) -> World:
    """An installation without plugins."""
    return await make_world()  # type: ignore[no-any-return]
