"""Rights: capabilities, roles, decisions and the policies that take part in them."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

import msgspec

from core.context import Actor

__all__ = ["AccessPolicy", "AccessRequest", "Capability", "Decision", "MetaKey", "Outcome", "RoleDefinition"]

Outcome = Literal["allow", "step_up", "deny"]


class Capability(msgspec.Struct, frozen=True, kw_only=True):
    """A right. WordPress's have its names, a plugin's begin with its own ("audit.view")."""

    name: str
    title: str
    group: str = ""
    roles: frozenset[str] = frozenset()
    """Roles that get it whenever the plugin is enabled on a site, such as "editor". Administrators always hold it."""


class RoleDefinition(msgspec.Struct, frozen=True, kw_only=True):
    """A role that a plugin brings. It is made on each site where the plugin is enabled; people may change it there."""

    name: str
    title: str
    capabilities: frozenset[str]


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of the one decision point, with its reasons."""

    outcome: Outcome
    reasons: tuple[str, ...] = ()
    missing: frozenset[str] = frozenset()
    """Capabilities that were needed and not held."""

    @property
    def allowed(self) -> bool:
        """True only for a plain allow."""
        return self.outcome == "allow"


class MetaKey(msgspec.Struct, frozen=True, kw_only=True):
    """One meta key of a thing, for questions such as `edit_post_meta`."""

    object: Any
    """The view that carries the meta."""
    key: str


class AccessRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of the access seam."""

    actor: Actor
    capability: str
    object_type: str = ""
    object: Any = None
    """The view of the thing, if the question is about one."""
    signals: Mapping[str, Any] = {}
    """What is known of the request: network, session age, method."""


class AccessPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """May this be done? It can only take rights away; an exception in it denies."""

    name: str
    evaluate: Callable[[AccessRequest], Awaitable[Decision]]
