"""The library's page and search use their indexes, at volume, on both engines, under row-level security."""

import re
from datetime import date
from typing import Any

import asyncpg
import pytest

from core.db import current_database, execute, tenant_read, tenant_work, work
from core.media import MediaPosition, MediaQuery, list_media, media_months, media_views_by_number
from tests.core.content.test_plans import Plans
from tests.kit.templates import superuser_url

pytestmark = pytest.mark.volume
ROWS = 12_000

_COLUMNS = (
    "(id, tenant_id, number, title, slug, filename, original_filename, mime_type, file_path, attachment_type,"
    " uploaded_by_id, created_at, updated_at, search_text)"
)
_KIND = "CASE WHEN n % 20 = 0 THEN 'document' ELSE 'image' END"
_POSTGRES = f"""
INSERT INTO media {_COLUMNS}
SELECT gen_random_uuid(), {{tenant}}, 100 + n, 'Foto ' || n, 'f', 'f.png', 'f.png', 'image/png', 'ab/' || n, {_KIND},
       {{}}, now() - n * interval '1 hour', now(), 'foto ' || n
FROM generate_series(1, {{}}) AS n
"""
_SQLITE = f"""
INSERT INTO media {_COLUMNS}
WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {{}})
SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-7' || substr(hex(randomblob(2)), 2) || '-a'
       || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))), {{tenant}}, 100 + n, 'Foto ' || n, 'f', 'f.png',
       'f.png', 'image/png', 'ab/' || n, {_KIND}, {{}}, t.at, t.at, 'foto ' || n
FROM (SELECT n, strftime('%Y-%m-%d %H:%M:%S+00:00', 'now', '-' || n || ' hours') AS at FROM s) AS t
"""


async def fill(world: Any, database: Any, name: str) -> None:
    for slug in ("beta", "alfa"):
        ana = await world.person("author", site=slug)
        with world.on(slug):
            async with tenant_work():
                if current_database().kind == "postgres":
                    await execute(_POSTGRES, ana.id, ROWS)
                else:
                    await execute(_SQLITE, ROWS, ana.id)
    if database.kind == "postgres":
        connection: Any = await asyncpg.connect(superuser_url(name))
        try:
            await connection.execute("VACUUM ANALYZE")
        finally:
            await connection.close()
    else:
        with world.active():
            async with tenant_work(world.tenants.by_slug("alfa")):
                await work.run("ANALYZE", ())
        await database.stop()


def uses(plan: str, *indexes: str) -> None:
    assert any(re.search(rf"\b{index}\b", plan) for index in indexes), f"none of {indexes}:\n{plan}"
    assert not re.search(r"Seq Scan on media|SCAN media\b(?! USING)", plan), plan


def in_order(plan: str) -> None:
    assert "Sort" not in plan and "TEMP B-TREE" not in plan, plan


async def test_the_library_at_volume(world: Any, database: Any, database_name: str, monkeypatch: Any) -> None:
    await fill(world, database, database_name)
    plans = Plans(monkeypatch)
    with world.on("alfa", await world.person("editor")):
        async with tenant_read():
            plan = await plans.of(list_media(MediaQuery()), "media")
            uses(plan, "media_created")
            in_order(plan)
            plan = await plans.of(list_media(MediaQuery(kind="document", count=False)), "media")
            uses(plan, "media_type")
            in_order(plan)
            plan = await plans.of(list_media(MediaQuery(order="title", ascending=True, count=False)), "media")
            uses(plan, "media_title")
            in_order(plan)
            month = (await media_months())[3]
            assert isinstance(month, date)
            plan = await plans.of(list_media(MediaQuery(month=month)), "media")
            uses(plan, "media_created")
            first = await list_media(MediaQuery(per_page=5))
            position = first.next
            assert isinstance(position, MediaPosition)
            plan = await plans.of(list_media(MediaQuery(position=position, count=False)), "media")
            uses(plan, "media_created")
            in_order(plan)
            plan = await plans.of(list_media(MediaQuery(search="777")), "media")
            assert "media_search" in plan or "media_fts" in plan, plan
            uses(await plans.of(media_views_by_number([177, 178]), "media"), "media_number_uq")
