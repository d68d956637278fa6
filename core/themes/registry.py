"""The themes of the installation, and the environment that a site's pages are rendered in."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Template, TemplatesNotFound

from core.ambient import Ambient
from core.context import Tenant
from core.errors import NotFound, VitralError
from core.hooks import nearest
from core.http import CspHosts
from core.i18n import gettext as _
from core.plugins import Registry
from core.settings import Settings
from core.themes.discovery import find_themes
from core.themes.environment import SharedCode, ThemeEnvironment, make_environment
from core.themes.manifest import PageTemplate, Theme

__all__ = ["DEFAULT_THEME", "Themes", "current_themes", "use_themes"]

DEFAULT_THEME = "claro"
"""What a site wears whose own theme is gone."""

_CORE = Path(__file__).parent.parent
_MOST_ENVIRONMENTS = 256
"""Sites with one theme and the same plugins share one; beyond this, those not used for longest are made anew."""

Helpers = Callable[[], Mapping[str, Callable[..., Any]]]
"""Makes the functions that templates may call; asked once per environment."""


class Themes:
    """Installed themes, and environments made of them as sites need them.

    Attributes:
        broken: What is wrong with the themes that were left out, by name.
        addresses: Addresses of static files as `static_url` found them; kept where files do not change.
    """

    def __init__(
        self,
        themes: Mapping[str, Theme],
        settings: Settings,
        registry: Registry,
        *,
        broken: Mapping[str, str] | None = None,
    ) -> None:
        self.broken = dict(broken or {})
        self.addresses: dict[tuple[str, ...], str] = {}
        self._themes = dict(themes)
        self._sites = settings.sites_folder
        self._registry = registry
        self._reload = settings.reload_templates and not settings.production
        self._code = SharedCode()
        self._environments: OrderedDict[tuple[Any, ...], ThemeEnvironment] = OrderedDict()
        self._lines: dict[str, tuple[Theme, ...]] = {}
        self._overrides: dict[str, Path | None] = {}
        self._locales: dict[tuple[str, frozenset[str]], tuple[Path, ...]] = {}
        self._hosts: dict[str, CspHosts] = {}

    @classmethod
    def load(cls, settings: Settings, registry: Registry) -> "Themes":
        """Read the installed themes. A broken one is logged and left out.

        Raises:
            StartError: None is left, so no page could be shown.
        """
        found, broken = find_themes()
        return cls(found, settings, registry, broken=broken)

    def all(self) -> tuple[Theme, ...]:
        """Return the installed themes by name."""
        return tuple(self._themes[name] for name in sorted(self._themes))

    def known(self, name: str) -> Theme:
        """Return a theme by its name.

        Raises:
            NotFound: It is not installed, or left out because it is broken; says which was probably meant.
        """
        theme = self._themes.get(name)
        if theme is None:
            if name in self.broken:
                raise NotFound(
                    _("The theme “{name}” is installed, but could not be loaded.").format(name=name),
                    hint=self.broken[name],
                )
            near = nearest(name, self._themes)
            raise NotFound(
                _("There is no theme “{name}”.").format(name=name),
                hint=_("Did you mean “{name}”?").format(name=near) if near else "",
            )
        return theme

    def lineage(self, name: str) -> tuple[Theme, ...]:
        """Return a theme and those it descends from. A site whose theme is gone gets another rather than nothing."""
        line = self._lines.get(name)
        if line is None:
            theme = (
                self._themes.get(name) or self._themes.get(DEFAULT_THEME) or next(iter(self._themes.values()))
            )
            steps = [theme]
            while steps[-1].parent:
                steps.append(self._themes[steps[-1].parent])
            line = self._lines[name] = tuple(steps)
        return line

    def regions(self, name: str) -> Mapping[str, str]:
        """Return the places for widgets of a theme and its parents: name -> title."""
        return {key: title for theme in reversed(self.lineage(name)) for key, title in theme.regions.items()}

    def menus(self, name: str) -> Mapping[str, str]:
        """Return the places for menus of a theme and its parents: name -> title."""
        return {key: title for theme in reversed(self.lineage(name)) for key, title in theme.menus.items()}

    def page_templates(self, name: str, content_type: str) -> Mapping[str, PageTemplate]:
        """Return the templates that an author may choose for an item of a content type."""
        return {
            key: template
            for theme in reversed(self.lineage(name))
            for key, template in theme.templates.items()
            if content_type in template.types
        }

    def hosts(self, name: str) -> CspHosts:
        """Return the other hosts that a theme's pages load from; the same object each time."""
        found = self._hosts.get(name)
        if found is None:
            found = CspHosts()
            for theme in self.lineage(name):
                found = found.merged(theme.hosts)
            self._hosts[name] = found
        return found

    # rendering

    def site_environment(self, tenant: Tenant, helpers: Helpers) -> ThemeEnvironment:
        """Return the environment of a site's pages: overrides, theme, parents, plugins, core."""
        own = self._overrides_of(tenant.slug)
        active = self._registry.active(tenant.enabled)

        def folders() -> list[Path]:
            return [*self.template_folders(tenant), _CORE / "site" / "templates"]

        return self._environment(("site", tenant.theme, active, own), folders, helpers)

    def template_folders(self, tenant: Tenant) -> list[Path]:
        """Return where templates of a site are before the core's: overrides, theme, parents, plugins."""
        own = self._overrides_of(tenant.slug)
        return [
            *([own] if own is not None else []),
            *(theme.path / "templates" for theme in self.lineage(tenant.theme)),
            *self._registry.template_folders(tenant.enabled),
        ]

    def admin_environment(self, enabled: frozenset[str], helpers: Helpers) -> ThemeEnvironment:
        """Return the environment of the admin's screens: the core's, then plugins'. Themes have no say there."""

        def folders() -> list[Path]:
            return [_CORE / "admin" / "templates", *self._registry.template_folders(enabled)]

        return self._environment(("admin", self._registry.active(enabled)), folders, helpers)

    def _environment(
        self, key: tuple[Any, ...], folders: Callable[[], list[Path]], helpers: Helpers
    ) -> ThemeEnvironment:
        found = self._environments.get(key)
        if found is not None:
            self._environments.move_to_end(key)
            return found
        made = make_environment(folders(), code=self._code, helpers=helpers(), reload=self._reload)
        self._environments[key] = made
        if len(self._environments) > _MOST_ENVIRONMENTS:
            self._environments.popitem(last=False)
        return made

    def choose(self, environment: ThemeEnvironment, names: tuple[str, ...]) -> Template:
        """Return the first template of `names` that there is, and remember the answer.

        Raises:
            VitralError: There is none of them.
        """
        template = environment.chosen.get(names)
        if template is None or self._reload:
            try:
                template = environment.select_template(names)
            except TemplatesNotFound as error:
                raise VitralError(f"No theme has a template of {', '.join(names)}.") from error
            environment.chosen[names] = template
        return template

    # files

    def _overrides_of(self, slug: str) -> Path | None:
        """Return the folder of a site's own templates, None if it has none."""
        if self._reload or slug not in self._overrides:
            folder = self._sites / slug / "templates"
            self._overrides[slug] = folder if folder.is_dir() else None
        return self._overrides[slug]

    def site_static(self, slug: str) -> Path:
        """Return the folder of a site's own static files; it need not exist."""
        return self._sites / slug / "static"

    def site_folders(self) -> tuple[Path, ...]:
        """Return the folders of sites, such as `sites/demo`."""
        return tuple(sorted(p for p in self._sites.iterdir() if p.is_dir())) if self._sites.is_dir() else ()

    @property
    def reload(self) -> bool:
        """Whether files may change while the process runs (development)."""
        return self._reload

    def locale_folders(self, tenant: Tenant) -> tuple[Path, ...]:
        """Return catalogue folders: the plugins', then the theme's line, whose words win."""
        key = (tenant.theme, self._registry.active(tenant.enabled))
        found = self._locales.get(key)
        if found is None:
            own = [theme.path / "locale" for theme in reversed(self.lineage(tenant.theme))]
            found = self._locales[key] = (
                *self._registry.locale_folders(tenant.enabled),
                *[folder for folder in own if folder.is_dir()],
            )
        return found


_themes = Ambient[Themes]("set of themes", "use_themes(themes)")
current_themes, use_themes = _themes.get, _themes.use
