"""Who acts, and for which site: the two values that travel with every piece of work.

They are context variables, so a task that handles one request never sees another's.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Literal
from uuid import UUID

import msgspec

from core.ambient import Using
from core.errors import VitralError

__all__ = [
    "ACTOR",
    "REQUEST_ID",
    "TENANT",
    "VISITOR",
    "Actor",
    "ActorKind",
    "OutsideTenant",
    "Tenant",
    "acting",
    "as_actor",
    "current_actor",
    "current_tenant",
    "maybe_tenant",
    "request_id",
]

ActorKind = Literal["user", "operator", "job", "cli", "visitor"]


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts. `id` is absent for visitors, jobs and the shell."""

    kind: ActorKind
    id: UUID | None = None
    name: str = ""
    roles: frozenset[str] = frozenset()
    capabilities: frozenset[str] = frozenset()
    session: UUID | None = None
    scopes: frozenset[str] | None = None
    """Set for API tokens: the capabilities the token was given; None means all of the actor's own."""


VISITOR = Actor(kind="visitor", capabilities=frozenset())


class Tenant(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One site as the process knows it: a snapshot, replaced whole when its revision changes."""

    id: UUID
    slug: str
    title: str
    status: Literal["active", "suspended"]
    hosts: tuple[str, ...]
    enabled: frozenset[str]
    theme: str
    media_quota: int | None = None
    """Bytes that the site's files may take, 0 for no limit; None for what the installation says."""
    settings: Mapping[str, Mapping[str, Any]] = {}
    """Stored values by owner: "site" for the core's own, else the plugin's name."""
    revision: int = 0


class OutsideTenant(VitralError):
    """Code that needs a site ran without one. Always a programming mistake."""

    def __init__(self) -> None:
        super().__init__(
            "This ran outside any site.",
            hint="Wrap it in `acting(tenant, actor)`, or use a platform unit of work.",
        )


_tenant: ContextVar[Tenant | None] = ContextVar("vitral_tenant", default=None)
_actor: ContextVar[Actor] = ContextVar("vitral_actor", default=VISITOR)
_request_id: ContextVar[str] = ContextVar("vitral_request_id", default="")
REQUEST_ID = _request_id
"""The variable behind `request_id()`, for the layer that names each request and counts microseconds."""


TENANT = _tenant
ACTOR = _actor
"""The variables themselves, for the layer that sets them for every request: a context manager costs it more."""


def current_tenant() -> Tenant:
    """Return the site this work is for.

    Raises:
        OutsideTenant: There is none.
    """
    tenant = _tenant.get()
    if tenant is None:
        raise OutsideTenant
    return tenant


def maybe_tenant() -> Tenant | None:
    """Return the site this work is for, or None on the platform."""
    return _tenant.get()


def current_actor() -> Actor:
    """Return who acts; an anonymous visitor when nobody was named."""
    return _actor.get()


@contextmanager
def acting(tenant: Tenant | None, actor: Actor) -> Iterator[None]:
    """Run the block for `tenant` (None: the platform) as `actor`."""
    tenant_token = _tenant.set(tenant)
    actor_token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(actor_token)
        _tenant.reset(tenant_token)


def as_actor(actor: Actor) -> Using[Actor]:
    """Run the block as `actor`, in the same site."""
    return Using(_actor, actor)


def request_id() -> str:
    """Return the id of the request being answered, "" outside one. Logs and error pages show it."""
    return _request_id.get()
