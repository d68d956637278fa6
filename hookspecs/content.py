"""Posts, pages, terms: what is written and how it is shown."""

from collections.abc import Iterable
from typing import Any

from core.contract.content import (
    ContentCheck,
    ContentFormat,
    ContentType,
    EmbedProvider,
    Extension,
    ListingQuery,
    OwnerType,
    PostData,
    SearchAnswer,
    Shortcode,
    Taxonomy,
)
from core.contract.markers import hookspec
from core.contract.views import PostView, TermView


@hookspec
def register_content_types() -> Iterable[ContentType]:
    """Bring types of posts. Names must be new; a plugin's begin with its own name or stand in spec/."""
    ...


@hookspec
def register_taxonomies() -> Iterable[Taxonomy]:
    """Bring ways to sort content."""
    ...


@hookspec
def register_content_formats() -> Iterable[ContentFormat]:
    """Bring content formats: what of an input is stored, and how it becomes HTML."""
    ...


@hookspec
def register_shortcodes() -> Iterable[Shortcode]:
    """Bring shortcodes: what editors put into content by name. Names must be new, but need not carry yours.

    Where the plugin is off, `[name]` is text like any other in HTML, and a shortcode block shows what
    it encloses; what was written stays as it was.
    """
    ...


@hookspec
def register_embed_providers() -> Iterable[EmbedProvider]:
    """Bring sites whose videos, sounds and posts can be shown in content. Names must be new."""
    ...


@hookspec
def register_content_checks() -> Iterable[ContentCheck]:
    """May this go out? Bring checks that read a post and return findings.

    All findings count; one of severity `block` without an override keeps the post from being
    published, and a check that raises counts as a block.
    """
    ...


@hookspec
def register_extensions() -> Iterable[Extension]:
    """Bring data kept with a core thing: fields of your own on posts, terms or users."""
    ...


@hookspec
def register_owner_types() -> Iterable[OwnerType]:
    """Let your own rows be extended by others, as posts and terms are."""
    ...


@hookspec
def filter_post_data(data: PostData, before: PostView | None) -> PostData:
    """Change what is about to be written to a post, before it is validated.

    Args:
        data: The fields to write; unset ones are left alone.
        before: The post as it is, None for a new one.

    Returns:
        The data to write. Raise `Refused` in `on_post_saving` to stop a save, not here.
    """
    ...


@hookspec
def on_post_saving(post: PostView, before: PostView | None) -> None:
    """A post was written, inside the unit of work. Write with it, or raise `Refused` to undo everything.

    Args:
        post: The post as written.
        before: The post as it was, None for a new one.
    """
    ...


@hookspec
def on_post_saved(post: PostView, before: PostView | None) -> None:
    """A post was written and committed. Covers `save_post` and `wp_after_insert_post`.

    Args:
        post: The post as written.
        before: The post as it was, None for a new one.
    """
    ...


@hookspec
def on_post_status_changing(post: PostView, old: str, new: str) -> None:
    """A post changes status, inside the unit of work; raise `Refused` to keep it as it was.

    Args:
        post: The post with its new status.
        old: The status before, "" for a new post.
        new: The status now.
    """
    ...


@hookspec
def on_post_status_changed(post: PostView, old: str, new: str) -> None:
    """A post changed status, and that is committed. Covers `transition_post_status` and its family.

    Args:
        post: The post with its new status.
        old: The status before, "" for a new post.
        new: The status now.
    """
    ...


@hookspec
def on_post_duplicating(post: PostView, source: PostView) -> None:
    """A post was made of another one, inside the unit of work; `on_post_saving` follows.

    What `register_extensions` keeps of the content is copied already. Copy here what you keep with
    posts in another way, or raise `Refused`.

    Args:
        post: The new draft.
        source: What it was made of.
    """
    ...


@hookspec
def on_post_duplicated(post: PostView, source: PostView) -> None:
    """A post was made of another one, and that is committed.

    Args:
        post: The new draft.
        source: What it was made of.
    """
    ...


@hookspec
def on_post_purging(post: PostView) -> None:
    """A post's time in the trash is over: it is about to be deleted for good, inside the unit of work.

    Raise `Refused` to keep it, because the law wants it kept for instance; it is asked again at the
    next run, and others go all the same. A person who deletes by hand is asked by `on_post_deleting`.

    Args:
        post: The post, in the trash.
    """
    ...


@hookspec
def on_post_deleting(post: PostView) -> None:
    """A post is being deleted for good, inside the unit of work. Its rows are still there.

    Args:
        post: The post as it was.
    """
    ...


@hookspec
def on_post_deleted(post: PostView) -> None:
    """A post is gone for good.

    Args:
        post: The post as it was.
    """
    ...


@hookspec
def on_term_saving(term: TermView, before: TermView | None) -> None:
    """A term was written, inside the unit of work.

    Args:
        term: The term as written.
        before: The term as it was, None for a new one.
    """
    ...


@hookspec
def on_term_saved(term: TermView, before: TermView | None) -> None:
    """A term was written and committed.

    Args:
        term: The term as written.
        before: The term as it was, None for a new one.
    """
    ...


@hookspec
def on_term_deleted(term: TermView) -> None:
    """A term is gone; its posts were released.

    Args:
        term: The term as it was.
    """
    ...


@hookspec
def filter_post_title(title: str, post: PostView) -> str:
    """Change a title wherever it is shown.

    Args:
        title: Plain text.
        post: The post it belongs to.

    Returns:
        Plain text.
    """
    ...


@hookspec
def filter_post_content(html: str, post: PostView) -> str:
    """Change the HTML of a post when it is shown (WordPress: `the_content`).

    Args:
        html: Safe HTML of the part that is shown.
        post: The post it belongs to.

    Returns:
        HTML. What you add is not cleaned again: escape what people typed.
    """
    ...


@hookspec
def filter_post_excerpt(excerpt: str, post: PostView) -> str:
    """Change the summary of a post in lists and feeds.

    Args:
        excerpt: Plain text.
        post: The post it belongs to.

    Returns:
        Plain text.
    """
    ...


@hookspec
def filter_permalink(path: str, post: PostView) -> str:
    """Change the address of a post.

    Args:
        path: Path on the site, beginning with a slash.
        post: The post.

    Returns:
        A path that your own route answers, or that the permalink structure understands.
    """
    ...


@hookspec
def filter_listing(query: ListingQuery, kind: str) -> ListingQuery:
    """Change what a list asks for (WordPress: `pre_get_posts`).

    Args:
        query: The question.
        kind: The archive's kind, or "api", "feed", "admin", "widget".

    Returns:
        The question to ask; use `msgspec.structs.replace`.
    """
    ...


@hookspec
def filter_search(answer: SearchAnswer | None, query: ListingQuery) -> SearchAnswer | None:
    """Find posts by words. Asked for readers' searches in what everybody may read.

    Answer only what you can: everything that `query` says must hold of what you return, its page too.
    What is not public any more is left out of the page by whoever asks.

    Args:
        answer: What others found; None if nobody looked, and the core then looks by itself, the newest first.
        query: The question; `search` is not empty, `statuses` is ("publish",), `position` is None, `order` is
            "relevance" for the best first or "published" for the newest.

    Returns:
        The posts of the page, and how many there are.
    """
    ...


@hookspec
def filter_api_item(item: dict[str, Any], post: PostView) -> dict[str, Any]:
    """Change a post's JSON in the API.

    Args:
        item: What will be sent. Add keys under your plugin's name only.
        post: The post.

    Returns:
        The JSON object to send.
    """
    ...
