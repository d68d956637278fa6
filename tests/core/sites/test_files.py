"""Sites as files: the archive, and `site.toml`."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from core.content import create_post
from core.contract.content import PostData
from core.db import tenant_read
from core.errors import Conflict, Invalid
from core.sites import export_site, read_site_file


@pytest.fixture
async def written(app: Any, within: Any, people: Any, tmp_path: Path) -> zipfile.ZipFile:
    """The archive of a site with a signed-in editor, a post and a file; the other site has some, too."""
    for site in ("alfa", "beta"):
        browser = await people.browser(site, "editor")
        await browser.aclose()
        author = await people.make(site, "author")
        with within(site) as tenant:
            async with tenant_read():
                await create_post(PostData(type="post", title=f"Post of {site}", author_id=author.id))
            folder = tmp_path / "media" / str(tenant.id) / "2026"
            folder.mkdir(parents=True)
            (folder / "leaf.txt").write_text(site, "utf-8")
    with within("alfa"):
        async with tenant_read():
            report = await export_site(tmp_path / "alfa.zip", media=tmp_path / "media")
            assert (report.files, report.rows["posts"], report.rows["users"]) == (1, 1, 2)
            with pytest.raises(Conflict, match=r"alfa\.zip"):
                await export_site(tmp_path / "alfa.zip", media=tmp_path / "media")
    assert list(tmp_path.glob("*.part")) == []
    return zipfile.ZipFile(tmp_path / "alfa.zip")


async def test_the_archive_holds_the_site_and_nothing_else(written: zipfile.ZipFile) -> None:
    manifest = json.loads(written.read("manifest.json"))
    assert (manifest["format"], manifest["site"]["slug"]) == ("vitral-site/1", "alfa")
    posts = [json.loads(line) for line in written.read("data/posts.jsonl").splitlines()]
    assert [post["title"] for post in posts] == ["Post of alfa"]
    assert written.read("media/2026/leaf.txt") == b"alfa"
    for name, count in manifest["rows"].items():
        lines = written.read(f"data/{name}.jsonl").splitlines() if count else []
        assert (name, len(lines)) == (name, count)
        assert {json.loads(line)["tenant_id"] for line in lines} <= {posts[0]["tenant_id"]}


async def test_no_session_or_token_leaves(written: zipfile.ZipFile) -> None:
    names = set(written.namelist())
    for table in ("sessions", "one_time_tokens", "api_tokens", "rate_limits"):
        assert f"data/{table}.jsonl" not in names


async def test_an_export_that_breaks_leaves_no_archive(
    app: Any, within: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> int:
        raise OSError("disk full")

    monkeypatch.setattr("core.sites.archive.write_rows", broken)
    with within("alfa"):
        async with tenant_read():
            with pytest.raises(OSError, match="disk full"):
                await export_site(tmp_path / "alfa.zip", media=tmp_path / "media")
    assert [path.name for path in tmp_path.glob("alfa.zip*")] == []


def test_a_site_file_names_what_is_wrong_in_it(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    assert read_site_file(path).theme == "claro"
    for text in ("title = ", 'titel = "x"', "hosts = 3"):
        path.write_text(text, "utf-8")
        with pytest.raises(Invalid) as caught:
            read_site_file(path)
        assert str(path) in caught.value.errors
    path.write_text('title = "X"\nhosts = ["x.test"]\n[settings.site]\ntagline = "t"\n', "utf-8")
    assert read_site_file(path).settings == {"site": {"tagline": "t"}}
