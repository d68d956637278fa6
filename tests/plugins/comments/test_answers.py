"""People who want to hear of answers: asked once, told, let go. Moderators hear of what waits."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from core.app import runtime_of
from core.db import execute, tenant_read
from tests.kit.plugin import entered
from tests.plugins.comments.world import Talk, talking


async def mails(talk: Talk) -> list[EmailMessage]:
    """Return what was sent since the last time, after running what is due."""
    await talk.work()
    folder = runtime_of(talk.app).mail.transport.folder
    found = []
    for path in sorted(folder.glob("*.eml")):
        found.append(message_from_bytes(path.read_bytes(), policy=policy.default))
        path.unlink()
    return found


def link_in(message: EmailMessage, word: str) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    found = re.search(rf"http://alfa\.[a-z.]+(?::\d+)?(/comments/answers/{word}/\S+)", body.get_content())
    assert found is not None
    return found[1]


async def approve(talk: Talk, *numbers: int) -> None:
    editor = await talk.people.browser("alfa", "editor")
    for number in numbers:
        await editor.submit(
            "/admin/comments/do", {"do": "approve", "ids": str(number)}, page="/admin/comments"
        )


async def test_an_answer_is_told_after_the_address_was_confirmed(talk: Talk) -> None:
    await talk.settings(moderation="none", notify_author=False, notify_moderators=False)
    post = await talk.post()
    async with talk.browser() as visitor:
        await talk.send(visitor, post, "Pergunto", follow="yes")
        (question,) = await mails(talk)
        assert question["to"] == "ana@example.org" and "respostas" in question["subject"]
        await talk.send(visitor, post, "Respondo", name="Bia", parent=1)
        assert await mails(talk) == []  # not confirmed yet

        link = link_in(question, "follow")
        page = await visitor.soup(link)
        button = page.select_one(".comments form.notice button")
        assert button is not None and "Sim, avise-me" in button.get_text()
        done = await visitor.post(link)
        assert done.status_code == 303 and done.headers["location"] == f"{post.url}?comment=followed#comments"
        assert "Você vai saber das respostas" in (await visitor.get(done.headers["location"])).text

        await talk.send(visitor, post, "Respondo de novo", name="Bia", parent=1)
        (told,) = await mails(talk)
        assert told["to"] == "ana@example.org" and told["subject"] == "Bia respondeu ao seu comentário"

        stop = link_in(told, "stop")
        assert "não me envie" in (await visitor.soup(stop)).get_text().lower()
        stopped = await visitor.post(stop)
        assert stopped.headers["location"].endswith("?comment=stopped#comments")
        await talk.send(visitor, post, "E mais", name="Bia", parent=1)
        assert await mails(talk) == []
        assert (await visitor.get(stop)).status_code == 404
        # the question is asked once: whoever said stop is not asked by his old link either
        assert (await visitor.get(link)).status_code == 404


async def test_nobody_is_written_to_before_the_comment_may_appear(talk: Talk) -> None:
    await talk.settings(notify_author=False, notify_moderators=False)
    post = await talk.post()
    async with talk.browser() as visitor:
        await talk.send(visitor, post, "Aguarda", follow="yes")
        await talk.send(visitor, post, "Propaganda", name="Rui", follow="yes", subject="x")
    assert await mails(talk) == []
    await approve(talk, 1)
    assert [message["to"] for message in await mails(talk)] == ["ana@example.org"]
    await approve(talk, 1)
    assert await mails(talk) == []


async def test_a_confirmed_address_is_not_asked_again(talk: Talk) -> None:
    await talk.settings(moderation="none", notify_author=False)
    post = await talk.post()
    async with talk.browser() as visitor:
        await talk.send(visitor, post, "Um", follow="yes")
        (question,) = await mails(talk)
        await visitor.post(link_in(question, "follow"))
        await talk.send(visitor, post, "Dois", follow="yes")
        assert await mails(talk) == []
        await talk.send(visitor, post, "Resposta", name="Bia", parent=2)
        assert [message["to"] for message in await mails(talk)] == ["ana@example.org"]


async def test_links_of_others_lead_nowhere(talk: Talk) -> None:
    await talking(talk.app, "beta")
    await talk.settings(moderation="none", notify_author=False)
    post = await talk.post()
    async with talk.browser() as visitor, talk.browser("beta") as other:
        await talk.send(visitor, post, "Um", follow="yes")
        (question,) = await mails(talk)
        link = link_in(question, "follow")
        for wrong in (link[:-2] + "xx", link.replace("follow", "stop"), link.replace("follow", "hack")):
            assert (await visitor.get(wrong)).status_code == 404
            assert (await visitor.post(wrong)).status_code == 404
        assert (await other.get(link)).status_code == 404


async def test_what_nobody_confirms_is_forgotten(talk: Talk, clock: Any) -> None:
    await talk.settings(moderation="none", notify_author=False)
    post = await talk.post()
    async with talk.browser() as visitor:
        await talk.send(visitor, post, "Um", follow="yes")
        (question,) = await mails(talk)
        clock.forward(days=8)
        assert (await visitor.get(link_in(question, "follow"))).status_code == 404
    await talk.purge()
    with entered(talk.app, "alfa"):
        async with tenant_read():
            assert await execute("SELECT 1 FROM comments_followers WHERE tenant_id = {tenant}") == []


async def test_moderators_hear_of_what_waits(talk: Talk) -> None:
    post = await talk.post()
    editor = await talk.people.browser("alfa", "editor")
    subscriber = await talk.people.browser("alfa", "subscriber")
    async with talk.browser() as visitor:
        await talk.send(visitor, post, "Aguarda")
        await talk.send(visitor, post, "Propaganda", name="Rui", subject="x")
    notices = (await editor.soup("/admin/notifications")).get_text()
    assert "Aguarda" in notices and "Propaganda" not in notices
    assert "espera aprovação" not in (await subscriber.soup("/admin/notifications")).get_text()
