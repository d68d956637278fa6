"""Addresses of a site: every permalink structure leads back to what it was built from, and everything else is sent there."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from core.content import TermData, change_status, create_post, create_term, update_post
from core.contract.content import ContentType, PostData
from core.contract.markers import hookimpl
from core.contract.views import PostView
from core.db import tenant_read
from core.plugins import Plugin
from core.sites import save_settings
from tests.kit.client import Browser
from tests.kit.people import People
from tests.kit.plugin import entered

Within = Callable[..., Any]
Open = Callable[..., Browser]
STRUCTURES = [
    "",
    "/%year%/%monthnum%/%day%/%postname%/",
    "/%year%/%monthnum%/%postname%/",
    "/archives/%post_id%",
    "/%postname%/",
    "/%category%/%postname%/",
    "/blog/%author%/%postname%.html",
]


async def publish(title: str, **fields: Any) -> PostView:
    """Make a published post in the current site, by somebody of its own."""
    author = fields.pop("author_id")
    post = await create_post(PostData(title=title, author_id=author, **fields))
    return await change_status(post.id, "publish")


@pytest.fixture
async def author(people: People) -> Any:
    return (await people.make("alfa", "author")).id


@pytest.mark.parametrize("structure", STRUCTURES)
async def test_every_structure_leads_back(
    structure: str, app: Any, author: Any, within: Within, browser: Open
) -> None:
    with within("alfa"):
        async with tenant_read():
            await save_settings("site", {"permalink_structure": structure})
    with within("alfa"):
        async with tenant_read():
            term = await create_term("category", TermData(name="Sono"))
            post = await publish(
                "Olá, mundo", content="<p>corpo do texto</p>", author_id=author, terms={"category": [term.id]}
            )
            page = await publish("Sobre", type="page", content="<p>quem somos</p>", author_id=author)
            child = await publish(
                "Equipe", type="page", parent_id=page.id, content="<p>gente</p>", author_id=author
            )
    async with browser("alfa") as visitor:
        for view, text in ((post, "corpo do texto"), (page, "quem somos"), (child, "gente")):
            answer = await visitor.get(view.url)
            assert answer.status_code == 200, (view.url, answer.headers.get("location"))
            assert text in answer.text
        for url in (term.url, post.author.url):
            archive = await visitor.get(url)
            assert archive.status_code == 200, (url, archive.headers.get("location"))
            assert "Olá, mundo" in archive.text
        writer = (await visitor.get(f"/api/v1/users/{post.author.number}")).json()
        assert writer["url"] == f"http://alfa.test{post.author.url}"


async def test_wrong_addresses_are_sent_to_the_right_one(
    app: Any, author: Any, within: Within, browser: Open
) -> None:
    with within("alfa"):
        async with tenant_read():
            await create_term("category", TermData(name="Sono"))
            post = await publish("Primeiro", author_id=author)
            page = await publish("Sobre", type="page", author_id=author)
            child = await publish("Equipe", type="page", parent_id=page.id, author_id=author)
    async with browser("alfa") as visitor:
        for path, target in (
            ("/primeiro", "/primeiro/"),
            (f"/?p={post.number}", "/primeiro/"),
            (f"/?page_id={page.number}", "/sobre/"),
            ("/equipe/", "/sobre/equipe/"),
            ("/page/1/", "/"),
            ("/primeiro/1/", "/primeiro/"),
            ("/category/sono", "/category/sono/"),
        ):
            answer = await visitor.get(path)
            assert (answer.status_code, answer.headers.get("location")) == (301, target), path
        kept = await visitor.get("/primeiro?utm_source=x")
        assert kept.headers["location"] == "/primeiro/?utm_source=x"
    assert child.url == "/sobre/equipe/"


async def test_an_old_slug_is_redirected(app: Any, author: Any, within: Within, browser: Open) -> None:
    with within("alfa"):
        async with tenant_read():
            post = await publish("Antigo", author_id=author)
            await update_post(post.id, PostData(slug="novo"), version=post.version)
    async with browser("alfa") as visitor:
        for path in ("/antigo/", "/Antigo", "/2026/01/ANTIGO/"):
            answer = await visitor.get(path)
            assert (answer.status_code, answer.headers["location"]) == (301, "/novo/")
    async with browser("beta") as other:
        assert (await other.get("/novo/")).status_code == 404


async def test_an_old_slug_of_a_plugins_type_is_redirected(app_with: Any) -> None:
    recipes = ContentType(name="kitchen_recipe", title="Recipes", singular="Recipe", rewrite="receitas")
    hooks = SimpleNamespace(
        register_content_types=hookimpl("register_content_types")(lambda: [recipes]),
    )
    app = await app_with(
        Plugin(name="kitchen", version="1.0", title="Kitchen", parts={"hooks": hooks}), on=("alfa",)
    )
    author = await People(app).make("alfa", "author")
    with entered(app, "alfa"):
        async with tenant_read():
            post = await publish("Bolo", author_id=author.id, type="kitchen_recipe")
            await update_post(post.id, PostData(slug="bolo-de-milho"), version=post.version)
    async with Browser(app, "alfa") as visitor:
        answer = await visitor.get("/receitas/bolo/")
        assert (answer.status_code, answer.headers["location"]) == (301, "/receitas/bolo-de-milho/")


async def test_a_part_of_a_post_may_be_named_in_the_query(
    app: Any, author: Any, within: Within, browser: Open
) -> None:
    with within("alfa"):
        async with tenant_read():
            await publish("Longo", author_id=author, content="<p>um</p><!--nextpage--><p>dois</p>")
    async with browser("alfa") as visitor:
        answer = await visitor.get("/longo/?page=2&x=1")
        assert (answer.status_code, answer.headers["location"]) == (301, "/longo/2/?x=1")
        answer = await visitor.get("/longo/2/?page=1")
        assert (answer.status_code, answer.headers["location"]) == (301, "/longo/2/")


@pytest.mark.parametrize(
    "path",
    [
        "/nada/",
        "/2026/13/",
        "/2026/02/30/",
        "/category/nada/",
        "/author/ninguem/",
        "/page/99/",
        "/page/99999999999/",
        "/?p=999999999999999999999",
        "/_site/",
        "/_site/primeiro/",
        "/feed/nada/",
        "/media/1/x.png",
        "/..%2f..%2fetc/passwd",
        "/%00",
        "/" + "a" * 3000,
    ],
)
async def test_what_is_not_there_is_a_themed_404_or_a_plain_refusal(
    path: str, app: Any, browser: Open
) -> None:
    async with browser("alfa") as visitor:
        answer = await visitor.get(path)
    assert answer.status_code in (400, 404), answer.status_code
    assert "<html" in answer.text
    assert "content-security-policy" in answer.headers


async def test_drafts_private_and_future_posts_are_not_shown(
    app: Any, people: People, author: Any, within: Within, browser: Open
) -> None:
    with within("alfa"):
        async with tenant_read():
            draft = await create_post(PostData(title="Rascunho secreto", author_id=author))
            private = await create_post(PostData(title="Assunto privado", author_id=author))
            await change_status(private.id, "private")
    async with browser("alfa") as visitor:
        for path in (f"/?p={draft.number}", "/assunto-privado/", f"/?p={draft.number}&preview=1"):
            answer = await visitor.get(path, follow_redirects=True)
            assert answer.status_code == 404, path
            assert "secreto" not in answer.text
        for path in ("/", "/feed/", "/?s=secreto", "/?s=privado"):
            text = (await visitor.get(path)).text
            assert "Rascunho secreto" not in text, path
            assert "Assunto privado" not in text, path


async def test_head_answers_like_get_without_a_body(app: Any, browser: Open) -> None:
    async with browser("alfa") as visitor:
        got, head = await visitor.get("/"), await visitor.head("/")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == got.headers["etag"]


async def test_an_unchanged_page_is_not_sent_again(app: Any, browser: Open) -> None:
    async with browser("alfa") as visitor:
        first = await visitor.get("/")
        again = await visitor.get("/", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_static_front_page_and_page_for_posts(
    app: Any, author: Any, within: Within, browser: Open
) -> None:
    with within("alfa"):
        async with tenant_read():
            front = await publish("Início", type="page", content="<p>bem-vinda</p>", author_id=author)
            blog = await publish("Diário", type="page", author_id=author)
            await publish("Um texto", author_id=author)
            await save_settings(
                "site", {"front_page": "page", "page_on_front": str(front.id), "page_for_posts": str(blog.id)}
            )
    async with browser("alfa") as visitor:
        assert "bem-vinda" in (await visitor.get("/")).text
        assert "Um texto" in (await visitor.get("/diario/")).text
        sent = await visitor.get("/inicio/")
        assert (sent.status_code, sent.headers["location"]) == (301, "/")


async def test_lists_are_paged_and_linked(app: Any, author: Any, within: Within, browser: Open) -> None:
    with within("alfa"):
        async with tenant_read():
            for number in range(5):
                await publish(f"Texto {number}", author_id=author)
            await save_settings("site", {"posts_per_page": 2})
    async with browser("alfa") as visitor:
        seen: set[str] = set()
        for page in ("/", "/page/2/", "/page/3/"):
            soup = await visitor.soup(page)
            seen |= {link.get_text() for link in soup.select(".card h2 a")}
        assert {f"Texto {n}" for n in range(5)} <= seen
        assert (await visitor.soup("/page/2/")).select("a[rel=prev][href='/']")
        assert (await visitor.get("/page/4/")).status_code == 404


async def test_search_engines_can_be_kept_out(app: Any, within: Within, browser: Open) -> None:
    with within("alfa"):
        async with tenant_read():
            await save_settings("site", {"search_engines_allowed": False})
    async with browser("alfa") as visitor:
        assert "Disallow: /\n" in (await visitor.get("/robots.txt")).text
        assert 'content="noindex"' in (await visitor.get("/")).text
    async with browser("beta") as other:
        assert 'content="noindex"' not in (await other.get("/")).text
