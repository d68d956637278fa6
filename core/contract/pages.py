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
    "MenuEntry",
    "Page",
    "PageKind",
    "PageLink",
    "PageMeta",
    "Paging",
    "PasswordPage",
    "SinglePage",
]

PageKind = Literal["single", "list", "password", "error"]


class Breadcrumb(msgspec.Struct, frozen=True):
    """A step of the way from the front page."""

    title: str
    """Plain text; "" for a page without a title."""
    url: str
    """Path on the site."""


class MenuEntry(msgspec.Struct, frozen=True):
    """An entry of a menu."""

    title: str
    """Plain text."""
    url: str
    """"" for a heading that leads nowhere."""
    current: bool = False
    """It leads to the page that is shown."""
    above: bool = False
    """It leads to something that the page that is shown stands below."""
    children: tuple["MenuEntry", ...] = ()
    css: str = "menu-item"
    """Classes of its list item, those of its own and those of WordPress: "menu-item-has-children",
    "current-menu-item", "current-menu-ancestor", "current-menu-parent"."""
    hint: str = ""
    """For the `title` attribute."""
    description: str = ""
    """A line below it, where the theme shows one."""
    new_tab: bool = False
    """It opens in a new tab."""


class PageLink(msgspec.Struct, frozen=True):
    """A numbered page of a list, or a numbered part of a post."""

    number: int
    """Counts from 1."""
    url: str
    """Path on the site."""
    current: bool
    """It is the one that is shown."""


class Paging(msgspec.Struct, frozen=True, kw_only=True):
    """Where a list stands."""

    number: int
    """The page that is shown, from 1."""
    pages: int
    """How many there are, 1 at least."""
    total: int
    """Items on all pages."""
    previous_url: str = ""
    """Path of the page with newer items, "" on the first."""
    next_url: str = ""
    """Path of the page with older items, "" on the last."""
    links: tuple[PageLink, ...] = ()
    """The first page, the last one and those near; numbers in between are left out."""


class Archive(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is a list of."""

    kind: Literal["home", "front", "category", "tag", "taxonomy", "author", "date", "type", "search"]
    """"front" where the front page lists posts, "home" for a page of its own that does."""
    title: str
    """Plain text in the reader's language."""
    description: str = ""
    """Of a term or a site; an author's words about himself."""
    term: TermView | None = None
    """Of the archive of a category, a tag or another taxonomy; of a search, the category that it is in."""
    author: UserView | None = None
    """Of an author's archive."""
    day: date | None = None
    """The first day of a date archive."""
    precision: Literal["", "year", "month", "day"] = ""
    """How much of `day` counts."""
    query: str = ""
    """The words of a search."""
    type: str = ""
    """The content type, of an archive of one or a search in one."""
    newest: bool = False
    """Of a search: the newest come first, not what fits best."""
    feed_url: str = ""
    """Path of the same list as RSS."""


class PageMeta(msgspec.Struct, frozen=True, kw_only=True):
    """What a page tells search engines about itself."""

    description: str = ""
    """Plain text."""
    canonical: str = ""
    """The address that is to be listed, with scheme and host; "" names none."""
    robots: str = ""
    """Such as "noindex, nofollow"; "" allows everything."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What every kind of page has."""

    kind: PageKind
    """Which of the structs it is."""
    site: SiteView
    title: str
    """Plain text for the heading of the page."""
    document_title: str
    """Plain text for the `<title>` element."""
    description: str = ""
    """Plain text for search engines, at most 300 characters."""
    url: str
    """The canonical address, with scheme and host; "" where there is none, as on errors."""
    canonical: str = ""
    """The address that search engines are to list: `url`, unless a plugin knows a better one."""
    robots: str = ""
    """What search engines are told, such as "noindex"; "" allows everything."""
    body_classes: tuple[str, ...] = ()
    """Named as in WordPress: "single", "category-sleep", "paged"."""
    breadcrumbs: tuple[Breadcrumb, ...] = ()
    """The pages or terms above this one, the highest first."""
    is_front: bool = False
    """It is the front page of the site, whatever that shows."""
    user: UserView | None = None
    """Who is signed in; None for visitors."""
    preview: bool = False
    """It shows what is not published, to somebody who may edit it."""


class SinglePage(Page, frozen=True, kw_only=True):
    """One post, page or item."""

    post: PostView
    """With `html` of the part that is shown."""
    newer: PostView | None = None
    """The next post of this type by time, with title and address only; None for pages."""
    older: PostView | None = None
    """The one before."""
    part_links: tuple[PageLink, ...] = ()
    """Links to the parts of a paged post."""


class PasswordPage(Page, frozen=True, kw_only=True):
    """A post that asks for its password. `post` holds no content."""

    post: PostView
    action: str
    """Where the form posts `post_password` to."""
    csrf_token: str
    """To send along as `_csrf` where there is one; visitors need none."""
    wrong: bool = False
    """A password was sent, and does not fit."""


class ListPage(Page, frozen=True, kw_only=True):
    """Many posts: the front page, an archive, search results."""

    archive: Archive
    posts: tuple[PostView, ...]
    """Those of this page, without their content."""
    paging: Paging


class ErrorPage(Page, frozen=True, kw_only=True):
    """404 and the other errors. Nothing in it comes from the error's inside."""

    status: int
    """Such as 404."""
    message: str
    """What happened, for readers."""
    hint: str = ""
    """What they can do, "" if nothing."""
    incident: str = ""
    """What to quote to the site's people; "" where there is nothing to look up."""
