"""Imports of WordPress exports: nothing of a broken file, everything once, kept items for plugins to come."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from core.contract.markers import hookimpl
from core.contract.work import ImportedItem, ImportHandler
from core.db import execute, tenant_read, tenant_table_names
from core.errors import Invalid
from core.http import Fetched, Outbound, OutboundFailed
from core.i18n import use_language
from core.ids import new_id
from core.importing import ImportOptions, import_wxr
from core.importing.posts import Posts
from core.plugins import Plugin
from core.sites import enable_plugin
from tests.kit.client import Browser
from tests.kit.plugin import entered

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Ervas</title><link>https://ervas.example.org</link><wp:wxr_version>1.2</wp:wxr_version>
<wp:base_blog_url>https://ervas.example.org</wp:base_blog_url>
<wp:author><wp:author_login>rosa</wp:author_login><wp:author_email>rosa@example.org</wp:author_email></wp:author>
"""


def _item(number: int, kind: str = "post") -> str:
    return f"""<item><title>Item {number}</title><dc:creator>rosa</dc:creator>
<guid>https://ervas.example.org/?p={number}</guid><content:encoded>Text {number}</content:encoded>
<wp:post_id>{number}</wp:post_id><wp:post_date_gmt>2026-01-0{number} 10:00:00</wp:post_date_gmt>
<wp:post_name>item-{number}</wp:post_name><wp:status>publish</wp:status><wp:post_type>{kind}</wp:post_type>
</item>"""


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Three posts and two recipes, a type that the core does not know."""
    path = tmp_path / "ervas.xml"
    items = [_item(1), _item(2), _item(3), _item(4, "recipe"), _item(5, "recipe")]
    path.write_text(HEAD + "".join(items) + "</channel></rss>", "utf-8")
    return path


async def _counts() -> dict[str, int]:
    async with tenant_read():
        return {
            name: int(
                (await execute(f"SELECT count(*) AS n FROM {name} WHERE tenant_id = {{tenant}}"))[0]["n"]
            )
            for name in await tenant_table_names()
        }


async def _import(path: Path) -> Any:
    async with tenant_read():
        return await import_wxr(path)


_LAUGHS = (
    '<!DOCTYPE rss [<!ENTITY h0 "ha">'
    + "".join(f'<!ENTITY h{n} "{f"&h{n - 1};" * 10}">' for n in range(1, 10))
    + "]><rss><channel><title>&h9;</title></channel></rss>"
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD + _item(1) + "\n<item><title>x</oops>", ("line", "column")),
        (HEAD + _item(1), ("line", "column")),
        ('<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel/></rss>', ("DTD",)),
        (_LAUGHS, ("DTD",)),
        ('<!DOCTYPE rss SYSTEM "http://evil.example.org/x.dtd"><rss/>', ("DTD",)),
        ('<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>', ("DTD",)),
        (HEAD + "<a>" * 100_000, ("deep",)),
        (HEAD + "<item>" + "<b>" * 100 + "</b>" * 100 + "</item></channel></rss>", ("deep",)),
        ("not XML at all", ("line", "column")),
        ("", ("line", "column")),
    ],
    ids=["torn", "cut", "dtd", "laughs", "remote", "external", "bottomless", "deep", "text", "empty"],
)
async def test_a_broken_file_is_refused_whole(
    app: Any, within: Any, tmp_path: Path, text: str, words: tuple[str, ...]
) -> None:
    path = tmp_path / "broken.xml"
    path.write_text(text, "utf-8")
    with within("alfa"), use_language("en"):
        before = await _counts()
        with pytest.raises(Invalid) as caught:
            await _import(path)
        assert all(word in str(caught.value.errors) for word in words), caught.value.errors
        assert await _counts() == before


async def test_an_include_of_another_file_is_left_alone(app: Any, within: Any, tmp_path: Path) -> None:
    """XInclude is not looked at: the element is unknown, as any other is."""
    path = tmp_path / "include.xml"
    include = (
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="file:///etc/passwd"/>'
    )
    path.write_text(HEAD + _item(1).replace("Text 1", include) + "</channel></rss>", "utf-8")
    with within("alfa"):
        report = await _import(path)
        assert report.created["posts"] == 1
        async with tenant_read():
            (row,) = await execute(
                "SELECT content FROM posts WHERE tenant_id = {tenant} AND post_type = 'post'"
            )
    assert "root:" not in row["content"]


async def test_a_second_run_creates_nothing(app: Any, within: Any, export: Path) -> None:
    with within("alfa"):
        first = await _import(export)
        assert (first.created["posts"], first.created["authors"], first.kept) == (3, 1, {"recipes": 2})
        before = await _counts()
        again = await _import(export)
        assert not again.total()
        after = await _counts()
    assert {name for name in after if after[name] != before[name]} <= {"audit_events"}


async def test_an_interrupted_import_goes_on_where_it_stopped(
    app: Any, within: Any, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Posts.post

    async def breaks(self: Posts, item: Any) -> None:
        await whole(self, item)
        if item.post_id == "2":
            raise OSError("the lights went out")

    with within("alfa"):
        with monkeypatch.context() as patch:
            patch.setattr(Posts, "post", breaks)
            with pytest.raises(OSError, match="lights"):
                await _import(export)
        assert (await _counts())["posts"] == 2
        rest = await _import(export)
        assert (rest.created["posts"], rest.created["authors"], rest.kept) == (1, 0, {"recipes": 2})
        assert (await _counts())["posts"] == 3
        assert not (await _import(export)).total()


async def test_kept_items_are_handed_over_when_their_plugin_comes(app_with: Any, export: Path) -> None:
    taken: list[ImportedItem] = []

    async def take(items: Sequence[ImportedItem]) -> Mapping[str, UUID | None]:
        taken.extend(items)
        return {item.identity: new_id() for item in items}

    @hookimpl
    def register_import_handlers() -> Iterable[ImportHandler]:
        return [ImportHandler(kinds=frozenset({"recipe"}), take=take)]

    parts = {"hooks": SimpleNamespace(register_import_handlers=register_import_handlers)}
    app = await app_with(Plugin(name="kitchen", version="1.0", title="Kitchen", parts=parts))
    with entered(app, "alfa"):
        assert (await _import(export)).kept == {"recipes": 2}
        assert taken == []
        async with tenant_read():
            await enable_plugin("kitchen")
    assert [(item.kind, item.raw["title"]) for item in taken] == [("recipe", "Item 4"), ("recipe", "Item 5")]
    with entered(app, "alfa"):
        assert not (await _import(export)).total()
        assert len(taken) == 2
    with entered(app, "beta"):
        async with tenant_read():
            await enable_plugin("kitchen")
    with entered(app, "beta"):
        report = await _import(export)
    assert (report.created["recipes"], report.kept, len(taken)) == (2, {}, 4)


def _file(number: int, url: str) -> str:
    inner = f"<wp:attachment_url>{url}</wp:attachment_url></item>"
    return _item(number, "attachment").replace("</item>", inner)


async def test_files_are_fetched_or_stay_where_they_lie(app: Any, tmp_path: Path, monkeypatch: Any) -> None:
    """A file that can't be had, or that the library does not take, is listed and shown from where it is."""
    picture = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(picture, "PNG")

    async def get(self: Outbound, url: str, **options: Any) -> Fetched:
        assert options["max_bytes"] <= 30_000_000
        if "gone" in url:
            raise OutboundFailed("There is no such host.")
        body = picture.getvalue() if url.endswith("blue.png") else b"MZ not a picture"
        return Fetched(status=404 if "missing" in url else 200, headers={}, body=body, url=url)

    monkeypatch.setattr(Outbound, "get", get)
    path = tmp_path / "files.xml"
    names = (
        "here.test/blue.png",
        "ana:segredo@here.test:8443/missing.png",
        "gone.test/x.png",
        "odd.test/setup.exe",
        "under_score.test/gone.png",  # a name that no policy can hold is no reason to forget the others
    )
    files = [_file(number, f"https://{name}") for number, name in enumerate(names, 1)]
    path.write_text(HEAD + "".join(files) + "</channel></rss>", "utf-8")
    with entered(app, "alfa"):
        async with tenant_read():
            report = await import_wxr(path, ImportOptions(fetch_media=True))
        async with tenant_read():
            rows = await execute(
                "SELECT source_url, width, mime_type FROM media WHERE tenant_id = {tenant} ORDER BY number"
            )
    assert report.created["attachments"] == 5
    assert [skipped.what for skipped in report.skipped] == [f"file of attachment {n}" for n in (2, 3, 4, 5)]
    assert [bool(row["source_url"]) for row in rows] == [False, True, True, True, True]
    assert (rows[0]["width"], rows[0]["mime_type"]) == (30, "image/png")
    assert report.image_hosts == ("gone.test", "here.test:8443", "odd.test")
    async with Browser(app, "alfa") as visitor:
        policy = (await visitor.get("/")).headers["content-security-policy"]
    assert "gone.test here.test:8443 odd.test" in policy
    async with Browser(app, "beta") as visitor:
        assert "here.test" not in (await visitor.get("/")).headers["content-security-policy"]
    with entered(app, "alfa"):
        async with tenant_read():
            assert (await import_wxr(path, ImportOptions(fetch_media=True))).image_hosts == ()


async def test_texts_show_fetched_files_from_here(app: Any, tmp_path: Path, monkeypatch: Any) -> None:
    """In every size: browsers are not let to the source site for pictures that are here."""
    picture = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(picture, "PNG")

    async def get(self: Outbound, url: str, **options: Any) -> Fetched:
        return Fetched(status=404 if "gone" in url else 200, headers={}, body=picture.getvalue(), url=url)

    monkeypatch.setattr(Outbound, "get", get)
    old = "//ervas.example.org/wp-content/uploads/2020/01"
    content = f"""<img src="http:{old}/ch%C3%A1-300x200.png" srcset="https:{old}/ch%C3%A1.png 600w, {old}/ch%C3%A1-300x200.png 300w">
<a href="https:{old}/big.png?x=1">big</a> <img src="https:{old}/gone.png"> <img src="https:{old}/other-300x200.png">"""
    path = tmp_path / "files.xml"
    parts = [
        _file(1, f"https:{old}/chá.png"),
        _file(2, f"https:{old}/big-scaled.png"),
        _file(3, f"https:{old}/gone.png"),
        _item(4).replace("Text 4", f"<![CDATA[{content}]]>"),
    ]
    path.write_text(HEAD + "".join(parts) + "</channel></rss>", "utf-8")
    with entered(app, "alfa"):
        async with tenant_read():
            await import_wxr(path, ImportOptions(fetch_media=True))
        async with tenant_read():
            (row,) = await execute("SELECT content FROM posts WHERE tenant_id = {tenant} AND slug = 'item-4'")
    found = re.findall(r'(?:src|href)="([^"]*)"', row["content"])
    assert [url.startswith("/media/") for url in found] == [True, True, False, False], row["content"]
    assert "ch" not in "".join(re.findall(r"ervas[^ \"]*", row["content"]))
