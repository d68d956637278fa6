"""What templates may call, brought through the same hook as any plugin's."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from jinja2 import pass_context
from jinja2.runtime import Context

from core.content import find_post, list_posts, used_terms
from core.contract.content import ListingQuery
from core.contract.markers import hookimpl
from core.contract.views import PostView, TermView
from core.tenancy import site_settings

__all__ = ["MenuEntry"]


class MenuEntry(msgspec.Struct, frozen=True):
    """An entry of a menu."""

    title: str
    url: str
    current: bool = False
    children: tuple["MenuEntry", ...] = ()


async def recent_posts(count: int = 5) -> tuple[PostView, ...]:
    """Return the newest published posts, without their content."""
    query = ListingQuery(per_page=max(1, min(count, 50)), count=False)
    return (await list_posts(query, "widget", parts=False)).items


@pass_context
async def menu(context: Context, place: str) -> tuple[MenuEntry, ...]:
    """Return the entries of a menu place. Without a plugin for menus: the top-level pages, as WordPress does."""
    if place != "primary":
        return ()
    query = ListingQuery(types=("page",), order="menu", ascending=True, per_page=20, count=False)
    found = await list_posts(query, "widget", parts=False)
    here = str(context.get("page").url) if context.get("page") else ""
    site = site_settings()
    return tuple(
        MenuEntry(post.title, post.url, here.endswith(post.url) and post.url != "/")
        for post in found.items
        if post.parent_id is None and post.id != site.page_on_front
    )[:8]


async def child_pages(slug: str) -> tuple[PostView, ...]:
    """Return the published pages right below a page, in their order."""
    parent = await find_post("page", slug)
    if parent is None:
        return ()
    query = ListingQuery(
        types=("page",), parent_id=parent.id, order="menu", ascending=True, per_page=50, count=False
    )
    return (await list_posts(query, "widget", parts=False)).items


async def term_list(taxonomy: str, count: int = 20) -> tuple[TermView, ...]:
    """Return the terms of a taxonomy that have published posts, the fullest first."""
    return await used_terms(taxonomy, count)


@hookimpl
def register_template_helpers() -> Iterable[tuple[str, Callable[..., Any]]]:
    """Bring the helpers that every theme has."""
    return [
        ("recent_posts", recent_posts),
        ("menu", menu),
        ("child_pages", child_pages),
        ("term_list", term_list),
    ]
