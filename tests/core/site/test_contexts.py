"""What templates get: the documented structs, whole and frozen, and no more queries than the budget."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import msgspec
import pytest

from core.content import TermData, change_status, create_post, create_term
from core.contract import pages, views
from core.contract.content import ContentType, PostData, Taxonomy
from core.contract.markers import hookimpl
from core.db import tenant_read
from core.plugins import Plugin
from core.sites import save_settings
from tests.kit.client import Browser
from tests.kit.people import People
from tests.kit.plugin import entered

BUDGET = 6
DOCUMENTED = {
    getattr(module, name)
    for module in (pages, views)
    for name in module.__all__
    if isinstance(getattr(module, name), type)
}
PLAIN = (str, int, bool, type(None), datetime, date, UUID)


class Watcher:
    """A plugin that keeps what templates are rendered with, and brings a type of its own."""

    def __init__(self) -> None:
        self.seen: list[tuple[tuple[str, ...], pages.Page]] = []

    def plugin(self) -> Plugin:
        async def keep(names: tuple[str, ...], page: pages.Page) -> tuple[str, ...]:
            self.seen.append((names, page))
            return names

        books = ContentType(
            name="watcher_book",
            title="Books",
            singular="Book",
            has_archive=True,
            rewrite="livros",
            taxonomies=("watcher_genre",),
        )
        genres = Taxonomy(name="watcher_genre", title="Genres", singular="Genre", rewrite="genero")
        hooks = SimpleNamespace(
            filter_template_candidates=hookimpl("filter_template_candidates")(keep),
            register_content_types=hookimpl("register_content_types")(lambda: [books]),
            register_taxonomies=hookimpl("register_taxonomies")(lambda: [genres]),
        )
        return Plugin(name="watcher", version="1.0", title="Watcher", parts={"hooks": hooks})


@pytest.fixture
async def watched(app_with: Any, people: People) -> tuple[Any, Watcher]:
    """A site with something of every kind on it."""
    watcher = Watcher()
    app = await app_with(watcher.plugin(), on=("alfa",))
    author = await People(app).make("alfa", "author")

    async def out(**fields: Any) -> Any:
        post = await create_post(PostData(author_id=author.id, **fields))
        return await change_status(post.id, "publish")

    with entered(app, "alfa"):
        async with tenant_read():
            top = await create_term("category", TermData(name="Saúde", description="Sobre saúde."))
            low = await create_term("category", TermData(name="Coração", parent_id=top.id))
            tag = await create_term("post_tag", TermData(name="rotina"))
            genre = await create_term("watcher_genre", TermData(name="Ensaio"))
            for number in range(12):
                await out(
                    title=f"Texto {number}",
                    content="<p>um</p><!--nextpage--><p>dois</p>",
                    terms={"category": [low.id], "post_tag": [tag.id]},
                    meta={"fonte": ["livro"]},
                    is_sticky=number == 3,
                )
            await out(title="Com senha", content="<p>x</p>", password="abre-te")
            page = await out(title="Sobre", type="page")
            await out(title="Equipe", type="page", parent_id=page.id)
            await out(title="Um livro", type="watcher_book", terms={"watcher_genre": [genre.id]})
    return app, watcher


KINDS = [
    ("/", pages.ListPage, "front", "front-page.html"),
    ("/page/2/", pages.ListPage, "front", "front-page.html"),
    ("/texto-3/", pages.SinglePage, "", "single-post-texto-3.html"),
    ("/texto-3/2/", pages.SinglePage, "", "single-post-texto-3.html"),
    ("/sobre/", pages.SinglePage, "", "page-sobre.html"),
    ("/livros/um-livro/", pages.SinglePage, "", "single-watcher_book-um-livro.html"),
    ("/com-senha/", pages.PasswordPage, "", "password.html"),
    ("/category/saude/", pages.ListPage, "category", "category-saude.html"),
    ("/category/saude/coracao/", pages.ListPage, "category", "category-coracao.html"),
    ("/tag/rotina/", pages.ListPage, "tag", "tag-rotina.html"),
    ("/genero/ensaio/", pages.ListPage, "taxonomy", "taxonomy-watcher_genre-ensaio.html"),
    ("/livros/", pages.ListPage, "type", "archive-watcher_book.html"),
    ("/?s=texto", pages.ListPage, "search", "search.html"),
    ("/?s=", pages.ListPage, "search", "search.html"),
    ("/?s=xyzzy", pages.ListPage, "search", "search.html"),
    ("/nada/", pages.ErrorPage, "", "404.html"),
]


async def test_every_kind_of_page_gets_its_struct_within_the_budget(
    watched: tuple[Any, Watcher], queries: list[str]
) -> None:
    app, watcher = watched
    over = {}
    async with Browser(app, "alfa") as visitor:
        for path, struct, kind, first in KINDS:
            watcher.seen.clear()
            queries.clear()
            answer = await visitor.get(path)
            assert answer.status_code == (404 if struct is pages.ErrorPage else 200), path
            ((names, page),) = watcher.seen
            assert type(page) is struct, path
            assert names[0] == first, path
            if isinstance(page, pages.ListPage):
                assert page.archive.kind == kind, path
            _check(page, path)
            if len(queries) > BUDGET:
                over[path] = [sql[:90] for sql in queries]
    assert over == {}


def _check(value: Any, place: str) -> None:
    """Look through a context: frozen structs of the contract and plain values, nothing else."""
    if isinstance(value, msgspec.Struct):
        assert type(value) in DOCUMENTED, (place, type(value))
        assert type(value).__struct_config__.frozen, (place, type(value))
        for name in value.__struct_fields__:
            _check(getattr(value, name), f"{place}.{name}")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            _check(item, f"{place}[{key!r}]")
    elif isinstance(value, tuple):
        for item in value:
            _check(item, f"{place}[]")
    else:
        assert isinstance(value, PLAIN), (place, type(value))


async def test_a_page_with_more_posts_asks_no_more(
    watched: tuple[Any, Watcher], queries: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, _watcher = watched
    monkeypatch.setattr("core.site.keeping.monotonic", lambda: 0.0)  # a slow run must not read the menu twice
    counts = []
    async with Browser(app, "alfa") as visitor:
        for per_page in (1, 12):
            with entered(app, "alfa"):
                async with tenant_read():
                    await save_settings("site", {"posts_per_page": per_page})
            for path in ("/", "/category/saude/", "/?s=texto", "/tag/rotina/"):
                queries.clear()
                await visitor.get(path)
                counts.append(len(queries))
    assert counts[:4] == counts[4:]


async def test_dates_authors_and_static_front_pages_keep_the_budget_too(
    watched: tuple[Any, Watcher], queries: list[str], people: People
) -> None:
    app, watcher = watched
    async with Browser(app, "alfa") as visitor:
        await visitor.get("/texto-3/")
        post = watcher.seen[-1][1].post  # type: ignore[attr-defined]  # it is a single page
        day = post.published_at
        for path, kind, first in (
            (f"/{day:%Y}/", "date", "date.html"),
            (f"/{day:%Y/%m}/", "date", "date.html"),
            (post.author.url, "author", f"author-{post.author.slug}.html"),
        ):
            queries.clear()
            assert (await visitor.get(path)).status_code == 200, path
            names, page = watcher.seen[-1]
            assert (page.archive.kind, names[0]) == (kind, first)  # type: ignore[attr-defined]  # it is a list
            _check(page, path)
            assert len(queries) <= BUDGET, (path, queries)


async def test_what_a_child_page_stands_below_is_told(watched: tuple[Any, Watcher]) -> None:
    app, watcher = watched
    async with Browser(app, "alfa") as visitor:
        await visitor.get("/sobre/equipe/")
        await visitor.get("/category/saude/coracao/")
    below, archive = (page for _names, page in watcher.seen)
    assert [(c.title, c.url) for c in below.breadcrumbs] == [("Sobre", "/sobre/")]
    assert [(c.title, c.url) for c in archive.breadcrumbs] == [("Saúde", "/category/saude/")]


async def test_classes_are_wordpresss(watched: tuple[Any, Watcher]) -> None:
    app, watcher = watched
    expected: dict[str, Callable[[Any], set[str]]] = {
        "/": lambda _page: {"home", "blog"},
        "/page/2/": lambda _page: {"home", "blog", "paged", "paged-2"},
        "/texto-3/": lambda page: {
            "single",
            "single-post",
            f"postid-{page.post.number}",
            "single-format-standard",
        },
        "/sobre/": lambda page: {"page", f"page-id-{page.post.number}"},
        "/category/saude/": lambda page: {
            "archive",
            "category",
            "category-saude",
            f"category-{page.archive.term.number}",
        },
        "/livros/": lambda _page: {"archive", "post-type-archive", "post-type-archive-watcher_book"},
        "/?s=texto": lambda _page: {"search", "search-results"},
        "/?s=xyzzy": lambda _page: {"search", "search-no-results"},
        "/nada/": lambda _page: {"error404"},
    }
    async with Browser(app, "alfa") as visitor:
        for path, classes in expected.items():
            await visitor.get(path)
            page = watcher.seen[-1][1]
            assert set(page.body_classes) == classes(page), path
