"""XML sitemaps under WordPress's names: an index, and files of 2,000 addresses per type, taxonomy and for authors.

A file is made when it is asked for, in batches: what it takes does not grow with the site.
"""

import re
from collections.abc import AsyncIterator, Sequence
from typing import Final
from xml.sax.saxutils import escape

from core.content import (
    TermQuery,
    content_types,
    count_published,
    list_terms,
    published_authors,
    taxonomies,
    walk_published,
)
from core.contract.addresses import Document, Elsewhere, Instead
from core.contract.views import PostView
from core.hooks import apply_filters
from core.plugins import settings
from core.site import site_view
from core.tenancy import site_settings
from plugins.seo import hookspecs
from plugins.seo.about import absolute
from plugins.seo.entries import SitemapEntry
from plugins.seo.fields import NOTHING, SeoFields, load_fields
from plugins.seo.settings import SeoSettings

__all__ = ["INDEX", "PER_FILE", "has_sitemaps", "sitemap_at"]

INDEX: Final = "/wp-sitemap.xml"
PER_FILE: Final = 2000
_ALIASES: Final = ("/sitemap.xml", "/sitemap_index.xml", "/sitemap")
_FILE: Final = re.compile(
    r"/wp-sitemap-(?:(posts|taxonomies)-([a-z0-9_-]{1,40})|(users))-([1-9][0-9]{0,5})\.xml"
)
_TYPE: Final = "application/xml; charset=utf-8"
_MAX_AGE: Final = 300
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_URLSET: Final = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">\n'
)
_INDEX: Final = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'


def has_sitemaps() -> bool:
    """Tell whether the site has sitemaps: it wants some, and lets search engines in."""
    return settings(SeoSettings).sitemaps and site_settings().search_engines_allowed


async def sitemap_at(path: str) -> Instead | None:
    """Return the sitemap at an address, None where there is none."""
    bare = path.rstrip("/")
    if not has_sitemaps() or not bare.startswith(("/wp-sitemap", "/sitemap")):
        return None
    if bare in _ALIASES:
        return Elsewhere(url=INDEX)
    if bare == INDEX:
        return _document(
            _HEAD
            + _INDEX
            + "".join([f"<sitemap><loc>{_loc(name)}</loc></sitemap>\n" for name in await _names()])
            + "</sitemapindex>\n"
        )
    found = _FILE.fullmatch(bare)
    if found is None:
        return None
    kind, what, users, number = found[1], found[2], found[3], int(found[4])
    if users:
        return await _written(f"users-{number}", _users(number))
    if kind == "posts" and what in _types():
        return await _written(f"posts-{what}-{number}", _posts(what, number))
    if kind == "taxonomies" and what in _taxonomies():
        return await _written(f"taxonomies-{what}-{number}", _terms(what, number))
    return None


def _document(text: str) -> Document:
    return Document(body=text.encode("utf-8"), media_type=_TYPE, max_age=_MAX_AGE)


def _loc(name: str) -> str:
    return escape(f"{site_view().url}/wp-sitemap-{name}.xml")


def _types() -> list[str]:
    return [kind.name for kind in content_types() if kind.public]


def _taxonomies() -> list[str]:
    out = {"post_tag"} if settings(SeoSettings).noindex_tags else set()
    return [found.name for found in taxonomies() if found.public and found.name not in out]


def _authors() -> bool:
    wanted = settings(SeoSettings)
    return wanted.sitemap_authors and not wanted.noindex_authors


async def _names() -> list[str]:
    """Return the names of all files, in WordPress's order."""
    names: list[str] = []
    for kind in _types():
        total = await count_published(kind)
        if kind == "page" and site_settings().front_page == "posts":
            total += 1
        names += [f"posts-{kind}-{number}" for number in range(1, -(-total // PER_FILE) + 1)]
    for taxonomy in _taxonomies():
        total = (await list_terms(TermQuery(taxonomy=taxonomy, per_page=1))).total
        names += [f"taxonomies-{taxonomy}-{number}" for number in range(1, -(-total // PER_FILE) + 1)]
    number = 1
    while _authors() and await published_authors(offset=(number - 1) * PER_FILE, limit=1):
        names.append(f"users-{number}")
        number += 1
    return names


async def _written(name: str, batches: AsyncIterator[Sequence[SitemapEntry]]) -> Document | None:
    """Return a file of entries, None if nothing is in it."""
    base, parts, count = site_view().url, [], 0
    async for batch in batches:
        wanted = await apply_filters(hookspecs.filter_seo_sitemap, tuple(batch), name)
        wanted = wanted[: PER_FILE - count]
        parts.append("".join(_entry(entry, base) for entry in wanted))
        count += len(wanted)
    return _document(f"{_HEAD}{_URLSET}{''.join(parts)}</urlset>\n") if count else None


def _entry(entry: SitemapEntry, base: str) -> str:
    changed = f"<lastmod>{entry.changed.isoformat(timespec='seconds')}</lastmod>" if entry.changed else ""
    images = "".join(
        f"<image:image><image:loc>{escape(absolute(url, base))}</image:loc></image:image>"
        for url in entry.images
    )
    return f"<url><loc>{escape(absolute(entry.path, base))}</loc>{changed}{images}</url>\n"


async def _posts(kind: str, number: int) -> AsyncIterator[Sequence[SitemapEntry]]:
    base = site_view().url
    if kind == "page" and number == 1 and site_settings().front_page == "posts":
        yield [SitemapEntry(path="/")]
    async for batch in walk_published(kind, offset=(number - 1) * PER_FILE, limit=PER_FILE):
        yield [entry for post in batch if (entry := _of_post(post, base)) is not None]


def _of_post(post: PostView, base: str) -> SitemapEntry | None:
    """Return the entry of a post, None where search engines are to leave it out or to list another address."""
    fields = post.ext.get("seo", NOTHING)
    if not isinstance(fields, SeoFields) or not _listed(fields, base + post.url, base):
        return None
    featured = post.featured
    shown = featured is not None and featured.access_level == "public"
    return SitemapEntry(
        path=post.url,
        changed=max(post.updated_at, post.published_at or post.updated_at),
        images=(featured.url,) if featured is not None and shown else (),
    )


def _listed(fields: SeoFields, url: str, base: str) -> bool:
    elsewhere = bool(fields.canonical) and absolute(fields.canonical, base) != url
    return not fields.noindex and not elsewhere


async def _terms(taxonomy: str, number: int) -> AsyncIterator[Sequence[SitemapEntry]]:
    base, half = site_view().url, PER_FILE // 2
    for page in (2 * number - 1, 2 * number):
        found = await list_terms(TermQuery(taxonomy=taxonomy, order="number", page=page, per_page=half))
        terms = [term for term in found.items if term.count]
        said = await load_fields("term", [term.id for term in terms])
        yield [
            SitemapEntry(path=term.url)
            for term in terms
            if _listed(said.get(term.id, NOTHING), base + term.url, base)
        ]
        if len(found.items) < half:
            return


async def _users(number: int) -> AsyncIterator[Sequence[SitemapEntry]]:
    if not _authors():
        return
    base = site_view().url
    found = await published_authors(offset=(number - 1) * PER_FILE, limit=PER_FILE)
    said = await load_fields("user", [each.author.id for each in found])
    yield [
        SitemapEntry(path=each.author.url, changed=each.changed_at)
        for each in found
        if _listed(said.get(each.author.id, NOTHING), base + each.author.url, base)
    ]
