"""Threads of a post: a page of them by one query, nested to five levels and flat below."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

from core.accounts import extensions_of, load_extensions
from core.contract.views import PostView
from core.db import execute
from core.plugins import settings
from plugins.comments.settings import CommentsSettings
from plugins.comments.text import clean_url, comment_html
from plugins.comments.views import CommentView, Entry, Thread

__all__ = ["LEVELS", "add_query", "link_to", "load_thread"]

LEVELS: Final = 5
"""Comments are nested this deep; answers below stand flat in the last level."""

_THREADS: Final = (
    "SELECT c.id, c.number, c.parent_id, c.root_id, c.kind, c.status, c.author_name, c.author_url, c.user_id,"
    " c.content, c.created_at, page.began AS began FROM comments c JOIN ("
    "  SELECT root_id, min(thread_at) AS began FROM comments"
    "  WHERE tenant_id = {tenant} AND post_id = {} AND status = 'approved'"
    "  GROUP BY root_id ORDER BY began ASC, root_id ASC LIMIT {} OFFSET {}"
    " ) page ON page.root_id = c.root_id"
    " WHERE c.tenant_id = {tenant} AND (c.status = 'approved' OR EXISTS ("
    "  SELECT 1 FROM comments k WHERE k.tenant_id = c.tenant_id AND k.parent_id = c.id AND k.status = 'approved'))"
    " ORDER BY c.created_at, c.number"
)


def add_query(url: str, fragment: str = "", **values: Any) -> str:
    """Return an address with parameters added, empty ones left out, and a fragment."""
    parts = urlsplit(url)
    query = [*parse_qsl(parts.query), *((key, str(value)) for key, value in values.items() if value)]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), fragment))


async def load_thread(post: PostView, *, page: int, total: int, may_answer: bool) -> Thread:
    """Return a page of a post's threads.

    Args:
        post: The post; its extension knows how many approved comments there are.
        page: Which page; one out of bounds is brought into them.
        total: Approved comments.
        may_answer: Whether comments carry a link to answer them.
    """
    if not total:
        return Thread()
    wanted = settings(CommentsSettings)
    pages = 1 if total <= wanted.per_page else max(1, -(-await _count_roots(post.id) // wanted.per_page))
    page = min(max(page, 1), pages)
    newest = wanted.order == "newest"
    sql = _THREADS.replace(" ASC", " DESC") if newest else _THREADS
    rows = await execute(sql, post.id, wanted.per_page, (page - 1) * wanted.per_page)
    ext = await load_extensions("comments", [row["id"] for row in rows]) if extensions_of("comments") else {}
    return Thread(
        entries=_Tree(post, rows, ext, page=page, may_answer=may_answer).entries(newest=newest),
        total=total,
        page=page,
        pages=pages,
        previous_url=_page_url(post, page - 1) if page > 1 else "",
        next_url=_page_url(post, page + 1) if page < pages else "",
    )


def _page_url(post: PostView, page: int) -> str:
    return add_query(post.url, "comments", cpage=page if page > 1 else 0)


async def _count_roots(post_id: UUID) -> int:
    rows = await execute(
        "SELECT count(DISTINCT root_id) AS n FROM comments"
        " WHERE tenant_id = {tenant} AND post_id = {} AND status = 'approved'",
        post_id,
    )
    return int(rows[0]["n"])


async def link_to(post: PostView, comment: CommentView) -> str:
    """Return the address of an approved comment: the post's, on the page where its thread stands."""
    wanted = settings(CommentsSettings)
    before = ">" if wanted.order == "newest" else "<"
    rows = await execute(
        "SELECT count(*) AS n FROM (SELECT root_id, min(thread_at) AS began FROM comments"  # noqa: S608  # written here
        " WHERE tenant_id = {tenant} AND post_id = {} AND status = 'approved' GROUP BY root_id) roots,"
        " (SELECT root_id AS mine, thread_at FROM comments WHERE tenant_id = {tenant} AND id = {}) this"
        f" WHERE began {before} thread_at OR (began = thread_at AND root_id {before} mine)",
        post.id,
        comment.id,
    )
    page = int(rows[0]["n"]) // wanted.per_page + 1
    return add_query(post.url, f"comment-{comment.number}", cpage=page if page > 1 else 0)


class _Tree:
    """Rows of whole threads, as what a page shows."""

    def __init__(
        self,
        post: PostView,
        rows: Sequence[Mapping[str, Any]],
        ext: Mapping[UUID, Mapping[str, Any]],
        *,
        page: int,
        may_answer: bool,
    ) -> None:
        self._post = post
        self._ext = ext
        self._page = page
        self._may_answer = may_answer
        self._children: dict[UUID | None, list[Mapping[str, Any]]] = {}
        known = {row["id"] for row in rows}
        for row in rows:
            # what answers something that is gone, together with what that answered, stands at the top
            parent = row["parent_id"] if row["parent_id"] in known else None
            self._children.setdefault(parent, []).append(row)

    def entries(self, *, newest: bool) -> tuple[Entry, ...]:
        top = self._children.get(None, [])
        # by thread, and within one by time: the sort is stable
        top.sort(key=lambda row: (row["began"], str(row["root_id"])), reverse=newest)
        return self._level(top, 1)

    def _level(self, rows: Sequence[Mapping[str, Any]], level: int) -> tuple[Entry, ...]:
        found = []
        for row in rows:
            if level < LEVELS:
                found.append(
                    self._entry(row, level, self._level(self._children.get(row["id"], ()), level + 1))
                )
            else:
                found += [self._entry(below, level, ()) for below in self._below(row)]
        return tuple(found)

    def _below(self, row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Return a comment and everything under it, answers right after what they answer."""
        found, waiting = [], [row]
        while waiting:  # no recursion: people answer each other as long as they like
            current = waiting.pop()
            found.append(current)
            waiting += reversed(self._children.get(current["id"], ()))
        return found

    def _entry(self, row: Mapping[str, Any], level: int, replies: tuple[Entry, ...]) -> Entry:
        removed = row["status"] != "approved"
        number = row["number"]
        query = {"cpage": self._page if self._page > 1 else 0}
        answer = self._may_answer and not removed and row["kind"] == "comment"
        return Entry(
            number=number,
            kind=row["kind"],
            author="" if removed else row["author_name"],
            author_url="" if removed else clean_url(row["author_url"]) or "",
            by_post_author=not removed
            and row["user_id"] is not None
            and row["user_id"] == self._post.author.id,
            html="" if removed else comment_html(row["content"]),
            created_at=row["created_at"],
            level=level,
            url=add_query(self._post.url, f"comment-{number}", **query),
            reply_url=add_query(self._post.url, "reply", **query, reply=number) if answer else "",
            removed=removed,
            ext={} if removed else self._ext.get(row["id"], {}),
            replies=replies,
        )
