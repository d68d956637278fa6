"""How the database looks: the index of words leads on SQLite, and the posts of a page are found by their ids."""

from typing import Any

import pytest

from core.db import work
from tests.plugins.search.world import World


async def test_the_index_leads(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.post("Um", "<p>chá</p>")
    plans: dict[str, str] = {}
    real = work.ReadScope.fetch

    async def fetch(scope: Any, sql: str, args: Any = ()) -> Any:
        if "?" in sql and ("search_documents_fts" in sql or "posts.id IN" in sql):
            rows = await real(scope, f"EXPLAIN QUERY PLAN {sql}", args)
            plans["words" if "_fts" in sql else "posts"] = "; ".join(row["detail"] for row in rows)
        return await real(scope, sql, args)

    monkeypatch.setattr(work.ReadScope, "fetch", fetch)
    assert await world.titles("chá e café") == ["Um"]
    if not plans:
        pytest.skip("PostgreSQL's planner knows how common words are")
    assert "SCAN search_documents_fts VIRTUAL TABLE" in plans["words"]
    assert "SEARCH d USING INTEGER PRIMARY KEY" in plans["words"]
    assert "SEARCH search_documents_fts" not in plans["words"]
    assert "posts_tenant_status" not in plans["posts"]
