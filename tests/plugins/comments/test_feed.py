"""The feed of one post's comments: at its address under every structure, and of nothing that is not for all."""

from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from core.content import change_status, get_post_by_number, update_post
from core.contract.content import PostData
from core.contract.views import PostView
from core.db import tenant_read
from core.sites import save_settings
from tests.kit.client import Browser
from tests.kit.plugin import entered
from tests.plugins.comments.world import Talk, talking

ATOM = "{http://www.w3.org/2005/Atom}"
BASE = "http://alfa.test:8000"


async def said(talk: Talk, post: PostView, *texts: str, site: str = "alfa") -> None:
    async with talk.browser(site) as visitor:
        for text in texts:
            assert (await talk.send(visitor, post, text)).status_code == 303


async def of_site(talk: Talk, site: str = "alfa", **values: object) -> None:
    with entered(talk.app, site):
        async with tenant_read():
            await save_settings("site", values)


async def read(visitor: Browser, path: str, kind: str = "rss") -> Element:
    answer = await visitor.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.headers.get("location"))
    assert answer.headers["content-type"] == f"application/{kind}+xml; charset=utf-8"
    root: Element = fromstring(answer.content)
    return root


@pytest.mark.parametrize(
    "structure",
    [
        "",
        "/%postname%/",
        "/%year%/%monthnum%/%day%/%postname%/",
        "/archives/%post_id%",
        "/%category%/%postname%/",
    ],
)
async def test_the_comments_of_a_post_have_a_feed_under_every_structure(talk: Talk, structure: str) -> None:
    await talk.settings(moderation="none")
    await of_site(talk, permalink_structure=structure)
    await talk.post("Outro")
    posts = [await talk.post("Sono"), await talk.post("Sobre", type="page", comment_status="open")]
    for number, post in enumerate(posts):
        await said(talk, post, f"Primeiro {number}", f"Segundo {number}")
    async with talk.browser() as visitor:
        for number, made in enumerate(posts):
            post = await talk.fresh(made)
            plain = "?" in post.url
            rss_path = f"{post.url}&feed=rss2" if plain else f"{post.url.rstrip('/')}/feed/"
            atom_path = f"{post.url}&feed=atom" if plain else f"{post.url.rstrip('/')}/feed/atom/"
            rss = await read(visitor, rss_path)
            assert rss.findtext("channel/title") == f"Comentários em {post.title}"
            assert rss.findtext("channel/link") == BASE + post.url
            found = rss.find(f"channel/{ATOM}link")
            assert found is not None and found.attrib["href"] == BASE + rss_path
            texts = [item.findtext("description") for item in rss.findall("channel/item")]
            assert texts == [f"Segundo {number}", f"Primeiro {number}"]
            assert (rss.findtext("channel/item/link") or "").startswith(f"{BASE}{post.url}#comment-")
            atom = await read(visitor, atom_path, "atom")
            assert len(atom.findall(f"{ATOM}entry")) == 2
            page = await visitor.soup(post.url)
            assert [tag["title"] for tag in page.select(f"link[rel=alternate][href='{rss_path}']")] == [
                f"Comentários em {post.title}"
            ]
            if not plain:  # every other address of it leads there
                answer = await visitor.get(f"{post.url.rstrip('/')}/feed/rss2/")
                assert (answer.status_code, answer.headers["location"]) == (301, rss_path)
                answer = await visitor.get(f"/?p={post.number}&feed=atom")
                assert (answer.status_code, answer.headers["location"]) == (301, atom_path)


async def test_the_page_that_is_the_front_has_a_feed_beside_the_sites_own(talk: Talk) -> None:
    await talk.settings(moderation="none")
    front = await talk.post("Início", type="page", comment_status="open")
    await of_site(talk, front_page="page", page_on_front=str(front.id))
    await said(talk, await talk.fresh(front), "Na frente")
    path = f"/?page_id={front.number}&feed=rss2"
    async with talk.browser() as visitor:
        rss = await read(visitor, path)
        assert rss.findtext("channel/item/description") == "Na frente"
        page = await visitor.soup("/")
        assert page.select(f"link[rel=alternate][href='{path}']")
        assert (await read(visitor, "/feed/")).findtext("channel/item/description") is None


async def test_only_approved_comments_of_this_post_and_this_site(talk: Talk) -> None:
    await talking(talk.app, "beta")
    await talk.settings(moderation="none")
    await talk.settings("beta", moderation="none")
    post, other, elsewhere = (
        await talk.post("Sono"),
        await talk.post("Outro"),
        await talk.post("Sono", "beta"),
    )
    await said(talk, post, "Daqui")
    await said(talk, other, "Do outro texto")
    await said(talk, elsewhere, "Da beta", site="beta")
    await talk.settings(moderation="all")
    await said(talk, post, "Em espera")
    async with talk.browser() as visitor:
        text = (await visitor.get("/sono/feed/")).text
        assert "Daqui" in text
        assert not [word for word in ("Do outro texto", "Da beta", "Em espera", "ana@") if word in text]
        assert (await visitor.get("/sono/page/2/feed/")).status_code == 404
        empty = await read(visitor, "/outro/feed/")
        assert len(empty.findall("channel/item")) == 1
    async with talk.browser("beta") as visitor:
        text = (await visitor.get("/sono/feed/")).text
        assert "Da beta" in text and "Daqui" not in text


async def test_nothing_of_posts_that_are_not_for_everybody(talk: Talk) -> None:
    """Not even for those who may read them: readers of feeds keep what they got."""
    await talk.settings(moderation="none")
    made = {
        "protegido": await talk.post("Protegido", password="abre-te"),
        "privado": await talk.post("Privado"),
        "fechado": await talk.post("Fechado", comment_status="closed"),
        "rascunho": await talk.post("Rascunho", publish=False, slug="rascunho"),
        "lixo": await talk.post("Lixo"),
    }
    await said(talk, made["privado"], "Só para nós")
    with entered(talk.app, "alfa"):
        async with tenant_read():
            await change_status(made["privado"].id, "private")
            await change_status(made["lixo"].id, "trash")
    admin = await talk.people.browser("alfa", "administrator")
    async with talk.browser() as visitor:
        for browser in (visitor, admin):
            for slug, post in made.items():
                for path in (f"/{slug}/feed/", f"/{slug}/feed/atom/", f"/?p={post.number}&feed=rss2"):
                    assert (await browser.get(path)).status_code == 404, path
            for path in ("/fechado/", "/privado/", "/protegido/"):
                page = await browser.get(path)
                assert f"{path}feed/" not in page.text


async def test_a_closed_discussion_can_still_be_followed_but_is_not_offered(talk: Talk) -> None:
    await talk.settings(moderation="none")
    post = await talk.post("Sono")
    await said(talk, post, "Foi dito")
    with entered(talk.app, "alfa"):
        async with tenant_read():
            now = await get_post_by_number(post.number)
            await update_post(now.id, PostData(comment_status="closed"), version=now.version)
    async with talk.browser() as visitor:
        assert "Foi dito" in (await visitor.get("/sono/feed/")).text
        assert "/sono/feed/" not in (await visitor.get("/sono/")).text
