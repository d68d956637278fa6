"""What an address leads to: a post, a list, a redirect, or nothing."""

from urllib.parse import urlencode
from uuid import UUID

import msgspec

from core.accounts import decide, find_author
from core.content import (
    content_type,
    content_types,
    find_moved,
    find_post,
    get_post,
    get_post_by_number,
    guess_post,
    taxonomy,
    term_family,
)
from core.context import current_actor
from core.contract.content import ListingQuery
from core.contract.feeds import PostFeed
from core.contract.pages import Archive, Breadcrumb
from core.contract.views import PostView
from core.errors import NotFound
from core.hooks import apply_filters
from core.i18n import gettext as _
from core.site.addresses import search_path, type_archive_path
from core.site.dates import date_archive
from core.site.resolve import Target, resolve
from core.tenancy import site_settings
from hookspecs import site as hooks

__all__ = [
    "Found",
    "FoundFeed",
    "FoundList",
    "FoundMoved",
    "FoundPost",
    "Nowhere",
    "is_front",
    "leads_somewhere",
    "look_up",
    "moved_from",
]


class Nowhere(NotFound):
    """No reading of an address leads anywhere. Something may have stood there once."""


class FoundPost(msgspec.Struct, frozen=True):
    """One post."""

    post: PostView
    part: int
    is_front: bool = False
    preview: bool = False
    """It is not published; whoever asks may edit it."""


class FoundList(msgspec.Struct, frozen=True):
    """A list: what to ask for, what it is, and the path that it stands at."""

    query: ListingQuery
    archive: Archive
    path: str
    page_shown: PostView | None = None
    """The page for posts, whose title the list carries."""
    breadcrumbs: tuple[Breadcrumb, ...] = ()
    must_hold: bool = False
    """Where nothing is in it, there is no such page."""
    asks: bool = True
    """False where the list is empty without asking: a search for nothing."""


class FoundFeed(msgspec.Struct, frozen=True):
    """What a plugin tells below a post, as a feed."""

    post: PostView
    feed: PostFeed


class FoundMoved(msgspec.Struct, frozen=True):
    """Something that stands elsewhere now."""

    target: str


Found = FoundPost | FoundList | FoundFeed
_UNPUBLISHED = ("draft", "pending", "future")
_KINDS = {"category": "category", "post_tag": "tag"}


async def look_up(targets: tuple[Target, ...]) -> Found:
    """Return what the first fitting reading leads to.

    Raises:
        Nowhere: None of them leads anywhere that the actor may know of.
    """
    for target in targets:
        found = await _LOOKUPS[target.kind](target)
        if found is not None:
            return found
    raise Nowhere


async def leads_somewhere(path: str) -> bool:
    """Tell whether a page stands at a path for everybody, whatever redirects say. For plugins; asks no rights."""
    try:
        found = await look_up(resolve(path, {}))
    except NotFound:
        return False
    return not (isinstance(found, FoundPost) and found.preview)


async def moved_from(path: str) -> FoundMoved | None:
    """Return where that is now which once had an address, or what is most like it; None if nothing is."""
    if not path.strip("/"):
        return None
    found = await _moved(path) or await guess_post(path, _public_types())
    return FoundMoved(found.url) if found is not None else None


async def _moved(path: str) -> PostView | None:
    """Return what once had an address; in small letters too, as where it is now is found."""
    types = _public_types()
    found = await find_moved(path, types=types)
    return found or (await find_moved(path.lower(), types=types) if path != path.lower() else None)


def _public_types() -> tuple[str, ...]:
    return tuple(kind.name for kind in content_types() if kind.public)


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
    return FoundList(_query(target, sticky_first=not target.feed), archive, "/")


async def _page(page_id: UUID | None) -> PostView | None:
    """Return the page that was chosen for the front, None if it is not there or not published."""
    if page_id is None:
        return None
    try:
        post = await get_post(page_id)
    except NotFound:
        return None
    return post if post.status == "publish" else None


async def _search(target: Target) -> Found | None:
    words = target.query
    title = _("Search: {words}").format(words=words) if words else _("Search")
    types = _public_types()
    narrowed: dict[str, str | int] = {}
    if target.type in types:
        types, narrowed["post_type"] = (target.type,), target.type
    family = await term_family("category", number=target.number) if target.number else None
    if family is not None:
        narrowed["cat"] = target.number
    if target.newest:
        narrowed["orderby"] = "date"
    archive = Archive(
        kind="search",
        title=title,
        query=words,
        term=family.term if family else None,
        type=str(narrowed.get("post_type", "")),
        newest=target.newest,
    )
    path = search_path(words) if target.pretty else "/?" + urlencode({"s": words, **narrowed})
    query = _query(
        target,
        types=types,
        term_ids=family.ids if family else (),
        search=words,
        by_words=True,
        order="published" if target.newest or target.feed else "relevance",
    )
    return FoundList(query, archive, path, asks=bool(words))


async def _author(target: Target) -> Found | None:
    author = await find_author(slug=target.slug, number=target.number)
    if author is None:
        return None
    archive = Archive(
        kind="author",
        title=_("Texts by {name}").format(name=author.name),
        description=author.bio,
        author=author,
    )
    # whoever has published nothing has no page: it would tell strangers who has an account
    return FoundList(_query(target, author_id=author.id), archive, author.url, must_hold=True)


async def _date(target: Target) -> Found | None:
    archive, path = date_archive(target)
    query = _query(target, year=target.year, month=target.month, day=target.day)
    return FoundList(query, archive, path, must_hold=True)


async def _term(target: Target) -> Found | None:
    found = taxonomy(target.taxonomy)
    if found is None or not found.public:
        return None
    family = await term_family(
        target.taxonomy, slug=target.slug.rpartition("/")[2], number=0 if target.slug else target.number
    )
    if family is None:
        return None
    term = family.term
    archive = Archive(
        kind=_KINDS.get(target.taxonomy, "taxonomy"),  # type: ignore[arg-type]  # one of the literals
        title=term.name,
        description=term.description,
        term=term,
    )
    # the terms below are known already, so the list need not look for them: no `taxonomy`
    types = tuple(kind.name for kind in content_types() if kind.public and target.taxonomy in kind.taxonomies)
    query = _query(target, term_ids=family.ids, types=types or ("post",))
    crumbs = tuple(Breadcrumb(above.name, above.url) for above in family.above)
    return FoundList(query, archive, term.url, breadcrumbs=crumbs)


async def _type(target: Target) -> Found | None:
    kind = content_type(target.type)
    if kind is None or not kind.has_archive or not kind.public:
        return None
    archive = Archive(kind="type", title=_(kind.title), type=kind.name)
    return FoundList(_query(target, types=(kind.name,)), archive, type_archive_path(kind))


async def _post(target: Target) -> Found | None:
    post = await find_post(target.types, target.path)
    return await _shown(post, target) if post is not None else None


async def _by_number(target: Target) -> Found | None:
    try:
        post = await get_post_by_number(target.number)
    except NotFound:
        return None
    return await _shown(post, target)


async def _shown(post: PostView, target: Target) -> Found | None:
    kind = content_type(post.type)
    if kind is None or not kind.public or post.status == "trash":
        return None
    site = site_settings()
    if site.front_page == "page" and post.id == site.page_for_posts:
        archive = Archive(kind="home", title=post.title)
        return FoundList(_query(target, sticky_first=not target.feed), archive, post.url, post)
    if target.feed:
        return await _feed_below(post, target)
    preview = post.status in _UNPUBLISHED
    if preview and not (await decide(current_actor(), "edit_post", post)).allowed:
        return None
    return FoundPost(post, max(target.part, target.page), is_front(post), preview)


async def _feed_below(post: PostView, target: Target) -> Found | None:
    """Return the feed of a post that everybody may read, if a plugin brings one: readers of feeds are nobody."""
    if post.status != "publish" or post.has_password or target.page > 1:
        return None
    feed = await apply_filters(hooks.filter_post_feed, None, post)
    return FoundFeed(post, feed) if feed is not None else None


def is_front(post: PostView) -> bool:
    """Tell whether a post is the site's front page."""
    site = site_settings()
    return site.front_page == "page" and post.id == site.page_on_front and post.url == "/"


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
