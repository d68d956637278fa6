"""Comments over the API, by role; and the feeds."""

from typing import Any

import pytest
from defusedxml.ElementTree import fromstring

from tests.core.api.kit import open_api
from tests.plugins.comments.world import Talk


async def talked(talk: Talk, count: int = 3) -> Any:
    await talk.settings(moderation="none")
    post = await talk.post()
    async with talk.browser() as visitor:
        for number in range(1, count + 1):
            await talk.send(
                visitor,
                post,
                f"Texto {number}",
                name=f"Pessoa{number}",
                **({"parent": 1} if number == 2 else {}),
            )
        await talk.settings(moderation="all")
        await talk.send(visitor, post, "Espera", name="Zé")
    return post


async def test_visitors_read_what_is_shown_and_no_more(talk: Talk) -> None:
    post = await talked(talk)
    async with await open_api(talk.app) as visitor:
        items = (await visitor.json("/comments"))["items"]
        assert [item["number"] for item in items] == [3, 2, 1]
        assert items[1]["parent"] == 1 and items[1]["post"] == post.number
        assert items[0]["url"].endswith(f"{post.url}#comment-3")
        assert not {"content", "authorEmail"} & items[0].keys()
        assert (await visitor.json("/comments/2"))["authorName"] == "Pessoa2"
        for path, status in (("/comments/4", 404), ("/comments/99", 404), ("/comments?status=pending", 401)):
            assert (await visitor.get(path)).status_code == status, path
        # addresses can't be guessed letter by letter
        assert (await visitor.json("/comments?search=pessoa3@exam"))["items"] == []
        assert len((await visitor.json("/comments?search=texto 3"))["items"]) == 1
        assert (await visitor.json("/comments?post=999"))["items"] == []
        assert (await visitor.post("/comments", json={"post": post.number, "content": "x"})).status_code in (
            401,
            403,
        )
        for odd in ("limit=0", "limit=101", "post=0", "post=x", "status=other", "cursor=x", "who=1"):
            assert (await visitor.get(f"/comments?{odd}")).status_code == 400, odd


async def test_pages_go_on_where_the_last_one_ended(talk: Talk) -> None:
    post = await talked(talk, count=7)
    async with await open_api(talk.app) as visitor:
        seen, path = [], f"/comments?limit=3&post={post.number}"
        while path:
            page = await visitor.json(path)
            seen += [item["number"] for item in page["items"]]
            if len(seen) == 3:
                async with talk.browser() as other:
                    await talk.settings(moderation="none")
                    await talk.send(other, post, "Entretanto", name="Nova")
            path = (page["next"] or "").partition("/api/v1")[2]
    assert seen == [7, 6, 5, 4, 3, 2, 1]


async def test_people_write_in_their_own_name(talk: Talk) -> None:
    post = await talked(talk)
    async with await open_api(talk.app, "alfa", "subscriber") as reader:
        made = await reader.change(
            "POST", "/comments", {"post": post.number, "content": "Oi <b>a</b> todos", "parent": 1}, 201
        )
        assert (
            made["status"] == "pending" and made["authorEmail"] == reader.person.email and made["parent"] == 1
        )
        assert made["content"] == "Oi <strong>a</strong> todos"
        for body, status in (
            ({"post": post.number, "content": " "}, 422),
            ({"post": 999, "content": "x"}, 422),
            ({"post": post.number, "content": "x", "parent": 99}, 422),
            ({"post": post.number}, 422),
            ({"post": post.number, "content": "x", "status": "approved"}, 400),
        ):
            assert (await reader.post("/comments", json=body)).status_code == status, body
        for method, path, body in (
            ("PATCH", "/comments/1", {"version": 1, "content": "meu"}),
            ("POST", "/comments/1/status", {"status": "trash"}),
            ("DELETE", "/comments/1", None),
            ("GET", "/comments?status=spam", None),
        ):
            assert (await reader.request(method, path, json=body)).status_code == 403, path


async def test_moderators_do_everything(talk: Talk) -> None:
    await talked(talk)
    async with await open_api(talk.app, "alfa", "editor") as editor:
        (waiting,) = (await editor.json("/comments?status=pending"))["items"]
        assert (waiting["authorName"], waiting["authorEmail"]) == ("Zé", "zé@example.org")
        approved = await editor.change("POST", "/comments/4/status", {"status": "approved"})
        assert approved["status"] == "approved" and approved["version"] == 2
        changed = await editor.change(
            "PATCH", "/comments/4", {"version": 2, "content": "Melhor", "authorUrl": "ze.example.org"}
        )
        assert changed["content"] == "Melhor" and changed["authorUrl"] == "https://ze.example.org"
        stale = await editor.change("PATCH", "/comments/4", {"version": 2, "content": "Tarde"}, 409)
        assert stale["current"]["content"] == "Melhor" and stale["yours"]["content"] == "Tarde"
        wrong = await editor.change("PATCH", "/comments/4", {"version": 3, "authorEmail": "x"}, 422)
        assert [problem["field"] for problem in wrong["errors"]] == ["authorEmail"]
        await editor.change("DELETE", "/comments/4", status=204)
        assert (await editor.json("/comments/4"))["status"] == "trash"
        assert (await editor.change("POST", "/comments/4/status", {"status": "restore"}))[
            "status"
        ] == "approved"
        await editor.change("DELETE", "/comments/4?force=true", status=204)
        assert (await editor.get("/comments/4")).status_code == 404
        assert len((await editor.json("/comments?search=pessoa3@exam"))["items"]) == 1


async def test_a_token_does_only_what_it_was_given(talk: Talk) -> None:
    await talked(talk)
    async with await open_api(talk.app, "alfa", "editor", scopes=frozenset({"read"})) as narrow:
        assert (await narrow.post("/comments/1/status", json={"status": "spam"})).status_code == 403
        assert (await narrow.get("/comments?status=pending")).status_code == 403


async def test_the_feeds_are_well_formed_and_public(talk: Talk) -> None:
    post = await talked(talk)
    async with talk.browser() as visitor:
        rss = await visitor.get("/comments/feed/")
        atom = await visitor.get("/comments/feed/atom/")
        page = await visitor.soup(post.url)
    assert rss.headers["content-type"].startswith("application/rss+xml")
    items = fromstring(rss.content).findall(".//item")
    assert [found.findtext("title") for found in items] == [f"Pessoa{n} em Sono" for n in (3, 2, 1)]
    assert items[0].findtext("link").endswith(f"{post.url}#comment-3")  # type: ignore[union-attr]  # it is there
    assert len(fromstring(atom.content).findall("{http://www.w3.org/2005/Atom}entry")) == 3
    assert page.select("link[rel=alternate][href='/comments/feed/']")
    assert "@" not in rss.text.replace("@example.org/", "")


@pytest.mark.parametrize("path", ["/api/v1/posts", "/api/v1/posts/{number}"])
async def test_posts_say_how_many_comments_they_have(talk: Talk, path: str) -> None:
    post = await talked(talk)
    async with talk.browser() as visitor:
        found = (await visitor.get(path.format(number=post.number))).json()
    item = found["items"][0] if "items" in found else found
    assert item["ext"]["comments"] == {"count": 3, "open": True}
