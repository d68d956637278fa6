"""Patterns: pieces of content that are written once and shown in many posts (WordPress: reusable blocks).

They are posts of the type `pattern`, so they have drafts, revisions and checks of their own. A post
names a pattern and shows it as it is now.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from core.accounts import require
from core.content.sql import any_of
from core.db import execute

__all__ = ["PATTERN", "PatternEntry", "list_patterns", "pattern_texts"]

PATTERN: Final = "pattern"
_MOST: Final = 50


class PatternEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A pattern that can be put into a post."""

    number: int
    title: str


async def pattern_texts(numbers: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return content and format of published patterns, by number: one query, however many."""
    condition, args = any_of("number", list(numbers))
    rows = await execute(
        "SELECT number, content, content_format FROM posts"  # noqa: S608  # written in sql.py
        f" WHERE tenant_id = {{tenant}} AND post_type = 'pattern' AND status = 'publish'"
        f" AND password_sealed IS NULL AND {condition}",
        *args,
    )
    return {row["number"]: (row["content"], row["content_format"]) for row in rows}


async def list_patterns(search: str = "") -> tuple[PatternEntry, ...]:
    """Return published patterns by title, 50 at most.

    Raises:
        Forbidden: The actor writes no posts.
    """
    await require("edit_posts")
    rows = await execute(
        "SELECT number, title FROM posts WHERE tenant_id = {tenant} AND post_type = 'pattern' AND status = 'publish'"
        " AND lower(title) LIKE {} ESCAPE '!' ORDER BY title, number LIMIT {}",
        f"%{_literal(search.strip().lower())}%",
        _MOST,
    )
    return tuple(PatternEntry(number=row["number"], title=row["title"]) for row in rows)


def _literal(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
