"""Rendering: pages and their parts in the site's theme, screens in the admin's own templates."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from markupsafe import Markup

from core.context import Tenant, current_tenant, maybe_tenant
from core.contract.pages import ErrorPage, Page
from core.i18n import language, translations, use_language
from core.themes.helpers import PLAIN, page_helpers, quiet_helpers
from core.themes.phrases import speaking
from core.themes.registry import Themes, current_themes

__all__ = ["render", "render_admin", "render_part"]


@contextmanager
def _speaking(themes: Themes, tenant: Tenant) -> Iterator[None]:
    """Use the catalogues of the site's theme and plugins inside the block."""
    with use_language(language(), themes.locale_folders(tenant)), speaking(translations()):
        yield


async def render(names: tuple[str, ...], page: Page) -> str:
    """Return a page in the current site's theme.

    A page about a failure of the server is rendered without asking anybody for menus, widgets or
    posts: what failed may be just what they need.

    Args:
        names: Template candidates, most specific first.
        page: What the template gets.

    Raises:
        VitralError: The chain has none of the templates.
    """
    tenant = current_tenant()
    themes = current_themes()
    environment = themes.site_environment(tenant, page_helpers)
    failed = isinstance(page, ErrorPage) and page.status >= 500
    quiet = quiet_helpers(environment.helpers) if failed else {}
    with _speaking(themes, tenant):
        return await themes.choose(environment, names).render_async(page=page, site=page.site, **quiet)


async def render_part(template: str, /, **context: Any) -> Markup:
    """Return a plugin's part of a page; a theme that has a template of the same name overrides it.

    Args:
        template: File name, beginning with the plugin's folder: "comments/thread.html".
        context: What the template gets. `slot` and `region` work in it if it holds the `page`.

    Raises:
        VitralError: The chain has no such template.
    """
    tenant = current_tenant()
    themes = current_themes()
    environment = themes.site_environment(tenant, page_helpers)
    with _speaking(themes, tenant):
        made = await themes.choose(environment, (template,)).render_async(**context)
    return Markup(made)  # noqa: S704  # made by an escaping template


async def render_admin(template: str, context: dict[str, Any]) -> str:
    """Return a screen of the admin, or a part of one."""
    tenant = maybe_tenant()
    themes = current_themes()
    enabled = tenant.enabled if tenant is not None else frozenset()
    environment = themes.admin_environment(enabled, lambda: {"static": PLAIN["static"]})
    with speaking(translations()):
        return await themes.choose(environment, (template,)).render_async(**context)
