"""Rendering: pages and their parts in the site's theme, screens in the admin's own templates."""

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from core.context import current_tenant, maybe_tenant
from core.contract.pages import Page
from core.hooks import apply_filters, collect
from core.i18n import language, use_language
from core.themes.registry import current_themes
from core.themes.static import static_url
from hookspecs import site

__all__ = ["render", "render_admin", "render_part"]


@pass_context
async def slot(context: Context, name: str) -> Markup:
    """Return what plugins put into a named place of the page: `{{ slot("after_post") }}`."""
    parts = await apply_filters(site.filter_slot, [], name, context["page"])
    return Markup("\n").join(Markup(part) for part in parts)  # noqa: S704  # fragments are HTML by contract


def _helpers() -> dict[str, Callable[..., Any]]:
    return {"slot": slot, "static": static_url, **dict(collect(site.register_template_helpers))}


def _environment() -> Environment:
    return current_themes().site_environment(current_tenant(), _helpers)


async def render(names: tuple[str, ...], page: Page) -> str:
    """Return a page in the current site's theme.

    Args:
        names: Template candidates, most specific first.
        page: What the template gets.
    """
    tenant = current_tenant()
    themes = current_themes()
    with use_language(language(), themes.locale_folders(tenant)):
        template = themes.choose(_environment(), names)
        return await template.render_async(page=page, site=page.site)


async def render_part(template: str, /, **context: Any) -> Markup:
    """Return a plugin's part of a page; a theme that has a template of the same name overrides it.

    Args:
        template: File name, beginning with the plugin's folder: "comments/thread.html".
        context: What the template gets.
    """
    tenant = current_tenant()
    themes = current_themes()
    with use_language(language(), themes.locale_folders(tenant)):
        made = await themes.choose(_environment(), (template,)).render_async(**context)
    return Markup(made)  # noqa: S704  # made by an escaping template


async def render_admin(template: str, context: dict[str, Any]) -> str:
    """Return a screen of the admin, or a part of one."""
    tenant = maybe_tenant()
    themes = current_themes()
    enabled = tenant.enabled if tenant is not None else frozenset()
    environment = themes.admin_environment(enabled, lambda: {"static": static_url})
    return await themes.choose(environment, (template,)).render_async(**context)
