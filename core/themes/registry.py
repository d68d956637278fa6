"""The themes of the installation, and the environment that a site's pages are rendered in."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jinja2 import Environment, Template, TemplatesNotFound

from core.context import Tenant
from core.errors import Invalid, NotFound, StartError, VitralError
from core.hooks import nearest
from core.i18n import gettext as _
from core.plugins import Registry
from core.settings import Settings
from core.themes.environment import SharedCode, make_environment
from core.themes.manifest import Theme, read_theme

__all__ = ["Themes", "current_themes", "use_themes"]

log = logging.getLogger("vitral.themes")
_CORE = Path(__file__).parent.parent
_GROUP = "vitral.themes"
Helpers = Callable[[], Mapping[str, Callable[..., Any]]]
"""Makes the functions that templates may call; asked once per environment."""


class Themes:
    """Installed themes, and environments made of them as sites need them."""

    def __init__(self, themes: Mapping[str, Theme], settings: Settings, registry: Registry) -> None:
        self._themes = dict(themes)
        self._settings = settings
        self._registry = registry
        self._reload = settings.reload_templates and not settings.production
        self._code = SharedCode()
        self._environments: dict[tuple[Any, ...], Environment] = {}
        self._chosen: dict[tuple[int, tuple[str, ...]], Template] = {}
        self.broken: dict[str, str] = {}

    @classmethod
    def load(cls, settings: Settings, registry: Registry) -> "Themes":
        """Read the installed themes. A broken one is logged and left out.

        Raises:
            StartError: None is left, so no page could be shown.
        """
        found: dict[str, Theme] = {}
        broken: dict[str, str] = {}
        for point in sorted(entry_points(group=_GROUP), key=lambda p: p.name):
            try:
                spec = find_spec(point.value)
                places = list(spec.submodule_search_locations or ()) if spec else []
                if not places:
                    raise Invalid({point.value: "is no package"})
                theme = read_theme(Path(places[0]))
            except (Invalid, ImportError) as error:
                broken[point.name] = str(error)
                log.error("The theme %s is left out: %s", point.name, error)
                continue
            found[theme.name] = theme
        for theme in list(found.values()):
            if theme.parent and theme.parent not in found:
                broken[theme.name] = f"its parent {theme.parent} is not installed"
                log.error("The theme %s is left out: %s", theme.name, broken[theme.name])
                del found[theme.name]
        if not found:
            raise StartError(
                "No theme is installed.", hint="Install Vitral with its themes, or another theme."
            )
        made = cls(found, settings, registry)
        made.broken = broken
        return made

    def all(self) -> tuple[Theme, ...]:
        """Return the installed themes by name."""
        return tuple(self._themes[name] for name in sorted(self._themes))

    def known(self, name: str) -> Theme:
        """Return a theme by its name.

        Raises:
            NotFound: It is not installed; says which was probably meant.
        """
        theme = self._themes.get(name)
        if theme is None:
            hint = nearest(name, self._themes) or self.broken.get(name, "")
            raise NotFound(_("There is no theme “{name}”.").format(name=name), hint=hint)
        return theme

    def lineage(self, name: str) -> tuple[Theme, ...]:
        """Return a theme and those it descends from. A site whose theme is gone gets another rather than nothing."""
        theme = self._themes.get(name) or self._themes.get("claro") or next(iter(self._themes.values()))
        line = [theme]
        while line[-1].parent and line[-1].parent not in {t.name for t in line}:
            line.append(self._themes[line[-1].parent])
        return tuple(line)

    def site_environment(self, tenant: Tenant, helpers: Helpers) -> Environment:
        """Return the environment of a site's pages: overrides, theme, parents, plugins, core."""
        overrides = self._settings.sites_folder / tenant.slug / "templates"
        own = overrides if overrides.is_dir() else None
        key = ("site", tenant.theme, tenant.enabled, own)
        if key not in self._environments:
            line = self.lineage(tenant.theme)
            rest = [*self._registry.template_folders(tenant.enabled), _CORE / "site" / "templates"]
            folders = [theme.path / "templates" for theme in line]
            self._environments[key] = make_environment(
                [*([own] if own else []), *folders, *rest],
                parent=[*folders[1:], *rest],
                code=self._code,
                helpers=helpers(),
                reload=self._reload,
            )
        return self._environments[key]

    def admin_environment(self, enabled: frozenset[str], helpers: Helpers) -> Environment:
        """Return the environment of the admin's screens: the core's, then plugins'. Themes have no say there."""
        key = ("admin", enabled)
        if key not in self._environments:
            self._environments[key] = make_environment(
                [_CORE / "admin" / "templates", *self._registry.template_folders(enabled)],
                code=self._code,
                helpers=helpers(),
                reload=self._reload,
            )
        return self._environments[key]

    def choose(self, environment: Environment, names: tuple[str, ...]) -> Template:
        """Return the first template of `names` that there is, and remember the answer.

        Raises:
            VitralError: There is none of them.
        """
        key = (id(environment), names)
        template = self._chosen.get(key)
        if template is None or self._reload:
            try:
                template = environment.select_template(names)
            except TemplatesNotFound as error:
                raise VitralError(f"No theme has a template of {', '.join(names)}.") from error
            self._chosen[key] = template
        return template

    def locale_folders(self, tenant: Tenant) -> tuple[Path, ...]:
        """Return catalogue folders: the theme's line, then the plugins'."""
        own = [theme.path / "locale" for theme in reversed(self.lineage(tenant.theme))]
        return (
            *[folder for folder in own if folder.is_dir()],
            *self._registry.locale_folders(tenant.enabled),
        )


_themes: ContextVar[Themes | None] = ContextVar("vitral_themes", default=None)


def current_themes() -> Themes:
    """Return the themes of the running app.

    Raises:
        VitralError: No app runs here.
    """
    themes = _themes.get()
    if themes is None:
        raise VitralError("No themes are in use here.", hint="Wrap the code in `use_themes(themes)`.")
    return themes


@contextmanager
def use_themes(themes: Themes) -> Iterator[None]:
    """Use `themes` inside the block."""
    token = _themes.set(themes)
    try:
        yield
    finally:
        _themes.reset(token)
