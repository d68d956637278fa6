"""An entry of a sitemap, as a value."""

from datetime import datetime

import msgspec

__all__ = ["SitemapEntry"]


class SitemapEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One address that search engines are told of."""

    path: str
    """Address on the site."""
    changed: datetime | None = None
    images: tuple[str, ...] = ()
    """Addresses of pictures on the page, on the site or with scheme and host."""
