"""What posts show of elsewhere: files, patterns, embeds, shortcodes. Kept with each save, so that it can be asked."""

from collections.abc import Iterable
from typing import Final

import msgspec

from core.accounts import require
from core.content.embeds import digest_of_url
from core.content.patterns import PATTERN
from core.content.sql import any_of
from core.content.tables import PostReference
from core.content.types import content_format
from core.contract.content import Reference
from core.contract.views import PostView
from core.db import execute
from core.errors import Invalid
from core.i18n import gettext as _

__all__ = ["Use", "keep_references", "used_in"]

_MOST_USES: Final = 500


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """A post that shows something."""

    number: int
    type: str
    status: str
    title: str


def _key(reference: Reference) -> str:
    return digest_of_url(reference.key) if reference.kind == "embed" else reference.key[:64]


def _references(post: PostView | None) -> tuple[Reference, ...]:
    found = content_format(post.content_format) if post is not None and post.content else None
    return tuple(found.references(post.content)) if post is not None and found is not None else ()


async def keep_references(post: PostView, before: PostView | None) -> tuple[str, ...]:
    """Keep what a post shows now, inside the unit that wrote it. What is the same as before costs no query.

    Args:
        post: The post as written, with its content.
        before: The post as it was, with its content.

    Returns:
        Addresses of embeds that were not there before.

    Raises:
        Invalid: It is a pattern that would hold itself; under "content".
    """
    was, has = set(_references(before)), dict.fromkeys(_references(post))
    if was == has.keys():
        return ()
    if post.type == PATTERN:
        await _refuse_cycle(post.number, [int(found.key) for found in has if found.kind == "pattern"])
    if was:
        await PostReference.delete().where(PostReference.post_id == post.id)
    if has:
        await PostReference.insert(
            *(PostReference(post_id=post.id, kind=found.kind, ref_key=_key(found)) for found in has)
        )
    return tuple(found.key for found in has if found.kind == "embed" and found not in was)


async def _refuse_cycle(number: int, shown: Iterable[int]) -> None:
    seen: set[int] = set()
    level = set(shown)
    while level:
        if number in level:
            raise Invalid({"content": _("This pattern would show itself, directly or through another one.")})
        seen |= level
        condition, args = any_of("posts.number", sorted(level))
        rows = await execute(
            "SELECT DISTINCT post_references.ref_key FROM post_references"  # noqa: S608  # written in sql.py
            " JOIN posts ON posts.tenant_id = post_references.tenant_id AND posts.id = post_references.post_id"
            f" WHERE post_references.tenant_id = {{tenant}} AND post_references.kind = 'pattern' AND {condition}",
            *args,
        )
        level = {int(row["ref_key"]) for row in rows} - seen


async def used_in(kind: str, key: str) -> tuple[Use, ...]:
    """Return the posts that show something, the newest change first, 500 at most.

    Args:
        kind: "media", "pattern", "embed" or "shortcode".
        key: The number of the file or pattern, the address, or the name.

    Raises:
        Forbidden: The actor writes no posts.
    """
    await require("edit_posts")
    rows = await execute(
        "SELECT posts.number, posts.post_type, posts.status, posts.title FROM post_references"
        " JOIN posts ON posts.tenant_id = post_references.tenant_id AND posts.id = post_references.post_id"
        " WHERE post_references.tenant_id = {tenant} AND post_references.kind = {} AND post_references.ref_key = {}"
        " ORDER BY posts.updated_at DESC, posts.number DESC LIMIT {}",
        kind,
        digest_of_url(key) if kind == "embed" else key,
        _MOST_USES,
    )
    return tuple(
        Use(number=row["number"], type=row["post_type"], status=row["status"], title=row["title"])
        for row in rows
    )
