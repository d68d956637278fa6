"""What a theme's templates get: one frozen struct per page kind.

A template sees `page` (one of these) and the helpers of `docs/reference/template-context.md`.
"""

from datetime import date
from typing import Literal

import msgspec

from core.contract.views import PostView, SiteView, TermView, UserView

__all__ = [
    "Archive",
    "Breadcrumb",
    "ErrorPage",
    "ListPage",
    "Page",
    "PageKind",
    "PageLink",
    "Paging",
    "PasswordPage",
    "SinglePage",
]

PageKind = Literal["single", "list", "password", "error"]


class Breadcrumb(msgspec.Struct, frozen=True):
    """A step of the way from the front page."""

    title: str
    url: str


class PageLink(msgspec.Struct, frozen=True):
    """A numbered page of a list."""

    number: int
    url: str
    current: bool


class Paging(msgspec.Struct, frozen=True, kw_only=True):
    """Where a list stands. `links` skips long runs; `gap_before` marks where."""

    number: int
    pages: int
    total: int
    previous_url: str = ""
    next_url: str = ""
    links: tuple[PageLink, ...] = ()


class Archive(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is a list of."""

    kind: Literal["home", "front", "category", "tag", "taxonomy", "author", "date", "type", "search"]
    title: str
    description: str = ""
    term: TermView | None = None
    author: UserView | None = None
    day: date | None = None
    precision: Literal["", "year", "month", "day"] = ""
    query: str = ""
    """The words of a search."""
    type: str = ""
    """The content type, of an archive of one."""
    feed_url: str = ""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What every kind of page has."""

    kind: PageKind
    site: SiteView
    title: str
    """Plain text for the heading of the page."""
    document_title: str
    """Plain text for the `<title>` element."""
    description: str = ""
    url: str
    """The canonical address."""
    robots: str = ""
    body_classes: tuple[str, ...] = ()
    breadcrumbs: tuple[Breadcrumb, ...] = ()
    is_front: bool = False
    user: UserView | None = None
    """Who is signed in; None for visitors."""
    preview: bool = False
    """It shows what is not published, to somebody who may edit it."""


class SinglePage(Page, frozen=True, kw_only=True):
    """One post, page or item."""

    post: PostView
    newer: PostView | None = None
    older: PostView | None = None
    part_links: tuple[PageLink, ...] = ()
    """Links to the parts of a paged post."""


class PasswordPage(Page, frozen=True, kw_only=True):
    """A post that asks for its password. `post` holds no content."""

    post: PostView
    action: str
    """Where the form posts to."""
    csrf_token: str
    wrong: bool = False


class ListPage(Page, frozen=True, kw_only=True):
    """Many posts: the front page, an archive, search results."""

    archive: Archive
    posts: tuple[PostView, ...]
    paging: Paging


class ErrorPage(Page, frozen=True, kw_only=True):
    """404 and the other errors. Nothing in it comes from the error's inside."""

    status: int
    message: str
    hint: str = ""
    incident: str = ""
    """What to quote to the site's people; "" where there is nothing to look up."""
