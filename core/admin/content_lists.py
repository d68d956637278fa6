"""Lists of posts, pages and items of every other type."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from msgspec import Struct

from core.accounts import type_capabilities
from core.admin.content_filters import authors, months_of, terms_of, tree_of
from core.admin.menu import holds
from core.admin.pieces import Action, Column, Empty, Filter, Query, Rows, Tab
from core.admin.view import AdminView
from core.admin.words import many
from core.content import (
    EditLock,
    StatusWanted,
    change_status,
    content_type,
    delete_post,
    duplicate_post,
    get_post_by_number,
    list_posts,
    locks_of,
    posts_by_status,
    purge_at,
    require_free,
    taxonomy,
)
from core.context import current_actor
from core.contract.content import ContentType, ListingQuery
from core.contract.views import PostView
from core.errors import NotFound
from core.i18n import gettext as _
from core.text import whole_number

__all__ = [
    "STATUS_LABELS",
    "ContentList",
    "Listed",
    "arrange",
    "content_list",
    "known_kind",
    "list_path",
    "menu_key_of",
    "preview_url",
]

STATUS_LABELS: Final[dict[str, tuple[str, Any]]] = {
    "publish": ("Published", "good"),
    "draft": ("Draft", ""),
    "pending": ("Awaiting review", "warn"),
    "future": ("Scheduled", "plan"),
    "private": ("Private", "info"),
    "trash": ("In the trash", "bad"),
}
"""Message id and colour by status."""

_OPEN: Final = ("publish", "draft", "pending", "future", "private")
_OUTSIDE: Final = frozenset({"", "mine", *_OPEN})
_TABS: Final = {
    "publish": "Published",
    "draft": "Drafts",
    "pending": "Awaiting review",
    "future": "Scheduled",
    "private": "Private",
    "trash": "Trash",
}
Order = Literal["published", "updated", "title", "menu"]
_ORDERS: Final[dict[str, Order]] = {"title": "title", "date": "published", "updated": "updated"}
_MONTH: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_TREE: Final = 100


class Listed(Struct, frozen=True):
    """A post in a list, and how deep it stands in its tree."""

    post: PostView
    depth: int = 0
    lock: EditLock | None = None
    """Who is writing at it."""
    purged_at: datetime | None = None
    """When it is deleted for good, in the trash."""


def _date_of(row: Listed) -> datetime | None:
    """Return when a post is or was to go out."""
    return row.post.scheduled_at if row.post.status == "future" else row.post.published_at


def _under(row: Listed) -> Iterable[str]:
    names = [term.name for term in row.post.terms.get("category", ())]
    return [row.post.author.name, ", ".join(names)]


async def _noted(rows: Sequence[Listed]) -> list[Listed]:
    """Return rows with who writes at them and when they are purged: one query, and one more where somebody writes."""
    locks = await locks_of([row.post.id for row in rows])
    return [Listed(row.post, row.depth, locks.get(row.post.id), purge_at(row.post)) for row in rows]


def _to(status: StatusWanted) -> Callable[[Listed], Any]:
    async def run(row: Listed) -> object:
        await require_free(row.post.id)
        return await change_status(row.post.id, status)

    return run


async def _duplicate(row: Listed) -> None:
    await duplicate_post(row.post.id)


async def _delete(row: Listed) -> None:
    await require_free(row.post.id)
    await delete_post(row.post.id)


def list_path(type_name: str) -> str:
    """Return the address of the list of a content type."""
    return {"post": "/admin/posts", "page": "/admin/pages"}.get(type_name, f"/admin/content/{type_name}")


def menu_key_of(type_name: str) -> str:
    """Return the key of the menu entry of a type's list."""
    return {"post": "posts", "page": "pages"}.get(type_name, f"content.{type_name}")


def known_kind(name: str) -> ContentType:
    """Return a content type of the current site.

    Raises:
        NotFound: It has none of this name.
    """
    kind = content_type(name)
    if kind is None:
        raise NotFound(_("There is nothing at this address."))
    return kind


class ContentList(AdminView[Listed, Struct]):
    """The list of one content type. Writing happens on a screen of its own."""

    searchable = True
    default_sort = "-updated"
    list_template = "admin/content/list.html"
    more_template = "admin/content/more.html"
    columns = (
        Column(
            name="title",
            title="Title",
            value=lambda row: row.post.title,
            sort=True,
            under=_under,
            template="admin/content/title.html",
        ),
        Column(
            name="status",
            title="Status",
            value=lambda row: row.post.status,
            kind="chip",
            labels=STATUS_LABELS,
        ),
        Column(name="date", title="Published", value=_date_of, kind="moment", sort=True, wide=True),
        Column(
            name="updated", title="Changed", value=lambda row: row.post.updated_at, kind="moment", sort=True
        ),
    )

    def __init__(self, kind: ContentType) -> None:
        super().__init__()
        self.kind = kind
        caps = type_capabilities(kind.capability_type)
        # what a class says of one table, an object says of one type here
        self.title, self.singular = kind.title, kind.singular
        self.capability = caps.edit
        self.icon = kind.icon
        self.per_page = 20
        self.empty = Empty(title="Nothing here yet", text="What you begin to write is kept here as a draft.")
        self.filters = self._filters()
        self.actions = _actions(caps.publish, caps.delete)

    @property
    def path(self) -> str:
        """The list's address."""
        return list_path(self.kind.name)

    @property
    def new_path(self) -> str:
        """The address of an empty writing screen."""
        return f"{self.path}/new"

    @property
    def menu_key(self) -> str:
        """Key of the menu entry."""
        return menu_key_of(self.kind.name)

    def row_path(self, row: Listed) -> str:
        """Return the address of a post's writing screen."""
        return f"/admin/posts/{row.post.number}"

    def key(self, row: Listed) -> str:
        """Return the post's number."""
        return str(row.post.number)

    def label(self, row: Listed) -> str:
        """Return the post's title."""
        return row.post.title or _("Untitled")

    def address(self, row: Listed) -> str:
        """Return where a post is to be seen, drafts as a preview."""
        post = row.post
        if post.status in ("publish", "private"):
            return post.url
        if post.status == "trash":
            return ""
        return preview_url(post)

    async def get(self, key: str) -> Listed:
        """Return the post of a number, if its type is the list's."""
        post = await get_post_by_number(whole_number(key, digits=18))
        if post.type != self.kind.name:
            raise NotFound(_("There is nothing at this address."))
        return Listed(post)

    async def rows(self, query: Query) -> Rows[Listed]:
        """Return one page of the list; a short one of a hierarchical type as a tree."""
        plain = self.kind.hierarchical and not (query.search or query.filters or query.tab)
        as_tree = plain and query.sort == "updated" and query.page == 1
        listing = await list_posts(await self._listing(query, as_tree=as_tree), "admin", ext=False)
        if as_tree and listing.total <= _TREE:
            return Rows(await _noted(arrange(listing.items)), listing.total, whole=True)
        if as_tree:  # too many to show at once: pages of a plain list
            listing = await list_posts(await self._listing(query, as_tree=False), "admin", ext=False)
        return Rows(await _noted([Listed(post) for post in listing.items]), listing.total)

    async def context(self, row: Listed | None) -> dict[str, Any]:
        """Return whether the trash may be emptied."""
        return {"may_empty": holds(type_capabilities(self.kind.capability_type).delete_others)}

    async def _listing(self, query: Query, *, as_tree: bool) -> ListingQuery:
        month = _MONTH.fullmatch(query.filters.get("month", ""))
        term = _uuid(query.filters.get("term", ""))
        author = current_actor().id if query.tab == "mine" else _uuid(query.filters.get("author", ""))
        order: Order = "menu" if as_tree else _ORDERS.get(query.sort, "published")
        statuses = (query.tab,) if query.tab in _TABS else _OPEN
        return ListingQuery(
            types=(self.kind.name,),
            statuses=statuses,
            search=query.search,
            taxonomy=tree_of(self.kind) if term is not None else "",
            term_ids=(term,) if term is not None else (),
            author_id=author,
            year=int(month[1]) if month else 0,
            month=int(month[2]) if month else 0,
            order=order,
            ascending=as_tree or not query.descending,
            page=query.page,
            per_page=_TREE if as_tree else query.per_page,
        )

    async def tabs(self) -> Sequence[Tab]:
        """Return the statuses that somebody is in, with counts for those who may see all."""
        counts = await posts_by_status(self.kind.name)
        sees_all = holds(type_capabilities(self.kind.capability_type).edit_others)
        tabs = [
            Tab(name="", title=_("All"), count=sum(counts.get(s, 0) for s in _OPEN) if sees_all else None)
        ]
        if sees_all and "author" in self.kind.supports:
            tabs.append(Tab(name="mine", title=_("Mine")))
        for status, title in _TABS.items():
            if counts.get(status):
                count = counts[status] if sees_all else None
                tabs.append(Tab(name=status, title=many(title, self.kind.name), count=count))
        return tabs

    @staticmethod
    def taxonomy_title(name: str) -> str:
        """Return what a taxonomy is called."""
        found = taxonomy(name)
        return _(found.title) if found is not None else name

    def _filters(self) -> tuple[Filter, ...]:
        sees_private = type_capabilities(self.kind.capability_type).read_private
        found = [Filter(name="month", title="Every month", options=months_of(self.kind.name, sees_private))]
        if name := tree_of(self.kind):
            found.insert(0, Filter(name="term", title="All categories", options=terms_of(name)))
        if "author" in self.kind.supports:
            found.append(Filter(name="author", title="All authors", options=authors, capability="list_users"))
        return tuple(found)


def _actions(publish: str, delete: str) -> tuple[Action, ...]:
    return (
        Action(
            name="publish",
            title="Publish",
            run=_to("publish"),
            done=("%(count)d published.", "%(count)d published."),
            capability=publish,
            icon="paper-plane",
            shown=lambda row: row.post.status in ("draft", "pending"),
            tabs=frozenset({"", "mine", "draft", "pending"}),
        ),
        Action(
            name="draft",
            title="Back to draft",
            run=_to("draft"),
            done=("%(count)d is a draft again.", "%(count)d are drafts again."),
            icon="pencil",
            shown=lambda row: row.post.status in ("publish", "future", "private", "pending"),
            tabs=frozenset({"", "mine", "publish", "future", "private", "pending"}),
        ),
        Action(
            name="duplicate",
            title="Duplicate",
            run=_duplicate,
            done=("%(count)d copied, as a draft.", "%(count)d copied, as drafts."),
            icon="copy",
            tabs=_OUTSIDE,
        ),
        *_trash_actions(delete),
    )


def _trash_actions(delete: str) -> tuple[Action, ...]:
    return (
        Action(
            name="trash",
            title="Move to the trash",
            run=_to("trash"),
            done=("%(count)d moved to the trash.", "%(count)d moved to the trash."),
            capability=delete,
            icon="trash",
            danger=True,
            undo="restore",
            tabs=_OUTSIDE,
        ),
        Action(
            name="restore",
            title="Restore",
            run=_to("restore"),
            done=("%(count)d restored.", "%(count)d restored."),
            capability=delete,
            icon="undo",
            tabs=frozenset({"trash"}),
        ),
        Action(
            name="delete",
            title="Delete for good",
            run=_delete,
            done=("%(count)d deleted for good.", "%(count)d deleted for good."),
            capability=delete,
            icon="trash",
            danger=True,
            confirm="Delete this for good? It can't be brought back.",
            tabs=frozenset({"trash"}),
        ),
    )


def preview_url(post: PostView) -> str:
    """Return where those who write see a post that is not out yet."""
    return f"{post.url}{'&' if '?' in post.url else '?'}preview=true"


def arrange(posts: Sequence[PostView]) -> list[Listed]:
    """Return posts as a tree, children right after their parent, in the order they came."""
    ids = {post.id for post in posts}
    below: dict[UUID | None, list[PostView]] = {}
    for post in posts:
        below.setdefault(post.parent_id if post.parent_id in ids else None, []).append(post)
    found: list[Listed] = []

    def add(parent: UUID | None, depth: int) -> None:
        for post in below.get(parent, ()):
            found.append(Listed(post, depth))
            add(post.id, depth + 1)

    add(None, 0)
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def content_list(kind: ContentType) -> ContentList:
    """Return the list of a content type, as it is on the current site."""
    return ContentList(kind)
