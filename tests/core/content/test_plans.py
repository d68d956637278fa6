"""The hot queries of the schema document use their indexes, at volume, on both engines.

On PostgreSQL the plans are those of `vitral_app` under row-level security.
"""

import re
import time
from typing import Any

import asyncpg
import pytest

from core.accounts import find_user
from core.clock import now
from core.content import find_moved, find_post, get_post_by_number, guess_post, list_posts, neighbours
from core.content.schedule import overdue_since
from core.contract.content import ListingPosition, ListingQuery
from core.db import current_database, execute, tenant_read, tenant_work, work
from core.ids import new_id
from tests.kit.templates import superuser_url

pytestmark = pytest.mark.volume
ROWS = 12_000

_POSTGRES = """
INSERT INTO posts (id, tenant_id, number, post_type, status, title, slug, path, author_id, published_at, created_at,
                   updated_at, search_text, is_sticky, scheduled_at)
SELECT gen_random_uuid(), {tenant}, 100 + n, CASE WHEN n % 10 = 0 THEN 'page' ELSE 'post' END,
       CASE WHEN n % 5 = 0 THEN 'draft' WHEN n % 997 = 0 THEN 'future' ELSE 'publish' END,
       'Post ' || n, 'post-' || n, 'post-' || n, {},
       now() - n * interval '1 hour', now() - n * interval '1 hour', now() - n * interval '1 hour',
       'post ' || n, n % 4000 = 1, now() + n * interval '1 minute'
FROM generate_series(1, {}) AS n
"""
_UUID = (
    "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-7' || substr(hex(randomblob(2)), 2) || '-a'"
    " || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))"
)
_SQLITE = """
INSERT INTO posts (id, tenant_id, number, post_type, status, title, slug, path, author_id, published_at, created_at,
                   updated_at, search_text, is_sticky, scheduled_at)
WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {})
SELECT {uuid},
       {tenant}, 100 + n, CASE WHEN n % 10 = 0 THEN 'page' ELSE 'post' END,
       CASE WHEN n % 5 = 0 THEN 'draft' WHEN n % 997 = 0 THEN 'future' ELSE 'publish' END,
       'Post ' || n, 'post-' || n, 'post-' || n, {},
       t.at, t.at, t.at, 'post ' || n, n % 4000 = 1, t.at
FROM (SELECT n, strftime('%Y-%m-%d %H:%M:%S+00:00', 'now', '-' || n || ' hours') AS at FROM s) AS t
""".replace("{uuid}", _UUID)
_PEOPLE = {
    "postgres": "INSERT INTO users (id, tenant_id, number, email, username, slug, created_at, updated_at)"
    " SELECT gen_random_uuid(), {tenant}, 1000 + n, 'p' || n || '@example.org', 'p' || n, 'p' || n, now(), now()"
    " FROM generate_series(1, {}) AS n",
    "sqlite": "INSERT INTO users (id, tenant_id, number, email, username, slug, created_at, updated_at)"
    " WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {})"
    f" SELECT {_UUID}, {{tenant}}, 1000 + n, 'p' || n || '@example.org', 'p' || n, 'p' || n,"
    " '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00' FROM s",
}


async def fill(world: Any, database: Any, name: str) -> None:
    for slug in ("beta", "alfa"):
        ana = await world.person("author", site=slug)
        with world.on(slug):
            async with tenant_work():
                if current_database().kind == "postgres":
                    await execute(_POSTGRES, ana.id, ROWS)
                else:
                    await execute(_SQLITE, ROWS, ana.id)
                await execute(_PEOPLE[current_database().kind], 5000)
                await execute(
                    "INSERT INTO post_terms (id, tenant_id, post_id, term_id)"
                    " SELECT p.id, p.tenant_id, p.id, t.id FROM posts p JOIN terms t ON t.tenant_id = p.tenant_id"
                    " WHERE p.tenant_id = {tenant} AND t.taxonomy = 'category'"
                )
                await execute(
                    "INSERT INTO old_slugs (id, tenant_id, post_id, post_type, slug, path, created_at)"
                    " SELECT id, tenant_id, id, post_type, 'old-' || slug, 'old-' || slug, created_at FROM posts"
                    " WHERE tenant_id = {tenant}"
                )
    if database.kind == "postgres":
        connection: Any = await asyncpg.connect(superuser_url(name))
        try:
            await connection.execute("VACUUM ANALYZE")  # words wait in a list until somebody vacuums
        finally:
            await connection.close()
    else:
        with world.active():
            async with tenant_work(world.tenants.by_slug("alfa")):
                await work.run("ANALYZE", ())
        await database.stop()  # a connection learns what is in the tables when it is opened


class Plans:
    """Runs a question, and keeps the plans of the queries it asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[tuple[str, Any]] = []
        real = work.ReadScope.fetch

        async def fetch(scope: Any, sql: str, args: Any = ()) -> Any:
            if not sql.startswith("EXPLAIN"):
                self.asked.append((sql, args))
            return await real(scope, sql, args)

        monkeypatch.setattr(work.ReadScope, "fetch", fetch)

    async def of(self, question: Any, table: str = "posts", part: str = "") -> str:
        self.asked.clear()
        await question
        explain = "EXPLAIN" if current_database().kind == "postgres" else "EXPLAIN QUERY PLAN"
        lines: list[str] = []
        for sql, args in self.asked:
            if re.search(rf"FROM {table}\b|\"{table}\"|JOIN {table}\b", sql) and part in sql:
                rows = await work.run(f"{explain} {sql}", args)
                lines += [str(row.get("QUERY PLAN") or row.get("detail")) for row in rows]
        assert lines, f"nothing was asked of {table}"
        return "\n".join(lines)


def uses(plan: str, *indexes: str) -> None:
    assert any(re.search(rf"\b{index}\b", plan) for index in indexes), f"none of {indexes}:\n{plan}"
    assert not re.search(r"Seq Scan on posts|SCAN posts\b(?! USING)", plan), plan


async def test_hot_queries_at_volume(world: Any, database: Any, database_name: str, monkeypatch: Any) -> None:
    await fill(world, database, database_name)
    plans = Plans(monkeypatch)
    with world.on("alfa"):
        async with tenant_read():
            # 1 of the document: published posts of a tenant, newest first
            plan = await plans.of(list_posts(ListingQuery(count=False)))
            uses(plan, "posts_published")
            assert "Sort" not in plan and "TEMP B-TREE" not in plan, plan
            # the same over several types
            plan = await plans.of(list_posts(ListingQuery(types=("post", "page"), count=False)))
            uses(plan, "posts_tenant_status", "posts_published")
            # 2: a post by its slug
            uses(await plans.of(find_post(("page", "post"), "post-77")), "posts_path", "posts_slug")
            by_slug = execute(
                "SELECT * FROM posts WHERE slug = {} AND tenant_id = {tenant} AND status = 'publish'",
                "post-77",
            )
            uses(await plans.of(by_slug), "posts_slug", "posts_slug_uq")
            # 3: a person by address
            uses(await plans.of(find_user("p77@example.org"), "users"), "users_email_uq")
            # a slug that was cut off: where nothing begins so, and where all do
            for begun in ("nothing-of-ours", "post"):
                plan = await plans.of(
                    guess_post(begun, ("post", "page")),
                    part="slug <" if database.kind == "sqlite" else '"C" <',
                )
                uses(plan, "posts_slug_prefix")
                assert re.search(
                    r"Index Cond: .*slug\)?(::text)? >= .*slug\)?(::text)? <|slug>\? AND slug<\?", plan
                ), plan
                assert "Sort" not in plan and "TEMP B-TREE" not in plan, plan
            # the others that every page or worker asks
            uses(await plans.of(get_post_by_number(177)), "posts_number_uq")
            position = ListingPosition(now().replace(year=2025), new_id())
            plan = await plans.of(list_posts(ListingQuery(position=position, count=False)))
            uses(plan, "posts_published")
            assert "Sort" not in plan and "TEMP B-TREE" not in plan, plan
            post = await get_post_by_number(177)
            uses(await plans.of(neighbours(post)), "posts_published", "posts_tenant_status")
            uses(await plans.of(overdue_since()), "posts_due")
            uses(await plans.of(find_moved("x/y"), "old_slugs"), "old_slugs_path", "old_slugs_slug")
            uses(
                await plans.of(list_posts(ListingQuery(sticky_first=True, count=False))),
                "posts_sticky",
                "posts_published",
            )
            by_author = ListingQuery(author_id=post.author.id, count=False)
            uses(await plans.of(list_posts(by_author)), "posts_author", "posts_published")
            # words: under row-level security an index serves only operators that are known not to leak
            plan = await plans.of(list_posts(ListingQuery(search="777")))
            assert "posts_search" in plan or "posts_fts" in plan, plan
            updated = ListingQuery(statuses=("publish", "draft", "pending"), order="updated", count=False)
            uses(await plans.of(list_posts(updated, "admin")), "posts_updated")


async def test_the_last_allowed_page_is_quick(world: Any, database: Any, database_name: str) -> None:
    """Fault F25: far pages within bounds stay well below what a visitor notices."""
    await fill(world, database, database_name)
    with world.on("alfa"):
        async with tenant_read():
            start = time.perf_counter()
            far = await list_posts(ListingQuery(page=800, count=False))
            assert len(far.items) == 10
            assert (await list_posts(ListingQuery(page=10**9))).items == ()
            assert time.perf_counter() - start < 2  # a bound against seconds, not a measurement
