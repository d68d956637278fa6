"""Functions that every template may call, whatever the site has enabled."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from core.context import current_tenant
from core.errors import VitralError
from core.hooks import apply_filters, collect, nearest
from core.themes.look import tokens_url
from core.themes.registry import current_themes
from core.themes.static import static_url
from hookspecs import site

__all__ = ["PLAIN", "page_helpers", "quiet_helpers"]


@pass_context
async def slot(context: Context, name: str) -> Markup:
    """Return what plugins put into a named place of the page: `{{ slot("after_post") }}`."""
    parts = await apply_filters(site.filter_slot, [], name, context["page"])
    return Markup("\n").join(Markup(part) for part in parts)  # noqa: S704  # fragments are HTML by contract


@pass_context
async def region(context: Context, name: str, level: int = 2) -> Markup:
    """Return the widgets of a region that the theme declares, their headings of a level: `{{ region("sidebar") }}`."""
    known = current_themes().regions(current_tenant().theme)
    if name not in known:
        near = nearest(name, known)
        raise VitralError(
            f"The theme {current_tenant().theme} declares no region {name!r}.",
            hint=f"Did you mean {near!r}?" if near else "Regions stand in theme.toml under [regions].",
        )
    filled = await apply_filters(site.filter_region, None, name, context["page"], level)
    more = await slot(context, name)
    return Markup(filled or "") + more  # noqa: S704  # HTML by contract


def search_url(words: str = "") -> str:
    """Return the address of the search: `<form action="{{ search_url() }}">`, or of the results for `words`."""
    return "/?" + urlencode({"s": words}) if words else "/"


PLAIN: Final[Mapping[str, Callable[..., Any]]] = {
    "search_url": search_url,
    "static": static_url,
    "tokens_url": tokens_url,
}
"""Helpers that ask nobody: they work on every page, also when the database is away."""


def page_helpers() -> dict[str, Callable[..., Any]]:
    """Return the helpers of a site's pages: ours, then what the site's plugins bring."""
    return {**PLAIN, "slot": slot, "region": region, **dict(collect(site.register_template_helpers))}


async def _nothing(*_args: Any, **_options: Any) -> tuple[()]:
    return ()


async def _no_markup(*_args: Any, **_options: Any) -> Markup:
    return Markup()


def quiet_helpers(names: Mapping[str, Any]) -> dict[str, Callable[..., Any]]:
    """Return stand-ins that ask nobody, for pages about a failure: what failed may be just what they would ask.

    Args:
        names: The helpers that an environment has.
    """
    quiet: dict[str, Callable[..., Any]] = {name: _nothing for name in names if name not in PLAIN}
    return {**quiet, "slot": _no_markup, "region": _no_markup}
