"""From an address to its readings, and back from every permalink: no database, no HTTP.

Tests are coroutines only to stand in the context of the fixture: on a site.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.content import split_structure
from core.content.permalinks import PathParts, post_path
from core.context import Tenant
from core.site.addresses import feed_url, page_url
from core.site.resolve import Target, resolve
from core.tenancy import PERMALINK_PRESETS, enter

STRUCTURES = [
    *PERMALINK_PRESETS.values(),
    "/%category%/%postname%/",
    "/blog/%author%/%postname%.html",
    "/%year%/%post_id%/",
]


@contextmanager
def using(tenant: Tenant, **settings: Any) -> Iterator[None]:
    """Be on a site with these settings."""
    with enter(msgspec.structs.replace(tenant, settings={"site": settings})):
        yield


def kinds(path: str, **query: str) -> list[tuple[str, str]]:
    """Return kind and the most telling value of each reading."""
    return [
        (t.kind, t.query or t.slug or t.path or t.type or str(t.number or t.year or ""))
        for t in resolve(path, query)
    ]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", [("front", "")]),
        ("/page/2/", [("front", "")]),
        ("/feed/", [("front", "")]),
        ("/index.php", [("front", "")]),
        ("/search/dor%20de%20cabeça/".replace("%20", " "), [("search", "dor de cabeça")]),
        ("/search/a/b/", [("search", "a/b")]),
        ("/author/Ana/", [("author", "ana")]),
        ("/category/saude/coracao/", [("term", "saude/coracao")]),
        ("/category/saude/page/3/", [("term", "saude")]),
        ("/tag/sono/feed/atom/", [("term", "sono")]),
        ("/2026/", [("date", "2026")]),
        ("/2026/2/28/", [("date", "2026")]),
        ("/2026/13/", []),
        ("/sobre/", [("post", "sobre")]),
        ("/Sobre/Equipe", [("post", "sobre/equipe")]),
        ("/sobre/2/", [("post", "sobre")]),
        ("/sobre/comment-page-3/", [("post", "sobre")]),
        # words that only end like a feed or a page are slugs
        ("/my-feed/", [("post", "my-feed")]),
        ("/newsfeed/", [("post", "newsfeed")]),
        ("/homepage/2/", [("post", "homepage")]),
    ],
)
async def test_paths(alfa: Tenant, path: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(path) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"s": "  dor   de dente "}, ("search", "dor de dente")),
        ({"p": "12"}, ("number", "12")),
        ({"page_id": "12", "page": "2"}, ("number", "12")),
        ({"pagename": "sobre/equipe"}, ("post", "sobre/equipe")),
        ({"name": "Ola"}, ("post", "ola")),
        ({"cat": "4"}, ("term", "4")),
        ({"category_name": "sono"}, ("term", "sono")),
        ({"tag": "rotina"}, ("term", "rotina")),
        ({"taxonomy": "genre", "term": "x"}, ("term", "x")),
        ({"author": "3"}, ("author", "3")),
        ({"author_name": "ana"}, ("author", "ana")),
        ({"m": "20260228"}, ("date", "2026")),
        ({"m": "202602281530"}, ("date", "2026")),
        ({"year": "2026", "monthnum": "2"}, ("date", "2026")),
        ({"m": "20261399"}, ("front", "")),
        ({"cat": "-4"}, ("front", "")),
        ({"utm_source": "x"}, ("front", "")),
        ({"p": "99999999999999999999"}, ("number", "")),
    ],
)
async def test_query_variables(alfa: Tenant, query: dict[str, str], expected: tuple[str, str]) -> None:
    assert kinds("/", **query) == [expected]


async def test_query_variables_count_on_the_front_page_only(alfa: Tenant) -> None:
    assert kinds("/sobre/", p="12", s="x") == [("post", "sobre")]


@pytest.mark.parametrize(
    ("path", "query", "feed"),
    [
        ("/feed/", {}, "rss"),
        ("/feed/rss2/", {}, "rss"),
        ("/feed/rdf", {}, "rss"),
        ("/feed/atom/", {}, "atom"),
        ("/", {"feed": "atom"}, "atom"),
        ("/", {"feed": "nonsense"}, ""),
        ("/feed/nonsense/", {}, ""),
    ],
)
async def test_feeds(alfa: Tenant, path: str, query: dict[str, str], feed: str) -> None:
    assert {t.feed for t in resolve(path, query)} == {feed}


async def test_numbers_of_pages_and_parts(alfa: Tenant) -> None:
    assert resolve("/category/x/page/7/", {})[0].page == 7
    assert resolve("/", {"paged": "7"})[0].page == 7
    assert resolve("/page/0/", {})[0].page == 1
    assert [(t.path, t.part) for t in resolve("/sobre/3/", {})] == [("sobre", 3)]


async def test_bases_and_fronts_are_the_sites_own(alfa: Tenant) -> None:
    with using(alfa, permalink_structure="/blog/%postname%/", category_base="assunto", tag_base="marca"):
        assert kinds("/blog/assunto/sono/") == [("term", "sono")]
        assert kinds("/blog/marca/x/") == [("term", "x")]
        assert kinds("/blog/author/ana/") == [("author", "ana")]
        assert kinds("/blog/2026/02/")[0] == ("date", "2026")
        assert kinds("/blog/texto/") == [("post", "blog/texto"), ("post", "texto")]
        assert kinds("/category/sono/") == [("post", "category/sono")]
    with using(alfa, permalink_structure="/archives/%post_id%"):
        assert ("number", "12") in kinds("/archives/12")
        assert kinds("/archives/date/2026/")[0] == ("date", "2026")


SLUG = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,6}){0,3}", fullmatch=True).filter(
    lambda slug: slug not in ("feed", "page", "search", "author", "category", "tag", "blog")
)
TIME = st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # zones come with it


@given(
    structure=st.sampled_from(STRUCTURES),
    slug=SLUG,
    author=SLUG,
    category=SLUG,
    number=st.integers(1, 999_999_999),
    at=TIME,
)
def _every_address_leads_back(
    alfa: Tenant, structure: str, slug: str, author: str, category: str, number: int, at: datetime
) -> None:
    parts = PathParts(
        id=None,
        type="post",
        status="publish",
        number=number,
        slug=slug,
        path=slug,
        author=author,
        at=at,
        category=category,
    )
    with using(alfa, permalink_structure=structure):
        address = post_path(parts)
        path, _, text = address.partition("?")
        query = dict(pair.split("=") for pair in text.split("&")) if text else {}
        readings = resolve(path, query)
        assert any(_means(target, slug, number) for target in readings), (address, readings)
        others = [path.rstrip("/") or "/"]
        if not any(letter.isalpha() for part in split_structure(structure).parts[::2] for letter in part):
            others.append(path.upper())  # slugs are found in any case, literal text of the structure is not
        for other in others:
            assert any(_means(target, slug, number) for target in resolve(other, query)), other


def _means(target: Target, slug: str, number: int) -> bool:
    by_slug = target.kind == "post" and "post" in target.types and target.path == slug
    return by_slug or (target.kind == "number" and target.number == number)


async def test_every_address_leads_back(alfa: Tenant) -> None:
    """For every structure and any values: what is built from a post resolves to that post."""
    _every_address_leads_back(alfa)


@given(
    st.text(max_size=60),
    st.dictionaries(
        st.sampled_from(["p", "s", "cat", "m", "paged", "feed", "author", "year"]), st.text(max_size=20)
    ),
)
def _no_address_breaks_it(alfa: Tenant, path: str, query: dict[str, str]) -> None:
    for target in resolve("/" + path, query):
        assert target.page >= 1
        assert len(target.query) <= 200
        assert page_url("/x/", target.page).startswith("/x/")


async def test_no_address_breaks_it(alfa: Tenant) -> None:
    """Whatever is typed is read as something, or as nothing."""
    _no_address_breaks_it(alfa)


async def test_addresses_of_pages_and_feeds(alfa: Tenant) -> None:
    assert page_url("/", 2) == "/page/2/"
    assert page_url("/?s=x", 2) == "/?s=x&paged=2"
    assert feed_url("/category/x/", "atom") == "/category/x/feed/atom/"
    assert feed_url("/?cat=4") == "/?cat=4&feed=rss2"
    with using(alfa, permalink_structure=""):
        assert split_structure("").plain
        assert page_url("/", 2) == "/?paged=2"
    with using(alfa, permalink_structure="/%postname%"):
        assert page_url("/category/x", 2) == "/category/x/page/2"
