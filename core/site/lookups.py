"""What an address leads to: a post, a list, a redirect, or nothing."""

from urllib.parse import unquote
from uuid import UUID

import msgspec

from core.accounts import find_author
from core.content import (
    content_type,
    find_moved,
    find_post,
    get_post,
    get_post_by_number,
    list_posts,
    taxonomy,
    term_by_number,
    term_by_path,
)
from core.contract.content import ListingQuery
from core.contract.pages import Archive
from core.contract.views import PostView
from core.errors import NotFound
from core.site.resolve import Target
from core.tenancy import site_settings
from core.text import slugify

__all__ = ["Found", "FoundList", "FoundMoved", "FoundPost", "look_up"]


class FoundPost(msgspec.Struct, frozen=True):
    """One post."""

    post: PostView
    part: int
    is_front: bool = False


class FoundList(msgspec.Struct, frozen=True):
    """A list: what to ask for, what it is, and the path that it stands at."""

    query: ListingQuery
    archive: Archive
    path: str
    page_shown: PostView | None = None
    """The page for posts, whose title the list carries."""


class FoundMoved(msgspec.Struct, frozen=True):
    """Something that stands elsewhere now."""

    target: str


Found = FoundPost | FoundList | FoundMoved


async def look_up(targets: tuple[Target, ...], path: str) -> Found:
    """Return what the first fitting reading leads to.

    Raises:
        NotFound: None of them leads anywhere that the actor may know of.
    """
    for target in targets:
        found = await _LOOKUPS[target.kind](target)
        if found is not None:
            return found
    if path.strip("/") and (moved := await find_moved(path) or await _guess(path)):
        return FoundMoved(moved.url)
    raise NotFound


async def _guess(path: str) -> PostView | None:
    """Return the one published post or page with the last slug of an address, wherever it stands."""
    slug = slugify(unquote(path.strip("/").rpartition("/")[2]))
    if not slug:
        return None
    query = ListingQuery(types=("page", "post"), slug=slug, per_page=2, count=False)
    found = (await list_posts(query, "guess", parts=False)).items
    return found[0] if len(found) == 1 else None


def _query(target: Target, **more: object) -> ListingQuery:
    site = site_settings()
    per_page = site.feed_items if target.feed else site.posts_per_page
    return ListingQuery(page=target.page, per_page=per_page, **more)  # type: ignore[arg-type]  # fields by name


async def _front(target: Target) -> Found | None:
    site = site_settings()
    if site.front_page == "page" and not target.feed and (post := await _page(site.page_on_front)):
        return FoundPost(post, target.page, is_front=True)
    archive = Archive(
        kind="front" if site.front_page == "posts" else "home", title=site.title, description=site.tagline
    )
    return FoundList(_query(target, sticky_first=True), archive, "/")


async def _page(page_id: UUID | None) -> PostView | None:
    if page_id is None:
        return None
    try:
        return await get_post(page_id)
    except NotFound:
        return None


async def _search(target: Target) -> Found | None:
    archive = Archive(kind="search", title=target.query, query=target.query)
    types = tuple(name for name in ("post", "page"))
    return FoundList(_query(target, types=types, search=target.query), archive, f"/search/{target.query}/")


async def _author(target: Target) -> Found | None:
    author = await find_author(slug=target.slug, number=target.number)
    if author is None:
        return None
    archive = Archive(kind="author", title=author.name, description=author.bio, author=author)
    return FoundList(_query(target, author_id=author.id), archive, author.url)


async def _date(target: Target) -> Found | None:
    from core.site.dates import date_archive

    archive, path = date_archive(target)
    return FoundList(_query(target, year=target.year, month=target.month, day=target.day), archive, path)


async def _term(target: Target) -> Found | None:
    found = taxonomy(target.taxonomy)
    if found is None or not found.public:
        return None
    term = (
        await term_by_number(target.taxonomy, target.number)
        if target.number
        else await term_by_path(target.taxonomy, target.slug)
    )
    if term is None:
        return None
    names = {"category": "category", "post_tag": "tag"}
    archive = Archive(
        kind=names.get(target.taxonomy, "taxonomy"),  # type: ignore[arg-type]  # one of the literals
        title=term.name,
        description=term.description,
        term=term,
    )
    return FoundList(_query(target, taxonomy=target.taxonomy, term_ids=(term.id,)), archive, term.url)


async def _type(target: Target) -> Found | None:
    kind = content_type(target.type)
    if kind is None or not kind.has_archive or not kind.public:
        return None
    archive = Archive(kind="type", title=kind.title)
    return FoundList(_query(target, types=(kind.name,)), archive, f"/{kind.rewrite or kind.name}/")


async def _post(target: Target) -> Found | None:
    post = await find_post(target.types, target.path)
    return await _shown(post, target) if post is not None else None


async def _by_number(target: Target) -> Found | None:
    try:
        post = await get_post_by_number(target.number)
    except NotFound:
        return None
    return await _shown(post, target)


async def _shown(post: PostView, target: Target) -> Found:
    site = site_settings()
    if site.front_page == "page" and post.id == site.page_for_posts and not target.feed:
        archive = Archive(kind="home", title=post.title)
        return FoundList(_query(target, sticky_first=True), archive, post.url, post)
    return FoundPost(
        post, max(target.part, target.page), is_front=post.id == site.page_on_front and post.url == "/"
    )


_LOOKUPS = {
    "front": _front,
    "search": _search,
    "author": _author,
    "date": _date,
    "term": _term,
    "type": _type,
    "post": _post,
    "number": _by_number,
}
