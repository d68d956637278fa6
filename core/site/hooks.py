"""What templates may call and what regions hold, brought through the same hooks as any plugin's."""

from collections.abc import Callable, Iterable
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from core.content import list_posts, used_terms
from core.contract.content import ListingQuery
from core.contract.markers import hookimpl
from core.contract.pages import MenuEntry, Page, SinglePage
from core.contract.views import PostView, TermView
from core.contract.widgets import WidgetType
from core.hooks import apply_filters
from core.site.frames import frames_of
from core.site.keeping import kept
from core.site.looks import head_links, trying_bar
from core.site.menus import MenuTree, mark_current, menu_tree
from core.site.widgets import TYPES
from core.tenancy import site_settings
from core.themes import render_part, static_url
from hookspecs import site

__all__ = ["filter_region", "filter_slot", "register_template_helpers", "register_widget_types"]

_MOST_POSTS = 50
_EMBED_SCRIPT = '<script src="{url}" defer></script>'
_BLOCK_STYLE = '<link rel="stylesheet" href="{url}">'
_MOST_ENTRIES = 8


async def recent_posts(count: int = 5) -> tuple[PostView, ...]:
    """Return the newest published posts, without content, terms and meta: one query at most."""
    return await kept("recent", _newest, max(1, min(count, _MOST_POSTS)))


async def _newest(count: int) -> tuple[PostView, ...]:
    return (await list_posts(ListingQuery(per_page=count, count=False), "widget", parts=False)).items


@pass_context
async def menu(context: Context, place: str = "primary") -> tuple[MenuEntry, ...]:
    """Return the entries of a menu place. Where no plugin brings a menu for "primary": the top-level pages, as in WordPress."""
    page: Page | None = context.get("page")
    found = await apply_filters(site.filter_menu, None, place, page)
    if found is not None:
        return found
    return mark_current(await kept("pages.menu", _top_pages), page) if place == "primary" else ()


async def _top_pages() -> MenuTree:
    pages = await _pages_below("/", _MOST_ENTRIES + 1)
    front = site_settings().page_on_front
    shown = [MenuEntry(post.title, post.url) for post in pages if post.id != front]
    return menu_tree(shown[:_MOST_ENTRIES])


async def child_pages(path: str) -> tuple[PostView, ...]:
    """Return the published pages right below the page at a path ("services"), in their order: one query at most."""
    return await kept("pages", _pages_below, path, _MOST_POSTS)


async def _pages_below(path: str, count: int) -> tuple[PostView, ...]:
    query = ListingQuery(
        types=("page",), parent_path=path, order="menu", ascending=True, per_page=count, count=False
    )
    return (await list_posts(query, "widget", parts=False)).items


async def term_list(taxonomy: str, count: int = 20) -> tuple[TermView, ...]:
    """Return the terms of a taxonomy that have published posts, the fullest first: one query at most."""
    return await kept("terms", used_terms, taxonomy, count)


@hookimpl
def register_template_helpers() -> Iterable[tuple[str, Callable[..., Any]]]:
    """Bring the helpers that every theme has."""
    return [
        ("recent_posts", recent_posts),
        ("menu", menu),
        ("child_pages", child_pages),
        ("term_list", term_list),
    ]


@hookimpl
def register_widget_types() -> Iterable[WidgetType]:
    """Bring the widgets that every site can place."""
    return TYPES


def _block_files(page: Page) -> list[str]:
    """Return the style sheet of blocks and the script of embeds, for pages that have any."""
    frames = frames_of(page)
    files = []
    if frames or (isinstance(page, SinglePage) and page.post.content_format != "html"):
        files.append(_BLOCK_STYLE.format(url=static_url("blocks.css", "core")))
    if frames:
        files.append(_EMBED_SCRIPT.format(url=static_url("embed.js", "core")))
    return files


@hookimpl
async def filter_slot(parts: list[str], slot: str, page: Page) -> list[str]:
    """Bring the site's icons and style sheet, the script of a page with embeds, and say so where somebody only tries another look."""
    if slot == "head":
        return [*_block_files(page), *parts, *head_links()]
    if slot == "body_start" and (bar := trying_bar()):
        return [*parts, bar]
    return parts


@hookimpl(priority=1000)
async def filter_region(html: str | None, region: str, page: Page) -> str | None:
    """Fill the sidebar with a search, topics and the newest texts where no plugin for widgets fills it."""
    if html is not None or region != "sidebar":
        return html
    return str(await render_part("site/sidebar.html", page=page))
