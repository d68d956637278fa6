"""A small installation around the content and media rooms: two sites, people, plugins of the tests' own."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import core.accounts.hooks
import core.content.hooks
import core.mail.hooks
import core.media.hooks
from core.accounts import NewUser, actor_of, create_user
from core.context import VISITOR, Actor, Tenant, acting
from core.crypto import Keyring, Parameters, Passwords, RootKey, use_keyring
from core.db import Database, tenant_read, use_database
from core.hooks import use_plan
from core.jobs import Worker
from core.mail import MailSetup, MemoryTransport, use_mail
from core.media import MediaFolder, use_media
from core.plugins import Loader, Plugin, use_registry
from core.tenancy import SiteSettings, Tenants, enter, use_tenants

__all__ = ["CLI", "PASSWORD", "World"]

PASSWORD = "garrafa verde sobre o muro"  # invented
CLI = Actor(kind="cli", name="test")
ROOT = RootKey.generate()
HOOKS = [core.accounts.hooks, core.mail.hooks, core.media.hooks, core.content.hooks]


class World:
    """An installation for tests of content."""

    def __init__(self, database: Database, folder: Path, *, plugins: tuple[Plugin, ...] = ()) -> None:
        self.database = database
        self.registry = Loader(extra=plugins, core=HOOKS, points=()).load()
        self.registry.add_settings(SiteSettings)
        self.keyring = Keyring(ROOT, passwords=Passwords(Parameters.for_tests()))
        self.tenants = Tenants()
        self.mail = MailSetup(MemoryTransport(), "vitral@example.org")
        self.media = MediaFolder(folder / "media")
        self._people = 0

    @contextmanager
    def active(self) -> Iterator[None]:
        """Make the installation's parts reachable."""
        with ExitStack() as stack:
            stack.enter_context(use_database(self.database))
            stack.enter_context(use_registry(self.registry))
            stack.enter_context(use_keyring(self.keyring))
            stack.enter_context(use_tenants(self.tenants))
            stack.enter_context(use_mail(self.mail))
            stack.enter_context(use_media(self.media))
            yield

    @contextmanager
    def on(self, slug: str = "alfa", actor: Actor = CLI) -> Iterator[Tenant]:
        """Be inside a site."""
        with self.active():
            tenant = self.tenants.by_slug(slug)
            assert tenant is not None
            with enter(tenant, actor):
                yield tenant

    async def person(self, *roles: str, site: str = "alfa") -> Actor:
        """Make somebody with these roles, and return him as an actor."""
        self._people += 1
        with self.on(site):
            async with tenant_read():
                account = await create_user(
                    NewUser(
                        email=f"pessoa{self._people}@example.org",
                        display_name=f"Pessoa {self._people}",
                        roles=roles or ("subscriber",),
                        password=PASSWORD,
                    )
                )
                return await actor_of(account)

    async def rows(self, sql: str, *args: Any, site: str = "alfa") -> list[dict[str, Any]]:
        """Return rows of a site's tables."""
        from core.db import execute

        with self.on(site):
            async with tenant_read():
                return await execute(sql, *args)

    async def settings(self, site: str = "alfa", **values: Any) -> None:
        """Change settings of a site."""
        from core.sites import save_settings

        with self.on(site):
            async with tenant_read():
                await save_settings("site", values)
            await self.tenants.refresh(force=True)

    async def run_jobs(self) -> None:
        """Run what is queued and due."""
        worker = Worker()
        with self.active(), acting(None, VISITOR), use_plan(self.registry.platform_plan()):
            while await worker.run_one():
                pass
