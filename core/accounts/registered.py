"""Rights that plugins name in what they register: each has to be one that somebody brings."""

from collections.abc import Iterable
from typing import Final

from core.accounts.capabilities import catalogue
from core.accounts.matrix import CORE_ROLES
from core.errors import StartError
from core.hooks import Plan, did_you_mean, use_plan
from hookspecs import accounts, platform

__all__ = ["require_known_names"]

_CORE_ROLES: Final = frozenset(role.name for role in CORE_ROLES)


def require_known_names(plan: Plan) -> None:
    """Refuse to start while something that a plugin brings names a right or a role that nobody brings.

    Args:
        plan: Hooks of all installed plugins: what they bring counts, whether or not a site has it on.

    Raises:
        StartError: Names the plugin, the thing, and what was probably meant.
    """
    with use_plan(plan):
        rights = frozenset(catalogue())
    defined = plan.collections[accounts.register_roles]
    roles = _CORE_ROLES | {role.name for _owner, role in defined}
    for owner, capability in plan.collections[accounts.register_capabilities]:
        _check(owner, f"the right {capability.name!r}", "role", capability.roles, roles)
    for owner, role in defined:
        _check(owner, f"the role {role.name!r}", "right", role.capabilities, rights)
    for owner, level in plan.collections[platform.register_access_levels]:
        wanted = (level.capability,) if level.capability else ()
        _check(owner, f"the access level {level.name!r}", "right", wanted, rights)


def _check(owner: str, thing: str, kind: str, names: Iterable[str], known: frozenset[str]) -> None:
    for name in sorted(names):
        if name not in known:
            raise StartError(
                f"The plugin “{owner}” brings {thing} for the {kind} {name!r}, which there is not.",
                hint=did_you_mean(name, known)
                or f"Bring it by register_{'roles' if kind == 'role' else 'capabilities'}.",
            )
