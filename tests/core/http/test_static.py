"""Static files: validators, caching, and nothing but what lies in the mounts."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from core.http.static import StaticFiles, version_of


async def _nothing(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b"next"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A mount with two files, a link out of it, and a secret beside it."""
    made = tmp_path / "files"
    (made / "deep").mkdir(parents=True)
    (made / "site.css").write_text("body { color: red }", "utf-8")
    (made / "deep" / "a.bin").write_bytes(b"\x00\x01")
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    (made / "link.txt").symlink_to(tmp_path / "secret.txt")
    return made


@pytest.fixture
def client(folder: Path) -> httpx.AsyncClient:
    """A client of the layer alone."""
    layer: Any = StaticFiles(_nothing, {"/static/x": folder})
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=layer), base_url="http://a.test")


async def test_a_file_comes_with_its_validator(client: httpx.AsyncClient, folder: Path) -> None:
    got = await client.get("/static/x/site.css")
    assert (got.status_code, got.text) == (200, "body { color: red }")
    assert got.headers["content-type"] == "text/css; charset=utf-8"
    assert got.headers["cache-control"] == "public, max-age=3600"
    again = await client.get("/static/x/site.css", headers={"if-none-match": got.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == got.headers["etag"]
    other = await client.get("/static/x/site.css", headers={"if-none-match": '"older"'})
    assert other.status_code == 200
    head = await client.head("/static/x/site.css")
    assert (head.content, head.headers["content-length"]) == (b"", "19")


async def test_a_versioned_address_is_kept_for_a_year(client: httpx.AsyncClient, folder: Path) -> None:
    version = version_of(folder / "site.css")
    got = await client.get(f"/static/x/site.css?v={version}")
    assert "immutable" in got.headers["cache-control"]


async def test_a_changed_file_is_read_again(client: httpx.AsyncClient, folder: Path) -> None:
    first = await client.get("/static/x/site.css")
    (folder / "site.css").write_text("body { color: blue }", "utf-8")
    second = await client.get("/static/x/site.css", headers={"if-none-match": first.headers["etag"]})
    assert (second.status_code, second.text) == (200, "body { color: blue }")


@pytest.mark.parametrize(
    "path",
    [
        "/static/x/../secret.txt",
        "/static/x/%2e%2e/secret.txt",
        "/static/x/..%2fsecret.txt",
        "/static/x/deep/../../secret.txt",
        "/static/x//site.css",
        "/static/x/..\\secret.txt",
        "/static/x/site.css%00",
        "/static/x/link.txt",
        "/static/x/",
        "/static/x",
    ],
)
async def test_nothing_else_can_be_named(client: httpx.AsyncClient, path: str) -> None:
    got = await client.get(path)
    assert (got.status_code, got.text) == (404, "next")


async def test_other_methods_are_not_for_files(client: httpx.AsyncClient) -> None:
    assert (await client.post("/static/x/site.css")).text == "next"


async def test_files_of_the_app_carry_the_security_headers(app: Any, browser: Any) -> None:
    async with browser("alfa") as visitor:
        page = await visitor.soup("/")
        links = [str(link["href"]) for link in page.select("link[rel=stylesheet]")]
        assert links
        got = await visitor.get(links[0])
        assert got.status_code == 200
        assert got.headers["x-content-type-options"] == "nosniff"
        assert "content-security-policy" in got.headers
        prefix = links[0].split("?")[0].rsplit("/", 1)[0]
        for path in (
            f"{prefix}/../theme.toml",
            f"{prefix}/%2e%2e/theme.toml",
            f"{prefix}/..%2f..%2ftheme.toml",
        ):
            assert (await visitor.get(path)).status_code == 404
