"""Files of the library, icons, robots: whole, in parts, and to nobody who may not see them."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.contract.views import MediaView
from core.db import tenant_read
from core.errors import Invalid
from core.media import MediaData, create_media
from core.site.ranges import Unsatisfiable, wanted_range
from core.sites import save_settings
from tests.kit.client import Browser
from tests.kit.people import People

Open = Callable[..., Browser]


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (200, 90, 60)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
async def files(app: Any, people: People, within: Callable[..., Any]) -> dict[str, MediaView]:
    uploader = (await people.make("alfa", "author")).id
    with within("alfa"):
        async with tenant_read():
            return {
                level: await create_media(
                    picture(), "Sol & mar.png", MediaData(access_level=level), uploaded_by_id=uploader
                )
                for level in ("public", "private")
            }


async def test_a_public_file_is_kept_by_caches_and_runs_nothing(
    files: dict[str, MediaView], browser: Open
) -> None:
    async with browser("alfa") as visitor:
        answer = await visitor.get(files["public"].url)
        assert answer.status_code == 200 and answer.content.startswith(b"\x89PNG")
        assert answer.headers["content-type"] == "image/png"
        assert answer.headers["cache-control"] == "public, max-age=300"
        assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert answer.headers["content-disposition"].startswith("inline")
        again = await visitor.get(files["public"].url, headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        renamed = await visitor.get(files["public"].url.replace(".png", ".html"))
        assert renamed.status_code == 404


async def test_players_get_the_part_they_ask_for(files: dict[str, MediaView], browser: Open) -> None:
    async with browser("alfa") as visitor:
        url = files["public"].url
        whole = await visitor.get(url)
        size = len(whole.content)
        part = await visitor.get(url, headers={"range": "bytes=1-3"})
        assert (part.status_code, part.content) == (206, b"PNG")
        assert part.headers["content-range"] == f"bytes 1-3/{size}"
        assert part.headers["content-length"] == "3"
        last = await visitor.get(url, headers={"range": "bytes=-4"})
        assert last.content == whole.content[-4:]
        beyond = await visitor.get(url, headers={"range": f"bytes={size}-"})
        assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
        changed = await visitor.get(url, headers={"range": "bytes=1-3", "if-range": '"old"'})
        assert (changed.status_code, len(changed.content)) == (200, size)


async def test_a_private_file_is_not_there_for_strangers(
    files: dict[str, MediaView], people: People, browser: Open
) -> None:
    editor = await people.browser("alfa", "editor")
    seen = await editor.get(files["private"].url)
    assert seen.status_code == 200 and seen.headers["cache-control"] == "private, no-store"
    assert seen.headers["cross-origin-resource-policy"] == "same-origin"
    for who in (browser("alfa"), await people.browser("alfa", "subscriber")):
        for headers in ({}, {"range": "bytes=0-1"}):
            assert (await who.get(files["private"].url, headers=headers)).status_code == 404


async def test_the_other_site_has_its_own_files(files: dict[str, MediaView], browser: Open) -> None:
    async with browser("beta") as other:
        assert (await other.get(files["public"].url)).status_code == 404


@given(
    header=st.text(max_size=30) | st.from_regex(r"bytes=[0-9]{0,4}-[0-9]{0,4}", fullmatch=True),
    size=st.integers(0, 5000),
)
def test_a_range_lies_within_the_file_or_is_refused(header: str, size: int) -> None:
    try:
        found = wanted_range(header, size)
    except Unsatisfiable:
        return
    if found is not None:
        first, last = found
        assert 0 <= first <= last < size


@pytest.mark.parametrize(
    ("header", "size", "expected"),
    [
        ("", 10, None),
        ("bytes=0-", 10, (0, 9)),
        ("bytes=2-5", 10, (2, 5)),
        ("bytes=2-500", 10, (2, 9)),
        ("bytes=-3", 10, (7, 9)),
        ("bytes=-30", 10, (0, 9)),
        ("bytes=0-1,4-5", 10, None),
        ("items=0-1", 10, None),
        ("bytes=-", 10, None),
    ],
)
def test_ranges(header: str, size: int, expected: Any) -> None:
    assert wanted_range(header, size) == expected


async def test_crawlers_and_icons_get_an_answer(app: Any, browser: Open) -> None:
    async with browser("alfa") as visitor:
        robots = await visitor.get("/robots.txt")
        assert robots.headers["content-type"] == "text/plain; charset=utf-8"
        assert "Disallow: /admin\n" in robots.text
        icon = await visitor.get("/favicon.ico")
        assert icon.status_code == 200 and icon.headers["content-type"] == "image/svg+xml"


async def test_pictures_of_other_hosts_are_let_in_by_name(
    app: Any, within: Callable[..., Any], browser: Open
) -> None:
    with within("alfa"):
        async with tenant_read():
            await save_settings("site", {"image_hosts": ["pictures.example.org", "*.cdn.example.net"]})
            for wrong in (
                "*",
                "https:",
                "example.org/x",
                "'unsafe-inline'",
                "example.org\n",
                "example.org;script-src x",
            ):
                with pytest.raises(Invalid):
                    await save_settings("site", {"image_hosts": [wrong]})
    async with browser("alfa") as visitor, browser("beta") as other:
        policy = (await visitor.get("/")).headers["content-security-policy"]
        assert "img-src 'self' data: *.cdn.example.net pictures.example.org;" in policy
        assert "media-src 'self' *.cdn.example.net pictures.example.org;" in policy
        assert "script-src 'self';" in policy and "style-src 'self';" in policy
        assert "example" not in (await other.get("/")).headers["content-security-policy"]
