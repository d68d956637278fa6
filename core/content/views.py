"""Rows as views: a constant number of queries, however many posts.

One query brings posts with their authors, images and public meta, one their terms, and each plugin
that extends posts is asked once. Lists leave the content in the database.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec

from core.accounts import complete_extensions, load_extensions
from core.content.permalinks import PathParts, author_path, names_category, post_path, term_path
from core.content.sql import any_of
from core.contract.views import PostView, TermView, UserView
from core.db import EngineKind, current_database, execute
from core.hooks import apply_filters
from core.media import MEDIA_COLUMNS, joined_media_view
from hookspecs import content as hooks

__all__ = ["FROM_POSTS", "POST_COLUMNS", "Bring", "build_views", "select_posts", "term_view"]

_PLAIN: Final = (
    "id, number, post_type, status, status_before, title, slug, path, content_format, excerpt, summary, has_more,"
    " parent_id, menu_order, template, post_format, comment_status, ping_status, is_sticky, published_at,"
    " scheduled_at, created_at, updated_at, version"
)
_AUTHOR: Final = ("id", "number", "username", "display_name", "slug", "bio", "url")

POST_COLUMNS: Final = ", ".join(
    [
        *(f"posts.{name.strip()}" for name in _PLAIN.split(",")),
        "posts.password_sealed IS NOT NULL AS has_password",
        *(f"author.{name} AS author_{name}" for name in _AUTHOR),
        MEDIA_COLUMNS,
    ]
)
FROM_POSTS: Final = (
    "FROM posts"
    " JOIN users author ON author.tenant_id = posts.tenant_id AND author.id = posts.author_id"
    " LEFT JOIN media ON media.tenant_id = posts.tenant_id AND media.id = posts.featured_media_id"
)
_TERM: Final = "id, number, taxonomy, name, slug, path, description, parent_id, level, count, version"
_TERMS: Final = (
    "SELECT post_terms.post_id, " + ", ".join(f"terms.{name.strip()}" for name in _TERM.split(",")) + " "
    "FROM post_terms JOIN terms ON terms.tenant_id = post_terms.tenant_id AND terms.id = post_terms.term_id"
    " WHERE post_terms.tenant_id = {{tenant}} AND {posts} ORDER BY post_terms.position, terms.number"
)
_META: Final[Mapping[EngineKind, str]] = {
    "postgres": "json_agg(json_build_array(id, meta_key, meta_value))::text",
    "sqlite": "json_group_array(json_array(id, meta_key, meta_value))",
}
_WITH_META: Final = (
    ", (SELECT {meta} FROM post_meta WHERE post_meta.tenant_id = posts.tenant_id AND post_meta.post_id = posts.id"
    " AND substr(meta_key, 1, 1) <> '_') AS meta_json"
)
"""Public meta as a JSON array, brought along with the post: a query less for each page."""


class Bring(NamedTuple):
    """What rows of posts bring beside what every view has."""

    content: bool = True
    meta: bool = True


_ALL: Final = Bring()


async def select_posts(
    where: str, args: Sequence[Any], *, bring: Bring = _ALL, tail: str = ""
) -> list[dict[str, Any]]:
    """Return rows for `build_views`.

    Args:
        where: A condition on `posts`, with `{}` for arguments; the tenant's is added.
        args: Its arguments, then those of `tail`.
        bring: What to fetch beside the rest.
        tail: ORDER BY, LIMIT and the like.
    """
    columns = POST_COLUMNS
    columns += _WITH_META.format(meta=_META[current_database().kind]) if bring.meta else ""
    columns += ", posts.content" if bring.content else ""
    return await execute(
        f"SELECT {columns} {FROM_POSTS} WHERE posts.tenant_id = {{tenant}} AND {where} {tail}",  # written here
        *args,
    )


async def build_views(
    rows: Sequence[Mapping[str, Any]],
    *,
    unlocked: bool | Collection[UUID] = False,
    ext: bool = True,
    parts: bool = True,
) -> tuple[PostView, ...]:
    """Return rows of `select_posts` as views, in their order.

    Args:
        rows: With or without content and meta.
        unlocked: Whether password-protected posts show what the password hides: all, none, or those of these ids.
        ext: Whether plugins are asked for what they keep with the posts.
        parts: False where only titles and addresses are shown: terms and `ext` stay empty, which saves a
            query each.
    """
    if not rows:
        return ()
    ids = [row["id"] for row in rows]
    terms, categories = await _terms(ids) if parts or names_category() else ({}, {})
    kept = await load_extensions("post", ids) if ext and parts else {}
    views = []
    for row in rows:
        post_id = row["id"]
        shown = not row["has_password"] or (unlocked if isinstance(unlocked, bool) else post_id in unlocked)
        view = _view(
            row,
            terms.get(post_id, {}),
            categories.get(post_id, ""),
            _meta(row.get("meta_json")) if shown else {},
            kept.get(post_id, {}) if shown else {},
            shown,
        )
        url = await apply_filters(hooks.filter_permalink, view.url, view)
        view = view if url == view.url else msgspec.structs.replace(view, url=url)
        views.append(complete_extensions("post", view) if view.ext else view)
    return tuple(views)


def _view(
    row: Mapping[str, Any],
    terms: Mapping[str, tuple[TermView, ...]],
    category: str,
    meta: Mapping[str, tuple[str, ...]],
    ext: Mapping[str, Any],
    shown: bool,
) -> PostView:
    author_slug: str = row["author_slug"]
    url = post_path(
        PathParts(
            id=row["id"],
            type=row["post_type"],
            status=row["status"],
            number=row["number"],
            slug=row["slug"] or "",
            path=row["path"],
            author=author_slug,
            at=row["published_at"] or row["scheduled_at"] or row["created_at"],
            category=category,
        )
    )
    return PostView(
        id=row["id"],
        number=row["number"],
        type=row["post_type"],
        status=row["status"],
        status_before=row["status_before"] or None,
        title=row["title"],
        slug=row["slug"] or "",
        content=row.get("content", "") if shown else "",
        content_format=row["content_format"],
        excerpt=row["excerpt"] if shown else "",
        author=UserView(
            id=row["author_id"],
            number=row["author_number"],
            name=row["author_display_name"] or row["author_username"],
            slug=author_slug,
            bio=row["author_bio"],
            website=row["author_url"],
            url=author_path(author_slug, row["author_number"]),
        ),
        parent_id=row["parent_id"],
        menu_order=row["menu_order"],
        template=row["template"],
        format=row["post_format"],
        comment_status=row["comment_status"],
        ping_status=row["ping_status"],
        is_sticky=row["is_sticky"],
        has_password=bool(row["has_password"]),
        unlocked=shown,
        featured=joined_media_view(row),
        terms=terms,
        published_at=row["published_at"],
        scheduled_at=row["scheduled_at"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        version=row["version"],
        url=url,
        summary=row["summary"] if shown else "",
        has_more=row["has_more"] if shown else False,
        meta=meta,
        ext=ext,
    )


def term_view(row: Mapping[str, Any]) -> TermView:
    """Return a row of `terms` as a view."""
    return TermView(
        id=row["id"],
        number=row["number"],
        taxonomy=row["taxonomy"],
        name=row["name"],
        slug=row["slug"],
        description=row["description"],
        parent_id=row["parent_id"],
        level=row["level"],
        count=row["count"],
        url=term_path(row["taxonomy"], row["slug"], row["path"], row["number"]),
        version=row["version"],
    )


async def _terms(
    ids: Sequence[UUID],
) -> tuple[dict[UUID, dict[str, tuple[TermView, ...]]], dict[UUID, str]]:
    """Return terms by post and taxonomy, and by post the path of the category that its address names."""
    condition, args = any_of("post_terms.post_id", ids)
    found: dict[UUID, dict[str, tuple[TermView, ...]]] = {}
    oldest: dict[UUID, tuple[int, str]] = {}
    views: dict[UUID, TermView] = {}
    for row in await execute(_TERMS.format(posts=condition), *args):
        post_id = row["post_id"]
        view = views.get(row["id"])
        if view is None:  # posts of one list share most of their terms
            view = views[row["id"]] = term_view(row)
        by_taxonomy = found.setdefault(post_id, {})
        by_taxonomy[view.taxonomy] = (*by_taxonomy.get(view.taxonomy, ()), view)
        if view.taxonomy == "category":
            place = (view.number, row["path"] or view.slug)
            oldest[post_id] = min(place, oldest.get(post_id, place))
    return found, {post_id: path for post_id, (_number, path) in oldest.items()}


def _meta(rows: str | None) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for _id, key, value in sorted(msgspec.json.decode(rows)) if rows and rows != "[]" else ():
        found[key] = (*found.get(key, ()), value)
    return found
