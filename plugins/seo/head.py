"""What stands in the head of a page beside its title: share cards and structured data.

Written by hand and not by a template: it is on every page, and this costs a tenth of it.
"""

from collections.abc import Iterator
from typing import Final

from markupsafe import escape

from core.contract.pages import ErrorPage, ListPage, Page, PasswordPage, SinglePage
from core.plugins import settings
from plugins.seo.about import Picture, described, fields_of, number_of, picture_of
from plugins.seo.fields import SeoFields
from plugins.seo.graph import graph_of, written
from plugins.seo.settings import SeoSettings
from plugins.seo.words import filled_in

__all__ = ["head_of"]

_LOCALES: Final = {"pt-BR": "pt_BR", "en": "en_US"}


async def head_of(page: Page) -> str:
    """Return what a page has to say to networks and search engines, "" for errors."""
    if isinstance(page, ErrorPage):
        return ""
    fields, wanted = await fields_of(page), settings(SeoSettings)
    picture = await picture_of(page, fields)
    parts = [_tag(kind, name, value) for kind, name, value in _said(page, fields, wanted, picture) if value]
    if graph := await graph_of(page, fields, picture):
        parts.append(f'<script type="application/ld+json">{written(graph)}</script>')
    return "\n".join(parts)


def _tag(kind: str, name: str, value: str) -> str:
    return f'<meta {kind}="{name}" content="{escape(value)}">'


def _said(
    page: Page, fields: SeoFields, wanted: SeoSettings, picture: Picture | None
) -> Iterator[tuple[str, str, str]]:
    site, single = page.site, isinstance(page, SinglePage | PasswordPage)
    yield "property", "og:type", _kind(page)
    yield "property", "og:title", _title(page, fields, wanted)
    yield "property", "og:description", described(page, fields)
    yield "property", "og:url", page.canonical or page.url
    yield "property", "og:site_name", site.title
    yield "property", "og:locale", _LOCALES.get(site.language, "")
    if picture is not None:
        yield "property", "og:image", picture.url
        yield "property", "og:image:width", str(picture.width or "")
        yield "property", "og:image:height", str(picture.height or "")
        yield "property", "og:image:alt", picture.alt
    if isinstance(page, SinglePage) and page.post.type != "page" and page.post.published_at:
        post = page.post
        yield "property", "article:published_time", page.post.published_at.isoformat()
        yield "property", "article:modified_time", max(page.post.published_at, post.updated_at).isoformat()
    yield "name", "twitter:card", wanted.card if picture is not None else "summary"
    yield "name", "twitter:site", f"@{wanted.twitter.lstrip('@')}" if wanted.twitter else ""
    if single and fields.keywords:
        yield "name", "keywords", fields.keywords
    if page.is_front:
        yield "name", "google-site-verification", wanted.google_verification
        yield "name", "msvalidate.01", wanted.bing_verification


def _kind(page: Page) -> str:
    if isinstance(page, SinglePage) and page.post.type != "page" and not page.is_front:
        return "article"
    return "profile" if isinstance(page, ListPage) and page.archive.author is not None else "website"


def _title(page: Page, fields: SeoFields, wanted: SeoSettings) -> str:
    said = fields.share_title or fields.title
    if not said:
        return page.title or page.site.title
    return filled_in(said, page, title=page.title, number=number_of(page), separator=wanted.separator)
