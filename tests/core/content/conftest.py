"""A database with two sites on each engine, and a small installation around it."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from core.context import Actor, Tenant, acting
from core.db import (
    Database,
    PostgresDatabase,
    Source,
    SqliteDatabase,
    initialise_server,
    migrate,
    platform_read,
    tenant_read,
)
from core.hooks import use_plan
from core.i18n import use_language
from core.sites import create_site, enable_plugin
from tests.core.content.world import CLI, World
from tests.kit.clock import FakeClock

ROOT = Path(__file__).parents[3]
SOURCES = [Source("core", ROOT / "migrations" / "core")]
ENGINES = os.environ.get("VITRAL_TEST_ENGINES", "sqlite,postgres").split(",")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" in metafunc.fixturenames and not metafunc.config.pluginmanager.hasplugin("vitral"):
        metafunc.parametrize("engine", ENGINES, scope="session")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with use_language("en"):
        yield


async def fill(owner: Database, database: Database, folder: Path) -> None:
    await migrate(owner, SOURCES)
    await owner.stop()
    world = World(database, folder)
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
        self.folder = Path(tempfile.mkdtemp(prefix="content-"))
        self.made = False
        self.number = 0

    async def make(self) -> None:
        if self.made:
            return
        if self.engine == "sqlite":
            path = self.folder / "template.db"
            await fill(SqliteDatabase(path), SqliteDatabase(path), self.folder)
        else:
            await initialise_server(self.cluster.url("postgres", "postgres"), "content_template", {})
            owner = PostgresDatabase(
                self.cluster.url("vitral_owner", "content_template"), size=3, guarded=False
            )
            app = PostgresDatabase(self.cluster.url("vitral_app", "content_template"), size=3)
            await fill(owner, app, self.folder)
        self.made = True

    async def copy(self) -> tuple[Database, str]:
        self.number += 1
        name = f"content_{self.number}"
        if self.engine == "sqlite":
            shutil.copy(self.folder / "template.db", self.folder / f"{name}.db")
            return SqliteDatabase(self.folder / f"{name}.db"), name
        await self.sql(
            f"CREATE DATABASE {name} TEMPLATE content_template STRATEGY file_copy OWNER vitral_owner"
        )
        return PostgresDatabase(self.cluster.url("vitral_app", name), size=20), name

    async def drop(self, name: str) -> None:
        if self.engine == "sqlite":
            for path in self.folder.glob(f"{name}.db*"):
                path.unlink()
        else:
            await self.sql(f"DROP DATABASE {name} WITH (FORCE)")

    async def sql(self, sql: str, database: str = "postgres") -> list[Any]:
        connection: Any = await asyncpg.connect(self.cluster.url("postgres", database))
        try:
            return list(await connection.fetch(sql))
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
async def author(world: World) -> Actor:
    return await world.person("author")


@pytest.fixture
async def editor(world: World) -> Actor:
    return await world.person("editor")


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
