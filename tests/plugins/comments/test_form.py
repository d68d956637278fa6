"""The form below a post: what is taken, what comes back, and what is kept out."""

import asyncio
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup

from tests.plugins.comments.world import Talk


async def test_a_visitor_comments_and_reads_it(talk: Talk) -> None:
    await talk.settings(moderation="none")
    post = await talk.post()
    async with talk.browser() as visitor:
        page = await visitor.soup(post.url)
        form = page.select_one("form.comment-form")
        assert form is not None and form["action"] == f"/comments/{post.number}"
        assert not form.select("[name=_csrf]")  # the page may be kept by a cache
        sent = await talk.send(visitor, post, "Dormi <b>bem</b>.\n\nObrigada!", author_url="ana.example.org")
        assert sent.status_code == 303
        assert sent.headers["location"] == f"{post.url}#comment-1"
        page = await visitor.soup(post.url)
        comment = page.select_one("#comment-1")
        assert comment is not None
        assert comment.select_one(".name a")["href"] == "https://ana.example.org"  # type: ignore[index]  # it is there
        text = comment.select_one(".comment-text")
        assert (
            text is not None
            and text.decode_contents().strip() == "<p>Dormi <strong>bem</strong>.</p>\n<p>Obrigada!</p>"
        )
        assert "ana@example.org" not in str(page)
        assert "1 comentário" in page.select_one("#comments-title").get_text()  # type: ignore[union-attr]  # it is there
        front = await visitor.soup("/")
        assert "1 comentário" in front.get_text()


async def test_the_first_comment_of_a_person_waits(talk: Talk) -> None:
    post = await talk.post()
    async with talk.browser() as visitor:
        sent = await talk.send(visitor, post, "Primeiro")
        assert sent.headers["location"] == f"{post.url}?comment=held#reply"
        page = await visitor.soup(f"{post.url}?comment=held")
        assert page.select(".reply-form .notice") and not page.select("#comment-1")
        (first,) = await talk.all()
        assert first.status == "pending"
        editor = await talk.people.browser("alfa", "editor")
        done = await editor.submit(
            "/admin/comments/do", {"do": "approve", "ids": "1"}, page="/admin/comments"
        )
        assert done.status_code == 303
        assert (await visitor.soup(post.url)).select("#comment-1")
        again = await talk.send(visitor, post, "Segundo")
        assert again.headers["location"].endswith("#comment-2")
        other = await talk.send(visitor, post, "De outra pessoa", name="Bia")
        assert other.headers["location"].endswith("?comment=held#reply")


async def test_what_has_to_be_corrected_comes_back_with_what_was_typed(talk: Talk) -> None:
    post = await talk.post()
    async with talk.browser() as visitor:
        sent = await talk.send(
            visitor,
            post,
            "Escrevi isto com carinho",
            name="",
            author_email="não é",
            author_url="javascript:x",
        )
        assert sent.status_code == 422
        assert "no-store" in sent.headers["cache-control"]
        page = BeautifulSoup(sent.text, "html.parser")
        assert page.select_one("h1").get_text() == "Sono"  # type: ignore[union-attr]  # it is the post's own page
        assert page.select_one("#comment-content").get_text() == "Escrevi isto com carinho"  # type: ignore[union-attr]  # it is there
        assert page.select_one("#comment-author_email")["value"] == "não é"  # type: ignore[index]  # it is there
        for field in ("author_name", "author_email", "author_url"):
            wrong = page.select_one(f"#comment-{field}-wrong")
            assert wrong is not None and wrong.get_text(), field
        assert await talk.all() == ()
        empty = await talk.send(visitor, post, "  <i></i> ")
        assert empty.status_code == 422 and "comment-content-wrong" in empty.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("content", "a" * 20_001),
        ("author_name", "b" * 101),
        ("author_name", "gнome"),  # a Cyrillic letter among Latin ones
        ("author_name", "a\u202eb"),
        ("author_email", "c" * 300 + "@example.org"),
        ("parent", "99"),
    ],
)
async def test_what_does_not_fit_is_refused_and_never_cut(talk: Talk, field: str, value: str) -> None:
    post = await talk.post()
    async with talk.browser() as visitor:
        sent = await talk.send(
            visitor,
            post,
            **{"content": "Olá", field: value} if field != "parent" else {"content": "Olá", "parent": value},
        )  # type: ignore[arg-type]  # by name
        assert sent.status_code == 422
    assert await talk.all() == ()


async def test_the_same_form_sent_twenty_times_at_once_is_one_comment(talk: Talk) -> None:
    post = await talk.post()
    async with talk.browser() as visitor:
        answers = await asyncio.gather(*(talk.send(visitor, post, "Só uma vez") for _ in range(20)))
        assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {
            (303, f"{post.url}?comment=held#reply")
        }
    assert len(await talk.all()) == 1


async def test_a_flood_is_stopped_and_says_when_to_come_back(talk: Talk) -> None:
    post = await talk.post()
    async with talk.browser() as visitor:
        for number in range(30):
            assert (await talk.send(visitor, post, f"Número {number}")).status_code == 303
        stopped = await talk.send(visitor, post, "Mais um", name="Bia")
        assert stopped.status_code == 429 and int(stopped.headers["retry-after"]) > 0
        forged = await visitor.post(
            f"/comments/{post.number}",
            data={
                "content": "Outra rede",
                "author_name": "Caio",
                "author_email": "caio@example.org",
                "consent": "yes",
            },
            headers={"x-forwarded-for": "203.0.113.9"},
        )
        assert forged.status_code == 429
    assert len(await talk.all()) == 30


async def test_what_is_refused_is_counted_too(talk: Talk) -> None:
    post = await talk.post()
    async with talk.browser() as visitor:
        for _number in range(120):
            assert (await talk.send(visitor, post, "<a><b>" * 40)).status_code == 422
        assert (await talk.send(visitor, post, "<a><b>")).status_code == 429
        assert (await talk.send(visitor, post, "Desculpe, era engano.")).status_code == 429


async def test_a_trap_that_only_programs_fill_in_makes_spam(talk: Talk) -> None:
    await talk.settings(moderation="none")
    post = await talk.post()
    async with talk.browser() as visitor:
        sent = await talk.send(visitor, post, "Compre já", subject="cheap")
        assert sent.headers["location"].endswith("?comment=held#reply")  # it learns nothing
    (spam,) = await talk.all()
    assert spam.status == "spam"


async def test_a_form_from_another_site_changes_nothing(talk: Talk) -> None:
    post = await talk.post()
    data = {"content": "Oi", "author_name": "Ana", "author_email": "ana@example.org"}
    async with talk.browser() as visitor:
        for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}):
            assert (
                await visitor.post(f"/comments/{post.number}", data=data, headers=headers)
            ).status_code == 403
    reader = await talk.people.browser("alfa", "subscriber")
    forged = await reader.post(f"/comments/{post.number}", data={"content": "Oi"})
    assert forged.status_code == 403  # somebody who is signed in needs the form's token
    honest = await reader.submit(f"/comments/{post.number}", {"content": "Oi"}, page=post.url)
    assert honest.status_code == 303
    (made,) = await talk.all()
    assert made.user_id is not None and made.author_name.startswith("Pessoa")


async def test_ten_megabytes_are_refused_while_they_come_in(talk: Talk) -> None:
    post = await talk.post()
    read = 0

    async def body() -> Any:
        nonlocal read
        yield b"author_name=Ana&content="
        for _ in range(160):
            read += 65_536
            yield b"a" * 65_536

    async with talk.browser() as visitor:
        answer = await visitor.post(
            f"/comments/{post.number}",
            content=body(),
            headers={"content-type": "application/x-www-form-urlencoded"},
        )
        assert answer.status_code == 413
    assert await talk.all() == ()


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "text/xml"])
async def test_only_forms_are_taken(talk: Talk, kind: str) -> None:
    post = await talk.post()
    async with talk.browser() as visitor:
        answer = await visitor.post(f"/comments/{post.number}", content=b"{}", headers={"content-type": kind})
    assert answer.status_code == 415


async def test_nobody_comments_where_there_is_no_discussion(talk: Talk) -> None:
    closed = await talk.post("Fechado", comment_status="closed")
    draft = await talk.post("Rascunho", publish=False)
    locked = await talk.post("Senha", password="abre-te-sesamo")
    page = await talk.post("Uma página", type="page")
    async with talk.browser() as visitor:
        for about, status in ((closed, 403), (draft, 404), (locked, 403), (page, 403)):
            assert (await talk.send(visitor, about, "Oi")).status_code == status, about.title
        assert (await visitor.post("/comments/999999", data={"content": "Oi"})).status_code == 404
        assert (await visitor.post(f"/comments/{10**30}", data={"content": "Oi"})).status_code == 404
        soup = await visitor.soup(closed.url)
        assert not soup.select(".comments")
        assert not (await visitor.soup(locked.url)).select(".comments, .comment-form")
    assert await talk.all() == ()


async def test_a_password_opens_the_discussion_too(talk: Talk) -> None:
    await talk.settings(moderation="none")
    post = await talk.post("Senha", password="abre-te-sesamo")
    async with talk.browser() as visitor:
        await visitor.post(post.url, data={"post_password": "abre-te-sesamo"})
        assert (await talk.send(visitor, post, "Sei a senha")).status_code == 303
        assert (await visitor.soup(post.url)).select("#comment-1")
    async with talk.browser() as stranger:
        assert "Sei a senha" not in (await stranger.get(post.url)).text
        assert "Sei a senha" not in (await stranger.get("/comments/feed/")).text
        listed: httpx.Response = await stranger.get(
            "/api/v1/comments", headers={"accept": "application/json"}
        )
        assert listed.json()["items"] == []


async def test_only_people_who_are_signed_in_if_the_site_wants_it(talk: Talk) -> None:
    await talk.settings(signed_in_only=True)
    post = await talk.post()
    async with talk.browser() as visitor:
        page = await visitor.soup(post.url)
        assert not page.select(".comment-form") and page.select(".reply-form a[href^='/admin/login']")
        assert (await talk.send(visitor, post, "Oi")).status_code == 401
    assert await talk.all() == ()


async def test_name_and_address_may_be_left_out_if_the_site_lets_them(talk: Talk) -> None:
    await talk.settings(require_name_email=False, moderation="none")
    post = await talk.post()
    async with talk.browser() as visitor:
        assert (await talk.send(visitor, post, "Anônimo", name="")).status_code == 303
        assert "Alguém" in (await visitor.soup(post.url)).select_one("#comment-1").get_text()  # type: ignore[union-attr]  # it is there


async def test_reloading_a_form_that_was_to_be_corrected_leads_to_the_post(talk: Talk) -> None:
    post = await talk.post()
    async with talk.browser() as visitor:
        answer = await visitor.get(f"/comments/{post.number}")
    assert answer.status_code == 302 and answer.headers["location"] == f"{post.url}#comments"
