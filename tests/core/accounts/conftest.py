"""A database with two sites on each engine, and a small installation around it."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from core.context import acting
from core.db import (
    Database,
    PostgresDatabase,
    Source,
    SqliteDatabase,
    initialise_server,
    migrate,
    platform_read,
)
from core.hooks import use_plan
from core.i18n import use_language
from core.sites import create_site
from tests.core.accounts.world import CLI, World
from tests.kit.clock import FakeClock

ROOT = Path(__file__).parents[3]
SOURCES = [Source("core", ROOT / "migrations" / "core")]
ENGINES = os.environ.get("VITRAL_TEST_ENGINES", "sqlite,postgres").split(",")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    plugins = metafunc.config.pluginmanager
    kit = plugins.hasplugin("vitral") or plugins.hasplugin("tests.kit.plugin")  # it does the same
    if "engine" in metafunc.fixturenames and not kit:
        metafunc.parametrize("engine", ENGINES, scope="session")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with use_language("en"):
        yield


async def fill(owner: Database, database: Database) -> None:
    await migrate(owner, SOURCES)
    await owner.stop()
    world = World(database)
    with world.active(), acting(None, CLI), use_plan(world.registry.platform_plan()):
        await database.start()
        async with platform_read():
            for slug in ("alfa", "beta"):
                await create_site(
                    slug, title=slug.title(), hosts=(f"{slug}.test",), settings={"site": {"language": "en"}}
                )
    await database.stop()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Any]:
    from tests.kit.pg import Cluster

    made = Cluster()
    made.start()
    yield made
    made.stop()


class Template:
    """The template of one engine."""

    def __init__(self, engine: str, cluster: Any) -> None:
        self.engine = engine
        self.cluster = cluster
        self.folder = Path(tempfile.mkdtemp(prefix="accounts-"))
        self.made = False
        self.number = 0

    async def make(self) -> None:
        if self.made:
            return
        if self.engine == "sqlite":
            path = self.folder / "template.db"
            await fill(SqliteDatabase(path), SqliteDatabase(path))
        else:
            await initialise_server(self.cluster.url("postgres", "postgres"), "accounts_template", {})
            owner = PostgresDatabase(
                self.cluster.url("vitral_owner", "accounts_template"), size=3, guarded=False
            )
            await fill(owner, PostgresDatabase(self.cluster.url("vitral_app", "accounts_template"), size=3))
        self.made = True

    async def copy(self) -> tuple[Database, str]:
        self.number += 1
        name = f"accounts_{self.number}"
        if self.engine == "sqlite":
            shutil.copy(self.folder / "template.db", self.folder / f"{name}.db")
            return SqliteDatabase(self.folder / f"{name}.db"), name
        await self.sql(
            f"CREATE DATABASE {name} TEMPLATE accounts_template STRATEGY file_copy OWNER vitral_owner"
        )
        return PostgresDatabase(self.cluster.url("vitral_app", name), size=12), name

    async def drop(self, name: str) -> None:
        if self.engine == "sqlite":
            for path in self.folder.glob(f"{name}.db*"):
                path.unlink()
        else:
            await self.sql(f"DROP DATABASE {name} WITH (FORCE)")

    async def sql(self, sql: str) -> None:
        connection: Any = await asyncpg.connect(self.cluster.url("postgres", "postgres"))
        try:
            await connection.execute(sql)
        finally:
            await connection.close()


@pytest.fixture(scope="session")
def template(engine: str, request: pytest.FixtureRequest) -> Iterator[Template]:
    made = Template(engine, request.getfixturevalue("cluster") if engine == "postgres" else None)
    yield made
    shutil.rmtree(made.folder, ignore_errors=True)


@pytest.fixture
async def database(template: Template) -> AsyncIterator[Database]:
    await template.make()
    made, name = await template.copy()
    await made.start()
    yield made
    await made.stop()
    await template.drop(name)


@pytest.fixture
async def make_world(database: Database) -> Callable[..., Any]:
    """Return `world = await make_world(plugin, ..., https=True)`."""

    async def make(*plugins: Any, on: tuple[str, ...] = ("alfa",), https: bool = False) -> World:
        from core.db import tenant_read
        from core.sites import enable_plugin

        world = World(database, plugins=plugins, https=https)
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
async def clock() -> AsyncIterator[FakeClock]:
    fake = FakeClock()
    with fake.installed():
        yield fake
