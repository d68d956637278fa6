"""Lists of posts: one question, at most four queries and one per plugin that extends posts."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import msgspec

from core.accounts import decide
from core.content.permalinks import site_zone
from core.content.render import HtmlWanted, present
from core.content.searching import ask_who_knows, highlighted, rows_in_order
from core.content.stats import stored_total
from core.content.term_lists import subtree_ids
from core.content.types import capabilities_of, content_types, known_taxonomy
from core.content.views import Bring, build_views, select_posts
from core.context import current_actor
from core.contract.content import ListingPosition, ListingQuery
from core.contract.views import PostView
from core.db import execute, matches
from core.errors import BadRequest
from core.hooks import apply_filters
from core.i18n import gettext as _
from core.text import has_forbidden, search_text
from hookspecs import content as hooks

__all__ = ["MAX_OFFSET", "MAX_PER_PAGE", "Listing", "list_posts", "one_of"]

MAX_PER_PAGE: Final = 100
MAX_OFFSET: Final = 50_000
"""Beyond this, lists go on with a position, which costs the same on every page (fault F25)."""
_STICKY: Final = 100
_MOST_IDS: Final = 200

_ORDERS: Final = {
    "published": "posts.published_at",
    "updated": "posts.updated_at",
    "title": "posts.title",
    "menu": "posts.menu_order",
    "relevance": "posts.published_at",
}
_STATUSES: Final = ("draft", "pending", "future", "publish", "private", "trash")


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a list."""

    items: tuple[PostView, ...]
    total: int
    """-1 where nobody wanted it."""
    page: int = 1
    per_page: int = 10
    next: ListingPosition | None = None
    """Where the list goes on, None at its end."""

    @property
    def pages(self) -> int:
        """How many pages there are, 1 at least."""
        return max(1, -(-max(self.total, 0) // self.per_page))


class _Where(msgspec.Struct):
    """Conditions on `posts`, with their arguments in order."""

    parts: list[str]
    args: list[Any]

    def add(self, sql: str, *args: Any) -> None:
        self.parts.append(sql)
        self.args.extend(args)

    @property
    def sql(self) -> str:
        return " AND ".join(self.parts)

    def copy(self) -> "_Where":
        return _Where(list(self.parts), list(self.args))


async def list_posts(
    query: ListingQuery,
    kind: str = "",
    *,
    html: HtmlWanted = "",
    content: bool = False,
    ext: bool = True,
    parts: bool = True,
    writers: bool = False,
) -> Listing:
    """Return one page of a list of posts.

    Only what the current actor may see is in it, and counted: what is not published takes the right
    to edit posts of its type, what others wrote of it the right to edit theirs. Titles and summaries
    come after their filters, except for `kind` "admin", whose lists are for writers.

    Args:
        query: The question. Terms of a tree include those below them.
        kind: Who asks: an archive's kind, or "api", "feed", "admin", "widget".
        html: Whether to render the content: all of it, or up to the "more" mark.
        content: Whether views carry the content as stored.
        ext: Whether views carry what plugins keep.
        parts: False where only titles and addresses are shown; see `build_views`.
        writers: It is a list for writers, as `kind` "admin" always is.

    Raises:
        BadRequest: The page is out of all bounds, or a value is none that can be asked for.
    """
    query = await apply_filters(hooks.filter_listing, query, kind)
    writers = writers or kind == "admin"
    _check(query)
    bring = Bring(content or bool(html), parts)
    answer = await ask_who_knows(query)
    if answer is not None:
        rows: Sequence[dict[str, Any]] = await rows_in_order(answer.ids, bring=bring)
        total = answer.total if query.count else -1
    else:
        if query.order == "relevance":
            query = msgspec.structs.replace(query, order="published")
        total, rows = await _found(query, bring=bring)
    more = len(rows) > query.per_page
    rows = rows[: query.per_page]
    views = await build_views(rows, unlocked=writers and await _sees_locked(query), ext=ext, parts=parts)
    if not writers:
        views = await present(views, html=html)
    if answer is not None:
        views = highlighted(views, answer)
    if html and not content:
        views = tuple(msgspec.structs.replace(view, content="") for view in views)
    return Listing(
        items=views,
        total=total,
        page=query.page,
        per_page=query.per_page,
        next=_position(query, rows[-1]) if more else None,
    )


async def _found(query: ListingQuery, *, bring: Bring) -> tuple[int, Sequence[dict[str, Any]]]:
    """Return how many posts there are, -1 if nobody asks, and the rows of a page with one more."""
    where = await _where(query)
    if where is None:
        return 0 if query.count else -1, ()
    total = await _total(query, where)
    offset = 0 if query.position is not None else (query.page - 1) * query.per_page
    if 0 <= total <= offset:
        return total, ()
    if offset > MAX_OFFSET:
        raise BadRequest(
            _("This page is out of bounds."), hint=_("Narrow the list down, or go on by cursor.")
        )
    return total, await _rows(query, where, offset, bring=bring)


def _check(query: ListingQuery) -> None:
    wrong = ""
    known = {kind.name for kind in content_types()}
    if not 1 <= query.per_page <= MAX_PER_PAGE:
        wrong = _("A page has 1 to {most} items.").format(most=MAX_PER_PAGE)
    elif not 1 <= query.page <= 10**9:
        wrong = _("Pages count from 1.")
    elif not query.types or not set(query.types) <= known:
        wrong = _("There is no such content type here: {names}.").format(
            names=", ".join(sorted(set(query.types) - known)) or "-"
        )
    elif not query.statuses or not set(query.statuses) <= set(_STATUSES):
        wrong = _("There is no such status: {names}.").format(
            names=", ".join(sorted(set(query.statuses) - set(_STATUSES))) or "-"
        )
    elif len(query.ids) > _MOST_IDS:
        wrong = _("A list names {most} items at most.").format(most=_MOST_IDS)
    elif len(query.search) > 200:
        wrong = _("A search has at most 200 characters.")
    elif has_forbidden(query.search):
        wrong = _("This contains characters that can't be searched for.")
    if wrong:
        raise BadRequest(wrong)


async def _where(query: ListingQuery) -> _Where | None:
    """Return the conditions of a query, None if nothing can fit it."""
    where = _Where([], [])
    where.add(one_of("posts.post_type", len(query.types)), *query.types)
    # literal, so that the planner can see which partial index fits
    where.parts.append(f"posts.status IN ({', '.join(repr(status) for status in query.statuses)})")
    if query.statuses == ("publish",):
        where.parts[-1] = "posts.status = 'publish' AND posts.deleted_at IS NULL"
    else:
        await _restrict(query, where)
    if (query.term_ids or query.taxonomy) and not await _by_terms(query, where):
        return None
    if query.author_id is not None:
        where.add("posts.author_id = {}", query.author_id)
    if query.parent_id is not None:
        where.add("posts.parent_id = {}", query.parent_id)
    if query.parent_path == "/":
        where.add("posts.parent_id IS NULL")
    elif query.parent_path:
        where.add(
            "posts.parent_id IN (SELECT p.id FROM posts p WHERE p.tenant_id = {tenant} AND p.path = {}"  # noqa: S608  # written here
            f" AND {one_of('p.post_type', len(query.types))} AND p.status = 'publish')",
            query.parent_path.strip("/"),
            *query.types,
        )
    if query.slug:
        where.add("posts.slug = {}", query.slug)
    if query.ids:
        where.add(one_of("posts.id", len(query.ids)), *query.ids)
    if not _by_time(query, where):
        return None
    if query.search:
        words = search_text(query.search)
        if not any(ch.isalnum() for ch in words):
            return None
        where.add("{}", matches("posts", words).querystring)
    return where


def one_of(column: str, count: int) -> str:
    """Return `column` is one of `count` values, as SQL with `{}` for each."""
    return f"{column} = {{}}" if count == 1 else f"{column} IN ({', '.join(['{}'] * count)})"


async def _restrict(query: ListingQuery, where: _Where) -> None:
    """Leave out what the actor may not know of: drafts of others, private posts, everything unpublished of strangers."""
    actor = current_actor()
    choices: list[str] = []
    args: list[Any] = []
    everything = True
    for name in query.types:
        caps = capabilities_of(name)
        writes = (await decide(actor, caps.edit)).allowed
        edits_others = writes and (await decide(actor, caps.edit_others)).allowed
        reads_private = (await decide(actor, caps.read_private)).allowed
        if edits_others and (reads_private or "private" not in query.statuses):
            choices.append("posts.post_type = {}")
            args.append(name)
            continue
        everything = False
        visible = ["posts.status = 'publish'"]
        extra: list[Any] = []
        if edits_others:
            visible.append("posts.status <> 'private'")
        if reads_private:
            visible.append("posts.status = 'private'")
        if writes and actor.kind == "user" and actor.id is not None:
            visible.append("posts.author_id = {}")
            extra.append(actor.id)
        choices.append(f"(posts.post_type = {{}} AND ({' OR '.join(visible)}))")
        args += [name, *extra]
    if not everything:
        where.add(f"({' OR '.join(choices)})", *args)


async def _by_terms(query: ListingQuery, where: _Where) -> bool:
    if query.taxonomy and known_taxonomy(query.taxonomy).hierarchical:
        wanted = await subtree_ids(query.term_ids)
    else:
        wanted = query.term_ids
    if not wanted:
        return False
    one = one_of("pt.term_id", len(wanted))
    where.add(
        f"EXISTS (SELECT 1 FROM post_terms pt WHERE pt.tenant_id = {{tenant}} AND pt.post_id = posts.id AND {one})",  # noqa: S608  # written here
        *wanted,
    )
    return True


def _by_time(query: ListingQuery, where: _Where) -> bool:
    bounds = [(query.published_from, query.published_until)]
    if query.year:
        span = _span(query.year, query.month, query.day)
        if span is None:
            return False
        bounds.append(span)
    for first, last in bounds:
        if first is not None:
            where.add("posts.published_at >= {}", first.astimezone(UTC))
        if last is not None:
            where.add("posts.published_at < {}", last.astimezone(UTC))
    return True


def _span(year: int, month: int, day: int) -> tuple[datetime, datetime] | None:
    """Return the beginning and the end of a year, month or day in the site's zone, None if there is no such day."""
    try:
        first = date(year, month or 1, day or 1)
        if day:
            last = first + timedelta(days=1)
        elif month:
            last = date(year + month // 12, month % 12 + 1, 1)
        else:
            last = date(year + 1, 1, 1)
    except (ValueError, OverflowError):
        return None
    zone = site_zone()
    try:
        return tuple(datetime(d.year, d.month, d.day, tzinfo=zone).astimezone(UTC) for d in (first, last))  # type: ignore[return-value]  # two of them
    except OverflowError:
        return None


async def _total(query: ListingQuery, where: _Where) -> int:
    if not query.count:
        return -1
    simple = msgspec.structs.replace(
        query, sticky_first=False, page=1, per_page=10, order="published", ascending=False, position=None
    )
    if query.statuses == ("publish",) and simple == ListingQuery(types=query.types):
        return await stored_total(query.types, query.statuses)
    rows = await execute(
        f"SELECT count(*) AS n FROM posts WHERE posts.tenant_id = {{tenant}} AND {where.sql}",  # noqa: S608  # written here
        *where.args,
    )
    return int(rows[0]["n"])


async def _rows(query: ListingQuery, where: _Where, offset: int, *, bring: Bring) -> Sequence[dict[str, Any]]:
    """Return one row more than a page has, to know whether the list goes on."""
    if query.sticky_first and query.position is None:
        return await _sticky_rows(query, where, offset, bring=bring)
    where = where.copy()
    if query.position is not None:
        _after(query, query.position, where)
    tail = f"{_order(query)} LIMIT {{}} OFFSET {{}}"
    return await select_posts(where.sql, [*where.args, query.per_page + 1, offset], bring=bring, tail=tail)


def _order(query: ListingQuery) -> str:
    way = "ASC" if query.ascending else "DESC"
    nulls = " NULLS LAST" if query.order == "published" and query.statuses != ("publish",) else ""
    return f"ORDER BY {_ORDERS[query.order]} {way}{nulls}, posts.id {way}"


def _after(query: ListingQuery, position: ListingPosition, where: _Where) -> None:
    column, sign = _ORDERS[query.order], ">" if query.ascending else "<"
    if position.value is None:  # among those without a time, which come last
        where.add(f"{column} IS NULL AND posts.id {sign} {{}}", position.id)
        return
    later = f"({column}, posts.id) {sign} ({{}}, {{}})"
    if query.order == "published" and query.statuses != ("publish",):
        later = f"({later} OR {column} IS NULL)"
    where.add(later, position.value, position.id)


def _position(query: ListingQuery, row: dict[str, Any]) -> ListingPosition:
    return ListingPosition(row[_ORDERS[query.order].removeprefix("posts.")], row["id"])


async def _sticky_rows(
    query: ListingQuery, where: _Where, offset: int, *, bring: Bring
) -> Sequence[dict[str, Any]]:
    """Return a page of a list that sticky posts lead, without sorting everything by it."""
    wanted = query.per_page + 1
    order = _order(query)
    leading = where.copy()
    leading.add("posts.is_sticky")
    if offset == 0:  # most lists are read from the start, where nobody needs to know how many there are
        skipped = 0
        found = list(
            await select_posts(leading.sql, [*leading.args, wanted], bring=bring, tail=f"{order} LIMIT {{}}")
        )
    else:
        skipped, found = await _sticky_after(leading, order, offset, wanted, bring=bring)
    if len(found) < wanted:
        rest = where.copy()
        rest.add("NOT posts.is_sticky")
        found += await select_posts(
            rest.sql,
            [*rest.args, wanted - len(found), skipped],
            bring=bring,
            tail=f"{order} LIMIT {{}} OFFSET {{}}",
        )
    return found


async def _sticky_after(
    leading: _Where, order: str, offset: int, wanted: int, *, bring: Bring
) -> tuple[int, list[dict[str, Any]]]:
    """Return how many of the others come before `offset`, and the sticky posts that come after it."""
    rows = await execute(
        f"SELECT posts.id FROM posts WHERE posts.tenant_id = {{tenant}} AND {leading.sql} {order} LIMIT {_STICKY}",  # noqa: S608  # written here
        *leading.args,
    )
    ids = [row["id"] for row in rows]
    chosen = ids[offset : offset + wanted]
    if not chosen:
        return max(0, offset - len(ids)), []
    top = await select_posts(one_of("posts.id", len(chosen)), chosen, bring=bring)
    by_id = {row["id"]: row for row in top}
    return 0, [by_id[post_id] for post_id in chosen if post_id in by_id]


async def _sees_locked(query: ListingQuery) -> bool:
    """Tell whether a list of writers may show what a password hides: to who may edit what others wrote."""
    actor = current_actor()
    answers = [(await decide(actor, capabilities_of(name).edit_others)).allowed for name in query.types]
    return all(answers)
