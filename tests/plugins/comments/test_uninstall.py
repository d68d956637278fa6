"""Uninstalled from one site, comments are in an archive and nowhere else; the other site has its own still."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from core.app import runtime_of
from core.db import Database, Source, execute, migrate, tenant_read, tenant_work
from core.errors import Invalid
from core.sites import uninstall_plugin
from tests.kit.plugin import entered
from tests.plugins.comments.test_switching import switch
from tests.plugins.comments.world import Talk, talking
from tests.routes.world import rows_of

TABLES = ("comments", "comments_closed", "comments_meta")


async def rows(talk: Talk, site: str) -> dict[str, list[Any]]:
    found = await rows_of(talk.app, site)
    return {table: found[table] for table in TABLES}


async def uninstall(talk: Talk, target: Path) -> Any:
    with entered(talk.app, "alfa"):
        async with tenant_read():
            return await uninstall_plugin("comments", target.parent, target=target)


async def threads(talk: Talk) -> dict[str, Any]:
    """Have both sites talk in threads, and close one; return the posts."""
    await talking(talk.app, "beta")
    posts = {}
    for site in ("alfa", "beta"):
        await talk.settings(site, moderation="none")
        posts[site] = await talk.post("Sono", site)
        async with talk.browser(site) as visitor:
            await talk.send(visitor, posts[site], f"Em {site}")
            await talk.send(visitor, posts[site], "Resposta", "Bia", parent="1")
    return posts


async def test_its_rows_of_one_site_are_exported_and_gone(talk: Talk, tmp_path: Path) -> None:
    posts = await threads(talk)
    before = {site: await rows(talk, site) for site in ("alfa", "beta")}
    assert len(before["alfa"]["comments"]) == 2
    report = await uninstall(talk, tmp_path / "comments.zip")
    assert report.rows["comments"] == 2
    with zipfile.ZipFile(report.path) as archive:
        lines = [json.loads(line) for line in archive.read("data/comments.jsonl").splitlines()]
        manifest = json.loads(archive.read("manifest.json"))
    assert {line["author_email"] for line in lines} == {"ana@example.org", "bia@example.org"}
    assert (manifest["site"], manifest["rows"]["comments"]) == ("alfa", 2)
    assert await rows(talk, "alfa") == {table: [] for table in TABLES}
    assert await rows(talk, "beta") == before["beta"]
    async with talk.browser("alfa") as visitor:
        assert (await visitor.get("/comments/feed/")).status_code == 404
        assert (await visitor.get(posts["alfa"].url)).status_code == 200
    async with talk.browser("beta") as visitor:
        assert "Em beta" in (await visitor.get(posts["beta"].url)).text
    await switch(talk, "alfa", on=True)
    async with talk.browser("alfa") as visitor:
        assert not (await visitor.soup(posts["alfa"].url)).select("#comment-1, #comment-2")
        await talk.settings("alfa", moderation="none")
        await talk.send(visitor, posts["alfa"], "De novo")
    assert [comment.number for comment in await talk.all("alfa")] == [1]


async def test_what_others_hang_on_its_rows_is_not_erased_with_them(
    talk: Talk, owner_database: Database, tmp_path: Path
) -> None:
    await threads(talk)
    (tmp_path / "ink").mkdir()
    (tmp_path / "ink" / "0001_ink.py").write_text(
        "def up(m):\n    m.tenant_table('ink', 'comment_id UUID, FOREIGN KEY (tenant_id, comment_id)"
        " REFERENCES comments (tenant_id, id) ON DELETE CASCADE')\n",
        "utf-8",
    )
    sources = [*runtime_of(talk.app).migration_sources(), Source("ink", tmp_path / "ink")]
    await migrate(owner_database, sources)
    (comment, *_rest) = await talk.all("alfa")
    with entered(talk.app, "alfa"):
        async with tenant_work():
            await execute(
                "INSERT INTO ink (id, tenant_id, comment_id) VALUES ({}, {tenant}, {})",
                comment.id,
                comment.id,
            )
    before = await rows(talk, "alfa")
    with pytest.raises(Invalid, match="ink"):
        await uninstall(talk, tmp_path / "comments.zip")
    assert await rows(talk, "alfa") == before
    with entered(talk.app, "alfa"):
        async with tenant_work():
            await execute("DELETE FROM ink WHERE tenant_id = {tenant}")
    await uninstall(talk, tmp_path / "comments.zip")
    assert await rows(talk, "alfa") == {table: [] for table in TABLES}
