"""Both themes render every kind of page from hand-made values, whatever stands in them (trap T14, IO03, IO04)."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest
from bs4 import BeautifulSoup

from core.content import POST_FORMATS
from core.contract.pages import (
    Archive,
    Breadcrumb,
    ErrorPage,
    ListPage,
    Page,
    PageLink,
    Paging,
    PasswordPage,
    SinglePage,
)
from core.contract.views import MediaView, PostView, SiteView, TermView, UserView
from core.site.hierarchy import candidates
from core.themes import render
from tests.kit.plugin import entered

HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} %(x)s"
BAD_URL = "javascript:alert(1)//"
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
ID = UUID(int=7)

SITE = SiteView(
    slug="alfa",
    title=HOSTILE,
    tagline=HOSTILE,
    language="pt-BR",
    url="http://alfa.test",
    timezone="UTC",
    theme="claro",
)
USER = UserView(id=ID, number=1, name=HOSTILE, slug="x", bio=HOSTILE, website=BAD_URL, url=BAD_URL)
TERM = TermView(
    id=ID, number=1, taxonomy="category", name=HOSTILE, slug="x", description=HOSTILE, url=BAD_URL
)
MEDIA = MediaView(
    id=ID,
    number=1,
    title=HOSTILE,
    url=BAD_URL,
    mime_type="image/png",
    alt=HOSTILE,
    caption=HOSTILE,
    width=40,
    height=20,
)
LINKS = tuple(PageLink(n, BAD_URL, n == 2) for n in (1, 2, 3, 9))


def post(**fields: Any) -> PostView:
    base: dict[str, Any] = {
        "id": ID,
        "number": 7,
        "type": "post",
        "status": "publish",
        "title": HOSTILE,
        "slug": "x",
        "content": HOSTILE,
        "excerpt": HOSTILE,
        "author": USER,
        "featured": MEDIA,
        "terms": {"category": (TERM, TERM, TERM), "post_tag": (TERM,)},
        "published_at": AT,
        "created_at": AT,
        "updated_at": datetime(2026, 5, 2, tzinfo=UTC),
        "url": BAD_URL,
        "html": "<p id='clean'>cleaned</p>",
        "summary": HOSTILE,
        "page": 2,
        "pages": 3,
        "meta": {"k": (HOSTILE,)},
        "ext": {"comments": {"count": 3}},
        "is_sticky": True,
    }
    return PostView(**{**base, **fields})


def common(**fields: Any) -> dict[str, Any]:
    base = {
        "site": SITE,
        "title": HOSTILE,
        "document_title": HOSTILE,
        "description": HOSTILE,
        "url": BAD_URL,
        "robots": HOSTILE,
        "body_classes": (HOSTILE,),
        "breadcrumbs": (Breadcrumb(HOSTILE, BAD_URL),),
        "user": USER,
        "preview": True,
    }
    return {**base, **fields}


def listing(archive: Archive, *posts: PostView, number: int = 2) -> ListPage:
    paging = Paging(
        number=number, pages=9, total=90, previous_url=BAD_URL, next_url=BAD_URL, links=LINKS if posts else ()
    )
    return ListPage(
        kind="list", archive=archive, posts=posts, paging=paging, **common(is_front=archive.kind == "front")
    )


def pages() -> dict[str, Page]:
    words = {"title": HOSTILE, "description": HOSTILE, "feed_url": BAD_URL}
    made: dict[str, Page] = {
        f"format {name}": SinglePage(
            kind="single", post=post(format=name), newer=post(), older=post(), part_links=LINKS, **common()
        )
        for name in POST_FORMATS
    }
    made |= {
        "page": SinglePage(kind="single", post=post(type="page"), **common()),
        "front page": SinglePage(kind="single", post=post(type="page"), **common(is_front=True)),
        "wide": SinglePage(kind="single", post=post(template="wide", featured=None), **common()),
        "sidebar": SinglePage(kind="single", post=post(template="sidebar", page=1), **common()),
        "bare": SinglePage(
            kind="single",
            post=post(
                title="",
                excerpt="",
                featured=None,
                terms={},
                ext={},
                published_at=None,
                author=msgspec.structs.replace(USER, bio=""),
            ),
            **common(breadcrumbs=(), user=None, preview=False, description=""),
        ),
        "password": PasswordPage(
            kind="password", post=post(), action=BAD_URL, csrf_token=HOSTILE, wrong=True, **common()
        ),
        "404": ErrorPage(
            kind="error", status=404, message=HOSTILE, hint=HOSTILE, incident=HOSTILE, **common()
        ),
        "500": ErrorPage(
            kind="error", status=500, message=HOSTILE, hint=HOSTILE, incident=HOSTILE, **common()
        ),
        "front": listing(Archive(kind="front", **words), post(), post(unlocked=False), number=1),
        "home": listing(Archive(kind="home", **words), post(title="", terms={}, featured=None)),
        "empty": listing(Archive(kind="category", term=TERM, **words)),
        "category": listing(Archive(kind="category", term=TERM, **words), post()),
        "author": listing(Archive(kind="author", author=USER, **words), post()),
        "date": listing(Archive(kind="date", day=date(2026, 3, 2), precision="day", **words), post()),
        "search": listing(Archive(kind="search", query=HOSTILE, **words), post(), post(type="page")),
        "nothing found": listing(Archive(kind="search", query=HOSTILE, **words)),
    }
    return made


@pytest.mark.parametrize("theme", ["claro", "clinica"])
async def test_no_value_gets_out_of_its_place(app: Any, theme: str) -> None:
    with entered(app, "alfa") as tenant:
        dressed = msgspec.structs.replace(tenant, theme=theme)
    for name, page in pages().items():
        with entered(app, "alfa"):
            from core.db import tenant_read
            from core.tenancy import enter

            with enter(dressed):
                async with tenant_read():
                    text = await render(candidates(page), page)
        soup = BeautifulSoup(text, "html.parser")
        place = f"{theme}: {name}"
        assert soup.find("h1") is not None, place
        assert len(soup.find_all("h1")) == 1, place
        assert soup.find_all("script") == [], place
        assert not [img for img in soup.find_all("img") if img.get("src") == "x"], place
        for tag in soup.find_all(True):
            for attribute, value in tag.attrs.items():
                assert not attribute.startswith("on"), (place, tag)
                joined = " ".join(value) if isinstance(value, list) else value
                assert attribute not in ("href", "src", "action") or "javascript" not in joined, (place, tag)
        assert "49" not in soup.get_text().replace("7*7", ""), place
        ids = [tag["id"] for tag in soup.find_all(id=True)]
        assert len(ids) == len(set(ids)), (place, sorted(ids))
        for tag in soup.find_all("label"):
            assert soup.find(id=tag["for"]), (place, tag)
        for tag in soup.find_all(attrs={"aria-labelledby": True}):
            assert soup.find(id=tag["aria-labelledby"]), (place, tag)
        if isinstance(page, SinglePage):
            assert soup.find(id="clean").get_text() == "cleaned", place


@pytest.mark.parametrize("language", ["pt-BR", "en"])
async def test_pages_speak_the_language_of_the_site(
    app: Any, within: Callable[..., Any], browser: Callable[..., Any], language: str
) -> None:
    from core.db import tenant_read
    from core.sites import save_settings

    with within("alfa"):
        async with tenant_read():
            await save_settings("site", {"language": language})
    async with browser("alfa") as visitor:
        soup = await visitor.soup("/nada/", 404)
    assert soup.html["lang"] == language
    words = {
        "pt-BR": ("Esta página não existe", "Ir para o conteúdo"),
        "en": ("This page does not exist", "Skip to content"),
    }
    for word in words[language]:
        assert word in soup.get_text()
