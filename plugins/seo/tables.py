"""What is said of posts, terms and authors; redirects; addresses that were asked for in vain."""

from piccolo.columns import UUID, BigInt, Boolean, Integer, Timestamptz, Varchar

from core.clock import now
from core.db import TenantTable

__all__ = ["SeoItem", "SeoMissing", "SeoRedirect"]


class SeoItem(TenantTable, tablename="seo_items"):
    """What is said of one post, term or author where it is listed or shared. None where all is by default."""

    post_id = UUID(null=True, default=None)
    term_id = UUID(null=True, default=None)
    user_id = UUID(null=True, default=None)
    title = Varchar(160, default="")
    description = Varchar(320, default="")
    keywords = Varchar(255, default="")
    canonical = Varchar(2000, default="")
    noindex = Boolean(default=False)
    nofollow = Boolean(default=False)
    noarchive = Boolean(default=False)
    max_snippet = Integer(default=-1)
    image_preview = Varchar(10, default="")
    share_title = Varchar(160, default="")
    share_description = Varchar(320, default="")
    share_image = BigInt(default=0)
    """Number of a file of the library; 0 for the fallbacks."""
    updated_at = Timestamptz(default=now)


class SeoRedirect(TenantTable, tablename="seo_redirects"):
    """An address that leads elsewhere, as long as nothing stands at it."""

    source = Varchar(1000)
    """As `matching.key_of` writes it; one that ends in "/*" stands for everything below."""
    target = Varchar(2000, default="")
    """A path of the site or an https address; "" with status 410."""
    status = Integer(default=301)
    origin = Varchar(20, default="manual")
    active = Boolean(default=True)
    """False for suggestions that nobody has decided about."""
    hits = BigInt(default=0)
    last_hit_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=now)
    updated_at = Timestamptz(default=now)
    version = Integer(default=1)


class SeoMissing(TenantTable, tablename="seo_missing"):
    """An address that leads nowhere, and how often it was asked for. Nothing of who asked."""

    path = Varchar(500)
    hits = BigInt(default=0)
    referrer = Varchar(255, default="")
    """Host of the page that the last reader came from who came from one."""
    first_seen_at = Timestamptz(default=now)
    last_seen_at = Timestamptz(default=now)
