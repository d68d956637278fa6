"""The command palette, and the page that does the same without a script."""

from typing import Any

import msgspec
from litestar import Response, get

from core.accounts import type_capabilities
from core.admin.menu import holds, menu_items
from core.admin.shell import AnyRequest, part, screen
from core.content import content_types, list_posts
from core.contract.content import ListingQuery
from core.http import page_or_part
from core.i18n import gettext as _
from core.text import search_text

__all__ = ["handlers"]

_LONGEST = 200


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """Somewhere to go."""

    title: str
    url: str
    icon: str
    note: str = ""


def _deeds() -> list[Hit]:
    """Return what can be begun from anywhere."""
    found = [
        ("edit_posts", _("Write a post"), "/admin/posts/new", "pencil"),
        ("edit_pages", _("Write a page"), "/admin/pages/new", "pencil"),
        ("create_users", _("Invite somebody"), "/admin/users/invite", "mail"),
        ("import", _("Import content"), "/admin/tools/import", "upload"),
        ("read", _("Your profile"), "/admin/profile", "user"),
        ("read", _("View the site"), "/", "external"),
    ]
    return [Hit(title=title, url=url, icon=icon) for right, title, url, icon in found if holds(right)]


def _screens(words: list[str]) -> list[Hit]:
    hits = [*_deeds(), *(Hit(title=_(item.title), url=item.url, icon=item.icon) for item in menu_items())]
    return [hit for hit in hits if all(word in search_text(hit.title) for word in words)]


async def _content(text: str) -> list[Hit]:
    types = [kind for kind in content_types() if holds(type_capabilities(kind.capability_type).edit)]
    if not types or not any(ch.isalnum() for ch in text):
        return []
    query = ListingQuery(
        types=tuple(kind.name for kind in types),
        statuses=("publish", "draft", "pending", "future", "private"),
        search=text,
        order="updated",
        per_page=8,
        count=False,
    )
    titles = {kind.name: _(kind.singular) for kind in types}
    icons = {kind.name: kind.icon for kind in types}
    return [
        Hit(
            title=post.title or _("Untitled"),
            url=f"/admin/posts/{post.number}",
            icon=icons[post.type],
            note=titles[post.type],
        )
        for post in (await list_posts(query, "admin", ext=False)).items
    ]


@get("/admin/search", opt={"capability": "read"}, include_in_schema=False)
async def search(request: AnyRequest) -> Response[Any]:
    """Find screens and content."""
    text = request.query_params.get("q", "").strip()[:_LONGEST]
    words = search_text(text).split()
    groups = [
        (_("Go to"), _screens(words)[:8] if words else _screens(words)),
        (_("Content"), await _content(text)),
    ]
    found = [(title, hits) for title, hits in groups if hits]
    if page_or_part(request) == "part":
        return await part(request, "admin/search/hits.html", groups=found, text=text)
    return await screen(
        request, "admin/search/search.html", key="search", title=_("Search"), groups=found, text=text
    )


handlers = [search]
