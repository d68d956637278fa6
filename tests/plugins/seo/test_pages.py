"""What pages say: titles, descriptions, what robots may do, share cards and structured data."""

from typing import Any

import pytest

from core.db import tenant_read
from core.media import MediaData, create_media
from tests.kit.plugin import entered
from tests.plugins.seo.world import Found, graph_of, meta_of

SAID = {
    "title": "Como dormir {sep} {site}",
    "description": "Seis hábitos que ajudam a dormir.",
    "canonical": "/outro-lugar/",
    "nofollow": True,
    "max_snippet": 120,
    "share_title": "Durma bem",
    "share_description": "Para compartilhar.",
}


async def picture(found: Found, site: str = "alfa") -> int:
    """Put a picture into the library; return its number."""
    from io import BytesIO

    from PIL import Image

    data = BytesIO()
    Image.new("RGB", (1600, 900), "teal").save(data, "PNG")
    author = await found.author(site)
    with entered(found.app, site):
        async with tenant_read():
            made = await create_media(
                data.getvalue(), "vitral.png", MediaData(alt="Um vitral"), uploaded_by_id=author.id
            )
    return made.number


async def test_what_is_said_of_a_post_stands_on_its_page(found: Found) -> None:
    post = await found.post(ext={"seo": SAID})
    async with found.browser() as visitor:
        page = await visitor.soup(post.url)
    said = meta_of(page)
    site = str(page.select_one("meta[property='og:site_name']")["content"])  # type: ignore[index]  # it is there
    assert page.title is not None and page.title.get_text() == f"Como dormir – {site}"
    assert said["description"] == said["twitter:description"] if "twitter:description" in said else True
    assert said["description"] == "Seis hábitos que ajudam a dormir."
    assert said["og:title"] == "Durma bem" and said["og:description"] == "Para compartilhar."
    assert said["robots"] == "nofollow, max-snippet:120, max-image-preview:large"
    canonical = str(page.select_one("link[rel=canonical]")["href"])  # type: ignore[index]  # it is there
    assert (
        canonical.endswith("/outro-lugar/") and canonical.startswith("http") and said["og:url"] == canonical
    )


async def test_what_nobody_said_follows_from_the_post(found: Found) -> None:
    post = await found.post("Sono & <b>sonhos</b>", excerpt='Diz "tudo" & mais <i>isto</i>.')
    async with found.browser() as visitor:
        page = await visitor.soup(post.url)
    said = meta_of(page)
    assert said["og:title"] == post.title and said["og:description"] == 'Diz "tudo" & mais isto.'
    assert said["og:type"] == "article" and said["robots"] == "max-image-preview:large"
    assert page.title is not None and page.title.get_text() == f"{post.title} – {said['og:site_name']}"
    assert "og:image" not in said and said["twitter:card"] == "summary"
    assert not page.select("head b, head i")


async def test_pictures_fall_back_from_the_card_to_the_post_to_the_site(found: Found) -> None:
    from core.content import get_post  # noqa: F401  # the world has it

    first, second, third = [await picture(found) for _ in range(3)]
    await found.settings(share_image=third)
    with entered(found.app, "alfa"):
        async with tenant_read():
            from core.media import media_views_by_number

            views = await media_views_by_number([first, second, third])
    bare = await found.post("Sem imagem")
    featured = await found.post("Com imagem", featured_media_id=views[second].id)
    own = await found.post(
        "Com cartão", featured_media_id=views[second].id, ext={"seo": {"share_image": first}}
    )
    async with found.browser() as visitor:
        shown = [meta_of(await visitor.soup(post.url)) for post in (bare, featured, own)]
        assert [
            f"/media/{number}/" in said["og:image"]
            for number, said in zip((third, second, first), shown, strict=True)
        ] == [True] * 3
        assert {said["og:image:alt"] for said in shown} == {"Um vitral"}
        assert {said["twitter:card"] for said in shown} == {"summary_large_image"}
        assert (await visitor.get(shown[0]["og:image"])).status_code == 200


async def test_a_picture_that_is_not_there_is_refused_and_nothing_is_lost(found: Found) -> None:
    browser = await found.people.browser("alfa", "editor")
    post = await found.post()
    token = await browser.token(f"/admin/posts/{post.number}")
    answer = await browser.post(
        f"/admin/posts/{post.number}",
        data={
            "_csrf": token,
            "_version": str(post.version),
            "_action": "save",
            "title": "Sono melhor",
            "_ext": "seo",
            "ext.seo.title": "Título próprio",
            "ext.seo.canonical": "javascript:alert(1)",
            "ext.seo.share_image": "999",
            "ext.seo.max_snippet": "-1",
        },
    )
    assert answer.status_code == 422
    assert "Título próprio" in answer.text and "javascript:alert(1)" in answer.text
    assert (await found.fresh(post)).title == "Sono"


@pytest.mark.parametrize(
    ("text", "breaks"),
    [("</script><script>alert(1)</script>", "</script><script>"), ("<!-- <script>", "<!--")],
)
async def test_no_text_breaks_out_of_structured_data(found: Found, text: str, breaks: str) -> None:
    post = await found.post(f"Sono {text}", excerpt=text)
    async with found.browser() as visitor:
        answer = await visitor.get(post.url)
        page = await visitor.soup(post.url)
    assert graph_of(page)["BlogPosting"]["headline"] == f"Sono {text}"
    block = answer.text.partition('application/ld+json">')[2].partition("</script>")[0]
    assert breaks not in block and "<" not in block


async def test_structured_data_tells_of_post_author_site_and_the_way_there(found: Found) -> None:
    parent = await found.term("Saúde")
    await found.settings(publisher_name="Clínica Inventada", profiles=["https://example.org/clinica"])
    post = await found.post(terms={"category": (parent.id,)}, ext={"seo": {"keywords": "sono, descanso"}})
    async with found.browser() as visitor:
        graph = graph_of(await visitor.soup(post.url))
        author = graph_of(await visitor.soup(post.author.url))
        front = graph_of(await visitor.soup("/"))
        missing = await visitor.soup("/nada-disso/", 404)
    article = graph["BlogPosting"]
    assert article["author"]["name"] == post.author.name and article["keywords"] == ["sono", "descanso"]
    assert article["articleSection"] == ["Saúde"] and article["datePublished"]
    assert graph["Organization"]["name"] == "Clínica Inventada"
    assert graph["Organization"]["sameAs"] == ["https://example.org/clinica"]
    steps = [step["name"] for step in graph["BreadcrumbList"]["itemListElement"]]
    assert steps == ["Início", "Saúde", "Sono"]
    assert author["ProfilePage"]["mainEntity"]["name"] == post.author.name
    search = front["WebSite"]["potentialAction"]["target"]["urlTemplate"]
    assert search.endswith("/?s={search_term_string}") and "BreadcrumbList" not in front
    assert not missing.select("script[type='application/ld+json'], meta[property]")


async def test_terms_and_authors_have_titles_of_their_own(found: Found) -> None:
    said = {"title": "Tudo sobre saúde", "description": "Da cabeça aos pés.", "noindex": True}
    term = await found.term("Saúde", ext={"seo": said})
    await found.post(terms={"category": (term.id,)})
    async with found.browser() as visitor:
        page = await visitor.soup(term.url)
    assert page.title is not None and page.title.get_text() == "Tudo sobre saúde"
    assert meta_of(page)["description"] == "Da cabeça aos pés." and "noindex" in meta_of(page)["robots"]


async def test_patterns_of_the_site(found: Found) -> None:
    await found.settings(
        item_title="{site} {sep} {title}",
        separator="|",
        front_title="Capa",
        front_description="A capa.",
        noindex_authors=True,
    )
    post = await found.post()
    async with found.browser() as visitor:
        single, front, author = [await visitor.soup(path) for path in (post.url, "/", post.author.url)]
    site = meta_of(single)["og:site_name"]
    assert single.title is not None and single.title.get_text() == f"{site} | Sono"
    assert front.title is not None and front.title.get_text() == "Capa"
    assert meta_of(front)["description"] == "A capa." and "noindex" not in meta_of(front)["robots"]
    assert meta_of(author)["robots"] == "noindex, follow"


async def test_the_core_has_the_last_word_on_noindex(found: Found) -> None:
    await found.settings(owner="site", search_engines_allowed=False)
    post = await found.post(ext={"seo": {"nofollow": True}})
    draft = await found.post("Rascunho", publish=False)
    editor = await found.people.browser("alfa", "editor")
    async with found.browser() as visitor:
        assert meta_of(await visitor.soup(post.url))["robots"] == "noindex, nofollow"
    await found.settings(owner="site", search_engines_allowed=True)
    assert "noindex" in meta_of(await editor.soup(f"/?p={draft.number}&preview=true"))["robots"]


async def test_what_a_password_hides_stays_hidden(found: Found) -> None:
    post = await found.post(
        "Fechado",
        password="abre-te-sesamo",
        excerpt="Segredo do resumo",
        ext={"seo": {"description": "Segredo"}},
    )
    async with found.browser() as visitor:
        answer = await visitor.get(post.url)
    assert "Segredo" not in answer.text


async def test_an_article_takes_no_query_more(found: Found, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.db import ReadScope

    asked: list[str] = []
    fetch = ReadScope.fetch

    async def counted(self: ReadScope, sql: str, args: Any = ()) -> Any:
        asked.append(sql)
        return await fetch(self, sql, args)

    monkeypatch.setattr(ReadScope, "fetch", counted)
    post = await found.post(ext={"seo": SAID})
    counts = []
    for on in (True, False):
        await found.switch(on=on)
        async with found.browser() as visitor:
            await visitor.get(post.url)
            asked.clear()
            await visitor.get(post.url)
            counts.append(len(asked))
    assert counts[0] == counts[1] <= 6
