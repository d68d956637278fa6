"""From what was found to the struct that a template gets."""

import re
from typing import Any, Final, TypeVar

import msgspec

from core.accounts import user_views
from core.content import content_type, list_posts, neighbours, post_ancestors, present
from core.context import current_actor, current_tenant
from core.contract.content import Reading
from core.contract.pages import (
    Breadcrumb,
    ListPage,
    Page,
    PageLink,
    PageMeta,
    Paging,
    PasswordPage,
    SinglePage,
)
from core.contract.views import LogoView, PostView, SiteView, UserView
from core.errors import NotFound
from core.hooks import apply_filters
from core.i18n import gettext as _
from core.mail import site_origin
from core.site.addresses import feed_url, page_url, part_url
from core.site.classes import list_classes, single_classes
from core.site.hierarchy import candidates
from core.site.lookups import FoundList, FoundPost
from core.tenancy import site_settings
from core.themes import LookSettings, look, render, site_tokens
from hookspecs import site as hooks

__all__ = ["build_list", "build_single", "current_user", "finished", "rendered", "site_view"]

PageT = TypeVar("PageT", bound=Page)

_NO_CLASS: Final = re.compile(r"[^a-z0-9_-]+")
_AROUND: Final = 2
"""Numbered pages that are linked on each side of the current one."""
_DESCRIPTION: Final = 300


def site_view() -> SiteView:
    """Return the current site as templates see it."""
    tenant, site, own = current_tenant(), site_settings(), look()
    title = site.title or tenant.title
    return SiteView(
        slug=tenant.slug,
        title=title,
        tagline=site.tagline,
        language=site.language,
        url=site_origin(tenant),
        timezone=site.timezone,
        theme=tenant.theme,
        tokens=site_tokens(),
        logo=_logo(own, title),
        has_icon=own.icon is not None,
    )


def _logo(own: LookSettings, title: str) -> LogoView | None:
    if own.logo is None:
        return None
    return LogoView(
        url=own.logo.url,
        width=own.logo.width,
        height=own.logo.height,
        alt=own.logo_alt or title,
        dark_url=own.logo_dark.url if own.logo_dark is not None else "",
    )


async def current_user() -> UserView | None:
    """Return who is signed in, None for visitors."""
    actor = current_actor()
    if actor.kind != "user" or actor.id is None:
        return None
    return (await user_views([actor.id])).get(actor.id)


def _paging(path: str, number: int, per_page: int, total: int) -> Paging:
    pages = max(1, -(-total // per_page))
    near = range(max(1, number - _AROUND), min(pages, number + _AROUND) + 1)
    return Paging(
        number=number,
        pages=pages,
        total=total,
        previous_url=page_url(path, number - 1) if number > 1 else "",
        next_url=page_url(path, number + 1) if number < pages else "",
        links=tuple(PageLink(n, page_url(path, n), n == number) for n in sorted({1, pages, *near})),
    )


async def finished(page: PageT) -> PageT:
    """Return a page with its title, its classes and what it tells search engines, after every filter."""
    title = await apply_filters(hooks.filter_document_title, page.document_title, page)
    own = PageMeta(description=page.description, canonical=page.url, robots=page.robots)
    meta = await apply_filters(hooks.filter_page_meta, own, page)
    robots = meta.robots
    if page.robots and "noindex" not in robots:  # the core has a reason, which no plugin knows better
        robots = ", ".join(filter(None, (page.robots, robots)))
    classes = await apply_filters(hooks.filter_body_classes, page.body_classes, page)
    kept = tuple(dict.fromkeys(name for given in classes if (name := _NO_CLASS.sub("-", given.lower()))))
    return msgspec.structs.replace(
        page,
        document_title=title,
        body_classes=kept,
        description=meta.description,
        canonical=meta.canonical,
        robots=robots,
    )


async def rendered(page: Page) -> str:
    """Return a page in the site's theme, with the template that the hierarchy and plugins choose."""
    names = await apply_filters(hooks.filter_template_candidates, candidates(page), page)
    return await render(names, page)


def _document_title(site: SiteView, title: str, number: int = 1) -> str:
    parts = [title] if title and title != site.title else []
    if number > 1:
        parts.append(_("Page {number}").format(number=number))
    if not parts and site.tagline:
        return f"{site.title} – {site.tagline}"
    return " – ".join([*parts, site.title])


def _robots(*, indexable: bool) -> str:
    return "" if indexable and site_settings().search_engines_allowed else "noindex"


async def build_list(found: FoundList) -> ListPage:
    """Return a list's page.

    Raises:
        NotFound: It has no page of this number, or is one that has to hold something.
    """
    archive, query = found.archive, found.query
    total = 0
    posts: tuple[PostView, ...] = ()
    if found.asks:
        listing = await list_posts(query, archive.kind)
        query = msgspec.structs.replace(query, page=listing.page, per_page=listing.per_page)
        total, posts = listing.total, listing.items
    if not posts and (query.page > 1 or found.must_hold):
        raise NotFound(_("There is no such page here."))
    site, user = site_view(), await current_user()
    page = ListPage(
        kind="list",
        site=site,
        title=archive.title,
        document_title=_document_title(site, archive.title, query.page),
        description=archive.description[:_DESCRIPTION],
        url=site.url + page_url(found.path, query.page),
        robots=_robots(indexable=archive.kind != "search"),
        body_classes=list_classes(
            archive, query.page, is_front=found.path == "/", empty=not posts, user=user
        ),
        breadcrumbs=found.breadcrumbs,
        is_front=found.path == "/",
        user=user,
        archive=msgspec.structs.replace(archive, feed_url=feed_url(found.path)),
        posts=posts,
        paging=_paging(found.path, query.page, query.per_page, total),
    )
    return await finished(page)


async def build_single(found: FoundPost) -> SinglePage | PasswordPage:
    """Return a post's page, or the page that asks for its password.

    Raises:
        NotFound: It has no such part.
    """
    reading = Reading(notes=found.preview)
    (post,) = await present([found.post], html="full", part=found.part, reading=reading)
    site, user = site_view(), await current_user()
    common: dict[str, Any] = {
        "site": site,
        "title": post.title,
        "document_title": _document_title(site, post.title, found.part),
        "description": post.summary[:_DESCRIPTION],
        "url": site.url + part_url(post, found.part),
        "robots": _robots(indexable=post.status == "publish" and not found.preview),
        "body_classes": single_classes(post, is_front=found.is_front, user=user),
        "is_front": found.is_front,
        "user": user,
        "preview": found.preview,
        "breadcrumbs": await _breadcrumbs(post),
    }
    if not post.unlocked:
        # no token: the page may be kept by a cache, and the origin of what is posted to it is checked
        return await finished(
            PasswordPage(kind="password", post=post, action=post.url, csrf_token="", **common)
        )
    kind = content_type(post.type)
    in_tree = kind is not None and kind.hierarchical
    newer, older = (None, None) if in_tree or found.preview else await neighbours(post)
    return await finished(
        SinglePage(kind="single", post=post, newer=newer, older=older, part_links=_part_links(post), **common)
    )


def _part_links(post: PostView) -> tuple[PageLink, ...]:
    if post.pages == 1:
        return ()
    return tuple(PageLink(n, part_url(post, n), n == post.page) for n in range(1, post.pages + 1))


async def _breadcrumbs(post: PostView) -> tuple[Breadcrumb, ...]:
    if post.parent_id is None:
        return ()
    return tuple(Breadcrumb(above.title, above.url) for above in await post_ancestors(post))
