"""Template candidates per request kind, as WordPress orders them."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from core.contract.pages import Archive, ErrorPage, ListPage, Paging, PasswordPage, SinglePage
from core.contract.views import PostView, SiteView, TermView, UserView
from core.site.hierarchy import candidates

SITE = SiteView(
    slug="a", title="A", tagline="", language="pt-BR", url="http://a.test", timezone="UTC", theme="claro"
)
WHO = UserView(id=UUID(int=1), number=7, name="Ana", slug="ana")
AT = datetime(2026, 3, 2, tzinfo=UTC)
COMMON = {"site": SITE, "title": "T", "document_title": "T", "url": "/"}


def post(**fields: object) -> PostView:
    base = {
        "id": UUID(int=2),
        "number": 12,
        "type": "post",
        "status": "publish",
        "title": "T",
        "slug": "ola",
        "content": "",
        "author": WHO,
        "created_at": AT,
        "updated_at": AT,
    }
    return PostView(**{**base, **fields})  # type: ignore[arg-type]  # fields by name


def single(*, is_front: bool = False, **fields: object) -> SinglePage:
    return SinglePage(kind="single", post=post(**fields), is_front=is_front, **COMMON)  # type: ignore[arg-type]  # as above


def listing(archive: Archive, *posts: PostView) -> ListPage:
    return ListPage(
        kind="list", archive=archive, posts=posts, paging=Paging(number=1, pages=1, total=0), **COMMON
    )  # type: ignore[arg-type]  # as above


def term(taxonomy: str) -> TermView:
    return TermView(id=UUID(int=3), number=5, taxonomy=taxonomy, name="Sono", slug="sono")


OF_OTHERS = ("index", "404", "search.html", "password", "error", "archive", "category-sono", "author", "date")

CASES = [
    (single(), "single-post-ola single-post single singular index"),
    (single(type="book"), "single-book-ola single-book single singular index"),
    (single(template="larga"), "larga single-post-ola single-post single singular index"),
    *((single(template=name), "single-post-ola single-post single singular index") for name in OF_OTHERS),
    (single(type="page"), "page-ola page-12 page singular index"),
    (single(type="page", template="larga"), "larga page-ola page-12 page singular index"),
    (single(type="page", is_front=True), "front-page page-ola page-12 page singular index"),
    (single(slug="../x"), "single-post single singular index"),
    (listing(Archive(kind="front", title="T")), "front-page home index"),
    (listing(Archive(kind="home", title="T")), "home index"),
    (listing(Archive(kind="search", title="T", query="x")), "search index"),
    (
        listing(Archive(kind="category", title="T", term=term("category"))),
        "category-sono category-5 category archive index",
    ),
    (listing(Archive(kind="tag", title="T", term=term("post_tag"))), "tag-sono tag-5 tag archive index"),
    (
        listing(Archive(kind="taxonomy", title="T", term=term("genre"))),
        "taxonomy-genre-sono taxonomy-genre-5 taxonomy-genre taxonomy archive index",
    ),
    (listing(Archive(kind="author", title="T", author=WHO)), "author-ana author-7 author archive index"),
    (listing(Archive(kind="date", title="T")), "date archive index"),
    (listing(Archive(kind="type", title="T", type="book")), "archive-book archive index"),
    (PasswordPage(kind="password", post=post(), action="/", csrf_token="", **COMMON), "password index"),  # type: ignore[arg-type]  # as above
    (ErrorPage(kind="error", status=404, message="", **COMMON), "404 error index"),  # type: ignore[arg-type]  # as above
]


@pytest.mark.parametrize(
    ("page", "names"), CASES, ids=[f"{n}-{names}" for n, (_page, names) in enumerate(CASES)]
)
def test_candidates(page: object, names: str) -> None:
    assert candidates(page) == tuple(f"{name}.html" for name in names.split())  # type: ignore[arg-type]  # one of the kinds
