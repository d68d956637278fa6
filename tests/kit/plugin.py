"""Fixtures, as a pytest plugin. Each test that asks for a database runs once per engine."""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar

from core.app import create_app, runtime_of
from core.context import Actor, Tenant
from core.crypto import Parameters, Passwords
from core.db import Database, tenant_read
from core.plugins import Plugin
from core.runtime import Runtime
from core.tenancy import enter

from . import templates
from .async_ import pytest_fixture_setup, pytest_pyfunc_call
from .client import Browser
from .clock import FakeClock
from .people import People

__all__ = ["pytest_fixture_setup", "pytest_pyfunc_call"]

_TEMPLATES = pytest.StashKey[templates.Templates]()
_SHARED = templates.Shared()
_APPS: dict[str, Litestar] = {}
"""One app per engine and process: building one takes longer than a test. Its database is swapped."""


def pytest_configure(config: pytest.Config) -> None:
    """Make the templates once, in the process that controls the workers."""
    if hasattr(config, "workerinput") or config.option.collectonly or config.option.help:
        return
    made = templates.Templates()
    config.stash[_TEMPLATES] = made
    config.add_cleanup(made.remove)
    asyncio.run(made.make())


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run everything that asks for `engine`, directly or through a fixture, on each engine."""
    if "engine" in metafunc.fixturenames:
        metafunc.parametrize("engine", templates.ENGINES, scope="session")


@pytest.fixture(autouse=True)
def _only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test talk to the outside."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in (
            "127.0.0.1",
            "::1",
            "localhost",
        ):
            raise AssertionError(f"A test tried to reach {address[0]}.")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def database_name(engine: str) -> str:
    """Name of the test's database. A test that asks for it gets a copy to itself, and may change the schema."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return f"t_{worker}_{engine}_{os.getpid()}"


@pytest.fixture
async def database(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """A database with two sites, on each engine in turn, as if new; connected as the runtime role."""
    if engine == "postgres" and "database_name" not in request.fixturenames:
        yield await _SHARED.take()
        await _SHARED.give_back()
        return
    name = request.getfixturevalue("database_name")
    made = await templates.copy_of(engine, name, tmp_path)
    await made.start()
    yield made
    await made.stop()
    await templates.drop_copy(engine, name, tmp_path)


@pytest.fixture
async def owner_database(
    engine: str, database_name: str, database: Database, tmp_path: Path
) -> AsyncIterator[Database]:
    """The same database as the role that migrates."""
    made = templates.owner_of(engine, database_name, tmp_path)
    yield made
    await made.stop()


@pytest.fixture
async def app(engine: str, database: Database) -> AsyncIterator[Litestar]:
    """The application on the test's database, without plugins of the test's own."""
    made = _APPS.get(engine)
    if made is None:
        folder = templates.run_folder() / f"{engine}-{os.getpid()}"
        made = _APPS[engine] = _made(folder, database)
    await _attach(made, database)
    yield made
    shutil.rmtree(runtime_of(made).media.root, ignore_errors=True)  # the next test has the same sites


def _made(folder: Path, database: Database, plugins: Sequence[Plugin] = ()) -> Litestar:
    app = create_app(templates.test_settings(folder), plugins=plugins, database=database)
    # half of the suite signs somebody in, and a real verifier takes a tenth of a second
    runtime_of(app).keyring.passwords = Passwords(Parameters.for_tests())
    return app


async def _attach(app: Litestar, database: Database) -> None:
    runtime = runtime_of(app)
    runtime.database = database
    runtime.tenants.forget()
    with runtime.active():
        await runtime.tenants.refresh(force=True)


@pytest.fixture
def runtime(app: Litestar) -> Runtime:
    """The parts of the running application."""
    return runtime_of(app)


@pytest.fixture
async def app_with(database: Database, owner_database: Database, tmp_path: Path) -> Callable[..., Any]:
    """Make an application with plugins of the test's own: `app = await app_with(plugin, on=("alfa",))`.

    A plugin that is installed is given by its name.
    """

    async def make(*plugins: Plugin | str, on: tuple[str, ...] = ()) -> Litestar:
        from core.db import migrate
        from core.sites import enable_plugin

        given = [plugin for plugin in plugins if isinstance(plugin, Plugin)]
        made = _made(tmp_path, database, given)
        runtime = runtime_of(made)
        await migrate(owner_database, runtime.migration_sources())
        await _attach(made, database)
        for slug in on:
            for plugin in plugins:
                with entered(made, slug):
                    async with tenant_read():
                        await enable_plugin(plugin if isinstance(plugin, str) else plugin.name)
        return made

    return make


@contextmanager
def entered(app: Litestar, slug: str, actor: Actor | None = None) -> Iterator[Tenant]:
    """Be inside a site of an application, as `actor` (the shell unless given)."""
    runtime = runtime_of(app)
    with ExitStack() as stack:
        stack.enter_context(runtime.active())
        tenant = runtime.tenants.by_slug(slug)
        assert tenant is not None, f"no site {slug!r}"
        stack.enter_context(enter(tenant, actor or Actor(kind="cli", name="test")))
        yield tenant


@pytest.fixture
async def alfa(app: Litestar) -> AsyncIterator[Tenant]:
    """Be inside the site `alfa` for the whole test, as the shell, with a read scope open."""
    with entered(app, "alfa") as tenant:
        async with tenant_read():
            yield tenant


@pytest.fixture
def within(app: Litestar) -> Callable[..., Any]:
    """`with within("beta", actor=...)`: be inside a site for a block."""

    def inside(slug: str, actor: Actor | None = None) -> Any:
        return entered(app, slug, actor)

    return inside


@pytest.fixture
def browser(app: Litestar) -> Callable[..., Browser]:
    """Open a browser on a site: `browser("alfa")`."""

    def open_browser(site: str = "alfa", **options: Any) -> Browser:
        return Browser(app, site, **options)

    return open_browser


@pytest.fixture
def people(app: Litestar) -> People:
    """Make users: `await people.make("alfa", "editor")`, and browsers that are signed in as them."""
    return People(app)


@pytest.fixture
def queries(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that pages asked, in their order."""
    from core.db import work

    asked: list[str] = []
    real = work.ReadScope.fetch

    async def fetch(self: Any, sql: str, args: Any = ()) -> Any:
        asked.append(sql)
        return await real(self, sql, args)

    monkeypatch.setattr(work.ReadScope, "fetch", fetch)
    return asked


@pytest.fixture
async def clock() -> AsyncIterator[FakeClock]:
    """A clock that stands still until the test moves it."""
    fake = FakeClock()
    with fake.installed():
        yield fake
