"""Feeds: well formed whatever is in them, whole, absolute, and asked for again cheaply."""

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from core.content import TermData, change_status, create_post, create_term
from core.contract.content import PostData
from core.db import tenant_read
from core.site.feeds import absolute
from core.sites import save_settings
from tests.kit.client import Browser
from tests.kit.people import People

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
BASE = "http://alfa.test:8000"
"""What a site calls itself in development: with the port that is listened on."""
Open = Callable[..., Browser]


@pytest.fixture
async def filled(app: Any, people: People, within: Callable[..., Any]) -> None:
    author = (await people.make("alfa", "author")).id
    with within("alfa"):
        async with tenant_read():
            sleep = await create_term("category", TermData(name="Sono & descanso"))
            for fields in (
                {
                    "title": "Café < 16h & sono",
                    "content": '<p>Um <a href="/sobre/">link</a> <img src="/media/1/a.png" alt=""></p><!--more--><p>Fim.</p>',
                    "terms": {"category": [sleep.id]},
                },
                {"title": "Segredo", "content": "<p>escondido</p>", "password": "abre-te"},
            ):
                post = await create_post(PostData(author_id=author, **fields))  # type: ignore[arg-type]  # by name
                await change_status(post.id, "publish")


async def feed(visitor: Browser, path: str, kind: str = "rss") -> Element:
    answer = await visitor.get(path)
    assert answer.status_code == 200, (path, answer.headers.get("location"))
    assert answer.headers["content-type"] == f"application/{kind}+xml; charset=utf-8"
    root: Element = fromstring(answer.content)
    return root


async def test_rss_holds_the_whole_text(filled: None, browser: Open) -> None:
    async with browser("alfa") as visitor:
        root = await feed(visitor, "/feed/")
    assert root.findtext("channel/link") == f"{BASE}/"
    assert root.find(f"channel/{ATOM}link").attrib["href"] == f"{BASE}/feed/"
    items = {item.findtext("title"): item for item in root.findall("channel/item")}
    item = items["Café < 16h & sono"]
    html = item.findtext(CONTENT)
    assert f'href="{BASE}/sobre/"' in html and f'src="{BASE}/media/1/a.png"' in html
    assert "Fim." in html
    assert item.findtext("link") == f"{BASE}/cafe-16h-sono/"
    assert item.find("guid").attrib["isPermaLink"] == "false"
    assert item.findtext("category") == "Sono & descanso"
    assert item.findtext("{http://purl.org/dc/elements/1.1/}creator").startswith("Pessoa")


async def test_what_asks_for_a_password_tells_nothing(filled: None, browser: Open) -> None:
    async with browser("alfa") as visitor:
        for path in ("/feed/", "/feed/atom/"):
            assert "escondido" not in (await visitor.get(path)).text
            assert "Segredo" in (await visitor.get(path)).text


async def test_atom_says_the_same(filled: None, browser: Open) -> None:
    async with browser("alfa") as visitor:
        root = await feed(visitor, "/feed/atom/", "atom")
    links = {link.attrib["rel"]: link.attrib["href"] for link in root.findall(f"{ATOM}link")}
    assert links == {"alternate": f"{BASE}/", "self": f"{BASE}/feed/atom/"}
    entries = {entry.findtext(f"{ATOM}title"): entry for entry in root.findall(f"{ATOM}entry")}
    entry = entries["Café < 16h & sono"]
    assert entry.find(f"{ATOM}content").attrib["type"] == "html"
    assert entry.findtext(f"{ATOM}updated")
    assert entry.findtext(f"{ATOM}id").startswith(f"{BASE}/?p=")


@pytest.mark.parametrize(
    "path",
    ["/category/sono-descanso/feed/", "/search/caf%C3%A9/feed/", "/?s=caf%C3%A9&feed=rss2"],
)
async def test_every_list_has_its_feed(filled: None, browser: Open, path: str) -> None:
    async with browser("alfa") as visitor:
        root = await feed(visitor, path)
        titles = [item.findtext("title") for item in root.findall("channel/item")]
    assert titles == ["Café < 16h & sono"]


@pytest.mark.parametrize(
    "path", ["/cafe-16h-sono/feed/", "/author/ninguem/feed/", "/1999/feed/", "/nada/feed/"]
)
async def test_what_has_no_feed_is_not_there(filled: None, browser: Open, path: str) -> None:
    async with browser("alfa") as visitor:
        assert (await visitor.get(path)).status_code == 404


async def test_pages_name_the_feeds_that_there_are(
    app: Any, filled: None, within: Callable[..., Any], browser: Open
) -> None:
    async with browser("alfa") as visitor:
        pretty = await visitor.soup("/category/sono-descanso/")
        for link in pretty.select("link[rel=alternate][type='application/rss+xml']"):
            await feed(visitor, link["href"])
    with within("alfa"):
        async with tenant_read():
            await save_settings("site", {"permalink_structure": ""})
    async with browser("alfa") as visitor:
        front = await visitor.soup("/")
        plain = await visitor.soup(front.select_one(".kicker a")["href"])
        links = [link["href"] for link in plain.select("link[rel=alternate][type='application/rss+xml']")]
        assert any("feed=rss2" in link for link in links)
        for link in links:
            await feed(visitor, link)


async def test_an_unchanged_feed_is_not_sent_again(filled: None, browser: Open) -> None:
    async with browser("alfa") as visitor:
        first = await visitor.get("/feed/")
        by_tag = await visitor.get("/feed/", headers={"if-none-match": f'"other", W/{first.headers["etag"]}'})
        by_time = await visitor.get("/feed/", headers={"if-modified-since": first.headers["last-modified"]})
        older = await visitor.get("/feed/", headers={"if-modified-since": "Mon, 01 Jan 2001 00:00:00 GMT"})
        nonsense = await visitor.get("/feed/", headers={"if-modified-since": "yesterday"})
        tag_wins = await visitor.get(
            "/feed/", headers={"if-none-match": '"x"', "if-modified-since": first.headers["last-modified"]}
        )
    assert [a.status_code for a in (by_tag, by_time, older, nonsense, tag_wins)] == [304, 304, 200, 200, 200]
    assert by_tag.content == b""


async def test_no_character_breaks_a_feed(
    app: Any, people: People, within: Callable[..., Any], browser: Open
) -> None:
    author = (await people.make("alfa", "author")).id
    with within("alfa"):
        async with tenant_read():
            post = await create_post(
                PostData(author_id=author, title="Título ]]> 😀", content="<p>]]> &amp;lt; 😀 \u2028</p>")
            )
            await change_status(post.id, "publish")
    async with browser("alfa") as visitor:
        for path, kind in (("/feed/", "rss"), ("/feed/atom/", "atom")):
            await feed(visitor, path, kind)


async def test_an_empty_feed_is_one(app: Any, browser: Open) -> None:
    async with browser("beta") as visitor:
        assert (await feed(visitor, "/feed/")).findall("channel/item") == []


def test_addresses_are_made_absolute_and_others_left_alone() -> None:
    html = (
        '<a href="/a">x</a><img src=\'/b.png\' srcset="/b.png 1x, https://x.example/c.png 2x, //y.example/d 3x">'
        '<a href="//z.example/">y</a><a href="#t">z</a><p>href="/no"</p>'
    )
    made = absolute(html, "https://alfa.test")
    assert 'href="https://alfa.test/a"' in made and "src='https://alfa.test/b.png'" in made
    assert 'srcset="https://alfa.test/b.png 1x, https://x.example/c.png 2x, //y.example/d 3x"' in made
    assert 'href="//z.example/"' in made and 'href="#t"' in made
