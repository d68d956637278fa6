"""Rendered pages: templates, titles, slots, redirects."""

from collections.abc import Callable, Iterable
from typing import Any

from core.contract.addresses import Instead
from core.contract.feeds import PostFeed
from core.contract.markers import hookspec
from core.contract.pages import MenuEntry, Page, PageMeta
from core.contract.views import PostView
from core.contract.widgets import WidgetType


@hookspec
def register_template_helpers() -> Iterable[tuple[str, Callable[..., Any]]]:
    """Bring functions that templates may call, as (name, function). Async functions are awaited."""
    ...


@hookspec
def filter_template_candidates(names: tuple[str, ...], page: Page) -> tuple[str, ...]:
    """Change which templates are looked for; the first that the theme chain has is used.

    Args:
        names: File names, most specific first.
        page: What will be rendered.

    Returns:
        The names to look for.
    """
    ...


@hookspec
def filter_document_title(title: str, page: Page) -> str:
    """Change the `<title>` of a page.

    Args:
        title: Plain text.
        page: The page.

    Returns:
        Plain text.
    """
    ...


@hookspec
def filter_page_meta(meta: PageMeta, page: Page) -> PageMeta:
    """Change what a page tells search engines: its description, its canonical address, what robots may do.

    Args:
        meta: What the core has to say.
        page: The page.

    Returns:
        What to tell; use `msgspec.structs.replace`. Where the site allows no search engines, or the page
        shows what is not published, "noindex" is added whatever you return.
    """
    ...


@hookspec
def filter_body_classes(classes: tuple[str, ...], page: Page) -> tuple[str, ...]:
    """Change the classes of the body element.

    Args:
        classes: Class names.
        page: The page.

    Returns:
        Class names of `[a-z0-9_-]`.
    """
    ...


@hookspec
def filter_slot(parts: list[str], slot: str, page: Page) -> list[str]:
    """Put HTML into a named place of the page.

    Args:
        parts: HTML fragments, shown in order.
        slot: "head", "body_start", "before_content", "after_content", "after_post", a region of the theme such as
            "sidebar", or a theme's own. What is put into a region stands below its widgets.
        page: The page.

    Returns:
        The fragments to show. Render yours with `core.themes.render_part`.
    """
    ...


@hookspec
def filter_menu(
    entries: tuple[MenuEntry, ...] | None, place: str, page: Page | None
) -> tuple[MenuEntry, ...] | None:
    """Bring or change what stands in a menu place of the theme (WordPress: `wp_nav_menu_items`).

    Asked on every page, so what is read for it should be kept: see `core.site.kept`, `menu_tree` and
    `mark_current`.

    Args:
        entries: The menu that others brought; None where there is none, and the top-level pages will stand in "primary".
        place: Name of the place in the theme's `[menus]`, such as "primary".
        page: What is shown; None where that is no page.

    Returns:
        The entries, marked for the page; `()` for a menu that is empty on purpose.
    """
    ...


@hookspec
def register_widget_types() -> Iterable[WidgetType]:
    """Bring kinds of widgets, which sites place in the regions of their theme."""
    ...


@hookspec
def filter_region(html: str | None, region: str, page: Page, level: int) -> str | None:
    """Fill a region of the theme with a site's widgets.

    Args:
        html: What somebody filled it with; None while nobody did, and what the theme has for that case is shown.
        region: Its name in `theme.toml`.
        page: The page.
        level: Level of the widgets' headings, 2 to 6.

    Returns:
        HTML, "" for a region that is to be empty.
    """
    ...


@hookspec
def filter_canonical_redirect(target: str, path: str) -> str:
    """Change or cancel a redirect to the canonical address.

    Args:
        target: Where to; "" means no redirect.
        path: What was asked for.

    Returns:
        A path on this site, or "".
    """
    ...


@hookspec
def filter_missing_address(instead: Instead | None, path: str) -> Instead | None:
    """Answer at an address where the site itself has nothing: with a file, or by sending readers elsewhere.

    Never asked for pages that exist, so it costs them nothing. Asked before addresses that posts once had.

    Args:
        instead: What others brought; None where nobody did yet.
        path: The decoded path, beginning with a slash.

    Returns:
        What to answer with, None for "nothing".
    """
    ...


@hookspec
def on_address_missing(path: str, referrer: str) -> None:
    """A page was asked for that leads nowhere, and 404 is answered. Somebody waits: be quick, write later.

    Args:
        path: The decoded path, beginning with a slash. Anybody can ask for anything: bound what you keep.
        referrer: The host of the page that the reader came from, "" if unknown. No more of it is told.
    """
    ...


@hookspec
def filter_robots_txt(text: str, allowed: bool) -> str:
    """Change what `/robots.txt` says.

    Args:
        text: The rules so far, ending in a line break.
        allowed: Whether the site lets search engines in at all. Where it does not, leave it shut.

    Returns:
        The whole file.
    """
    ...


@hookspec
def filter_post_feed(feed: PostFeed | None, post: PostView) -> PostFeed | None:
    """Bring what stands at the address of a post with `feed/` behind it, such as its comments.

    Asked only for posts that everybody may read. Link to it with `core.site.post_feed_url`.

    Args:
        feed: What others brought; None where there is no such feed, and the address is 404.
        post: The post, without its content rendered.

    Returns:
        The feed, the same for everybody.
    """
    ...
