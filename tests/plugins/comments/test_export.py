"""The comments of a real WordPress export, read back over HTTP."""

from pathlib import Path
from typing import Any

import pytest
from bs4 import Tag

from core.db import tenant_read
from core.importing import import_wxr
from tests.kit.plugin import entered
from tests.plugins.comments.test_threads import shape
from tests.plugins.comments.world import Talk

FILE = Path(__file__).parents[3].parent / "shared" / "data" / "theme-unit-test.wxr.xml"
pytestmark = pytest.mark.skipif(not FILE.is_file(), reason="the export is not beside the checkout")


async def bring(talk: Talk) -> Any:
    with entered(talk.app, "alfa"):
        async with tenant_read():
            return await import_wxr(FILE)


def depth(found: list[Any]) -> int:
    return 1 + max((depth(entry) for entry in found if isinstance(entry, list)), default=0)


async def test_all_comments_come_once_and_stand_where_they_stood(talk: Talk) -> None:
    report = await bring(talk)
    assert report.created["comments"] == 32 and "comments" not in report.kept and report.skipped == []
    assert not (await bring(talk)).created.get("comments")
    views = await talk.all()
    assert [view.status for view in views].count("pending") == 3
    async with talk.browser() as visitor:
        page = await visitor.soup("/template-comments/")
        assert len(page.select("li.comment")) == 19
        assert depth(shape(page)) == 5
        tenth = next(li for li in page.select("li.comment") if "Comment Depth 10" in _own(li))
        assert "level-5" in tenth["class"] and "by-author" in tenth["class"]
        assert not page.select(".comment-text script, .comment-text [style], .comment-text table")
        pings = await visitor.soup("/template-pingbacks-an-trackbacks/")
        assert len(pings.select("li.pingback")) == 2 and len(pings.select("li.trackback")) == 2
        locked = await visitor.get("/template-password-protected/")
        assert "This comment should not be visible" not in locked.text
        await visitor.post("/template-password-protected/", data={"post_password": "enter"})
        assert (
            "This comment should not be visible" in (await visitor.get("/template-password-protected/")).text
        )
        closed = await visitor.soup("/template-comments-disabled/")
        assert not closed.select(".comment-form")
        feed = (await visitor.get("/comments/feed/")).text
        assert "This comment should not be visible" not in feed


def _own(item: Tag) -> str:
    article = item.find("article", recursive=False)
    return article.get_text() if article is not None else ""
