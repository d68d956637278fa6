"""What Yoast and Rank Math said in a WordPress export is said here, whether the plugin was on then or not."""

from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar

from core.db import tenant_read
from core.importing import ImportOptions, import_wxr
from plugins.seo.importing import fields_from
from tests.kit.plugin import entered
from tests.plugins.seo.world import Found, meta_of

WXR = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Antigo</title><link>https://antigo.example.org</link>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>https://antigo.example.org</wp:base_site_url>
<wp:base_blog_url>https://antigo.example.org</wp:base_blog_url>
{items}
</channel></rss>
"""
ITEM = """<item><title>{title}</title><link>https://antigo.example.org/{slug}/</link><dc:creator>ana</dc:creator>
<guid isPermaLink="false">https://antigo.example.org/?p={number}</guid><content:encoded><![CDATA[<p>Oi</p>]]></content:encoded>
<excerpt:encoded></excerpt:encoded><wp:post_id>{number}</wp:post_id><wp:post_date>2024-01-02 03:04:05</wp:post_date>
<wp:post_date_gmt>2024-01-02 03:04:05</wp:post_date_gmt><wp:post_name>{slug}</wp:post_name><wp:status>publish</wp:status>
<wp:post_parent>0</wp:post_parent><wp:menu_order>0</wp:menu_order><wp:post_type>post</wp:post_type>
<wp:is_sticky>0</wp:is_sticky>{meta}</item>
"""
YOAST = {
    "_yoast_wpseo_title": "Dormir bem %%page%% %%sep%% %%sitename%%",
    "_yoast_wpseo_metadesc": "Hábitos &amp; descanso.",
    "_yoast_wpseo_meta-robots-noindex": "1",
    "_yoast_wpseo_opengraph-title": "Durma",
}
RANK = {
    "rank_math_title": "%title% %sep% %sitename%",
    "rank_math_description": "De outro.",
    "rank_math_robots": 'a:2:{i:0;s:5:"index";i:1;s:8:"nofollow";}',
}


def export(folder: Path) -> Path:
    def meta(values: dict[str, str]) -> str:
        return "".join(
            f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
            for key, value in values.items()
        )

    items = [
        ITEM.format(title="Sono", slug="sono", number=11, meta=meta(YOAST)),
        ITEM.format(title="Descanso", slug="descanso", number=12, meta=meta(RANK)),
        ITEM.format(title="Nada", slug="nada", number=13, meta=""),
    ]
    path = folder / "antigo.xml"
    path.write_text(WXR.format(items="".join(items)), "utf-8")
    return path


async def take(found: Found, path: Path) -> Any:
    await found.people.make("alfa", "administrator")
    with entered(found.app, "alfa"):
        async with tenant_read():
            return await import_wxr(path, ImportOptions(var=path.parent))


@pytest.mark.parametrize("on_before", [True, False])
async def test_what_came_with_an_export_is_taken_over(app: Litestar, tmp_path: Path, on_before: bool) -> None:
    found = Found(app)
    if on_before:
        await found.switch(on=True)
    await take(found, export(tmp_path))
    if not on_before:
        await found.switch(on=True)
    async with found.browser() as visitor:
        yoast, rank = [await visitor.soup(f"/{slug}/") for slug in ("sono", "descanso")]
        assert (await visitor.get("/nada/")).status_code == 200
    said = meta_of(yoast)
    assert yoast.title is not None and yoast.title.get_text() == f"Dormir bem – {said['og:site_name']}"
    assert "noindex" in said["robots"] and said["og:title"] == "Durma"
    assert rank.title is not None and rank.title.get_text() == f"Descanso – {said['og:site_name']}"
    assert meta_of(rank)["description"] == "De outro." and "nofollow" in meta_of(rank)["robots"]


async def test_what_editors_wrote_since_is_theirs(found: Found, tmp_path: Path) -> None:
    from core.content import find_post

    await take(found, export(tmp_path))
    with entered(found.app, "alfa"):
        async with tenant_read():
            post = await find_post("post", "sono")
    assert post is not None
    await found.change(post, ext={"seo": {"title": "Nosso"}})
    await take(found, export(tmp_path))
    assert (await found.fresh(post)).ext["seo"].title == "Nosso"


@pytest.mark.parametrize(
    ("meta", "title"),
    [
        ({"_yoast_wpseo_title": "%%title%% %%page%% %%sep%% %%sitename%%"}, ""),
        ({"_yoast_wpseo_title": "%%title%% %%sep%% Nosso %%primary_category%%"}, "{title} {sep} Nosso"),
        ({"rank_math_title": "100% natural"}, "100% natural"),
        ({"_yoast_wpseo_title": "A\nB\x00C"}, "A B C"),
        ({"_yoast_wpseo_title": "x" * 500}, "x" * 160),
    ],
)
def test_their_words_become_ours(meta: dict[str, str], title: str) -> None:
    assert fields_from(meta).title == title


def test_a_canonical_address_that_is_none_is_left_out() -> None:
    assert fields_from({"_yoast_wpseo_canonical": "javascript:alert(1)"}).canonical == ""
    assert (
        fields_from({"rank_math_canonical_url": "https://example.org/a"}).canonical == "https://example.org/a"
    )
