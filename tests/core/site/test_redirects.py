"""Where a wrong address leads, and that no redirect leads off the site (control WB09)."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from core.content import TermData, change_status, create_post, create_term
from core.contract.content import PostData
from core.contract.markers import hookimpl
from core.db import tenant_read
from core.plugins import Plugin
from core.sites import save_settings
from tests.kit.client import Browser
from tests.kit.people import People
from tests.kit.plugin import entered

Open = Callable[..., Browser]


@pytest.fixture
async def ids(app: Any, people: People, within: Callable[..., Any]) -> dict[str, int]:
    """A post in a category two levels down, and a page below another."""
    author = (await people.make("alfa", "author")).id
    with within("alfa"):
        async with tenant_read():
            top = await create_term("category", TermData(name="Saúde"))
            low = await create_term("category", TermData(name="Coração", parent_id=top.id))
            made = {"cat": low.number}
            for name, fields in (
                ("post", {"title": "Pressão alta", "terms": {"category": [low.id]}}),
                ("page", {"title": "Sobre", "type": "page"}),
            ):
                post = await create_post(PostData(author_id=author, **fields))  # type: ignore[arg-type]  # by name
                made[name] = (await change_status(post.id, "publish")).number
    return made


async def goes_to(visitor: Browser, path: str) -> str:
    answer = await visitor.get(path)
    assert answer.status_code in (200, 301), (path, answer.status_code)
    return answer.headers.get("location", "")


async def test_each_thing_has_one_address(ids: dict[str, int], browser: Open) -> None:
    async with browser("alfa") as visitor:
        for path, target in (
            ("/pressao-alta", "/pressao-alta/"),
            ("/PRESSAO-ALTA/", "/pressao-alta/"),
            ("/Sobre", "/sobre/"),
            ("/pressao-alta//", "/pressao-alta/"),
            ("/category/coracao/", "/category/saude/coracao/"),
            ("/category/errada/coracao/", "/category/saude/coracao/"),
            ("/category/saude/coracao", "/category/saude/coracao/"),
            (f"/?cat={ids['cat']}", "/category/saude/coracao/"),
            ("/?category_name=coracao", "/category/saude/coracao/"),
            (f"/?p={ids['post']}", "/pressao-alta/"),
            (f"/?p={ids['page']}", "/sobre/"),
            ("/?pagename=sobre", "/sobre/"),
            ("/?name=pressao-alta", "/pressao-alta/"),
            ("/index.php", "/"),
            ("/index.php/pressao-alta/", "/pressao-alta/"),
            ("/?paged=1", "/"),
            ("/feed", "/feed/"),
            ("/feed/rss2/", "/feed/"),
            ("/?feed=atom", "/feed/atom/"),
            ("/category/saude/coracao/feed", "/category/saude/coracao/feed/"),
            ("/pressao-alta/page/1/", "/pressao-alta/"),
            ("/pressao-alta/comment-page-2/", "/pressao-alta/"),
        ):
            assert await goes_to(visitor, path) == target, path
            assert await goes_to(visitor, target) == "", target


async def test_the_rest_of_a_query_goes_along(ids: dict[str, int], browser: Open) -> None:
    async with browser("alfa") as visitor:
        assert (
            await goes_to(visitor, "/sobre?utm_source=a&utm_medium=b") == "/sobre/?utm_source=a&utm_medium=b"
        )
        assert await goes_to(visitor, f"/?p={ids['post']}&cpage=2") == "/pressao-alta/?cpage=2"
        assert await goes_to(visitor, "/sobre/?utm_source=a") == ""
        assert await goes_to(visitor, "/sobre/?p=1&x=%2F%2Fevil") == "/sobre/?x=%2F%2Fevil"


async def test_plain_addresses_are_right_where_the_structure_is_plain(
    app: Any, ids: dict[str, int], within: Callable[..., Any], browser: Open
) -> None:
    with within("alfa"):
        async with tenant_read():
            await save_settings("site", {"permalink_structure": ""})
    async with browser("alfa") as visitor:
        for path in (f"/?p={ids['post']}", f"/?p={ids['post']}&utm_source=x", f"/?cat={ids['cat']}"):
            assert await goes_to(visitor, path) == "", path
        assert await goes_to(visitor, f"/?page_id={ids['post']}&x=1") == f"/?p={ids['post']}&x=1"
        assert await goes_to(visitor, "/pressao-alta/") == f"/?p={ids['post']}"


ASTRAY = [
    "//evil.example/",
    "/\\evil.example",
    "https://evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\r\nSet-Cookie: x=1",
    "\u2028//evil.example",
]


@pytest.mark.parametrize("target", ASTRAY)
async def test_no_plugin_leads_off_the_site(target: str, app_with: Any) -> None:
    def filter_canonical_redirect(target_: str) -> str:
        return target

    hooks = SimpleNamespace(
        filter_canonical_redirect=hookimpl("filter_canonical_redirect")(lambda target: bad)
    )
    bad = target
    plugin = Plugin(name="astray", version="1.0", title="Astray", parts={"hooks": hooks})
    app = await app_with(plugin, on=("alfa",))
    async with Browser(app, "alfa") as visitor:
        answer = await visitor.get("/")
    assert "location" not in answer.headers
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "//evil.example/%2e%2e",
        "/%2f/evil.example/",
        "/%2F%2Fevil.example",
        "/http:/evil.example",
        "/?p=//evil",
    ],
)
async def test_no_address_leads_off_the_site(app: Any, browser: Open, path: str) -> None:
    async with browser("alfa") as visitor:
        answer = await visitor.get(path)
    location = answer.headers.get("location", "/")
    assert location.startswith("/") and not location.startswith(("//", "/\\")), location


async def test_a_plugin_may_keep_a_page_where_it_is_asked_for(app_with: Any) -> None:
    hooks = SimpleNamespace(
        filter_canonical_redirect=hookimpl("filter_canonical_redirect")(lambda target: "")
    )
    app = await app_with(
        Plugin(name="stay", version="1.0", title="Stay", parts={"hooks": hooks}), on=("alfa",)
    )
    with entered(app, "alfa"):
        async with tenant_read():
            await create_term("category", TermData(name="Sono"))
    async with Browser(app, "alfa") as visitor:
        assert (await visitor.get("/category/sono")).status_code == 200
    async with Browser(app, "beta") as other:
        assert (await other.get("/category/uncategorized")).status_code == 301


async def test_a_cut_off_address_leads_to_the_one_text_that_begins_so(
    people: People, within: Callable[..., Any], browser: Open
) -> None:
    """Never to what is not published, nor to one of several, nor from what is too short to mean anything."""
    for site in ("alfa", "beta"):
        author = (await people.make(site, "author")).id
        with within(site):
            async with tenant_read():
                for title, kind, status in (
                    ("Template sticky", "post", "publish"),
                    ("Template stuck, a draft", "post", "draft"),
                    ("Sono e saúde", "post", "publish"),
                    ("Sono e trabalho", "page", "publish"),
                    ("Feedback", "page", "publish"),
                    ("Segredo de família", "post", "private"),
                    ("Só na beta" if site == "beta" else "Em casa", "post", "publish"),
                ):
                    post = await create_post(PostData(author_id=author, title=title, type=kind))
                    if status != "draft":
                        await change_status(post.id, status)  # type: ignore[arg-type]  # one of its words
    async with browser("alfa") as visitor:
        for path, target in (
            ("/template-stick/", "/template-sticky/"),
            ("/2026/03/TEMPLATE-st", "/template-sticky/"),
            ("/sono-e-s/", "/sono-e-saude/"),
            ("/sono-e-trab/", "/sono-e-trabalho/"),
            ("/template-stick/?x=1", "/template-sticky/?x=1"),
        ):
            answer = await visitor.get(path)
            assert (answer.status_code, answer.headers.get("location")) == (301, target), path
        for path in (
            "/template-stu/",
            "/sono-e-/",
            "/sono/",
            "/tem/",
            "/segredo/",
            "/so-na-b/",
            "/nada/feed/",
            "/template-stick/feed/",
            "/emplate-stick/",
        ):
            assert (await visitor.get(path)).status_code == 404, path
    async with browser("beta") as visitor:
        assert await goes_to(visitor, "/so-na-b/") == "/so-na-beta/"
