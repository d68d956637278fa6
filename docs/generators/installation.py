"""A throw-away installation to read the reference off: settings of development, an empty migrated database."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from litestar import Litestar

from core.app import create_app, runtime_of
from core.db import migrate
from core.hooks import use_plan
from core.i18n import use_language
from core.plugins import Registry
from core.runtime import Runtime
from core.settings import Settings

__all__ = ["Installation", "installation"]


class Installation:
    """What the pages are made from."""

    def __init__(self, app: Litestar, database: Path) -> None:
        self.app = app
        self.runtime: Runtime = runtime_of(app)
        self.registry: Registry = self.runtime.registry
        self.database = database
        """The migrated SQLite file."""


@contextmanager
def installation() -> Iterator[Installation]:
    """Make an installation with every installed plugin in a folder that goes away again.

    Raises:
        SystemExit: A plugin can't be loaded; pages without it would be wrong.
    """
    logging.getLogger("vitral").setLevel(logging.CRITICAL)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "reference.db"
        settings = Settings(database_url=f"sqlite:///{file}", var=folder, sites=str(Path(folder) / "sites"))
        app = create_app(settings)
        made = Installation(app, file)
        failures = [f"{failure.name}: {failure.error}" for failure in made.registry.report.failures]
        if failures:
            raise SystemExit(
                "The reference needs every plugin, and these can't be loaded:\n" + "\n".join(failures)
            )
        everything = made.registry.plan(frozenset(made.registry.plugins))
        with made.runtime.active(), use_plan(everything), use_language("en"):
            asyncio.run(_migrated(made.runtime))
            yield made


async def _migrated(runtime: Runtime) -> Any:
    try:
        return await migrate(runtime.database, runtime.migration_sources())
    finally:
        await runtime.database.stop()
