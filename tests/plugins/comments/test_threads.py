"""Threads: nested five deep and flat below, paged, and whole when something in the middle goes."""

from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from core.db import tenant_read
from plugins.comments.moderation import delete_comments, set_status
from plugins.comments.store import get_by_number
from tests.kit.plugin import entered
from tests.plugins.comments.world import Talk, talking


@pytest.fixture
async def open_talk(talk: Talk) -> Talk:
    await talk.settings(moderation="none")
    return talk


def shape(page: BeautifulSoup) -> list[Any]:
    """Return the numbers of the comments on a page, those below in lists of their own."""

    def of(items: Any) -> list[Any]:
        found: list[Any] = []
        for item in items.find_all("li", recursive=False):
            found.append(int(item["id"].removeprefix("comment-")))
            below = item.find("ol", recursive=False)
            if below is not None:
                found.append(of(below))
        return found

    top = page.select_one("ol.comment-list")
    return of(top) if top is not None else []


async def test_answers_nest_to_five_levels_and_are_flat_below(open_talk: Talk) -> None:
    post = await open_talk.post()
    async with open_talk.browser() as visitor:
        await open_talk.send(visitor, post, "1")
        for number in range(1, 8):
            sent = await open_talk.send(visitor, post, f"{number + 1}", parent=number)
            assert sent.status_code == 303
        await open_talk.send(visitor, post, "9", parent=6)
        await open_talk.send(visitor, post, "10")
        page = await visitor.soup(post.url)
    assert shape(page) == [1, [2, [3, [4, [5, 6, 7, 8, 9]]]], 10]
    assert page.select(".level-5") and not page.select(".level-6")


async def test_a_thousand_answers_in_a_row_are_shown(open_talk: Talk) -> None:
    post = await open_talk.post()
    with entered(open_talk.app, "alfa"):
        from core.db import tenant_work
        from plugins.comments.store import insert_comment

        async with tenant_work():
            last = None
            for number in range(1000):
                last = await insert_comment(
                    {"post_id": post.id, "status": "approved", "content": f"n{number}", "author_name": "Ana"},
                    last,
                )
    async with open_talk.browser() as visitor:
        page = await visitor.soup(post.url)
    assert len(page.select("li.comment")) == 1000


async def test_an_answer_is_sent_without_script(open_talk: Talk) -> None:
    post = await open_talk.post()
    async with open_talk.browser() as visitor:
        await open_talk.send(visitor, post, "Pergunta", name="Ana")
        page = await visitor.soup(post.url)
        link = page.select_one("#comment-1 a.reply")
        assert link is not None and link["href"] == f"{post.url}?reply=1#reply"
        page = await visitor.soup(str(link["href"]))
        assert page.select_one("[name=parent]")["value"] == "1"  # type: ignore[index]  # it is there
        assert "Ana" in page.select_one("#reply-title").get_text()  # type: ignore[union-attr]  # it is there
        await open_talk.send(visitor, post, "", parent=1)
        again = await open_talk.send(visitor, post, "", name="Bia", parent=1)
        assert BeautifulSoup(again.text, "html.parser").select_one("[name=parent]")["value"] == "1"  # type: ignore[index]  # kept
        for nonsense in ("999", "x", "-1", "9" * 40, ""):
            assert not (await visitor.soup(f"{post.url}?reply={nonsense}")).select("[name=parent]")


@pytest.mark.parametrize("order", ["oldest", "newest"])
async def test_threads_are_paged_and_links_lead_to_their_page(open_talk: Talk, order: str) -> None:
    await open_talk.settings(per_page=2, order=order)
    post = await open_talk.post()
    async with open_talk.browser() as visitor:
        for number in range(1, 6):
            await open_talk.send(visitor, post, f"Assunto {number}")
        answer = await open_talk.send(visitor, post, "Resposta", parent=3)  # the third of five threads
        assert answer.headers["location"] == f"{post.url}?cpage=2#comment-6"
        pages = [shape(await visitor.soup(f"{post.url}?cpage={page}")) for page in (1, 2, 3)]
        assert pages == ([[1, 2], [3, [6], 4], [5]] if order == "oldest" else [[5, 4], [3, [6], 2], [1]])
        middle = await visitor.soup(f"{post.url}?cpage=2")
        assert middle.select_one(".comments [rel=prev]")["href"] == f"{post.url}#comments"  # type: ignore[index]  # it is there
        assert middle.select_one(".comments [rel=next]")["href"] == f"{post.url}?cpage=3#comments"  # type: ignore[index]  # it is there
        assert middle.select_one("#comment-3 a.reply")["href"] == f"{post.url}?cpage=2&reply=3#reply"  # type: ignore[index]  # it is there
        assert shape(await visitor.soup(f"{post.url}?cpage=99")) == pages[-1]
        assert shape(await visitor.soup(f"{post.url}?cpage={10**30}")) == pages[0]


async def test_what_is_taken_away_leaves_its_answers_readable(open_talk: Talk) -> None:
    post = await open_talk.post()
    async with open_talk.browser() as visitor:
        for number, parent in ((1, None), (2, 1), (3, 2), (4, None)):
            await open_talk.send(visitor, post, f"Texto {number}", **({"parent": parent} if parent else {}))
        with entered(open_talk.app, "alfa"):
            async with tenant_read():
                first, second = await get_by_number(1), await get_by_number(2)
                await set_status([first.id], "trash")
        page = await visitor.soup(post.url)
        assert shape(page) == [1, [2, [3]], 4]
        gone = page.select_one("#comment-1 > article")
        assert gone is not None and "Texto 1" not in gone.get_text() and "Ana" not in gone.get_text()
        assert "3 comentários" in page.select_one("#comments-title").get_text()  # type: ignore[union-attr]  # it is there
        refused = await open_talk.send(visitor, post, "Ao que sumiu", parent=1)
        assert refused.status_code == 422
        with entered(open_talk.app, "alfa"):
            async with tenant_read():
                await delete_comments([first.id])
        assert shape(await visitor.soup(post.url)) == [2, [3], 4]
        with entered(open_talk.app, "alfa"):
            async with tenant_read():
                await delete_comments([second.id])
                third = await get_by_number(3)
        assert shape(await visitor.soup(post.url)) == [3, 4]
        assert (third.parent_id, third.root_id, third.depth) == (None, third.id, 0)
    assert [view.number for view in await open_talk.all()] == [3, 4]


async def test_a_post_takes_its_comments_along(open_talk: Talk) -> None:
    from core.content import delete_post

    post, other = await open_talk.post("Um"), await open_talk.post("Outro")
    async with open_talk.browser() as visitor:
        for number, about in ((1, post), (2, post), (3, other)):
            await open_talk.send(visitor, about, f"Texto {number}", **({"parent": 1} if number == 2 else {}))
    with entered(open_talk.app, "alfa"):
        async with tenant_read():
            await delete_post(post.id)
    assert [view.number for view in await open_talk.all()] == [3]


async def test_a_theme_may_show_comments_its_own_way(app_with: Any, tmp_path: Path) -> None:
    folder = tmp_path / "sites" / "alfa" / "templates" / "comments"
    folder.mkdir(parents=True)
    (folder / "_comment.html").write_text('<li class="mine">{{ comment.author }}</li>', "utf-8")
    talk = await talking(await app_with())
    await talk.settings(moderation="none")
    post = await talk.post()
    async with talk.browser() as visitor:
        await talk.send(visitor, post, "Oi")
        page = await visitor.soup(post.url)
    assert page.select_one("li.mine").get_text() == "Ana"  # type: ignore[union-attr]  # it is there
    assert page.select(".comment-form")


async def test_a_page_with_comments_takes_few_queries(
    open_talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.db import ReadScope

    asked: list[str] = []
    fetch = ReadScope.fetch

    async def counted(self: ReadScope, sql: str, args: Any = ()) -> Any:
        asked.append(sql)
        return await fetch(self, sql, args)

    monkeypatch.setattr(ReadScope, "fetch", counted)
    post, busy = await open_talk.post("Quieto"), await open_talk.post("Movimentado")
    counts = []
    async with open_talk.browser() as visitor:
        for number in range(1, 8):
            await open_talk.send(
                visitor, busy, f"Texto {number}", **({"parent": number - 1} if number % 2 == 0 else {})
            )
        for about in (post, busy):
            await visitor.get(about.url)
            asked.clear()
            await visitor.get(about.url)
            counts.append([sql for sql in asked if "comments" in sql])
    assert [len(found) for found in counts] == [
        1,
        2,
    ]  # the counts of posts; and where there are some, the page of threads
