"""Comments of other sites, from a WordPress export: with their dates, states and places in threads."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import unescape
from typing import Any, Final
from uuid import UUID

from core.accounts import decide, find_user
from core.clock import now
from core.context import current_actor
from core.contract.work import ImportedItem, ImportHandler
from plugins.comments.authors import checked_email
from plugins.comments.store import adopt, insert_comment, write_meta
from plugins.comments.tables import Comment
from plugins.comments.text import clean_comment, clean_url, is_empty
from plugins.comments.views import CommentView, view_of

__all__ = ["HANDLER", "take"]

_STATUSES: Final = {"1": "approved", "approve": "approved", "approved": "approved", "spam": "spam"}
_KINDS: Final = ("pingback", "trackback")
_GONE: Final = ("trash", "post-trashed")


async def take(items: Sequence[ImportedItem]) -> Mapping[str, UUID | None]:
    """Write comments that are not here yet, inside the unit in progress.

    Answers may come before what they answer, in a later batch too: they begin a thread until it is
    here. What says nothing, or belongs to no post, is skipped.
    """
    taken: dict[str, UUID | None] = {}
    authors: dict[str, UUID | None] = {}
    for item in items:
        if item.parent_id is None:
            continue
        view = await _find(_key(item, "id")) or await _write(item, item.parent_id, authors)
        if view is not None:
            taken[item.identity] = view.id
    return taken


def _key(item: ImportedItem, field: str) -> str:
    number = str(item.raw.get(field) or "").strip()
    return f"{item.source}#{number[:40]}" if number not in ("", "0") else ""


async def _find(key: str) -> CommentView | None:
    rows = await Comment.select().where(Comment.import_key == key) if key else []
    return view_of(rows[0]) if rows else None


async def _write(item: ImportedItem, post_id: UUID, authors: dict[str, UUID | None]) -> CommentView | None:
    raw = item.raw
    content = clean_comment(_plain(raw.get("content")))
    if is_empty(content):
        return None
    parent = await _find(_key(item, "parent"))
    if parent is not None and parent.post_id != post_id:
        parent = None
    at = _time(raw.get("at"))
    approved = str(raw.get("approved", "")).strip()
    email = checked_email(_plain(raw.get("author_email"))[:254], {})
    view = await insert_comment(
        {
            "post_id": post_id,
            "kind": raw["type"] if raw.get("type") in _KINDS else "comment",
            "status": "trash" if approved in _GONE else _STATUSES.get(approved, "pending"),
            "status_before": "pending" if approved in (*_GONE, "spam") else "",
            "author_name": " ".join(unescape(_plain(raw.get("author"))).split())[:250],
            "author_email": email,
            "author_url": clean_url(_plain(raw.get("author_url"))) or "",
            "user_id": await _account(raw, email, authors),
            "content": content,
            "import_key": _key(item, "id"),
            "import_parent": "" if parent is not None else _key(item, "parent"),
            "created_at": at,
            "updated_at": at,
        },
        parent,
    )
    await write_meta(view.id, _meta(raw.get("meta")))
    await _collect_replies(view, _key(item, "id"))
    return view


def _plain(value: Any) -> str:
    """Return a text of the file without what no database stores."""
    return str(value or "").replace("\x00", "")


def _time(value: Any) -> datetime:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return now()


def _meta(value: Any) -> dict[str, list[str]]:
    """Return the named values that are text; those of the source's own machinery (a leading underscore) stay behind."""
    if not isinstance(value, Mapping):
        return {}
    return {
        key: [_plain(entry) for entry in entries if isinstance(entry, str)]
        for key, entries in value.items()
        if isinstance(entries, list) and not key.startswith("_")
    }


async def _account(raw: Mapping[str, Any], email: str, authors: dict[str, UUID | None]) -> UUID | None:
    """Return the account here of somebody who was signed in there, found by the address."""
    if str(raw.get("user_id") or "0") == "0" or not email:
        return None
    if email not in authors:
        authors[email] = None
        if (await decide(current_actor(), "list_users")).allowed:
            found = await find_user(email)
            authors[email] = found.id if found is not None and found.email == email else None
    return authors[email]


async def _collect_replies(view: CommentView, key: str) -> None:
    """Put answers that came earlier below the comment that they answer."""
    if not key:
        return
    for row in await Comment.select().where(Comment.import_parent == key).order_by(Comment.number):
        await Comment.update({Comment.import_parent: ""}).where(Comment.id == row["id"])
        if row["post_id"] == view.post_id and row["parent_id"] is None:
            await adopt(view_of(row), view)


HANDLER: Final = ImportHandler(kinds=frozenset({"comment"}), take=take)
