"""What speaks against a comment adds up: held back, or spam, and moderators are told why."""

from types import SimpleNamespace
from typing import Any

import pytest

from core.contract.markers import hookimpl
from core.plugins import Plugin
from plugins.comments.views import CommentView, SpamSign, signs_of
from tests.plugins.comments.world import Talk, talking

LINKS = "Veja https://a.example https://b.example https://c.example e conte o que achou deste texto todo, por favor"


def rules(comment: CommentView) -> set[str]:
    return {sign.rule for sign in signs_of(comment)}


@pytest.mark.parametrize(
    ("content", "fields", "rule", "status"),
    [
        ("Um texto comum, com um link: https://a.example e mais palavras.", {}, None, "approved"),
        (LINKS, {}, "links", "pending"),
        ("https://a.example", {}, "little_text", "approved"),
        ("Olá", {"subject": "eu sou um programa"}, "trap", "spam"),
        ("Olá", {"name": "Compre www.a.example"}, "name", "pending"),
        ("Comprê v\u00e1 VÍAGRA-já", {}, "spam_words", "spam"),
        ("Falo do Ozempic", {}, "hold_words", "pending"),
        ("Um neologismo: preozempical", {}, None, "approved"),
    ],
)
async def test_each_sign_counts(
    talk: Talk, content: str, fields: dict[str, str], rule: str | None, status: str
) -> None:
    await talk.settings(moderation="none", spam_words="viagra\n", hold_words="cassino\n\nozempic")
    post = await talk.post()
    async with talk.browser() as visitor:
        await talk.send(visitor, post, content, **fields)
    (sent,) = await talk.all()
    assert sent.status == status
    assert rules(sent) == ({rule} if rule else set())


async def test_what_was_spam_before_tells_the_next_one(talk: Talk) -> None:
    await talk.settings(moderation="none")
    one, two = await talk.post("Um"), await talk.post("Dois")
    text = "Perdi vinte quilos sem nenhum esforço, pergunte-me como."
    async with talk.browser() as visitor:
        await talk.send(visitor, one, text, name="Rui")
        editor = await talk.people.browser("alfa", "editor")
        await editor.submit("/admin/comments/do", {"do": "spam", "ids": "1"}, page="/admin/comments")
        await talk.send(visitor, two, text, name="Rui")
    again = (await talk.all())[1]
    assert rules(again) == {"sender", "same_text"} and again.status == "spam"


async def test_who_was_approved_before_has_credit(talk: Talk) -> None:
    await talk.settings(moderation="none")
    post = await talk.post()
    async with talk.browser() as visitor:
        await talk.send(visitor, post, "Bom texto")
        await talk.send(visitor, post, LINKS)
        await talk.send(visitor, post, LINKS, name="Outra")
    _first, known, strange = await talk.all()
    assert rules(known) == {"links", "known"} and known.status == "approved"
    assert strange.status == "pending"


async def test_many_comments_at_once_wait(talk: Talk) -> None:
    await talk.settings(moderation="none")
    post = await talk.post()
    async with talk.browser() as visitor:
        for number in range(9):
            await talk.send(visitor, post, f"Número {number}", name=f"Pessoa {number}")
    found = await talk.all()
    assert [comment.status for comment in found] == ["approved"] * 8 + ["pending"]
    assert rules(found[-1]) == {"haste"}


async def test_moderators_see_why_and_visitors_do_not(talk: Talk) -> None:
    await talk.settings(moderation="none")
    post = await talk.post()
    async with talk.browser() as visitor:
        await talk.send(visitor, post, LINKS)
        assert "pontos" not in (await visitor.get(post.url)).text
    editor = await talk.people.browser("alfa", "editor")
    listed = (await editor.soup("/admin/comments?tab=pending")).select_one("#list")
    assert listed is not None
    assert "50 pontos contra" in listed.get_text() and "3 links." in listed.get_text()
    more = await editor.soup("/admin/comments/1/more")
    assert "3 links. (+50)" in more.get_text()


async def test_an_outside_service_takes_part(app_with: Any) -> None:
    @hookimpl
    async def filter_comments_spam_signs(
        signs: tuple[SpamSign, ...], comment: CommentView
    ) -> tuple[SpamSign, ...]:
        assert comment.number == 0
        return (*signs, SpamSign("judge.bayes", 9_999, "Parece propaganda."))

    hooks = SimpleNamespace(filter_comments_spam_signs=filter_comments_spam_signs)
    judge = Plugin(name="judge", version="1.0", title="Judge", requires=("comments",), parts={"hooks": hooks})
    talk = await talking(await app_with(judge, on=("alfa",)))
    post = await talk.post()
    async with talk.browser() as visitor:
        await talk.send(visitor, post, "Olá")
    (sent,) = await talk.all()
    assert sent.status == "spam" and sent.spam_score == 1000
    assert [sign.rule for sign in signs_of(sent)] == ["judge.bayes"]
