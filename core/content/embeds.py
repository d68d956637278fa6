"""What other sites show: as it was told when the post was saved, shown once a reader asks for it.

A reader's browser asks nobody but this site until then. See docs/explanation/content.md.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from html import escape
from urllib.parse import urlsplit

import msgspec

from core.content.providers import provider_of
from core.content.sql import any_of
from core.db import execute
from core.i18n import gettext as _

__all__ = ["Embedded", "digest_of_url", "embed_figure", "embedded", "host_of"]


class Embedded(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider said about an address."""

    url: str
    provider: str
    title: str = ""
    author: str = ""
    frame_url: str = ""
    width: int = 0
    height: int = 0
    fetched_at: datetime | None = None


def digest_of_url(url: str) -> str:
    """Return what an address is found by."""
    return hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()


def host_of(url: str) -> str:
    """Return the host of an address."""
    return urlsplit(url).hostname or ""


async def embedded(urls: Iterable[str]) -> dict[str, Embedded]:
    """Return what is known of addresses: one query, however many. Those not asked about yet are left out."""
    condition, args = any_of("digest", [digest_of_url(url) for url in dict.fromkeys(urls)])
    rows = await execute(
        "SELECT url, provider, title, author, frame_url, width, height, fetched_at FROM embeds"  # noqa: S608  # written in sql.py
        f" WHERE tenant_id = {{tenant}} AND {condition}",
        *args,
    )
    return {row["url"]: Embedded(**row) for row in rows}


_RATIOS = ((16 / 9, "16-9"), (4 / 3, "4-3"), (1.0, "1-1"), (9 / 16, "9-16"))


def _shape(found: Embedded) -> str:
    if not found.width or not found.height:
        return "16-9"
    ratio = found.width / found.height
    return min(_RATIOS, key=lambda known: abs(known[0] - ratio))[1]


def embed_figure(url: str, caption: str, found: Embedded | None) -> str:
    """Return the placeholder of an embed: a link, and what a script needs to load the frame when it is asked for.

    Args:
        url: The address, http or https.
        caption: HTML of the caption, "" for none.
        found: What its provider said, None if nobody did.
    """
    provider = provider_of(url)
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    if provider is None:
        address = escape(url)
        return (
            f'<figure class="embed"><p><a href="{address}" rel="noopener">{address}</a></p>{below}</figure>'
        )
    name = escape(provider.title)
    title = escape(found.title) if found is not None and found.title else escape(url)
    by = f" · {escape(found.author)}" if found is not None and found.author else ""
    frame = ""
    if found is not None and found.frame_url:
        frame = f' data-frame="{escape(found.frame_url)}" data-shape="{_shape(found)}"'
    hint = escape(_("When you open it, {provider} learns of your visit.").format(provider=provider.title))
    return (
        f'<figure class="embed embed-{provider.kind}"{frame}>'
        f'<a class="embed-open" href="{escape(url)}" rel="noopener"><span class="embed-title">{title}</span>'
        f'<span class="embed-source">{name}{by}</span></a><p class="embed-hint">{hint}</p>{below}</figure>'
    )
