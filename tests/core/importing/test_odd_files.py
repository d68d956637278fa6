"""What real exports hold besides what they should: nothing of it stops an import or changes what it means."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.accounts import create_user, list_users
from core.accounts.forms import NewUser
from core.content import list_posts
from core.contract.content import ListingQuery
from core.db import execute, tenant_read, tenant_work
from core.errors import Conflict, Invalid
from core.importing import import_wxr
from core.importing.php import decode_meta
from core.importing.posts import Posts
from tests.kit.client import Browser
from tests.kit.plugin import entered

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Ervas</title><wp:wxr_version>1.2</wp:wxr_version>
<wp:base_blog_url>https://ervas.example.org</wp:base_blog_url>"""


def item(number: int | str, inner: str = "", **fields: str) -> str:
    """Return an item of an export; `fields` replace its own, `inner` follows them."""
    of: dict[str, str] = {
        "title": f"Item {number}",
        "guid": f"https://ervas.example.org/?p={number}",
        "dc:creator": "rosa",
        "wp:post_id": str(number),
        "wp:post_date_gmt": "2026-01-02 10:00:00",
        "wp:post_name": f"item-{number}",
        "wp:status": "publish",
        "wp:post_type": "post",
        **{(name if name in ("link", "title") else f"wp:{name}"): value for name, value in fields.items()},
    }
    of["dc:creator"] = of.pop("wp:creator", of["dc:creator"])
    return "<item>" + "".join(f"<{name}>{value}</{name}>" for name, value in of.items()) + inner + "</item>"


def author(login: str, email: str = "", name: str = "") -> str:
    return (
        f"<wp:author><wp:author_login>{login}</wp:author_login><wp:author_email>{email}</wp:author_email>"
        f"<wp:author_display_name>{name or login}</wp:author_display_name></wp:author>"
    )


def tag(slug: str, name: str) -> str:
    return f"<wp:tag><wp:tag_slug>{slug}</wp:tag_slug><wp:tag_name>{name}</wp:tag_name></wp:tag>"


def meta(value: str) -> str:
    return (
        "<wp:postmeta><wp:meta_key>note</wp:meta_key>"
        f"<wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
    )


def comment(number: str, text: str) -> str:
    return (
        f"<wp:comment><wp:comment_id>{number}</wp:comment_id><wp:comment_content>{text}</wp:comment_content>"
        "<wp:comment_approved>1</wp:comment_approved></wp:comment>"
    )


@pytest.fixture
def bring(app: Any, tmp_path: Path) -> Callable[..., Any]:
    """Import parts of a file into the site alfa and return the report."""

    async def bring(*parts: str) -> Any:
        path = tmp_path / "odd.xml"
        path.write_text(HEAD + "".join(parts) + "</channel></rss>", "utf-8")
        with entered(app, "alfa"):
            async with tenant_read():
                return await import_wxr(path)

    return bring


async def _ask(app: Any, sql: str) -> list[dict[str, Any]]:
    with entered(app, "alfa"):
        async with tenant_work():
            return [dict(row) for row in await execute(sql)]


@pytest.mark.parametrize(
    ("odd", "skipped"),
    [
        (item(1, link="http://[odd"), 0),
        (item(1, link="https://ervas.example.org/a%00b/"), 0),
        (item(1, post_type="attachment", attachment_url="http://[odd/x.jpg"), 1),
        (item("²", post_type="attachment", attachment_url="https://ervas.example.org/x.jpg"), 0),
        (item(1, post_type="x" * 100), 0),
        (item(1, post_type="recipe") * 2, 0),
        (item(1, comment("7", "Um") + comment("7", "Outro")), 1),
        (item(1, comment("", "Um") + comment("", "Outro")), 0),
        (item(1, meta("a:1:{i:0;" * 50_000 + "i:1;" + "}" * 50_000)), 0),
        (item(1, meta("a:1:{i:0;d:INF;}"), post_type="recipe"), 0),
        (tag("", "") + item(1), 1),
        (author("rosa", "rosa@example.org", "Rosa&#x202e;"), 0),
        (author("rosa", name="x" * 5000), 0),
    ],
    ids=[
        "address",
        "nul",
        "file",
        "number",
        "type",
        "twice",
        "comment-twice",
        "no-comment-numbers",
        "bottomless-meta",
        "infinite-meta",
        "no-name",
        "unprintable-author",
        "long-author",
    ],
)
async def test_one_odd_thing_does_not_stop_the_others(
    bring: Callable[..., Any], odd: str, skipped: int
) -> None:
    report = await bring(odd, item(99, title="O outro"))
    assert report.created["posts"] >= 1
    assert len(report.skipped) == skipped
    assert not any((await bring(odd, item(99))).created.values())


@pytest.mark.parametrize("encoding", ["Shift_JIS", "foo-8"])
async def test_an_encoding_that_is_not_read_is_named(app: Any, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "odd.xml"
    path.write_text(HEAD.replace("UTF-8", encoding) + item(1) + "</channel></rss>", "ascii")
    with entered(app, "alfa"):
        async with tenant_read():
            with pytest.raises(Invalid, match="encoding"):
                await import_wxr(path)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("i:5;", 5),
        ("i:5; colheres de chá", "i:5; colheres de chá"),
        ("N;ote", "N;ote"),
        ('s:3:"chá";', 's:3:"chá";'),  # the length counts bytes
        ('s:4:"chá";\n', "chá"),
        ('a:2:{i:0;s:1:"a";i:1;R:2;}', 'a:2:{i:0;s:1:"a";i:1;R:2;}'),
        ("d:NAN;", "d:NAN;"),
        ('O:8:"stdClass":1:{s:1:"a";i:1;}', {"__class__": "stdClass", "a": 1}),
    ],
)
def test_what_only_looks_serialised_stays_as_it_is(text: str, value: Any) -> None:
    assert decode_meta(text) == value


async def test_dates_that_no_page_can_show_are_none(app: Any, bring: Callable[..., Any]) -> None:
    far = ("0001-01-01 00:00:00", "9999-12-31 23:59:59")
    report = await bring(
        *(item(number, post_date_gmt=date) for number, date in enumerate(far, 1)),
        item(3, status="future", post_date_gmt=far[1]),
    )
    assert report.created["posts"] == 3
    rows = await _ask(app, "SELECT slug, status FROM posts WHERE tenant_id = {tenant} AND slug LIKE 'item-%'")
    assert {row["slug"]: row["status"] for row in rows} == {
        "item-1": "publish",
        "item-2": "publish",
        "item-3": "draft",
    }
    async with Browser(app, "alfa") as visitor:
        for path in ("/", "/item-1/", "/item-2/", "/feed/"):
            assert (await visitor.get(path)).status_code == 200, path


async def test_an_item_without_a_date_of_its_own_has_that_of_the_feed(
    app: Any, bring: Callable[..., Any]
) -> None:
    await bring(
        item(1, "<pubDate>Mon, 01 Jun 2020 10:00:00 -0300</pubDate>", post_date_gmt="0000-00-00 00:00:00")
    )
    async with Browser(app, "alfa") as visitor:
        found = (await visitor.get("/api/v1/posts?slug=item-1")).json()["items"]
    assert found[0]["publishedAt"] == "2020-06-01T13:00:00Z"


async def test_html_that_is_not_escaped_is_html(app: Any, bring: Callable[..., Any]) -> None:
    await bring(item(1, "<content:encoded>Antes <p>de <b>tudo</b>, e</p> depois</content:encoded>"))
    with entered(app, "alfa"):
        async with tenant_read():
            (post,) = (await list_posts(ListingQuery(slug="item-1"), html="full")).items
    assert "<p>de <b>tudo</b>, e</p>" in post.html
    assert "depois" in post.html


async def test_white_space_around_words_means_nothing(app: Any, bring: Callable[..., Any]) -> None:
    spaced = item(1, post_id=" 1 ", status="\n publish ", post_type=" page ", creator=" rosa\n")
    await bring(author("rosa"), spaced, item(2, post_type="page", post_parent=" 1"))
    rows = await _ask(
        app, "SELECT path, status FROM posts WHERE tenant_id = {tenant} AND slug LIKE 'item-%' ORDER BY path"
    )
    assert [(row["path"], row["status"]) for row in rows] == [
        ("item-1", "publish"),
        ("item-1/item-2", "publish"),
    ]


async def test_authors_whose_names_are_alike_here_stay_two(app: Any, bring: Callable[..., Any]) -> None:
    parts = (
        author("Иван"),
        author("Пётр"),
        author("ana lima"),
        author("ana-lima"),
        *(item(n, creator=login) for n, login in enumerate(("Иван", "Пётр", "ana lima", "ana-lima"), 1)),
    )
    assert (await bring(*parts)).created["authors"] == 4
    rows = await _ask(
        app,
        "SELECT u.username AS name FROM posts p JOIN users u ON u.id = p.author_id"
        " WHERE p.tenant_id = {tenant} AND p.slug LIKE 'item-%' ORDER BY p.slug",
    )
    assert [row["name"] for row in rows] == ["ivan", "petr", "ana-lima", "ana-lima-2"]
    assert not any((await bring(*parts)).created.values())


async def test_an_author_whose_address_is_taken_gets_another(app: Any, bring: Callable[..., Any]) -> None:
    with entered(app, "alfa"):
        async with tenant_read():
            await create_user(NewUser(email="r@example.org", username="rosa.silva", display_name="Rosa"))
    report = await bring(author("rosa", "rosa@example.org"), item(1))
    assert (report.created["authors"], report.created["posts"]) == (1, 1)
    with entered(app, "alfa"):
        async with tenant_read():
            slugs = {user.username: user.slug for user in (await list_users()).items}
    assert slugs["rosa.silva"] == "rosa" != slugs["rosa"]


async def test_slugs_of_terms_are_decoded_as_those_of_posts_are(app: Any, bring: Callable[..., Any]) -> None:
    coded = "%d0%b8%d0%b2%d0%b0%d0%bd"
    carried = f'<category domain="post_tag" nicename="{coded}">Иван</category>'
    undeclared = '<category domain="post_tag" nicename="%d0%bc%d0%b8%d1%80">мир</category>'
    await bring(tag(coded, "Иван"), item(1, carried + undeclared, post_name=coded))
    with entered(app, "alfa"):
        async with tenant_read():
            (post,) = (await list_posts(ListingQuery(slug="ivan"))).items
    assert sorted(term.slug for term in post.terms["post_tag"]) == ["ivan", "mir"]


async def test_what_no_page_can_show_costs_only_itself(app: Any, bring: Callable[..., Any]) -> None:
    """Old databases hold Windows' quotation marks as control characters, and much else."""
    carried = '<category domain="category" nicename="ervas">Ervas</category>'
    odd_format = '<category domain="post_format" nicename="post-format-recipe">Recipe</category>'
    report = await bring(
        item(
            1,
            "<content:encoded>Diz \x93sim\x94\ufeff</content:encoded>" + meta("\x85 e mais") + odd_format,
            title="O \x93chá\x94&#x202E; de\u2028boldo\ufeff",
        ),
        item(2, carried, post_type="page"),
    )
    assert (report.created["posts"], report.created["pages"]) == (1, 1)
    assert [skipped.what for skipped in report.skipped] == ["terms of page 2 'Item 2'"]
    with entered(app, "alfa"):
        async with tenant_read():
            (post,) = (await list_posts(ListingQuery(slug="item-1"), html="full")).items
    assert (post.title, post.format) == ("O “chá” de boldo", "standard")
    assert "“sim”" in post.html
    assert post.meta["note"] == ("… e mais",)


async def test_of_two_imports_at_once_one_gives_way(
    app: Any, bring: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = (author("rosa"), *(item(number) for number in range(1, 4)))
    whole = Posts.post
    begun = False

    async def overtaken(self: Posts, item: Any) -> None:
        nonlocal begun
        if not begun:
            begun = True
            await bring(*parts)
        await whole(self, item)

    monkeypatch.setattr(Posts, "post", overtaken)
    with pytest.raises(Conflict):
        await bring(*parts)
    rows = await _ask(app, "SELECT slug FROM posts WHERE tenant_id = {tenant} AND slug LIKE 'item-%'")
    assert sorted(row["slug"] for row in rows) == ["item-1", "item-2", "item-3"]


async def test_what_was_not_connected_when_it_broke_off_is_connected_later(
    app: Any, bring: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = (
        item(9, post_type="attachment", attachment_url="https://ervas.example.org/x.jpg"),
        item(1, post_type="page", post_parent="2"),
        item(
            2,
            "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>9</wp:meta_value></wp:postmeta>",
            post_type="page",
        ),
    )

    async def breaks(self: Posts, item: Any) -> None:
        raise OSError("the lights went out")

    with monkeypatch.context() as patch:
        patch.setattr(Posts, "connect", breaks)
        with pytest.raises(OSError, match="lights"):
            await bring(*parts)
    assert not any((await bring(*parts)).created.values())
    pages = (
        "SELECT slug, path, featured_media_id IS NOT NULL AS pictured FROM posts WHERE tenant_id = {tenant}"
        " AND slug LIKE 'item-%' ORDER BY slug"
    )
    rows = await _ask(app, pages)
    assert [(row["path"], bool(row["pictured"])) for row in rows] == [
        ("item-2/item-1", False),
        ("item-2", True),
    ]


async def test_a_later_import_leaves_what_editors_moved(app: Any, bring: Callable[..., Any]) -> None:
    parts = (item(1, post_type="page", post_parent="2"), item(2, post_type="page"))
    await bring(*parts)
    await _ask(
        app, "UPDATE posts SET parent_id = NULL, path = slug WHERE tenant_id = {tenant} AND slug = 'item-1'"
    )
    assert (await bring(*parts, item(3))).created["posts"] == 1
    (row,) = await _ask(app, "SELECT path FROM posts WHERE tenant_id = {tenant} AND slug = 'item-1'")
    assert row["path"] == "item-1"
