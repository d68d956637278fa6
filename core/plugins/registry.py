"""The plugins of the running app: which there are, what goes together, and where their things lie."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
from litestar import Router

from core.ambient import Ambient
from core.db import Source
from core.errors import Invalid, NotFound, StartError
from core.hooks import CORE, HookRegistry, Plan
from core.i18n import gettext as _
from core.plugins import graph
from core.plugins.declared import Declaration, declare
from core.plugins.discovery import LoadFailure
from core.plugins.manifest import Command
from core.plugins.parts import InstalledPlugin
from core.plugins.routes import RouteInfo, check_shapes, plugin_router, route_infos
from core.plugins.values import did_you_mean, owner_of

__all__ = ["LoadReport", "Registry", "current_registry", "use_registry"]


class LoadReport(msgspec.Struct, frozen=True, kw_only=True):
    """How loading went."""

    loaded: tuple[str, ...]
    """In the order of loading: each after those it requires."""
    failures: tuple[LoadFailure, ...]
    left_out: tuple[str, ...]
    """Plugins of others that safe mode did not load."""


class Registry:
    """What one app knows of its plugins. The loader makes it.

    Attributes:
        hooks: Hooks and implementations.
        plugins: Loaded plugins by name, each after those it requires.
        report: How loading went.
        installation: Plugins of level installation that an operator turned on, for all sites.
    """

    def __init__(
        self, hooks: HookRegistry, plugins: Mapping[str, InstalledPlugin], report: LoadReport
    ) -> None:
        self.hooks = hooks
        self.plugins: Mapping[str, InstalledPlugin] = MappingProxyType(dict(plugins))
        self.report = report
        self.installation: frozenset[str] = frozenset()
        self._manifests = {name: plugin.manifest for name, plugin in plugins.items()}
        self._models = {
            name: plugin.settings for name, plugin in plugins.items() if plugin.settings is not None
        }
        self._added: dict[str, list[Any]] = {}
        self._routers: dict[str, Router] | None = None
        self._folders: dict[tuple[str, frozenset[str]], tuple[Path, ...]] = {}

    # which

    def known(self, name: str) -> InstalledPlugin:
        """Return a plugin by its name.

        Raises:
            NotFound: It is not installed, or could not be loaded; the message says which.
        """
        plugin = self.plugins.get(name)
        if plugin is not None:
            return plugin
        for failure in self.report.failures:
            if failure.name == name:
                raise NotFound(
                    _("The plugin “{name}” is installed, but could not be loaded.").format(name=name),
                    hint=failure.error,
                )
        if name in self.report.left_out:
            raise NotFound(_("The plugin “{name}” is left out in safe mode.").format(name=name))
        raise NotFound(
            _("There is no plugin “{name}”.").format(name=name), hint=did_you_mean(name, self.plugins)
        )

    def turn_on_for_all(self, names: Iterable[str]) -> None:
        """Have exactly these plugins on for every site, as far as they are loaded."""
        self.installation = frozenset(name for name in names if name in self.plugins)

    def closure_for_all(self, name: str) -> tuple[str, ...]:
        """Return a plugin of level installation and what it requires, as far as they are not on for every site.

        Raises:
            NotFound: It is not installed; says which was probably meant.
        """
        found = graph.closure(self._manifests, [self.known(name).name]) - self.installation
        return tuple(plugin for plugin in self.plugins if plugin in found)

    def active(self, enabled: frozenset[str]) -> frozenset[str]:
        """Return what is on for a site: what it enabled and what is on for all, as far as it is loaded."""
        return frozenset((enabled | self.installation) & self.plugins.keys())

    def plan(self, enabled: frozenset[str]) -> Plan:
        """Return the plan for a site that enabled these plugins."""
        return self.hooks.plan(enabled | self.installation if self.installation else enabled)

    def platform_plan(self) -> Plan:
        """Return the plan outside of any site: the core, and what is on for all."""
        return self.hooks.plan(self.installation)

    def closure(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return `names` and what they require, each after what it requires, to enable them in that order.

        What is on for the whole installation is not among them.

        Raises:
            NotFound: One of `names` is not installed; says which was probably meant.
            Invalid: One is for the whole installation, and not on.
        """
        wanted = [self.known(name).name for name in names]
        found = graph.closure(self._manifests, wanted) - self.installation
        for name in sorted(found):
            if self.plugins[name].manifest.level == "installation":
                raise Invalid(
                    {
                        "plugin": _(
                            "“{name}” is for the whole installation: an operator turns it on."
                        ).format(name=name)
                    }
                )
        return tuple(name for name in self.plugins if name in found)

    def dependents(self, name: str) -> tuple[str, ...]:
        """Return what requires a plugin, directly or not, to disable in that order before it.

        Raises:
            NotFound: It is not installed.
        """
        found = graph.dependents(self._manifests, self.known(name).name)
        return tuple(other for other in reversed(tuple(self.plugins)) if other in found)

    def declared(self, name: str) -> Declaration:
        """Return what a plugin declares, for the screen that enables it.

        Raises:
            NotFound: It is not installed.
        """
        return declare(self.known(name), self.hooks, self.routes(name))

    def commands(self) -> tuple[tuple[str, Command], ...]:
        """Return the commands of all plugins, with their plugin's name."""
        return tuple(
            (name, command) for name, plugin in self.plugins.items() for command in plugin.manifest.commands
        )

    # settings

    def add_settings(self, model: type[msgspec.Struct]) -> None:
        """Make a Struct known as the settings of its `owner`, for those that no plugin brings.

        Raises:
            StartError: The owner has others already.
        """
        owner = owner_of(model)
        if self._models.setdefault(owner, model) is not model:
            raise StartError(f"Two Structs describe the settings of “{owner}”.")

    def settings_model(self, owner: str) -> type[msgspec.Struct]:
        """Return the Struct of an owner's settings: "site", or a plugin that has some.

        Raises:
            NotFound: There are none.
        """
        try:
            return self._models[owner]
        except KeyError:
            raise NotFound(
                _("“{owner}” has no settings.").format(owner=owner), hint=did_you_mean(owner, self._models)
            ) from None

    # routes

    def add_handlers(self, plugin: str, handlers: Sequence[Any]) -> None:
        """Add routes that another room makes for a plugin, such as those of its admin screens.

        Raises:
            NotFound: It is not installed.
            StartError: The routers were asked for already.
        """
        if self._routers is not None:
            raise StartError(f"Routes of “{plugin}” came after the app was built.")
        self._added.setdefault(self.known(plugin).name, []).extend(handlers)

    def routers(self, core: Iterable[RouteInfo] = ()) -> list[Router]:
        """Return one router per plugin that has routes, for `Litestar(route_handlers=...)`.

        Args:
            core: What the core answers itself, so that no plugin takes an address of its.

        Raises:
            StartError: A route is not as it must be, or two owners answer one address.
        """
        routers = self._built()
        check_shapes({CORE: core} | {name: route_infos(name, router) for name, router in routers.items()})
        return list(routers.values())

    def _built(self) -> dict[str, Router]:
        if self._routers is None:
            self._routers = {
                name: plugin_router(
                    name, handlers, first_party=plugin.first_party, level=plugin.manifest.level
                )
                for name, plugin in self.plugins.items()
                if (handlers := [*plugin.handlers, *self._added.get(name, ())])
            }
        return self._routers

    def routes(self, name: str) -> tuple[RouteInfo, ...]:
        """Return what a plugin answers."""
        router = self._built().get(name)
        return route_infos(name, router) if router is not None else ()

    # files

    def migration_sources(self) -> list[Source]:
        """Return where the plugins' migrations lie, each after those it requires."""
        return [
            Source(name, folder)
            for name, plugin in self.plugins.items()
            if (folder := plugin.migrations) is not None
        ]

    def locale_folders(self, enabled: frozenset[str]) -> tuple[Path, ...]:
        """Return the catalogue folders of what is on for a site."""
        return self._existing("locale", enabled)

    def template_folders(self, enabled: frozenset[str]) -> tuple[Path, ...]:
        """Return the template folders of what is on for a site."""
        return self._existing("templates", enabled)

    def static_folders(self) -> tuple[Path, ...]:
        """Return the static folders of all plugins; each file lies under its plugin's name in there."""
        return self._existing("static", frozenset(self.plugins))

    def _existing(self, kind: str, enabled: frozenset[str]) -> tuple[Path, ...]:
        key = kind, enabled | self.installation
        if key not in self._folders:
            active = self.active(enabled)
            found = (plugin.subfolder(kind) for name, plugin in self.plugins.items() if name in active)
            self._folders[key] = tuple(folder for folder in found if folder is not None)
        return self._folders[key]


_registry = Ambient[Registry]("registry of plugins", "use_registry(registry)")
current_registry, use_registry = _registry.get, _registry.use
