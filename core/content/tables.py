"""What is published, and what is kept about it. Text that people wrote is marked as personal data of its author."""

from piccolo.columns import (
    JSONB,
    UUID,
    BigInt,
    Boolean,
    Bytea,
    Integer,
    Text,
    Timestamptz,
    Varchar,
)

from core.clock import now
from core.db import SealedText, TenantTable

__all__ = [
    "Embed",
    "FindingOverride",
    "OldSlug",
    "Post",
    "PostAutosave",
    "PostFinding",
    "PostLock",
    "PostMeta",
    "PostReference",
    "PostRevision",
    "PostTerm",
    "PreviewLink",
    "Term",
    "TermMeta",
]


class Post(TenantTable, tablename="posts"):
    """A post, a page or an item of a registered type."""

    number = BigInt()
    post_type = Varchar(30, default="post")
    status = Varchar(20, default="draft")
    status_before = Varchar(20, default="")
    title = Text(default="")
    slug = Varchar(255, null=True, default=None)
    path = Varchar(1000, default="")
    """Slugs from the root of the type to this post, with slashes; "" while a slug is missing."""
    content = Text(default="")
    content_format = Varchar(20, default="html")
    excerpt = Text(default="")
    summary = Text(default="")
    """The excerpt, or the beginning of the content as plain text: lists need no content."""
    has_more = Boolean(default=False)
    author_id = UUID()
    last_editor_id = UUID(null=True, default=None)
    parent_id = UUID(null=True, default=None)
    menu_order = Integer(default=0)
    template = Varchar(100, default="")
    post_format = Varchar(20, default="standard")
    comment_status = Varchar(10, default="open")
    ping_status = Varchar(10, default="closed")
    password_sealed = SealedText()
    is_sticky = Boolean(default=False)
    featured_media_id = UUID(null=True, default=None)
    guid = Varchar(500, default="")
    published_at = Timestamptz(null=True, default=None)
    scheduled_at = Timestamptz(null=True, default=None)
    unpublish_at = Timestamptz(null=True, default=None)
    """When it goes off the site by itself."""
    unpublish_to = Varchar(20, default="draft")
    created_at = Timestamptz(default=now)
    updated_at = Timestamptz(default=now)
    version = Integer(default=1)
    search_text = Text(default="")
    deleted_at = Timestamptz(null=True, default=None)
    """When it went to the trash."""
    deleted_by = UUID(null=True, default=None)


class PostMeta(TenantTable, tablename="post_meta"):
    """Named values of a post; several per name."""

    post_id = UUID()
    meta_key = Varchar(255)
    meta_value = Text(default="")


class PostRevision(TenantTable, tablename="post_revisions"):
    """The text of a post as it was saved once."""

    post_id = UUID()
    number = Integer()
    author_id = UUID(null=True, default=None)
    kind = Varchar(20, default="save")
    title = Text(default="")
    content = Text(default="")
    content_format = Varchar(20, default="html")
    excerpt = Text(default="")
    ext = JSONB(default="{}")
    digest = Varchar(64)
    created_at = Timestamptz(default=now)


class PostAutosave(TenantTable, tablename="post_autosaves"):
    """What somebody is writing and has not saved: one row per person and post, or new text."""

    user_id = UUID()
    place = Varchar(80)
    """The post's id, or "new:" with the type and a key of the form."""
    post_id = UUID(null=True, default=None)
    post_type = Varchar(30)
    writer = Varchar(40, default="")
    """The window that wrote it last."""
    base_version = Integer(null=True, default=None)
    title = Text(default="")
    content = Text(default="")
    content_format = Varchar(20, default="html")
    excerpt = Text(default="")
    fields = Text(default="[]")
    """The whole form as JSON, to show it again."""
    choices = Text(default="{}")
    """What else a preview shows, as JSON."""
    created_at = Timestamptz(default=now)
    updated_at = Timestamptz(default=now)


class PostLock(TenantTable, tablename="post_locks"):
    """Who is writing at a post. Without a beat it is over after a while."""

    post_id = UUID()
    user_id = UUID()
    holder = Varchar(40)
    """The window that somebody writes in."""
    taken_at = Timestamptz(default=now)
    beat_at = Timestamptz(default=now)


class PreviewLink(TenantTable, tablename="preview_links"):
    """A link with which somebody without an account sees one post that is not out yet."""

    post_id = UUID()
    token_hash = Bytea()
    note = Varchar(200, default="")
    user_id = UUID(null=True, default=None)
    created_at = Timestamptz(default=now)
    expires_at = Timestamptz()
    revoked_at = Timestamptz(null=True, default=None)
    seen_at = Timestamptz(null=True, default=None)
    views = Integer(default=0)


class OldSlug(TenantTable, tablename="old_slugs"):
    """An address that a published post once had."""

    post_id = UUID()
    post_type = Varchar(30)
    slug = Varchar(255)
    path = Varchar(1000, default="")
    created_at = Timestamptz(default=now)


class Term(TenantTable, tablename="terms"):
    """A term of a taxonomy."""

    number = BigInt()
    taxonomy = Varchar(32)
    name = Varchar(200)
    slug = Varchar(200)
    path = Varchar(1000, default="")
    """Slugs from the root of the taxonomy to this term, with slashes."""
    description = Text(default="")
    parent_id = UUID(null=True, default=None)
    level = Integer(default=0)
    post_count = Integer(default=0, db_column_name="count")
    """Published posts that carry the term itself."""
    created_at = Timestamptz(default=now)
    updated_at = Timestamptz(default=now)
    version = Integer(default=1)


class TermMeta(TenantTable, tablename="term_meta"):
    """Named values of a term; several per name."""

    term_id = UUID()
    meta_key = Varchar(255)
    meta_value = Text(default="")


class PostTerm(TenantTable, tablename="post_terms"):
    """A term that a post carries."""

    post_id = UUID()
    term_id = UUID()
    position = Integer(default=0)


class PostFinding(TenantTable, tablename="post_findings"):
    """What the content checks of one rules version said about one state of a post."""

    post_id = UUID()
    digest = Varchar(64)
    rules = Varchar(64)
    findings = JSONB(default="[]")
    complete = Boolean(default=True)
    """False if a check failed: it is asked again the next time."""
    created_at = Timestamptz(default=now)


class FindingOverride(TenantTable, tablename="finding_overrides"):
    """A finding that somebody answers for, for one state of a post."""

    post_id = UUID()
    rule = Varchar(100)
    digest = Varchar(64)
    reason = Text()
    user_id = UUID()
    created_at = Timestamptz(default=now)


class PostReference(TenantTable, tablename="post_references"):
    """Something that the content of a post shows and that lives elsewhere."""

    post_id = UUID()
    kind = Varchar(20)
    ref_key = Varchar(64)
    """Number of the file or pattern, name of the shortcode, SHA-256 of an embed's address."""


class Embed(TenantTable, tablename="embeds"):
    """What a provider said about an address, checked."""

    digest = Varchar(64)
    """SHA-256 of the address."""
    url = Varchar(2000)
    provider = Varchar(50)
    title = Varchar(300, default="")
    author = Varchar(300, default="")
    frame_url = Varchar(2000)
    thumbnail_url = Varchar(2000, default="")
    width = Integer(default=0)
    height = Integer(default=0)
    fetched_at = Timestamptz(default=now)
