"""From what was found to the struct that a template gets."""

from urllib.parse import quote, urlencode

import msgspec

from core.accounts import user_views
from core.content import list_posts, neighbours, post_ancestors, present
from core.context import current_actor, current_tenant
from core.contract.pages import Breadcrumb, ListPage, Page, PageLink, Paging, PasswordPage, SinglePage
from core.contract.views import PostView, SiteView, UserView
from core.errors import NotFound
from core.hooks import apply_filters
from core.i18n import gettext as _
from core.mail import site_origin
from core.site.lookups import FoundList, FoundPost
from core.tenancy import site_settings
from core.themes import current_themes
from hookspecs import content
from hookspecs import site as hooks

__all__ = ["build_list", "build_single", "current_user", "finished", "page_url", "site_view"]


def site_view() -> SiteView:
    """Return the current site as templates see it."""
    tenant, site = current_tenant(), site_settings()
    tokens = {
        name: token.light
        for theme in reversed(current_themes().lineage(tenant.theme))
        for name, token in theme.tokens.items()
    }
    return SiteView(
        slug=tenant.slug,
        title=site.title or tenant.title,
        tagline=site.tagline,
        language=site.language,
        url=site_origin(tenant),
        timezone=site.timezone,
        theme=tenant.theme,
        tokens=tokens,
    )


async def current_user() -> UserView | None:
    """Return who is signed in, None for visitors."""
    actor = current_actor()
    if actor.kind != "user" or actor.id is None:
        return None
    return (await user_views([actor.id])).get(actor.id)


def page_url(path: str, number: int) -> str:
    """Return the address of a numbered page of a list."""
    if number == 1:
        return path
    if "?" in path:
        return f"{path}&paged={number}"
    return f"{path.rstrip('/')}/page/{number}/"


def part_url(post: PostView, number: int) -> str:
    """Return the address of a part of a paged post."""
    if number == 1:
        return post.url
    if "?" in post.url:
        return f"{post.url}&{urlencode({'page': number})}"
    return f"{post.url.rstrip('/')}/{number}/"


def _paging(path: str, number: int, per_page: int, total: int) -> Paging:
    pages = max(1, -(-total // per_page))
    shown = sorted({1, pages, *range(max(1, number - 2), min(pages, number + 2) + 1)})
    return Paging(
        number=number,
        pages=pages,
        total=total,
        previous_url=page_url(path, number - 1) if number > 1 else "",
        next_url=page_url(path, number + 1) if number < pages else "",
        links=tuple(PageLink(n, page_url(path, n), n == number) for n in shown),
    )


async def finished(page: Page) -> Page:
    """Return a page with its title and classes after every filter."""
    title = await apply_filters(hooks.filter_document_title, page.document_title, page)
    classes = await apply_filters(hooks.filter_body_classes, page.body_classes, page)
    return msgspec.structs.replace(page, document_title=title, body_classes=classes)


def _document_title(title: str, number: int = 1) -> str:
    site = site_view()
    parts = [title] if title and title != site.title else []
    if number > 1:
        parts.append(_("Page {number}").format(number=number))
    return " – ".join([*parts, site.title])


def robots(*, indexable: bool = True) -> str:
    """Return what search engines are told of a page."""
    return "" if indexable and site_settings().search_engines_allowed else "noindex"


async def build_list(found: FoundList) -> ListPage:
    """Return a list's page.

    Raises:
        NotFound: It has no page of this number.
    """
    query = await apply_filters(content.filter_listing, found.query, found.archive.kind)
    listing = await list_posts(query, found.archive.kind)
    if query.page > 1 and not listing.items:
        raise NotFound
    archive = found.archive
    title = archive.title
    if archive.kind == "search":
        title = _("Search: {words}").format(words=archive.query)
    elif archive.kind == "author":
        title = _("Texts by {name}").format(name=archive.title)
    is_home = archive.kind in ("front", "home")
    classes = [archive.kind, *(["paged"] if query.page > 1 else []), *(["home"] if is_home else ["archive"])]
    page = ListPage(
        kind="list",
        site=site_view(),
        title=title,
        document_title=_document_title(title, query.page),
        description=archive.description,
        url=site_view().url + page_url(quote(found.path, safe="/?=&%"), query.page),
        robots=robots(indexable=archive.kind != "search"),
        body_classes=tuple(dict.fromkeys(classes)),
        is_front=found.path == "/",
        user=await current_user(),
        archive=msgspec.structs.replace(archive, feed_url=f"{found.path.rstrip('/')}/feed/"),
        posts=await present(listing.items),
        paging=_paging(found.path, query.page, query.per_page, listing.total),
    )
    return await finished(page)  # type: ignore[return-value]  # the same kind comes back


async def build_single(found: FoundPost, *, preview: bool = False) -> SinglePage | PasswordPage:
    """Return a post's page, or the page that asks for its password.

    Raises:
        NotFound: It has no such part.
    """
    (post,) = await present([found.post], html="full", part=found.part)
    common = {
        "site": site_view(),
        "title": post.title,
        "document_title": _document_title(post.title, found.part),
        "description": post.summary[:300],
        "url": site_view().url + part_url(post, found.part),
        "robots": robots(indexable=post.status == "publish" and not preview),
        "body_classes": _classes(post, is_front=found.is_front),
        "is_front": found.is_front,
        "user": await current_user(),
    }
    if not post.unlocked:
        page = PasswordPage(kind="password", post=post, action=post.url, csrf_token="", **common)  # type: ignore[arg-type]  # fields by name  # none needed: the origin is checked
        return await finished(page)  # type: ignore[return-value]  # the same kind comes back
    newer, older = (None, None) if post.type == "page" else await neighbours(post)
    single = SinglePage(
        kind="single",
        post=post,
        newer=newer,
        older=older,
        breadcrumbs=await _breadcrumbs(post),
        part_links=tuple(PageLink(n, part_url(post, n), n == post.page) for n in range(1, post.pages + 1))
        if post.pages > 1
        else (),
        **common,  # type: ignore[arg-type]  # fields by name
    )
    return await finished(single)  # type: ignore[return-value]  # the same kind comes back


def _classes(post: PostView, *, is_front: bool) -> tuple[str, ...]:
    kind = "page" if post.type == "page" else "single"
    classes = [
        kind,
        f"{post.type}-{post.number}",
        f"{kind}-format-{post.format}",
        *(["home"] if is_front else []),
    ]
    return tuple(classes)


async def _breadcrumbs(post: PostView) -> tuple[Breadcrumb, ...]:
    if post.parent_id is None:
        return ()
    return tuple(Breadcrumb(above.title, above.url) for above in await post_ancestors(post))
