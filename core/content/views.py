"""Rows as views: a constant number of queries, however many posts.

One query brings posts with their authors, images, terms, public meta and what plugins keep beside them; each
plugin that keeps more than a row with a post is asked once. Lists leave the content in the database.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec

from core.accounts import complete_extensions, extensions_of, load_extensions
from core.content.permalinks import PathParts, author_path, names_category, post_path, term_path
from core.contract.content import Beside
from core.contract.views import PostView, TermView, UserView
from core.db import EngineKind, current_database, execute
from core.hooks import apply_filters
from core.media import MEDIA_COLUMNS, joined_media_view
from hookspecs import content as hooks

__all__ = ["FROM_POSTS", "POST_COLUMNS", "Bring", "build_views", "select_posts", "term_view"]

_PLAIN: Final = (
    "id, number, post_type, status, status_before, title, slug, path, content_format, excerpt, summary, has_more,"
    " parent_id, menu_order, template, post_format, comment_status, ping_status, is_sticky, published_at,"
    " scheduled_at, unpublish_at, unpublish_to, deleted_at, created_at, updated_at, version"
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
_TERM: Final = (
    "id", "number", "taxonomy", "name", "slug", "path", "description", "parent_id", "level", "count", "version"
)  # fmt: skip
_ARRAY: Final[Mapping[EngineKind, str]] = {
    "postgres": "json_agg(json_build_array({}))::text",
    "sqlite": "json_group_array(json_array({}))",
}
_WITH_TERMS: Final = (
    ", (SELECT {rows} FROM post_terms"
    " JOIN terms ON terms.tenant_id = post_terms.tenant_id AND terms.id = post_terms.term_id"
    " WHERE post_terms.tenant_id = posts.tenant_id AND post_terms.post_id = posts.id) AS terms_json"
)
"""Terms as a JSON array, brought along with the post: a query less for each page. So is public meta."""
_WITH_META: Final = (
    ", (SELECT {rows} FROM post_meta WHERE post_meta.tenant_id = posts.tenant_id AND post_meta.post_id = posts.id"
    " AND substr(meta_key, 1, 1) <> '_') AS meta_json"
)
# what they are sorted by comes first: position and number, and id
_OF_TERM: Final = "post_terms.position, terms.number, " + ", ".join(f"terms.{name}" for name in _TERM)
_OF_META: Final = "id, meta_key, meta_value"


class Bring(NamedTuple):
    """What rows of posts bring beside what every view has."""

    content: bool = True
    parts: bool = True
    """Terms and public meta, and what plugins keep in one row per post (`Beside`)."""
    beside: bool = False
    """That last one without the others."""


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
    columns, array = POST_COLUMNS, _ARRAY[current_database().kind]
    if bring.parts or names_category():
        columns += _WITH_TERMS.format(rows=array.format(_OF_TERM))
    if bring.parts:
        columns += _WITH_META.format(rows=array.format(_OF_META))
    if bring.parts or bring.beside:
        columns += _beside_columns(_besides(), current_database().kind)
    columns += ", posts.content" if bring.content else ""
    return await execute(
        f"SELECT {columns} {FROM_POSTS} WHERE posts.tenant_id = {{tenant}} AND {where} {tail}",  # written here
        *args,
    )


def _besides() -> tuple[tuple[str, Beside], ...]:
    return tuple((ext.key, ext.beside) for ext in extensions_of("post") if ext.beside is not None)


@lru_cache(maxsize=256)
def _beside_columns(besides: tuple[tuple[str, Beside], ...], kind: EngineKind) -> str:
    """Return a column of the query per plugin that keeps a row with each post: its values as a JSON array."""
    made = "json_build_array({})::text" if kind == "postgres" else "json_array({})"
    return "".join(
        f", (SELECT {made.format(', '.join(f'beside.{name}' for name in given.columns))} FROM {given.table} beside"  # noqa: S608  # names of code
        f" WHERE beside.tenant_id = posts.tenant_id AND beside.{given.owner} = posts.id) AS beside_{key}"
        for key, given in besides
    )


async def _extended(rows: Sequence[Mapping[str, Any]], *, load: bool) -> dict[UUID, dict[str, Any]]:
    """Return what plugins keep with posts, by id and key: what came along, and what has to be asked for."""
    came = {key: given.view for key, given in _besides() if f"beside_{key}" in rows[0]}
    ids = [row["id"] for row in rows]
    found = await load_extensions("post", ids, but=came) if load else {post_id: {} for post_id in ids}
    for key, view in came.items():
        for row in rows:
            if text := row[f"beside_{key}"]:
                found[row["id"]][key] = view(msgspec.json.decode(text))
    return found


async def build_views(
    rows: Sequence[Mapping[str, Any]],
    *,
    unlocked: bool | Collection[UUID] = False,
    ext: bool = True,
    parts: bool = True,
) -> tuple[PostView, ...]:
    """Return rows of `select_posts` as views, in their order.

    Args:
        rows: With or without content and parts.
        unlocked: Whether password-protected posts show what the password hides: all, none, or those of these ids.
        ext: Whether plugins are asked for what they keep with the posts.
        parts: False where only titles and addresses are shown: `ext` holds no more than what came along.
    """
    if not rows:
        return ()
    kept = await _extended(rows, load=parts) if ext else {}
    views = []
    seen: dict[str, TermView] = {}
    for row in rows:
        post_id = row["id"]
        terms, category = _terms(row.get("terms_json"), seen)
        shown = not row["has_password"] or (unlocked if isinstance(unlocked, bool) else post_id in unlocked)
        view = _view(
            row,
            terms,
            category,
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
        author=_author(row),
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
        unpublish_at=row["unpublish_at"],
        unpublish_to=row["unpublish_to"],
        deleted_at=row["deleted_at"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        version=row["version"],
        url=url,
        summary=row["summary"] if shown else "",
        has_more=row["has_more"] if shown else False,
        meta=meta,
        ext=ext,
    )


def _author(row: Mapping[str, Any]) -> UserView:
    slug: str = row["author_slug"]
    return UserView(
        id=row["author_id"],
        number=row["author_number"],
        name=row["author_display_name"] or row["author_username"],
        slug=slug,
        bio=row["author_bio"],
        website=row["author_url"],
        url=author_path(slug, row["author_number"]),
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


def _terms(text: str | None, seen: dict[str, TermView]) -> tuple[dict[str, tuple[TermView, ...]], str]:
    """Return terms by taxonomy, and the path of the category that the post's address names, "" for none.

    Args:
        text: What came with the post.
        seen: Views made so far: posts of one list share most of their terms.
    """
    found: dict[str, tuple[TermView, ...]] = {}
    oldest: tuple[int, str] | None = None
    for _position, number, *values in sorted(msgspec.json.decode(text)) if text and text != "[]" else ():
        view = seen.get(values[0])
        if view is None:
            row: dict[str, Any] = dict(zip(_TERM, values, strict=True))
            parent = row["parent_id"]
            row |= {"id": UUID(row["id"]), "parent_id": UUID(parent) if parent else None}
            view = seen[values[0]] = term_view(row)
        found[view.taxonomy] = (*found.get(view.taxonomy, ()), view)
        if view.taxonomy == "category":
            place = (number, values[_TERM.index("path")] or view.slug)
            oldest = min(place, oldest or place)
    return found, oldest[1] if oldest is not None else ""


def _meta(rows: str | None) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for _id, key, value in sorted(msgspec.json.decode(rows)) if rows and rows != "[]" else ():
        found[key] = (*found.get(key, ()), value)
    return found
