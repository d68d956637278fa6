"""The sections of forms in which it is said how an item is listed and shared."""

from typing import Any, Final

import msgspec

from core.contract.admin import EditPanel
from core.contract.views import PostView, TermView, UserView
from core.plugins import settings
from core.site import site_view
from core.text import excerpt_of
from plugins.seo.about import absolute
from plugins.seo.checks import DESCRIPTION, TITLE
from plugins.seo.settings import SeoSettings

__all__ = ["PANELS"]


async def _of_post(post: PostView | None) -> dict[str, Any]:
    wanted = settings(SeoSettings)
    address = post.url if post is not None and "?" not in post.url else "/"
    image = post.featured.url if post is not None and post.featured is not None else ""
    return _context(
        address,
        wanted.item_title,
        post.summary if post is not None else "",
        image,
        names=("title", "excerpt"),
    )


async def _of_term(term: TermView | None) -> dict[str, Any]:
    about = term.description if term is not None else ""
    return _context(
        term.url if term is not None else "/",
        settings(SeoSettings).archive_title,
        about,
        "",
        names=("name", "description"),
    )


async def _of_user(user: UserView | None) -> dict[str, Any]:
    about = user.bio if user is not None else ""
    return _context(
        user.url if user is not None else "/",
        settings(SeoSettings).archive_title,
        about,
        "",
        names=("display_name", "bio"),
    )


def _context(
    address: str, pattern: str, summary: str, image: str, *, names: tuple[str, str]
) -> dict[str, Any]:
    """Return what the template gets beside the form.

    Args:
        address: Path of the item.
        pattern: What its title is made of unless another is given.
        summary: What describes it unless somebody does.
        image: Its picture.
        names: Inputs of the form that hold its title and its words.
    """
    site, separator = site_view(), settings(SeoSettings).separator
    after = pattern.replace("{page}", "").replace("{site}", site.title).replace("{tagline}", site.tagline)
    parts = [part.strip() for part in after.split("{sep}")]
    return {
        "address": absolute(address, site.url),
        "host": site.url.partition("://")[2],
        "pattern": f" {separator} ".join(part for part in parts if part),
        "words_json": msgspec.json.encode(
            {"site": site.title, "tagline": site.tagline, "page": "", "sep": separator}
        ).decode(),
        "summary": excerpt_of(summary, 30),
        "image": image,
        "title_input": names[0],
        "words_input": names[1],
        "title_length": TITLE,
        "description_length": DESCRIPTION,
    }


PANELS: Final = (
    EditPanel(
        key="seo",
        title="Search engines",
        template="seo/admin/panel.html",
        capability="edit_posts",
        context=_of_post,
        position=60,
    ),
    EditPanel(
        key="seo",
        title="Search engines",
        template="seo/admin/panel.html",
        capability="manage_categories",
        owner="term",
        context=_of_term,
    ),
    EditPanel(
        key="seo",
        title="Search engines",
        template="seo/admin/panel.html",
        capability="edit_posts",
        owner="user",
        context=_of_user,
    ),
)
