"""Stepping into a site: everything that work for it needs, in one place."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from functools import lru_cache
from typing import Any

from core.context import ACTOR, TENANT, Actor, Tenant, acting, current_actor
from core.hooks import PLAN
from core.i18n import FOLDERS, LANGUAGE, folders_of, known_language
from core.plugins import Registry, current_registry, settings
from core.tenancy.settings import SiteSettings

__all__ = ["Entering", "enter", "site_settings"]

_Values = tuple[tuple[ContextVar[Any], Any], ...]


@lru_cache(maxsize=2048)  # a site that changes is a new object
def _values(registry: Registry, tenant: Tenant, for_all: frozenset[str]) -> _Values:
    """Return what a site sets, while these plugins are on for all: its hooks, its language and where that is found."""
    with acting(tenant, current_actor()):
        code = known_language(site_settings().language)
    return (
        (TENANT, tenant),
        (PLAN, registry.plan(tenant.enabled)),
        (LANGUAGE, code),
        (FOLDERS, folders_of(registry.locale_folders(tenant.enabled))),
    )


class Entering:
    """`enter` without the machinery of a generator: this runs for every request."""

    __slots__ = ("_actor", "_tenant", "_tokens")

    def __init__(self, tenant: Tenant, actor: Actor | None = None) -> None:
        self._tenant = tenant
        self._actor = actor
        self._tokens: list[tuple[ContextVar[Any], Token[Any]]] = []

    def __enter__(self) -> None:
        tokens, registry = self._tokens, current_registry()
        for variable, value in _values(registry, self._tenant, registry.installation):
            tokens.append((variable, variable.set(value)))
        if self._actor is not None:
            tokens.append((ACTOR, ACTOR.set(self._actor)))

    def __exit__(self, *_: object) -> None:
        for variable, token in reversed(self._tokens):
            variable.reset(token)


@contextmanager
def enter(tenant: Tenant, actor: Actor | None = None) -> Iterator[None]:
    """Run the block for `tenant`: its hooks, its language, and `actor` (the current one unless given)."""
    with Entering(tenant, actor):
        yield


def site_settings() -> SiteSettings:
    """Return the settings of the current site, defaults included."""
    return settings(SiteSettings)
