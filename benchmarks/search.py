"""Searches over 100,000 posts of one site: time of the question to the index, on both engines."""

import random
import tempfile
from time import perf_counter
from typing import Any

import asyncpg
import uvloop

from benchmarks.article import make_site
from core.app import runtime_of
from core.content import list_posts
from core.context import Actor, acting, current_tenant
from core.contract.content import ListingQuery
from core.db import (
    Database,
    PostgresDatabase,
    current_database,
    execute,
    initialise_server,
    tenant_read,
    tenant_work,
)
from core.hooks import use_plan
from core.ids import new_id
from core.jobs import Worker
from core.settings import Settings
from core.sites import enable_plugin, find_site
from core.tenancy import enter
from plugins.search.finding import find
from plugins.search.words import key, key_of_type, stems_of_text
from tests.kit.pg import Cluster

POSTS = 100_000
_BATCH = 200
_REPEATS = 40
_SEARCHES = {
    "a word of half of the posts": "saude",
    "a word of one in a hundred": "enxaqueca",
    "three words of many posts": "saude corpo sono",
    "a word of nobody": "dragão",
}
_COMMON = ["saúde", "corpo", "sono", "água", "vida", "dia", "bem", "comer", "andar", "dormir"]


def _text(dice: random.Random) -> str:
    words = [f"palavra{int(dice.paretovariate(0.6)) % 5000}" for _ in range(90)]
    words += [word for word in _COMMON if dice.random() < 0.5] * 2
    if dice.random() < 0.01:
        words.append("enxaqueca")
    dice.shuffle(words)
    return " ".join(words)


async def _fill() -> None:
    dice = random.Random(7)  # noqa: S311  # the same texts in each run
    rows = await execute("SELECT author_id FROM posts WHERE tenant_id = {tenant} LIMIT 1")
    author, postgres = rows[0]["author_id"], current_database().kind == "postgres"
    keys = f"{key('t', current_tenant().id)} {key_of_type('post')}"
    for start in range(0, POSTS, _BATCH):
        async with tenant_work():
            posts: list[Any] = []
            documents: list[Any] = []
            for number in range(start, start + _BATCH):
                post_id, text = new_id(), _text(dice)
                at = f"20{10 + number % 15:02}-{1 + number % 12:02}-{1 + number % 28:02} {number % 24:02}:00:00+00:00"
                posts += [post_id, 1000 + number, f"p{number}", author]
                documents += [new_id(), post_id, at, text, stems_of_text(text, "pt-BR"), keys]
            at_column = "now()" if postgres else "'2024-01-01 00:00:00+00:00'"
            await execute(
                "INSERT INTO posts (id, tenant_id, number, post_type, status, title, slug, path, author_id,"
                " published_at, created_at, updated_at) VALUES "
                + ", ".join(
                    f"({{}}, {{tenant}}, {{}}, 'post', 'publish', 'Texto', {{}}, '', {{}}, {at_column}, {at_column},"
                    f" {at_column})"
                    for _ in range(_BATCH)
                ),
                *posts,
            )
            moment = "CAST(CAST({} AS text) AS timestamptz)" if postgres else "{}"
            await execute(
                "INSERT INTO search_documents (id, tenant_id, post_id, published_at, body, body_words, keys) VALUES "
                + ", ".join([f"({{}}, {{tenant}}, {{}}, {moment}, {{}}, {{}}, {{}})"] * _BATCH),
                *documents,
            )


async def _measure(app: Any, vacuum: str) -> dict[str, float]:
    runtime = runtime_of(app)
    found: dict[str, float] = {}
    with runtime.active(), acting(None, Actor(kind="cli")), use_plan(runtime.registry.platform_plan()):
        with enter(find_site("bench"), Actor(kind="cli")):
            async with tenant_read():
                await enable_plugin("search")
            await runtime.tenants.refresh()
        with enter(find_site("bench"), Actor(kind="cli")):
            worker = Worker()
            while await worker.run_one():
                pass
            async with tenant_read():
                await _fill()
    if vacuum:
        connection = await asyncpg.connect(vacuum)
        await connection.execute("VACUUM ANALYZE")
        await connection.close()
    with runtime.active(), enter(find_site("bench"), Actor(kind="visitor")):
        async with tenant_read():
            for name, words in _SEARCHES.items():
                query = ListingQuery(types=("post", "page"), search=words, by_words=True, order="relevance")
                found[name] = await _median(lambda q=query: find(q))
            query = ListingQuery(types=("post", "page"), search="saude", by_words=True, order="relevance")
            found["the whole list of the first"] = await _median(lambda: list_posts(query, "search"))
    await runtime.database.stop()
    return found


async def _median(question: Any) -> float:
    times = []
    for _ in range(_REPEATS):
        begun = perf_counter()
        await question()
        times.append((perf_counter() - begun) * 1000)
    return sorted(times)[_REPEATS // 2]


async def measure() -> dict[str, float]:
    """Return the median milliseconds of each search."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            database_url=f"sqlite:///{folder}/bench.db",
            var=folder,
            sites=folder,
            worker=False,
            reload_templates=False,
        )
        lite = await _measure(await make_site(settings), "")
        cluster = Cluster()
        cluster.start()
        try:
            await initialise_server(cluster.url("postgres", "postgres"), "bench", {})
            owner: Database = PostgresDatabase(cluster.url("vitral_owner", "bench"), size=2, guarded=False)
            database = PostgresDatabase(cluster.url("vitral_app", "bench"))
            app = await make_site(settings, database, owner)
            post = await _measure(app, cluster.url("postgres", "bench"))
            await owner.stop()
        finally:
            cluster.stop()
    return {
        **{f"SQLite: {name}, ms": value for name, value in lite.items()},
        **{f"PostgreSQL: {name}, ms": value for name, value in post.items()},
    }


if __name__ == "__main__":
    print(uvloop.run(measure()))
