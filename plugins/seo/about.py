"""What a page is about, for machines: what was said of its item, and what follows where nothing was."""

from typing import Final
from uuid import UUID

import msgspec

from core.contract.pages import ListPage, Page, PageMeta, PasswordPage, SinglePage
from core.contract.views import MediaView
from core.media import media_views_by_number
from core.plugins import settings
from core.site import kept
from plugins.seo.fields import NOTHING, SeoFields, load_fields
from plugins.seo.settings import SeoSettings
from plugins.seo.words import filled_in

__all__ = [
    "Picture",
    "absolute",
    "described",
    "document_title",
    "fields_of",
    "page_meta",
    "picture_of",
    "picture_view",
]

_PREVIEW: Final = "max-image-preview:large"
"""Said where nothing else is, as WordPress does: without it results show small pictures at most."""
_WIDE: Final = 1200
_LIST_SWITCHES: Final = {"author": "noindex_authors", "date": "noindex_dates", "tag": "noindex_tags"}


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture as share cards and structured data name it."""

    url: str
    """With scheme and host."""
    width: int | None = None
    height: int | None = None
    alt: str = ""


async def fields_of(page: Page) -> SeoFields:
    """Return what was said of the item that a page shows. Posts bring it along; of a term or an author it is kept."""
    if isinstance(page, SinglePage | PasswordPage):
        found = page.post.ext.get("seo")
        return found if isinstance(found, SeoFields) else NOTHING
    if isinstance(page, ListPage):
        archive = page.archive
        if archive.term is not None:
            return await kept("seo.item", _one, "term", archive.term.id)
        if archive.author is not None:
            return await kept("seo.item", _one, "user", archive.author.id)
    return NOTHING


async def _one(owner: str, owner_id: UUID) -> SeoFields:
    found = await load_fields(owner, [owner_id])  # type: ignore[arg-type]  # one of the owners
    return found.get(owner_id, NOTHING)


def _lists_front(page: Page) -> bool:
    return isinstance(page, ListPage) and page.archive.kind == "front"


def number_of(page: Page) -> int:
    """Return the number of a page among its parts, 1 for the first."""
    if isinstance(page, ListPage):
        return page.paging.number
    return page.post.page if isinstance(page, SinglePage) else 1


async def document_title(title: str, page: Page) -> str:
    """Return the title of a page by its own pattern, or the site's for pages of its kind."""
    fields, wanted = await fields_of(page), settings(SeoSettings)
    if fields.title:
        pattern = fields.title
    elif _lists_front(page):
        pattern = wanted.front_title
    elif page.is_front or not isinstance(page, ListPage | SinglePage | PasswordPage):
        pattern = ""
    else:
        pattern = wanted.archive_title if isinstance(page, ListPage) else wanted.item_title
    if not pattern:
        return title
    return filled_in(pattern, page, title=page.title, number=number_of(page), separator=wanted.separator)


async def page_meta(meta: PageMeta, page: Page) -> PageMeta:
    """Return what a page tells search engines."""
    fields, wanted = await fields_of(page), settings(SeoSettings)
    description, canonical, robots = meta.description, meta.canonical, fields.robots
    if fields.description:
        description = fields.description
    elif _lists_front(page) and wanted.front_description:
        description = wanted.front_description
    if fields.canonical and number_of(page) == 1:
        canonical = absolute(fields.canonical, page.site.url)
    if isinstance(page, ListPage) and not robots:
        switch = _LIST_SWITCHES.get(page.archive.kind)
        robots = "noindex, follow" if switch and getattr(wanted, switch) else ""
    if not meta.robots and "noindex" not in robots and "max-image-preview" not in robots:
        robots = f"{robots}, {_PREVIEW}" if robots else _PREVIEW
    return PageMeta(description=description, canonical=canonical, robots=robots)


def described(page: Page, fields: SeoFields) -> str:
    """Return what a share card says below the title."""
    return fields.share_description or page.description


def absolute(url: str, base: str) -> str:
    """Return an address with scheme and host."""
    return base + url if url.startswith("/") else url


async def picture_of(page: Page, fields: SeoFields) -> Picture | None:
    """Return the picture that stands for a page: its own for sharing, the item's, the site's, or none."""
    found: MediaView | None = None
    if fields.share_image:
        found = await picture_view(fields.share_image)
    if found is None and isinstance(page, SinglePage) and page.post.featured is not None:
        found = page.post.featured if _shows(page.post.featured) else None
    if found is None and (number := settings(SeoSettings).share_image):
        found = await picture_view(number)
    return _picture(found, page.site.url) if found is not None else None


async def picture_view(number: int) -> MediaView | None:
    """Return a picture of the library that everybody may see, None if there is none of this number."""
    return await kept("seo.picture", _load_picture, number)


async def _load_picture(number: int) -> MediaView | None:
    found = (await media_views_by_number([number])).get(number)
    return found if found is not None and _shows(found) else None


def _shows(found: MediaView) -> bool:
    return found.access_level == "public" and found.mime_type.startswith("image/")


def _picture(found: MediaView, base: str) -> Picture:
    smaller = found.rendition("", _WIDE) if (found.width or 0) > _WIDE else None
    shown = smaller or found
    return Picture(url=absolute(shown.url, base), width=shown.width, height=shown.height, alt=found.alt)
