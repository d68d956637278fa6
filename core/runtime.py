"""The parts of one running installation, built once from its settings and handed around.

Nothing here is global: `Runtime.active()` puts the parts into context variables for the length of a
request, a command or a job, and takes them out again.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from core.accounts import require_known_names
from core.content import require_known_content
from core.context import current_tenant
from core.crypto import Keyring, ensure_root_key, use_ciphers, use_keyring
from core.db import (
    Database,
    PostgresDatabase,
    Source,
    SqliteDatabase,
    check_catalogue,
    check_tables,
    pending,
    use_database,
)
from core.errors import StartError
from core.hooks import CORE, collect_owned
from core.mail import build_mail, use_mail
from core.media import MediaSetup, build_storage, use_media, use_setup
from core.plugins import Loader, Plugin, Registry, use_registry
from core.settings import Settings
from core.tenancy import SiteSettings, Tenants, use_tenants
from core.themes import LookSettings, Themes, use_themes
from hookspecs import platform

__all__ = ["Runtime", "build_runtime", "load_registry", "open_database"]

log = logging.getLogger("vitral")
_ROOT = Path(__file__).parent.parent
_CORE_HOOKS = (
    "core.accounts.hooks",
    "core.mail.hooks",
    "core.media.hooks",
    "core.content.hooks",
    "core.sites.hooks",
    "core.importing.hooks",
    "core.site.hooks",
    "core.admin.hooks",
)
"""Modules where the core implements its own hooks, as every plugin does in its `hooks.py`."""


class Runtime:
    """Settings, database, plugins, themes, sites and keys of one process."""

    def __init__(self, settings: Settings, database: Database, registry: Registry, keyring: Keyring) -> None:
        self.settings = settings
        self.database = database
        self.registry = registry
        self.keyring = keyring
        self.tenants = Tenants()
        self.themes = Themes.load(settings, registry)
        self.mail = build_mail(settings, folders=self._mail_folders)
        self.media = build_storage(settings)
        self.media_setup = MediaSetup(quota=settings.media_quota_mb * 1_000_000)

    @contextmanager
    def active(self) -> Iterator[None]:
        """Make the parts reachable for everything that runs inside the block."""
        with (
            use_database(self.database),
            use_registry(self.registry),
            use_keyring(self.keyring),
            use_ciphers(lambda: collect_owned(platform.register_cipher)),
            use_tenants(self.tenants),
            use_themes(self.themes),
            use_mail(self.mail),
            use_media(self.media),
            use_setup(self.media_setup),
        ):
            yield

    def _mail_folders(self) -> list[Path]:
        """Return where mail templates of the current site are looked for, as those of its pages are."""
        return self.themes.template_folders(current_tenant())

    def migration_sources(self) -> list[Source]:
        """Return where migrations lie: the core's, then each plugin's after those it requires."""
        return [Source("core", _ROOT / "migrations" / "core"), *self.registry.migration_sources()]

    async def check(self) -> None:
        """Look at the database before serving from it.

        Raises:
            StartError: Steps are missing, or a wall between tenants does not stand.
        """
        waiting = await pending(self.database, self.migration_sources())
        if waiting:
            names = ", ".join(f"{file.owner}/{file.name}" for file in waiting[:3])
            raise StartError(
                f"The database is {len(waiting)} migration(s) behind ({names}).", hint="Run `vitral migrate`."
            )
        problems = [
            *await check_tables(self.database, {CORE, *self.registry.plugins}),
            *await check_catalogue(self.database),
        ]
        if problems:
            raise StartError("The database is not as it must be:\n  " + "\n  ".join(problems))


def open_database(settings: Settings, *, as_owner: bool = False) -> Database:
    """Return the database that the settings name, not yet connected.

    Args:
        settings: The installation's settings.
        as_owner: Connect as the role that migrates (PostgreSQL).

    Raises:
        StartError: The owner's URL is needed and not set, or the file is a folder.
    """
    if settings.database_url.startswith("sqlite:///"):
        path = Path(settings.database_url.removeprefix("sqlite:///")).absolute()
        if path.is_dir():
            raise StartError(
                f"The database {path} is a folder.", hint="Set VITRAL_DATABASE_URL=sqlite:///file."
            )
        return SqliteDatabase(path)
    if as_owner:
        if not settings.owner_database_url:
            raise StartError(
                "Migrations on PostgreSQL run as vitral_owner, and its URL is not set.",
                hint="Set VITRAL_OWNER_DATABASE_URL (or VITRAL_OWNER_DATABASE_URL_FILE).",
            )
        return PostgresDatabase(settings.owner_database_url, size=3, guarded=False)
    return PostgresDatabase(settings.database_url, size=settings.pool_size)


def load_registry(settings: Settings, plugins: Sequence[Plugin] = ()) -> Registry:
    """Load the plugins of an installation, and the core's own implementations of its hooks.

    Raises:
        StartError: A plugin or hook is not as it must be; the message names it.
    """
    core = [import_module(name) for name in _CORE_HOOKS]
    registry = Loader(extra=plugins, safe=settings.safe, core=core).load()
    registry.add_settings(SiteSettings)
    registry.add_settings(LookSettings)
    everything = registry.plan(frozenset(registry.plugins))
    require_known_names(everything)
    require_known_content(everything)
    return registry


def build_runtime(
    settings: Settings, *, plugins: Sequence[Plugin] = (), database: Database | None = None
) -> Runtime:
    """Build the parts of an installation.

    Args:
        settings: The installation's settings.
        plugins: Plugins beside those found by entry point (tests, development).
        database: Use this one instead of opening what the settings name.

    Raises:
        StartError: A plugin, hook or key is not as it must be; the message names it.
    """
    registry = load_registry(settings, plugins)
    key_file = Path(settings.root_key_file) if settings.root_key_file else settings.var_folder / "root.key"
    root = ensure_root_key(key_file, development=not settings.production)
    return Runtime(settings, database or open_database(settings), registry, Keyring(root))
