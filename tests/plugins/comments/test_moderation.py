"""The moderation screen: tabs, search, bulk actions, editing, answering; and who may use it."""

from typing import Any

import pytest

from core.accounts import actor_of, get_user, list_notices
from core.db import tenant_read
from core.mail import list_outbox
from tests.kit.people import PASSWORD
from tests.kit.plugin import entered
from tests.plugins.comments.world import Talk, talking

SCREEN = "/admin/comments"


async def sent(talk: Talk, *names: str) -> Any:
    """Send one comment per name, which all wait."""
    await talk.settings(moderation="all")
    post = await talk.post()
    async with talk.browser() as visitor:
        for name in names:
            await talk.send(visitor, post, f"Texto de {name}", name=name)
    return post


async def test_a_moderator_approves_several_at_once_and_takes_it_back(talk: Talk) -> None:
    post = await sent(talk, "Ana", "Bia", "Caio")
    editor = await talk.people.browser("alfa", "editor")
    desk = await editor.soup("/admin")
    entry = desk.select_one(f'nav a[href="{SCREEN}"]')
    assert entry is not None and "3" in entry.get_text()
    screen = await editor.soup(f"{SCREEN}?tab=pending")
    assert len(screen.select("tbody tr")) == 3
    done = await editor.submit(f"{SCREEN}/do", {"do": "approve", "ids": ["1", "2"]}, page=SCREEN)
    assert done.status_code == 303
    assert [view.status for view in await talk.all()] == ["approved", "approved", "pending"]
    after = await editor.soup(f"{SCREEN}?tab=approved")
    assert "2 comentários foram aprovados." in after.get_text()
    async with talk.browser() as visitor:
        assert len((await visitor.soup(post.url)).select(".comment")) == 2
    await editor.submit(f"{SCREEN}/do", {"do": "hold", "ids": ["1"]}, page=SCREEN)
    assert [view.status for view in await talk.all()] == ["pending", "approved", "pending"]


async def test_spam_and_trash_and_back(talk: Talk) -> None:
    await sent(talk, "Ana", "Bia")
    editor = await talk.people.browser("alfa", "editor")

    async def do(action: str, *ids: str, **more: str) -> None:
        answer = await editor.submit(f"{SCREEN}/do", {"do": action, "ids": list(ids), **more}, page=SCREEN)
        assert answer.status_code in (200, 303)

    await do("approve", "1")
    await do("spam", "1", "2")
    assert [view.status for view in await talk.all()] == ["spam", "spam"]
    await do("trash", "1")
    await do("restore", "1", "2")
    assert [(view.status, view.status_before) for view in await talk.all()] == [
        ("approved", ""),
        ("pending", ""),
    ]
    await do("trash", "2")
    await do("delete", "2")  # asks first
    assert len(await talk.all()) == 2
    await do("delete", "2", _confirmed="yes")
    assert [view.number for view in await talk.all()] == [1]


async def test_words_names_and_addresses_are_found(talk: Talk) -> None:
    await sent(talk, "Ana", "Bia", "Caio")
    editor = await talk.people.browser("alfa", "editor")
    for asked, found in (("bia", 1), ("texto", 3), ("caio@exam", 1), ("ninguém", 0), ("%", 0), ("'; --", 0)):
        screen = await editor.soup(f"{SCREEN}?q={asked}")
        assert len(screen.select("tbody tr")) == found, asked


async def test_a_comment_is_changed_and_answered_on_one_screen(talk: Talk) -> None:
    post = await sent(talk, "Ana")
    editor = await talk.people.browser("alfa", "editor")
    form = await editor.soup(f"{SCREEN}/1")
    assert form.select_one("[name=content]").get_text().strip() == "Texto de Ana"  # type: ignore[union-attr]  # it is there
    given = {
        "content": "Texto <em>melhor</em>",
        "author_name": "Ana",
        "author_email": "ana@example.org",
        "author_url": "",
        "answer": "Obrigada, Ana!",
        "_version": "1",
    }
    assert (await editor.submit(f"{SCREEN}/1", given)).status_code == 303
    first, answer = await talk.all()
    assert first.content == "Texto <em>melhor</em>" and first.status == "approved"
    assert (answer.status, answer.parent_id) == ("approved", first.id) and answer.user_id is not None
    async with talk.browser() as visitor:
        page = await visitor.soup(post.url)
        assert page.select("#comment-1 ol #comment-2")
    stale = await editor.submit(f"{SCREEN}/1", {**given, "content": "Outro texto", "answer": ""})
    assert stale.status_code == 409 and "Outro texto" in stale.text and "melhor" in stale.text
    wrong = await editor.submit(
        f"{SCREEN}/1", {**given, "author_url": "javascript:alert(1)", "_version": "3"}
    )
    assert wrong.status_code == 422
    assert len(await talk.all()) == 2


async def test_whatever_was_taken_can_be_saved_again(talk: Talk) -> None:
    """Marks count once when they are sent, and several times when they are stored."""
    post = await sent(talk)
    async with talk.browser() as visitor:
        assert (await talk.send(visitor, post, "&" * 20_000)).status_code == 303
    (stored,) = await talk.all()
    assert len(stored.content) == 100_000
    editor = await talk.people.browser("alfa", "editor")
    given = {"content": stored.content, "author_name": "Ana Maria", "author_email": stored.author_email}
    answer = await editor.submit(f"{SCREEN}/1", {**given, "author_url": "", "answer": "", "_version": "1"})
    assert answer.status_code == 303
    (saved,) = await talk.all()
    assert saved.content == stored.content and saved.author_name == "Ana Maria"


async def test_only_those_who_moderate_see_the_screen(talk: Talk) -> None:
    await sent(talk, "Ana")
    for role, status in (("administrator", 200), ("editor", 200), ("author", 403), ("subscriber", 403)):
        person = await talk.people.browser("alfa", role)
        assert (await person.get(SCREEN)).status_code == status, role
        assert ("Comentários recentes" in (await person.get("/admin")).text) == (status == 200), role
        if status == 403:
            answer = await person.submit(f"{SCREEN}/do", {"do": "approve", "ids": "1"}, page="/admin")
            assert answer.status_code == 403
    async with talk.browser() as visitor:
        assert (await visitor.get(SCREEN)).status_code == 302
    assert (await talk.all())[0].status == "pending"


async def test_nobody_reaches_comments_of_another_site(talk: Talk) -> None:
    await sent(talk, "Ana")
    await talking(talk.app, "beta")
    stranger = await talk.people.browser("beta", "administrator")
    assert (await stranger.get(f"{SCREEN}/1")).status_code == 404
    assert not (await stranger.soup(SCREEN)).select("tbody tr")
    await stranger.submit(f"{SCREEN}/do", {"do": "approve", "ids": "1"}, page=SCREEN)
    assert (await talk.all())[0].status == "pending"
    assert await talk.all("beta") == ()


async def test_htmx_gets_the_rows_alone(talk: Talk) -> None:
    await sent(talk, "Ana")
    editor = await talk.people.browser("alfa", "editor")
    answer = await editor.get(f"{SCREEN}?q=ana", headers={"hx-request": "true"})
    assert answer.status_code == 200 and "<html" not in answer.text and "Texto de Ana" in answer.text


async def notices_of(talk: Talk, person: Any) -> Any:
    """Return somebody's notices, the newest first."""
    with entered(talk.app, "alfa"):
        async with tenant_read():
            who = await actor_of(await get_user(person.id))
    with entered(talk.app, "alfa", who):
        async with tenant_read():
            return (await list_notices()).items


async def test_the_author_is_told_and_gets_mail_if_the_site_wants_it(talk: Talk) -> None:
    await talk.settings(moderation="none", notify_by_mail=True)
    post = await talk.post("Vacinas")
    author = await talk.author("alfa")
    async with talk.browser() as visitor:
        await talk.send(visitor, post, "Ótimo texto", name="Ana")
        await talk.settings(moderation="all")
        await talk.send(visitor, post, "Mais um", name="Bia")
        await talk.settings(notify_by_mail=False)
        await talk.send(visitor, post, "Sem carta", name="Davi")
        await talk.settings(notify_author=False)
        await talk.send(visitor, post, "Em silêncio", name="Caio")
    found = await notices_of(talk, author)
    assert [notice.kind for notice in found] == ["comments.pending", "comments.pending", "comments.new"]
    assert found[2].title == "Novo comentário em “Vacinas”" and found[2].url == f"{post.url}#comment-1"
    assert found[2].body == "Ana escreveu: Ótimo texto"
    with entered(talk.app, "alfa"):
        async with tenant_read():
            assert [entry.template for entry in await list_outbox()] == ["notice", "notice"]


async def test_an_author_does_not_wait_and_is_not_told_of_the_own_answers(talk: Talk) -> None:
    await talk.settings(moderation="all")
    post = await talk.post()
    author = await talk.author("alfa")
    writer = talk.browser()
    await writer.sign_in(author.email, PASSWORD)
    answer = await writer.submit(f"/comments/{post.number}", {"content": "Do autor"}, page=post.url)
    assert answer.headers["location"].endswith("#comment-1")
    page = await writer.soup(post.url)
    assert page.select("#comment-1.by-author")
    assert await notices_of(talk, author) == ()


@pytest.mark.parametrize("path", ["0", "-1", "x", "99", "1" * 30, "1e3"])
async def test_what_is_no_comment_is_not_found(talk: Talk, path: str) -> None:
    editor = await talk.people.browser("alfa", "editor")
    assert (await editor.get(f"{SCREEN}/{path}")).status_code == 404
