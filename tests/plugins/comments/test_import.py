"""Comments from a WordPress export: threads, kinds, states and dates; once, in whatever order they come."""

from collections.abc import Sequence
from typing import Any

import pytest

from core.contract.work import ImportedItem
from core.db import tenant_read, tenant_work
from plugins.comments.importing import take
from plugins.comments.store import meta_of
from tests.kit.plugin import entered
from tests.plugins.comments.test_threads import shape
from tests.plugins.comments.world import Talk, talking


def item(
    number: int, post: Any, *, parent: int = 0, content: str = "", source: str = "antigo.example", **raw: Any
) -> ImportedItem:
    given = {
        "id": str(number),
        "author": f"Pessoa {number}",
        "author_email": f"p{number}@example.org",
        "author_url": "",
        "at": f"2013-03-14T15:{number % 60:02d}:00+00:00",
        "content": content or f"Texto {number}",
        "approved": "1",
        "type": "",
        "parent": str(parent),
        "user_id": "0",
        "meta": {},
        **raw,
    }
    return ImportedItem(
        source=source, kind="comment", identity=f"post|{number}", raw=given, parent_id=post.id
    )


async def bring(talk: Talk, items: Sequence[ImportedItem], site: str = "alfa") -> dict[str, Any]:
    with entered(talk.app, site):
        async with tenant_read(), tenant_work():
            return dict(await take(items))


async def test_threads_kinds_states_and_dates_come_along(talk: Talk) -> None:
    post = await talk.post()
    taken = await bring(
        talk,
        [
            item(
                1,
                post,
                author="Ping 1 &laquo; What&#8217;s",
                type="pingback",
                author_url="http://ping.example.org/1",
            ),
            item(
                2,
                post,
                content="<p>Um</p>\n<img src=x><b>dois</b> <script>x</script>",
                meta={"rating": ["5"], "_akismet": ["x"]},
            ),
            item(3, post, parent=2),
            item(4, post, approved="0"),
            item(5, post, approved="spam"),
            item(6, post, approved="trash"),
        ],
    )
    assert len(taken) == 6
    with entered(talk.app, "alfa"):
        async with tenant_read():
            second = taken["post|2"]
            assert await meta_of([second]) == {second: {"rating": ("5",)}}
    found = await talk.all()
    assert [view.status for view in found] == ["approved", "approved", "approved", "pending", "spam", "trash"]
    assert found[0].kind == "pingback" and found[0].author_name == "Ping 1 « What’s"
    assert found[1].content == "Um\n<strong>dois</strong>"
    assert found[1].created_at.isoformat().startswith("2013-03-14T15:02")
    async with talk.browser() as visitor:
        page = await visitor.soup(post.url)
        assert shape(page) == [1, 2, [3]]
        mention = page.select_one("li.pingback a[href='http://ping.example.org/1']")
        assert mention is not None
        # nothing is sent to anybody, and nothing new counts as old
        assert "3 comentários" in page.get_text()


@pytest.mark.parametrize("order", [(1, 2, 3, 4), (4, 3, 2, 1), (3, 1, 4, 2), (2, 4, 1, 3)])
@pytest.mark.parametrize("size", [1, 2, 4])
async def test_answers_find_their_place_in_any_order(talk: Talk, order: tuple[int, ...], size: int) -> None:
    post = await talk.post()
    parents = {1: 0, 2: 1, 3: 2, 4: 1}
    items = [item(number, post, parent=parents[number]) for number in order]
    for start in range(0, 4, size):
        await bring(talk, items[start : start + size])
    views = {view.content: view for view in await talk.all()}
    one, two, three, four = (views[f"Texto {number}"] for number in (1, 2, 3, 4))
    assert [(v.parent_id, v.root_id, v.depth, v.thread_at) for v in (one, two, three, four)] == [
        (None, one.id, 0, one.created_at),
        (one.id, one.id, 1, one.created_at),
        (two.id, one.id, 2, one.created_at),
        (one.id, one.id, 1, one.created_at),
    ]


async def test_the_second_run_finds_the_same_comments(talk: Talk) -> None:
    post = await talk.post()
    items = [item(1, post), item(2, post, parent=1)]
    first = await bring(talk, items)
    assert await bring(talk, items) == first
    assert len(await talk.all()) == 2
    other = await bring(talk, [item(1, post, source="outro.example")])
    assert other != {"post|1": first["post|1"]} and len(await talk.all()) == 3


async def test_odd_items_are_skipped_or_mended(talk: Talk) -> None:
    post, other = await talk.post("Um"), await talk.post("Outro")
    taken = await bring(
        talk,
        [
            item(1, post, content="<img src=x>"),
            item(2, post, parent=3),
            item(3, post, parent=2),  # they answer each other
            item(4, post, parent=4),  # it answers itself
            item(5, other, parent=2),  # it answers something on another post
            item(6, post, parent=77),  # what it answers never comes
            item(7, post, at="", author="a" * 999, author_email="não é", author_url="javascript:x", id=""),
        ],
    )
    assert set(taken) == {f"post|{number}" for number in range(2, 8)}
    views = {view.content: view for view in await talk.all()}
    assert views["Texto 3"].parent_id == views["Texto 2"].id and views["Texto 2"].parent_id is None
    assert views["Texto 4"].parent_id is None and views["Texto 5"].parent_id is None
    odd = views["Texto 7"]
    assert len(odd.author_name) == 250 and odd.author_email == "" and odd.author_url == ""
    async with talk.browser() as visitor:
        assert shape(await visitor.soup(post.url)) == [1, [2], 3, 5, 6]


async def test_people_who_have_an_account_here_are_known_again(talk: Talk) -> None:
    post = await talk.post()
    person = await talk.people.make("alfa", "author", email="eu@example.org")
    await bring(
        talk,
        [
            item(1, post, user_id="7", author_email="eu@example.org"),
            item(2, post, author_email="eu@example.org"),  # was not signed in there
            item(3, post, user_id="8", author_email="outra@example.org"),
        ],
    )
    assert [view.user_id for view in await talk.all()] == [person.id, None, None]


async def test_what_was_kept_before_the_plugin_came_is_taken_when_it_comes(app: Any) -> None:
    """The import of a site without comments keeps them raw; enabling the plugin hands them over."""
    from pathlib import Path

    from core.cli.demo import __file__ as demo
    from core.importing import import_wxr

    content = Path(demo).parents[2] / "sites" / "demo" / "content.wxr.xml"
    with entered(app, "alfa"):
        async with tenant_read():
            report = await import_wxr(content)
    assert report.created["comments"] > 0 and report.kept
    talk = await talking(app)
    assert len(await talk.all()) == report.created["comments"]
