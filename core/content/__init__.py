"""Posts, pages and terms: what is published, and how. See docs/explanation/content.md."""

from core.content.around import neighbours, post_ancestors
from core.content.checks import Checked, override_finding, run_checks
from core.content.classic import convert_wordpress, paragraphs
from core.content.conversion import Wanted, blocks_from_html, convert_post, preview_block
from core.content.copies import Copy, CopyData, drop_copy, keep_copy, new_copies, own_copy
from core.content.diff import (
    DiffPart,
    DiffRow,
    FieldDiff,
    compare_post,
    compare_revisions,
    compare_texts,
)
from core.content.duplicate import duplicate_post
from core.content.formats import clean_html
from core.content.guesses import guess_post
from core.content.importing import ImportedPost, amend_import, import_post
from core.content.lifecycle import StatusWanted, change_status, delete_post
from core.content.listing import Listing, list_posts
from core.content.locks import (
    EditLock,
    hold_lock,
    lock_of,
    locks_of,
    release_lock,
    require_free,
    take_lock,
)
from core.content.meta import post_meta, posts_with_meta, term_meta, terms_with_meta
from core.content.months import published_months
from core.content.named import is_category, is_page
from core.content.passwords import PASSWORD_COOKIE_DAYS, check_post_password, unlock_post
from core.content.patterns import PatternEntry, list_patterns
from core.content.permalinks import (
    STRUCTURE_TAGS,
    Structure,
    author_path,
    date_path,
    site_zone,
    split_structure,
    type_path,
)
from core.content.posts import (
    create_post,
    find_moved,
    find_post,
    get_post,
    get_post_by_number,
    restore_revision,
    update_post,
)
from core.content.preview_links import (
    PREVIEW_HOURS,
    PreviewLink,
    make_preview_link,
    post_of_link,
    preview_links,
    revoke_preview_link,
)
from core.content.references import Use, used_in
from core.content.registered import require_known_content
from core.content.render import (
    Rendered,
    content_text,
    digest_text,
    outline,
    present,
    render,
    render_parts,
    stored_content,
)
from core.content.revisions import Revision, get_revision, revisions
from core.content.schedule import overdue_since, publish_due
from core.content.shortcodes import shortcodes
from core.content.slugs import check_bases
from core.content.stats import DashboardStats, dashboard_stats, posts_by_status, rebuild_stats
from core.content.term_families import TermFamily, term_family
from core.content.term_lists import (
    TERM_COLUMNS,
    TermList,
    TermNode,
    TermQuery,
    joined_term,
    list_terms,
    term_by_slug,
    term_tree,
    terms_by_id,
    used_terms,
)
from core.content.term_places import default_category_id
from core.content.terms import (
    TermData,
    create_term,
    delete_term,
    ensure_terms,
    get_term,
    update_term,
)
from core.content.trash import Emptied, empty_trash, purge_at, purge_trash
from core.content.types import (
    POST_FORMATS,
    capabilities_of,
    content_format,
    content_type,
    content_types,
    taxonomies,
    taxonomies_of,
    taxonomy,
)
from core.content.unpublish import unpublish_due
from core.content.walking import PublishedAuthor, count_published, published_authors, walk_published

__all__ = [
    "PASSWORD_COOKIE_DAYS",
    "POST_FORMATS",
    "PREVIEW_HOURS",
    "STRUCTURE_TAGS",
    "TERM_COLUMNS",
    "Checked",
    "Copy",
    "CopyData",
    "DashboardStats",
    "DiffPart",
    "DiffRow",
    "EditLock",
    "Emptied",
    "FieldDiff",
    "ImportedPost",
    "Listing",
    "PatternEntry",
    "PreviewLink",
    "PublishedAuthor",
    "Rendered",
    "Revision",
    "StatusWanted",
    "Structure",
    "TermData",
    "TermFamily",
    "TermList",
    "TermNode",
    "TermQuery",
    "Use",
    "Wanted",
    "amend_import",
    "author_path",
    "blocks_from_html",
    "capabilities_of",
    "change_status",
    "check_bases",
    "check_post_password",
    "clean_html",
    "compare_post",
    "compare_revisions",
    "compare_texts",
    "content_format",
    "content_text",
    "content_type",
    "content_types",
    "convert_post",
    "convert_wordpress",
    "count_published",
    "create_post",
    "create_term",
    "dashboard_stats",
    "date_path",
    "default_category_id",
    "delete_post",
    "delete_term",
    "digest_text",
    "drop_copy",
    "duplicate_post",
    "empty_trash",
    "ensure_terms",
    "find_moved",
    "find_post",
    "get_post",
    "get_post_by_number",
    "get_revision",
    "get_term",
    "guess_post",
    "hold_lock",
    "import_post",
    "is_category",
    "is_page",
    "joined_term",
    "keep_copy",
    "list_patterns",
    "list_posts",
    "list_terms",
    "lock_of",
    "locks_of",
    "make_preview_link",
    "neighbours",
    "new_copies",
    "outline",
    "overdue_since",
    "override_finding",
    "own_copy",
    "paragraphs",
    "post_ancestors",
    "post_meta",
    "post_of_link",
    "posts_by_status",
    "posts_with_meta",
    "present",
    "preview_block",
    "preview_links",
    "publish_due",
    "published_authors",
    "published_months",
    "purge_at",
    "purge_trash",
    "rebuild_stats",
    "release_lock",
    "render",
    "render_parts",
    "require_free",
    "require_known_content",
    "restore_revision",
    "revisions",
    "revoke_preview_link",
    "run_checks",
    "shortcodes",
    "site_zone",
    "split_structure",
    "stored_content",
    "take_lock",
    "taxonomies",
    "taxonomies_of",
    "taxonomy",
    "term_by_slug",
    "term_family",
    "term_meta",
    "term_tree",
    "terms_by_id",
    "terms_with_meta",
    "type_path",
    "unlock_post",
    "unpublish_due",
    "update_post",
    "update_term",
    "used_in",
    "used_terms",
    "walk_published",
]
