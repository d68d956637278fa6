"""Stepping into a site: everything that work for it needs, in one place."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from core.context import Actor, Tenant, acting, current_actor
from core.hooks import use_plan
from core.i18n import use_language
from core.plugins import current_registry, settings
from core.tenancy.settings import SiteSettings

__all__ = ["enter", "site_settings"]


@contextmanager
def enter(tenant: Tenant, actor: Actor | None = None) -> Iterator[None]:
    """Run the block for `tenant`: its hooks, its language, and `actor` (the current one unless given)."""
    registry = current_registry()
    with ExitStack() as stack:
        stack.enter_context(acting(tenant, actor or current_actor()))
        stack.enter_context(use_plan(registry.plan(tenant.enabled)))
        stack.enter_context(use_language(site_settings().language, registry.locale_folders(tenant.enabled)))
        yield


def site_settings() -> SiteSettings:
    """Return the settings of the current site, defaults included."""
    return settings(SiteSettings)
