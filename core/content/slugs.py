"""Slugs, paths and the addresses that posts once had."""

import re
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from core.clock import now
from core.content.permalinks import split_structure, type_path
from core.content.tables import OldSlug
from core.content.types import content_types, taxonomies
from core.contract.content import ContentType
from core.db import execute, next_number
from core.errors import Invalid
from core.i18n import gettext as _
from core.plugins import current_registry
from core.tenancy import site_settings

__all__ = [
    "MAX_PATH",
    "OWN_ADDRESSES",
    "check_bases",
    "check_parent",
    "forget_address",
    "free_slug",
    "is_reserved",
    "join_path",
    "lock_tree",
    "move_below",
    "parent_path",
    "remember_address",
]

MAX_PATH: Final = 1000
_SLUG_LENGTH: Final = 200
_NUMERIC: Final = re.compile(r"(?:page|comment-page-)?\d+")
"""Would be taken for a year, a part of a post, or a page of a list."""
_EVERYWHERE: Final = frozenset({"feed", "page", "embed", "trackback", "amp"})
_AT_ROOT: Final = frozenset(
    [
        "admin",
        "api",
        "archives",
        "author",
        "category",
        "comments",
        "date",
        "feed",
        "favicon",
        "healthz",
        "home",
        "index",
        "login",
        "media",
        "page",
        "readyz",
        "robots",
        "search",
        "sitemap",
        "static",
        "t",
        "tag",
        "type",
        "vitral",
        "wp-admin",
        "wp-content",
        "wp-json",
        "wp-login",
    ]
)
OWN_ADDRESSES: Final = _EVERYWHERE | _AT_ROOT
"""First segments that the site answers itself."""


def check_bases(category: str, tag: str) -> None:
    """Refuse bases of categories and tags by which addresses could not be told apart.

    Raises:
        Invalid: They are the same, or one is an address that the site answers itself.
    """
    if category == tag:
        raise Invalid({"tag_base": _("Categories and tags need a base each.")})
    own = _EVERYWHERE | (_AT_ROOT - {"category", "tag"})
    taken = [name for name, base in (("category_base", category), ("tag_base", tag)) if base in own]
    if taken:
        raise Invalid(dict.fromkeys(taken, _("The site answers this address itself. Choose another.")))


def is_reserved(slug: str, *, at_root: bool) -> bool:
    """Tell whether a slug would take the place of something that the site answers itself.

    Args:
        slug: The slug.
        at_root: Whether its address would be the first segment of a path.
    """
    if slug in _EVERYWHERE or _NUMERIC.fullmatch(slug):
        return True
    return at_root and (slug in _AT_ROOT or slug in _taken_at_root())


def _taken_at_root() -> set[str]:
    site = site_settings()
    taken = {site.category_base, site.tag_base}
    taken.update(found.rewrite or found.name for found in taxonomies())
    taken.update(type_path(kind) for kind in content_types() if kind.name not in ("post", "page"))
    taken.update(name.replace("_", "-") for name in current_registry().plugins)
    return taken


def _at_root(kind: ContentType, parent_id: UUID | None) -> bool:
    if kind.name == "page":
        return parent_id is None
    return kind.name == "post" and split_structure(site_settings().permalink_structure).parts[:2] == (
        "/",
        "postname",
    )


async def free_slug(base: str, kind: ContentType, parent_id: UUID | None, *, but: UUID | None = None) -> str:
    """Return `base`, or `base-2`, `base-3` ... if it is taken or reserved, inside the unit in progress.

    Slugs are unique by type and parent; posts and pages that share the root of the site avoid each other too.

    Args:
        base: A slug.
        kind: The type of the post.
        parent_id: Its parent.
        but: The post itself, which does not stand in its own way.
    """
    base = base[: _SLUG_LENGTH - 8].rstrip("-")
    at_root = _at_root(kind, parent_id)
    types = ("post", "page") if at_root else (kind.name,)
    marks = ", ".join(["{}"] * len(types))
    parent = "parent_id IS NULL" if parent_id is None else "parent_id = {}"
    rows = await execute(
        f"SELECT slug FROM posts WHERE tenant_id = {{tenant}} AND post_type IN ({marks}) AND {parent}"  # noqa: S608  # written here
        " AND (slug = {} OR slug LIKE {}) AND status <> 'trash' AND id <> {}",
        *types,
        *([] if parent_id is None else [parent_id]),
        base,
        f"{base}-%",
        but or UUID(int=0),
    )
    taken = {row["slug"] for row in rows}
    if base not in taken and not is_reserved(base, at_root=at_root):
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"


def join_path(parent: str, slug: str | None) -> str:
    """Return the path of a post from its parent's.

    Raises:
        Invalid: It would be longer than an address can be; under "slug".
    """
    if not slug:
        return ""
    path = f"{parent}/{slug}" if parent else slug
    if len(path) > MAX_PATH:
        raise Invalid(
            {"slug": _("The address would be longer than {limit} characters.").format(limit=MAX_PATH)}
        )
    return path


async def parent_path(parent_id: UUID | None) -> str:
    """Return the path of a parent; "" for none."""
    if parent_id is None:
        return ""
    rows = await execute("SELECT path FROM posts WHERE tenant_id = {tenant} AND id = {}", parent_id)
    return str(rows[0]["path"]) if rows else ""


async def lock_tree(name: str) -> None:
    """Let one unit at a time change a tree (of pages, of a taxonomy's terms), so that two can't make a circle."""
    await next_number(f"tree:{name}")


async def check_parent(kind: ContentType, post_id: UUID | None, parent_id: UUID | None) -> None:
    """Refuse a parent that a post can't have; with the tree locked, the answer holds until the unit ends.

    Raises:
        Invalid: The type has no tree, there is no such post of this type, or the post is above it; under "parent_id".
    """
    if parent_id is None:
        return
    if not kind.hierarchical:
        raise Invalid({"parent_id": _("Items of this type have no parent.")})
    rows = await execute(
        "WITH RECURSIVE above(id, parent_id) AS ("
        " SELECT id, parent_id FROM posts WHERE tenant_id = {tenant} AND id = {} AND post_type = {} AND status <> 'trash'"
        " UNION SELECT p.id, p.parent_id FROM posts p JOIN above ON p.id = above.parent_id WHERE p.tenant_id = {tenant}"
        ") SELECT id FROM above",
        parent_id,
        kind.name,
    )
    if not rows:
        raise Invalid({"parent_id": _("There is no such page to put it below.")})
    if post_id is not None and any(row["id"] == post_id for row in rows):
        raise Invalid({"parent_id": _("A page can't be below itself.")})


_SUBTREE: Final = (
    "WITH RECURSIVE sub(id, path) AS ("
    " SELECT id, CAST({} AS TEXT) FROM posts WHERE tenant_id = {tenant} AND id = {}"
    " UNION ALL SELECT c.id, CAST(CASE WHEN c.slug IS NULL THEN '' WHEN sub.path = '' THEN c.slug"
    " ELSE sub.path || '/' || c.slug END AS TEXT)"
    " FROM posts c JOIN sub ON c.parent_id = sub.id WHERE c.tenant_id = {tenant})"
)


async def move_below(post_id: UUID, path: str) -> None:
    """Give a post its new path, and everything below it what follows; published addresses are remembered.

    Raises:
        Invalid: An address below would be too long; under "slug".
    """
    changed = await execute(
        f"{_SUBTREE} SELECT posts.id, posts.post_type, posts.slug, posts.path AS old, sub.path AS path, posts.status"  # noqa: S608  # written here
        " FROM posts JOIN sub ON sub.id = posts.id WHERE posts.tenant_id = {tenant} AND posts.path <> sub.path",
        path,
        post_id,
    )
    if any(len(row["path"]) > MAX_PATH for row in changed):
        raise Invalid(
            {"slug": _("The address would be longer than {limit} characters.").format(limit=MAX_PATH)}
        )
    if not changed:
        return
    await remember_address(
        (row["id"], row["post_type"], row["old"])
        for row in changed
        if row["status"] == "publish" and row["old"]
    )
    await execute(
        f"{_SUBTREE} UPDATE posts SET path = sub.path FROM sub"  # noqa: S608  # written here
        " WHERE posts.tenant_id = {tenant} AND posts.id = sub.id",
        path,
        post_id,
    )
    for row in changed:
        await forget_address(row["id"], row["path"])


async def remember_address(addresses: Iterable[tuple[UUID, str, str]]) -> None:
    """Keep addresses that posts no longer have, inside the unit in progress, so that the site can redirect.

    Args:
        addresses: Post, its type and its path (for a flat type, its slug).
    """
    at = now()
    rows: list[Any] = [
        OldSlug(
            post_id=post_id,
            post_type=post_type,
            slug=path.rpartition("/")[2][:255],
            path=path[:MAX_PATH],
            created_at=at,
        )
        for post_id, post_type, path in addresses
        if path
    ]
    if rows:
        await OldSlug.insert(*rows)


async def forget_address(post_id: UUID, path: str) -> None:
    """Forget that a post once had an address which it has again."""
    await OldSlug.delete().where(OldSlug.post_id == post_id, OldSlug.path == path)
