"""Plugins of level installation: an operator turns them on and off, for every site."""

from collections.abc import Callable
from typing import Any

from core.accounts import record
from core.context import acting, current_actor
from core.db import platform_execute, platform_work, tenant_work
from core.errors import Invalid
from core.hooks import after_commit, do_action, use_plan
from core.i18n import gettext as _
from core.ids import new_id
from core.plugins import current_registry
from core.sites.revision import bump, refresh_after_commit
from core.sites.rights import operators_only
from core.tenancy import PLUGIN_SWITCH, current_tenants
from hookspecs import platform

__all__ = ["disable_for_all", "enable_for_all"]


async def enable_for_all(name: str) -> tuple[str, ...]:
    """Turn a plugin of level installation on, with what it requires; return what was turned on.

    Raises:
        Forbidden: Only an operator may.
        NotFound: No such plugin is installed; the message suggests one.
        Invalid: It is enabled site by site.
        Refused: A plugin's `on_plugin_enabling` said no, for one of the sites.
    """
    operators_only()
    _of_level_installation(name)
    missing = current_registry().closure_for_all(name)
    if not missing:
        return ()
    async with platform_work():
        for plugin in missing:
            await platform_execute(
                "INSERT INTO installation (id, name, value) VALUES ({}, {}, 1) ON CONFLICT (name) DO NOTHING",
                new_id(),
                PLUGIN_SWITCH + plugin,
            )
            await record("plugin.enable_for_all", resource_type="plugin", detail={"plugin": plugin})
        await _tell_sites(missing, platform.on_plugin_enabling, platform.on_plugin_enabled)
        await bump(None)
        refresh_after_commit()
    return missing


async def disable_for_all(name: str) -> tuple[str, ...]:
    """Turn a plugin of level installation off; its data stays. Return what was turned off.

    Raises:
        Forbidden: Only an operator may.
        NotFound: No such plugin is installed.
        Invalid: It is enabled site by site, or others that are on require it.
        Refused: A plugin's `on_plugin_disabling` said no, for one of the sites.
    """
    operators_only()
    _of_level_installation(name)
    registry = current_registry()
    if name not in registry.installation:
        return ()
    in_use = registry.installation.union(*(tenant.enabled for tenant in current_tenants().all()))
    dependents = [plugin for plugin in registry.dependents(name) if plugin in in_use]
    if dependents:
        raise Invalid({"plugin": _("Others require it: %(names)s.") % {"names": ", ".join(dependents)}})
    async with platform_work():
        await _tell_sites((name,), platform.on_plugin_disabling, platform.on_plugin_disabled)
        await platform_execute("DELETE FROM installation WHERE name = {}", PLUGIN_SWITCH + name)
        await record("plugin.disable_for_all", resource_type="plugin", detail={"plugin": name})
        await bump(None)
        refresh_after_commit()
    return (name,)


def _of_level_installation(name: str) -> None:
    if current_registry().known(name).manifest.level != "installation":
        raise Invalid({"plugin": _("“%(name)s” is enabled site by site: say which site.") % {"name": name}})


async def _tell_sites(
    plugins: tuple[str, ...], changing: Callable[..., Any], changed: Callable[..., Any]
) -> None:
    """Let every site, the plugins themselves included, take part in the change and hear of it."""
    registry = current_registry()
    for tenant in current_tenants().all():
        plan = registry.plan(tenant.enabled | set(plugins))
        with acting(tenant, current_actor()), use_plan(plan):
            async with tenant_work():
                for plugin in plugins:
                    await do_action(changing, plugin)
                    after_commit(changed, plugin)
