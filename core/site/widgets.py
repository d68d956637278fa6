"""The core's own widgets. Plugins bring theirs through the same hook."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from babel.dates import format_skeleton

from core.accounts import UserQuery, decide, list_users, user_views
from core.content import (
    TermNode,
    clean_html,
    date_path,
    get_term,
    list_posts,
    paragraphs,
    published_months,
    taxonomies,
    term_tree,
    used_terms,
)
from core.context import current_actor
from core.contract.content import ListingQuery
from core.contract.pages import ListPage, Page, SinglePage
from core.contract.views import MediaView, PostView, TermView
from core.contract.widgets import WidgetChoice, WidgetType
from core.errors import NotFound
from core.i18n import gettext as _
from core.i18n import language
from core.media import media_views_by_number
from core.site import widget_forms as forms
from core.site.addresses import feed_url
from core.themes import render_part

__all__ = ["TYPES"]

_MOST_PAGES: Final = 100
_MOST_PEOPLE: Final = 100
_SIZES: Final = 5
"""Sizes of the words of a cloud."""


class PageNode(msgspec.Struct, frozen=True, kw_only=True):
    """A page with those below it."""

    post: PostView
    children: tuple["PageNode", ...] = ()


class CloudTerm(msgspec.Struct, frozen=True, kw_only=True):
    """A term of a cloud."""

    term: TermView
    size: int
    """1 to 5."""


async def _show(name: str, **context: Any) -> str:
    return str(await render_part(f"widgets/{name}.html", **context))


async def _recent(settings: forms.RecentPostsForm, _page: Page) -> str:
    query = ListingQuery(per_page=settings.count, count=False)
    if settings.term is not None:
        term = await _term(settings.term)
        if term is None:
            return ""
        query = msgspec.structs.replace(query, taxonomy=term.taxonomy, term_ids=(term.id,))
    posts = (await list_posts(query, "widget", ext=False, parts=False)).items
    return await _show("posts", posts=posts, dates=settings.dates) if posts else ""


async def _term(term_id: UUID) -> TermView | None:
    try:
        return await get_term(term_id)
    except NotFound:
        return None


async def _recent_problem(settings: forms.RecentPostsForm) -> str:
    if settings.term is None or await _term(settings.term) is not None:
        return ""
    return _("What it shows posts of was deleted. It shows nothing until you choose something else.")


async def _related(settings: forms.RelatedPostsForm, page: Page) -> str:
    if not isinstance(page, SinglePage):
        return ""
    terms = page.post.terms.get(settings.by, ())
    if not terms:
        return ""
    query = ListingQuery(
        taxonomy=settings.by,
        term_ids=tuple(term.id for term in terms),
        per_page=settings.count + 1,
        count=False,
    )
    found = (await list_posts(query, "widget", ext=False, parts=False)).items
    posts = tuple(post for post in found if post.id != page.post.id)[: settings.count]
    return await _show("posts", posts=posts, dates=settings.dates) if posts else ""


async def _pages(settings: forms.PagesForm, _page: Page) -> str:
    query = ListingQuery(
        types=("page",), order=settings.order, ascending=True, per_page=_MOST_PAGES, count=False
    )
    found = (await list_posts(query, "widget", ext=False, parts=False)).items
    nodes = _page_nodes(found, settings.levels)
    return await _show("pages", nodes=nodes) if nodes else ""


def _page_nodes(posts: Sequence[PostView], levels: int) -> tuple[PageNode, ...]:
    """Return pages as a tree. Those below a page that is not shown stand nowhere."""
    below: dict[UUID | None, list[PostView]] = {}
    for post in posts:
        below.setdefault(post.parent_id, []).append(post)

    def nodes(parent: UUID | None, level: int) -> tuple[PageNode, ...]:
        if level > levels:
            return ()
        return tuple(
            PageNode(post=post, children=nodes(post.id, level + 1)) for post in below.get(parent, ())
        )

    return nodes(None, 1)


async def _terms(settings: forms.TermsForm, _page: Page) -> str:
    if settings.taxonomy not in _public_taxonomies():
        return ""
    if settings.look == "tree":
        nodes = _with_posts(await term_tree(settings.taxonomy))
        return await _show("terms_tree", nodes=nodes, numbers=settings.numbers) if nodes else ""
    terms = await used_terms(settings.taxonomy, settings.count)
    if not terms:
        return ""
    if settings.look == "cloud":
        return await _show("terms_cloud", terms=_cloud(terms), numbers=settings.numbers)
    return await _show("terms", terms=terms, numbers=settings.numbers)


def _with_posts(nodes: Sequence[TermNode]) -> tuple[TermNode, ...]:
    kept = (TermNode(term=node.term, children=_with_posts(node.children)) for node in nodes)
    return tuple(node for node in kept if node.term.count or node.children)


def _cloud(terms: Sequence[TermView]) -> tuple[CloudTerm, ...]:
    counts = sorted({term.count for term in terms})
    last = max(1, len(counts) - 1)
    sizes = {count: 1 + rank * (_SIZES - 1) // last for rank, count in enumerate(counts)}
    by_name = sorted(terms, key=lambda term: term.name.casefold())
    return tuple(CloudTerm(term=term, size=sizes[term.count]) for term in by_name)


def _public_taxonomies() -> Mapping[str, str]:
    return {known.name: known.title for known in taxonomies() if known.public}


async def _terms_problem(settings: forms.TermsForm) -> str:
    if settings.taxonomy in _public_taxonomies():
        return ""
    return _("What it lists belongs to a plugin that is off.")


async def _archives(settings: forms.ArchivesForm, _page: Page) -> str:
    months = (await published_months("post"))[: settings.count]
    locale = language().replace("-", "_")
    links = [
        (format_skeleton("yMMMM", month, locale=locale), date_path(month.year, month.month))
        for month in months
    ]
    return await _show("archives", months=links) if links else ""


async def _search(settings: forms.SearchForm, _page: Page) -> str:
    return await _show("search", hint=settings.hint)


async def _text(settings: forms.TextForm, _page: Page) -> str:
    # cleaned where it is shown: what is stored is what was typed
    text = clean_html(paragraphs(settings.text))
    return await _show("text", html=text) if text.strip() else ""


async def _html(settings: forms.HtmlForm, _page: Page) -> str:
    text = clean_html(settings.html)
    return await _show("html", html=text) if text.strip() else ""


async def _author(settings: forms.AuthorForm, page: Page) -> str:
    if settings.author is not None:
        author = (await user_views((settings.author,))).get(settings.author)
    elif isinstance(page, SinglePage):
        author = page.post.author
    else:
        author = page.archive.author if isinstance(page, ListPage) else None
    return await _show("author", author=author, words=settings.words) if author is not None else ""


async def _author_problem(settings: forms.AuthorForm) -> str:
    if settings.author is None or await user_views((settings.author,)):
        return ""
    return _("The person that it is about is not here any more.")


async def _image(settings: forms.ImageForm, _page: Page) -> str:
    media = (await media_views_by_number((settings.media,))).get(settings.media) if settings.media else None
    if not _is_shown(media):
        return ""
    return await _show("image", media=media, link=settings.link, caption=settings.caption)


def _is_shown(media: MediaView | None) -> bool:
    return media is not None and media.mime_type.startswith("image/") and media.access_level == "public"


async def _image_problem(settings: forms.ImageForm) -> str:
    if not settings.media:
        return _("No picture is chosen yet.")
    media = (await media_views_by_number((settings.media,))).get(settings.media)
    if not _is_shown(media):
        return _("There is no such picture in the library.")
    return ""


async def _feeds(settings: forms.FeedsForm, _page: Page) -> str:
    return await _show("feeds", rss=feed_url("/"), atom=feed_url("/", "atom") if settings.atom else "")


async def _recent_choices(field: str) -> Sequence[WidgetChoice] | None:
    if field != "term":
        return None
    found = [WidgetChoice("", _("All of them"))]
    for taxonomy in _public_taxonomies():
        found += _flat(await term_tree(taxonomy), 0)
    return found


def _flat(nodes: Sequence[TermNode], level: int) -> list[WidgetChoice]:
    found: list[WidgetChoice] = []
    for node in nodes:
        found.append(WidgetChoice(str(node.term.id), node.term.name, level))
        found += _flat(node.children, level + 1)
    return found


async def _terms_choices(field: str) -> Sequence[WidgetChoice] | None:
    if field != "taxonomy":
        return None
    return [WidgetChoice(name, _(title)) for name, title in _public_taxonomies().items()]


async def _author_choices(field: str) -> Sequence[WidgetChoice] | None:
    if field != "author":
        return None
    found = [WidgetChoice("", _("The author of what is shown"))]
    if (await decide(current_actor(), "list_users")).allowed:
        people = await list_users(UserQuery(per_page=_MOST_PEOPLE))
        found += [WidgetChoice(str(person.id), person.display_name) for person in people.items]
    return found


TYPES: Final = (
    WidgetType(
        name="recent_posts",
        title="Recent posts",
        description="The newest posts, of everything or of one category or tag.",
        icon="file-text",
        position=10,
        settings=forms.RecentPostsForm,
        render=_recent,
        shared=True,
        choices=_recent_choices,
        problem=_recent_problem,
    ),
    WidgetType(
        name="related_posts",
        title="Related posts",
        description="Posts that share a category or a tag with the one that is read.",
        icon="link",
        position=12,
        settings=forms.RelatedPostsForm,
        render=_related,
    ),
    WidgetType(
        name="terms",
        title="Categories and tags",
        description="Categories, tags or other terms, as a list, a tree or a cloud.",
        icon="tag",
        position=20,
        settings=forms.TermsForm,
        render=_terms,
        shared=True,
        choices=_terms_choices,
        problem=_terms_problem,
    ),
    WidgetType(
        name="pages",
        title="Pages",
        description="The pages of the site, with those below them.",
        icon="file",
        position=25,
        settings=forms.PagesForm,
        render=_pages,
        shared=True,
    ),
    WidgetType(
        name="archives",
        title="Archives",
        description="The months in which posts were published.",
        icon="calendar",
        position=30,
        settings=forms.ArchivesForm,
        render=_archives,
        shared=True,
    ),
    WidgetType(
        name="search",
        title="Search",
        description="A field to search the site with.",
        icon="search",
        position=35,
        heading=False,
        settings=forms.SearchForm,
        render=_search,
        shared=True,
    ),
    WidgetType(
        name="text",
        title="Text",
        description="A few words of your own.",
        icon="quote",
        position=40,
        settings=forms.TextForm,
        render=_text,
        shared=True,
    ),
    WidgetType(
        name="html",
        title="HTML",
        description="HTML of your own, within what a post may hold.",
        icon="code",
        position=42,
        heading=False,
        settings=forms.HtmlForm,
        render=_html,
        shared=True,
    ),
    WidgetType(
        name="image",
        title="Picture",
        description="A picture of the library, which may lead somewhere.",
        icon="image",
        position=44,
        heading=False,
        settings=forms.ImageForm,
        render=_image,
        shared=True,
        problem=_image_problem,
    ),
    WidgetType(
        name="author",
        title="About the author",
        description="Name and words of whoever wrote what is read, or of somebody you choose.",
        icon="user",
        position=50,
        settings=forms.AuthorForm,
        render=_author,
        choices=_author_choices,
        problem=_author_problem,
    ),
    WidgetType(
        name="feeds",
        title="Feeds",
        description="Links with which readers follow the site.",
        icon="bell",
        position=60,
        settings=forms.FeedsForm,
        render=_feeds,
        shared=True,
    ),
)
