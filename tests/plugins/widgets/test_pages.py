"""What readers see of each kind of widget, and what a page pays for it."""

import io
from typing import Any

import msgspec
import pytest
from PIL import Image

from core.contract.pages import Page
from core.contract.widgets import WidgetType
from core.db import tenant_read
from core.media import MediaData, create_media
from core.site import widgets as core_widgets
from tests.kit.plugin import entered
from tests.plugins.widgets.world import Board, footer, titles


async def test_recent_posts_are_links_with_dates_and_of_one_category_with_what_is_below(board: Board) -> None:
    health = await board.term("Saúde")
    sleep = await board.term("Dormir", parent_id=health.id)
    await board.post("Sono", terms={"category": (sleep.id,)})
    await board.post("Corrida")
    await board.place("recent_posts", title="Novidades", count=5, dates=True)
    await board.place("recent_posts", title="Só saúde", term=str(health.id))
    async with board.visitor() as visitor:
        everything, some = footer(await visitor.soup("/"))
    assert [link.get_text() for link in everything.select("a")] == ["Corrida", "Sono"]
    assert len(everything.select("time")) == 2 and not some.select("time")
    assert [link["href"] for link in some.select("a")] == ["/sono/"]


async def test_related_posts_share_a_term_and_are_not_the_post_itself(board: Board) -> None:
    tag = await board.term("Café", "post_tag")
    first = await board.post("Um", terms={"post_tag": (tag.id,)})
    await board.post("Dois", terms={"post_tag": (tag.id,)})
    other = await board.post("Três")
    await board.place("related_posts", by="post_tag")
    async with board.visitor() as visitor:
        (related,) = footer(await visitor.soup(first.url))
        assert [link.get_text() for link in related.select("a")] == ["Dois"]
        assert footer(await visitor.soup(other.url)) == [] == footer(await visitor.soup("/"))


async def test_terms_are_a_list_a_tree_or_a_cloud(board: Board) -> None:
    parent = await board.term("Corpo")
    child = await board.term("Coração", parent_id=parent.id)
    await board.term("Vazia")
    tag = await board.term("rotina", "post_tag")
    for number in range(3):
        await board.post(f"P{number}", terms={"category": (child.id,), "post_tag": (tag.id,)})
    await board.place("terms", look="list")
    await board.place("terms", look="tree", numbers=False)
    await board.place("terms", taxonomy="post_tag", look="cloud")
    async with board.visitor() as visitor:
        flat, tree, cloud = footer(await visitor.soup("/"))
    assert [link.get_text() for link in flat.select("a")] == ["Coração"]
    assert flat.select_one(".count").get_text() == "3"  # type: ignore[union-attr]  # it is there
    assert [link.get_text() for link in tree.select("li > ul a")] == ["Coração"]
    assert "Corpo" in tree.get_text() and "Vazia" not in tree.get_text() and not tree.select(".count")
    assert cloud.select_one("a[class^=cloud-]")["href"] == "/tag/rotina/"  # type: ignore[index]  # it is there


async def test_pages_nest_and_months_are_named_in_the_language_of_the_reader(
    board: Board, clock: Any
) -> None:
    top = await board.post("Sobre", type="page")
    await board.post("Equipe", type="page", parent_id=top.id)
    await board.post("Sono")
    await board.place("pages", levels=2)
    await board.place("pages", levels=1)
    await board.place("archives")
    async with board.visitor() as visitor:
        deep, flat, months = footer(await visitor.soup("/"))
    assert [link["href"] for link in deep.select("li li a")] == ["/sobre/equipe/"]
    assert [link["href"] for link in flat.select("a")] == ["/sobre/"]
    (month,) = months.select("a")
    assert " de 20" in month.get_text() and month["href"].count("/") == 3  # type: ignore[union-attr]  # a text


async def test_text_and_html_pass_the_one_allow_list(board: Board) -> None:
    await board.place("text", title="Nota", text="Um <b>forte</b>\n\nDois <script>alert(1)</script>")
    await board.place("html", html='<p onclick="x()">Oi <a href="javascript:x()">aqui</a></p><form></form>')
    async with board.visitor() as visitor:
        text, html = footer(await visitor.soup("/"))
    assert len(text.select("p")) == 2 and "alert" not in text.get_text() and not text.select("script")
    assert html.select_one("p").attrs == {}  # type: ignore[union-attr]  # it is there
    assert not html.select("form") and "javascript" not in str(html)
    assert not html.select(".widget-title")


async def test_pictures_come_from_the_library_and_lead_nowhere_bad(board: Board) -> None:
    person = await board.people.make("alfa", "administrator")
    data = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(data, "PNG")
    with entered(board.app, "alfa"):
        async with tenant_read():
            media = await create_media(
                data.getvalue(), "logo.png", MediaData(alt="Logo"), uploaded_by_id=person.id
            )
    await board.place("image", media=media.number, link="javascript:alert(1)", caption="Nosso selo")
    await board.place("image", media=media.number + 50)
    async with board.visitor() as visitor:
        (picture,) = footer(await visitor.soup("/"))
    image = picture.select_one("img")
    assert image is not None and (image["alt"], image["width"]) == ("Logo", "40")
    assert picture.select_one("a")["href"] == "#"  # type: ignore[index]  # it is there
    assert picture.select_one("figcaption").get_text() == "Nosso selo"  # type: ignore[union-attr]  # it is there


async def test_search_author_and_feeds(board: Board) -> None:
    post = await board.post("Sono")
    await board.place("search", hint="O que você procura?")
    await board.place("author")
    await board.place("feeds", atom=True)
    async with board.visitor() as visitor:
        search, author, feeds = footer(await visitor.soup(post.url))
        assert len(footer(await visitor.soup("/"))) == 2  # nobody wrote the front page
        field = search.select_one("form[role=search] input[name=s]")
        assert field is not None and (field["placeholder"], field["aria-label"]) == (
            "O que você procura?",
            "Buscar",
        )
        link = author.select_one("a[rel=author]")
        assert link is not None
        assert post.author.name in author.get_text()
        assert (await visitor.get(str(link["href"]))).status_code == 200
        for feed in feeds.select("a"):
            assert (await visitor.get(str(feed["href"]))).status_code == 200


async def test_a_widget_is_a_landmark_with_its_title_of_the_level_that_fits(board: Board) -> None:
    await board.post("Sono")
    await board.place("recent_posts")
    async with board.visitor() as visitor:
        page = await visitor.soup("/")
    (widget,) = footer(page)
    heading = widget.select_one(".widget-title")
    assert heading is not None and (widget.name, heading.name) == ("section", "h2")
    assert (widget["aria-labelledby"], heading.get_text()) == (heading["id"], "Posts recentes")


async def test_what_every_page_shows_costs_a_page_nothing(board: Board, queries: list[str]) -> None:
    post = await board.post("Sono")
    await board.place("text", title="Sobre", text="Olá")
    async with board.visitor() as visitor:
        await visitor.get(post.url)
        queries.clear()
        await visitor.get(post.url)
        bare = len(queries)
        for kind in ("recent_posts", "terms", "pages", "archives", "search"):
            await board.place(kind)
        queries.clear()
        await visitor.get(post.url)
        first = len(queries)
        queries.clear()
        page = await visitor.soup(post.url)
        assert len(queries) == bare <= 6 < first
    assert len(footer(page)) == 5  # of the pages there are none


async def test_a_change_is_seen_at_once(board: Board) -> None:
    await board.place("recent_posts", title="Antes")
    async with board.visitor() as visitor:
        assert await titles(visitor) == []  # no posts yet
        await board.post("Sono")
        assert await titles(visitor) == ["Antes"]
        await board.place("text", title="Depois", text="x")
        assert await titles(visitor) == ["Antes", "Depois"]


async def test_a_widget_that_fails_is_left_out_and_named(
    board: Board, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_settings: Any, _page: Page) -> str:
        raise RuntimeError("out of order")

    types = tuple(
        msgspec.structs.replace(kind, render=broken) if kind.name == "search" else kind
        for kind in core_widgets.TYPES
    )
    monkeypatch.setattr(
        "plugins.widgets.types.collect_owned", lambda _spec: [("broken", kind) for kind in types]
    )
    await board.place("search")
    await board.place("text", title="Fica", text="Olá")
    async with board.visitor() as visitor:
        page = await visitor.soup("/")
    assert [widget.select_one(".widget-title").get_text() for widget in footer(page)] == ["Fica"]  # type: ignore[union-attr]  # it is there
    assert "The plugin “broken” failed in the widget search" in caplog.text and "out of order" in caplog.text


def test_types_have_defaults_for_everything() -> None:
    from core.structs import wrong_field

    class Bad(msgspec.Struct):
        must: int

    kind = WidgetType(name="x", title="X", settings=Bad, render=core_widgets.TYPES[0].render)
    assert "no default for must" in wrong_field(kind)
    assert all(not wrong_field(known) for known in core_widgets.TYPES)
