"""What machines ask for: sitemaps under WordPress's names, robots.txt, llms.txt."""

from typing import Any
from xml.etree import ElementTree

import pytest

from core.contract.markers import hookimpl
from core.plugins import Plugin
from plugins.seo.entries import SitemapEntry
from tests.plugins.seo.world import Found, being_found, location

_S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_I = "{http://www.google.com/schemas/sitemap-image/1.1}"


async def tree(visitor: Any, path: str) -> ElementTree.Element:
    answer = await visitor.get(path)
    assert answer.status_code == 200, path
    assert answer.headers["content-type"] == "application/xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)  # noqa: S314  # ours


async def listed(visitor: Any, path: str) -> list[str]:
    """Return the paths that a sitemap names."""
    found = [loc.text or "" for loc in (await tree(visitor, path)).iter(f"{_S}loc")]
    assert all(url.startswith("http://") for url in found)
    return ["/" + url.partition("://")[2].partition("/")[2] for url in found]


async def test_what_is_published_is_listed_and_nothing_else(found: Found) -> None:
    term = await found.term("Saúde")
    empty = await found.term("Vazia")
    hidden_term = await found.term("Escondida", ext={"seo": {"noindex": True}})
    post = await found.post("Sono & <sonhos>", terms={"category": (term.id, hidden_term.id)})
    await found.post("Escondido", ext={"seo": {"noindex": True}})
    await found.post("Em outro lugar", ext={"seo": {"canonical": "/sono/"}})
    await found.post("Fechado", password="abre-te-sesamo")
    await found.post("Rascunho", publish=False)
    page = await found.post("Contato", type="page")
    async with found.browser() as visitor:
        index = await listed(visitor, "/wp-sitemap.xml")
        assert index == [
            "/wp-sitemap-posts-post-1.xml",
            "/wp-sitemap-posts-page-1.xml",
            "/wp-sitemap-taxonomies-category-1.xml",
            "/wp-sitemap-users-1.xml",
        ]
        posts = await listed(visitor, index[0])
        assert posts == [post.url]
        assert await listed(visitor, index[1]) == ["/", page.url]
        terms = await listed(visitor, index[2])
        assert term.url in terms and not {empty.url, hidden_term.url} & set(terms)
        assert await listed(visitor, index[3]) == [post.author.url]
        (entry,) = (await tree(visitor, index[0])).iter(f"{_S}url")
        assert (entry.findtext(f"{_S}lastmod") or "").startswith(f"{post.updated_at:%Y-%m-%dT}")
        for alias in ("/sitemap.xml", "/sitemap_index.xml"):
            assert location(await visitor.get(alias)) == (301, "/wp-sitemap.xml")
        for none in ("posts-post-2", "posts-nada-1", "taxonomies-nada-1", "users-2", "posts-post-0"):
            assert (await visitor.get(f"/wp-sitemap-{none}.xml")).status_code == 404
        tag = (await visitor.get(index[0])).headers["etag"]
        assert (await visitor.get(index[0], headers={"if-none-match": tag})).status_code == 304
    async with found.browser("beta") as other:
        assert (await other.get("/wp-sitemap.xml")).status_code == 404


async def test_a_file_holds_so_many_and_the_next_goes_on(
    found: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugins.seo.sitemaps.PER_FILE", 4)
    monkeypatch.setattr("core.content.walking._BATCH", 3)
    posts = [await found.post(f"Texto {number}") for number in range(9)]
    async with found.browser() as visitor:
        names = [name for name in await listed(visitor, "/wp-sitemap.xml") if "posts-post" in name]
        assert len(names) == 3
        files = [await listed(visitor, name) for name in names]
    assert [len(urls) for urls in files] == [4, 4, 1]
    assert [url for urls in files for url in urls] == [post.url for post in posts]


async def test_pictures_are_listed_with_their_pages(found: Found) -> None:
    from core.db import tenant_read
    from core.media import media_views_by_number
    from tests.kit.plugin import entered
    from tests.plugins.seo.test_pages import picture

    number = await picture(found)
    with entered(found.app, "alfa"):
        async with tenant_read():
            view = (await media_views_by_number([number]))[number]
    await found.post(featured_media_id=view.id)
    async with found.browser() as visitor:
        root = await tree(visitor, "/wp-sitemap-posts-post-1.xml")
    (image,) = root.iter(f"{_I}loc")
    assert (image.text or "").endswith(view.url)


async def test_a_site_that_wants_none_has_none(found: Found) -> None:
    await found.post()
    async with found.browser() as visitor:
        await found.settings(sitemap_authors=False)
        assert "/wp-sitemap-users-1.xml" not in await listed(visitor, "/wp-sitemap.xml")
        assert (await visitor.get("/wp-sitemap-users-1.xml")).status_code == 404
        await found.settings(sitemaps=False)
        assert (await visitor.get("/wp-sitemap.xml")).status_code == 404
        assert "Sitemap:" not in (await visitor.get("/robots.txt")).text
        await found.settings(sitemaps=True)
        await found.settings(owner="site", search_engines_allowed=False)
        for path in ("/wp-sitemap.xml", "/wp-sitemap-posts-post-1.xml", "/llms.txt"):
            assert (await visitor.get(path)).status_code == 404
        assert (await visitor.get("/robots.txt")).text == "User-agent: *\nDisallow: /\n"


async def test_others_add_entries_and_nodes_and_leave_some_out(app_with: Any) -> None:
    class Hooks:
        @staticmethod
        @hookimpl
        async def filter_seo_sitemap(
            entries: tuple[SitemapEntry, ...], name: str
        ) -> tuple[SitemapEntry, ...]:
            if name != "posts-post-1":
                return entries
            return (
                *(entry for entry in entries if "segredo" not in entry.path),
                SitemapEntry(path="/a-mais/"),
            )

        @staticmethod
        @hookimpl
        async def filter_seo_structured_data(graph: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
            return (*graph, {"@type": "MedicalWebPage", "audience": "</script>"})

    from tests.plugins.seo.world import graph_of

    more = Plugin(name="clinical", version="1.0", title="Clinical", requires=("seo",), parts={"hooks": Hooks})
    app = await app_with(more)
    found = await being_found(app)
    from core.db import tenant_read
    from core.sites import enable_plugin
    from tests.kit.plugin import entered

    with entered(app, "alfa"):
        async with tenant_read():
            await enable_plugin("clinical")
    post = await found.post("Segredo")
    async with found.browser() as visitor:
        assert await listed(visitor, "/wp-sitemap-posts-post-1.xml") == ["/a-mais/"]
        assert graph_of(await visitor.soup(post.url))["MedicalWebPage"]["audience"] == "</script>"


async def test_robots_txt_says_what_somebody_wrote_and_where_the_sitemap_is(found: Found) -> None:
    admin = await found.people.browser("alfa", "administrator")
    async with found.browser() as visitor:
        text = (await visitor.get("/robots.txt")).text
        assert text.startswith("User-agent: *\nDisallow: /admin\n") and "/wp-sitemap.xml" in text
        page = await admin.soup("/admin/settings/plugin/seo")
        assert page.select_one("textarea[name=robots_txt]") and page.select_one(
            "button[data-pick=share_image]"
        )
        await found.settings(robots_txt="User-agent: GPTBot\nDisallow: /privado/")
        text = (await visitor.get("/robots.txt")).text
    assert text.startswith("User-agent: GPTBot\nDisallow: /privado/\n\nSitemap: http")


@pytest.mark.parametrize(
    ("rules", "fits"),
    [
        ("", True),
        (
            "# nada\nUser-agent: *\nDisallow: /a/\nAllow: /a/b$\nCrawl-delay: 5\nSitemap: https://example.org/s.xml",
            True,
        ),
        ("User-agent: A\nUser-agent: B\nDisallow: /", True),
        ("User-agent: *\nDisallow:", True),
        ("Disallow: /a/", False),
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: A\nUser-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow: a/", False),
        ("<html>", False),
        ("Noindex: /a/", False),
    ],
)
async def test_rules_are_looked_at_before_they_count(found: Found, rules: str, fits: bool) -> None:
    from core.errors import Invalid

    if fits:
        await found.settings(robots_txt=rules)
    else:
        with pytest.raises(Invalid) as refused:
            await found.settings(robots_txt=rules)
        assert set(refused.value.errors) == {"robots_txt"}


async def test_llms_txt_is_the_site_in_markdown(found: Found) -> None:
    await found.settings(llms_summary="Textos sobre [saúde]\nem casa.")
    page = await found.post("Sobre *nós*", type="page", ext={"seo": {"description": "Quem somos."}})
    post = await found.post("Sono", excerpt="Dormir bem.")
    await found.post("Oculto", ext={"seo": {"noindex": True}})
    await found.post("Fechado", password="abre-te-sesamo", excerpt="Nada disso")
    async with found.browser() as visitor:
        answer = await visitor.get("/llms.txt")
        text = answer.text
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert text.startswith("# ") and "> Textos sobre \\[saúde\\] em casa." in text
        assert f"{page.url}): Quem somos." in text and "[Sobre \\*nós\\*](http" in text
        assert f"{post.url}): Dormir bem." in text and "Oculto" not in text and "Nada disso" not in text
        await found.settings(llms=False)
        assert (await visitor.get("/llms.txt")).status_code == 404
