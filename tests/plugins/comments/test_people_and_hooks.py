"""Whose data it is, what happens when somebody leaves, and what other plugins hear and decide."""

from types import SimpleNamespace
from typing import Annotated, Any

import msgspec
import pytest

from core.accounts import UserChanges, delete_user, get_user, owner_exists, update_user
from core.contract.content import Extension
from core.contract.markers import hookimpl
from core.db import tenant_read
from core.errors import Invalid
from core.hooks import collect
from core.plugins import Plugin
from hookspecs import platform
from plugins.comments.store import get_by_number
from tests.core.admin.kit import send
from tests.core.api.kit import open_api
from tests.kit.people import PASSWORD
from tests.kit.plugin import entered
from tests.plugins.comments.world import Talk, talking


def provider() -> Any:
    return next(found for found in collect(platform.register_personal_data) if found.name == "comments")


async def test_a_person_gets_what_is_kept_and_is_taken_off_it(talk: Talk) -> None:
    await talk.settings(moderation="none")
    post = await talk.post()
    async with talk.browser() as visitor:
        await talk.send(visitor, post, "Meu <em>texto</em>", name="Ana", author_url="ana.example.org")
        await talk.send(visitor, post, "De outra", name="Bia", parent=1)
        with entered(talk.app, "alfa"):
            async with tenant_read():
                mine = provider()
                ids = await mine.find(" ANA@example.org ")
                (exported,) = await mine.export(ids)
                assert await mine.find("ninguem@example.org") == []
                assert await mine.erase(ids) == 1
                assert await mine.find("ana@example.org") == []
        with entered(talk.app, "beta"):
            assert "comments" not in [p.name for p in collect(platform.register_personal_data)]
        page = await visitor.soup(post.url)
        assert exported["email"] == "ana@example.org" and exported["content"] == "Meu <em>texto</em>"
        assert "Ana" not in page.get_text() and "ana.example.org" not in str(page)
        assert "Meu texto" in page.get_text() and page.select("#comment-1 ol #comment-2")
        # nothing of him is found by search either, and he may say the same again
        editor = await talk.people.browser("alfa", "editor")
        assert not (await editor.soup("/admin/comments?q=ana")).select("tbody tr")
        assert (await talk.send(visitor, post, "Meu <em>texto</em>", name="Ana")).status_code == 303
    assert len(await talk.all()) == 3


async def test_what_somebody_wrote_with_an_account_is_known_by_the_account(talk: Talk) -> None:
    """His address may have changed since, and a visitor or a moderator may give anybody's."""
    await talking(talk.app, "beta")
    for site in ("alfa", "beta"):
        await talk.settings(site, moderation="none")
    posts = {site: await talk.post("Sono", site) for site in ("alfa", "beta")}
    rui, eva = [
        await talk.people.make("alfa", "subscriber", email=f"{name}@example.org") for name in ("rui", "eva")
    ]
    for person, texts in ((rui, ("Do rui 1", "Do rui 2")), (eva, ("Da eva",))):
        async with talk.browser() as reader:
            await reader.sign_in(person.email, PASSWORD)
            for text in texts:
                await reader.submit(
                    f"/comments/{posts['alfa'].number}", {"content": text}, page=posts["alfa"].url
                )
    for site in ("alfa", "beta"):
        async with talk.browser(site) as visitor:
            await talk.send(visitor, posts[site], f"De fora, {site}", name="Novo")
    written = {view.content: view for view in await talk.all()}

    async def found(email: str, site: str = "alfa") -> set[str]:
        with entered(talk.app, site):
            async with tenant_read():
                mine = provider()
                return {row["content"] for row in await mine.export(await mine.find(email))}

    editor = await talk.people.browser("alfa", "editor")
    edited = written["Do rui 1"]
    answer = await send(
        editor, f"/admin/comments/{edited.number}", {"author_email": "eva@example.org"}, selector="main form"
    )
    assert answer.status_code == 303
    with entered(talk.app, "alfa"):
        async with tenant_read():
            assert (await get_by_number(edited.number)).author_email == "eva@example.org"
            await update_user(rui.id, UserChanges(email="novo@example.org"), version=1)
    assert await found("eva@example.org") == {"Da eva"}
    assert await found("rui@example.org") == set()
    assert await found("novo@example.org") == {"Do rui 1", "Do rui 2", "De fora, alfa"}
    assert await found("novo@example.org", "beta") == {"De fora, beta"}
    with entered(talk.app, "alfa"):
        async with tenant_read():
            await delete_user(rui.id)
    assert await found("novo@example.org") == {"Do rui 1", "Do rui 2", "De fora, alfa"}
    assert await found("eva@example.org") == {"Da eva"}


async def test_comments_stay_when_an_account_goes(talk: Talk) -> None:
    await talk.settings(moderation="none")
    post = await talk.post()
    person = await talk.people.make("alfa", "subscriber")
    reader = talk.browser()
    await reader.sign_in(person.email, PASSWORD)
    await reader.submit(f"/comments/{post.number}", {"content": "Fico"}, page=post.url)
    with entered(talk.app, "alfa"):
        async with tenant_read():
            await delete_user((await get_user(person.id)).id, None)
    (left,) = await talk.all()
    assert left.user_id is None and left.author_name == person.display_name and left.content == "Fico"


async def test_other_plugins_judge_and_hear_of_comments(app_with: Any) -> None:
    heard: list[tuple[str, str]] = []

    @hookimpl
    async def filter_comments_verdict(verdict: str, comment: Any) -> str:
        if "boom" in comment.content:
            raise RuntimeError("this filter is broken")
        return (
            "spam" if "dinheiro" in comment.content else "approved" if "amigo" in comment.content else verdict
        )

    @hookimpl
    def on_comments_created(comment: Any) -> None:
        heard.append(("created", comment.status))

    @hookimpl
    def on_comments_status_changed(comment: Any, before: str) -> None:
        heard.append((before, comment.status))

    hooks = SimpleNamespace(
        filter_comments_verdict=filter_comments_verdict,
        on_comments_created=on_comments_created,
        on_comments_status_changed=on_comments_status_changed,
    )
    judge = Plugin(name="judge", version="1.0", title="Judge", requires=("comments",), parts={"hooks": hooks})
    talk = await talking(await app_with(judge, on=("alfa",)))
    post = await talk.post()
    async with talk.browser() as visitor:
        for text in ("Ganhe dinheiro", "Sou amigo", "Só eu", "boom"):
            assert (await talk.send(visitor, post, text, name=text.split()[-1])).status_code == 303
    assert [view.status for view in await talk.all()] == ["spam", "approved", "pending", "pending"]
    assert heard == [("created", status) for status in ("spam", "approved", "pending", "pending")]
    editor = await talk.people.browser("alfa", "editor")
    await editor.submit("/admin/comments/do", {"do": "approve", "ids": "3"}, page="/admin/comments")
    assert heard[-1] == ("pending", "approved")


async def test_every_act_is_recorded_without_what_was_said(app_with: Any) -> None:
    from core.contract.events import AuditSink

    events: list[Any] = []

    async def write(batch: Any) -> None:
        events.extend(batch)

    @hookimpl
    def register_audit_sinks() -> list[AuditSink]:
        return [AuditSink(name="ledger.sink", write=write)]

    ledger = Plugin(
        name="ledger",
        version="1.0",
        title="Ledger",
        parts={"hooks": SimpleNamespace(register_audit_sinks=register_audit_sinks)},
    )
    talk = await talking(await app_with(ledger, on=("alfa",)))
    post = await talk.post()
    async with talk.browser() as visitor:
        await talk.send(visitor, post, "Segredo meu", name="Ana")
    editor = await talk.people.browser("alfa", "editor")
    for action in ("approve", "spam"):
        await editor.submit("/admin/comments/do", {"do": action, "ids": "1"}, page="/admin/comments")
    await editor.submit(
        "/admin/comments/do", {"do": "delete", "ids": "1", "_confirmed": "yes"}, page="/admin/comments"
    )
    mine = [event for event in events if event.action.startswith("comments.")]
    assert [(event.action, event.actor.kind) for event in mine] == [
        ("comments.create", "visitor"),
        ("comments.approve", "user"),
        ("comments.mark_spam", "user"),
        ("comments.delete", "user"),
    ]
    told = repr(mine)
    assert "Segredo" not in told and "ana@example.org" not in told


async def test_what_can_be_extended_is_known_with_its_rows(app_with: Any) -> None:
    talk = await talking(await app_with("comments", on=("alfa",)))
    post = await talk.post()
    async with talk.browser() as visitor:
        await talk.send(visitor, post, "Aqui")
    (comment,) = await talk.all()
    author = await talk.people.make("alfa", "author")
    with entered(talk.app, "alfa"):
        async with tenant_read():
            rows = {"post": post.id, "user": author.id, "comments": comment.id}
            assert [await owner_exists(kind, row) for kind, row in rows.items()] == [True, True, True]
            assert not await owner_exists("term", post.id)
    with entered(talk.app, "beta"):
        async with tenant_read():
            assert [await owner_exists(kind, rows[kind]) for kind in ("post", "user")] == [False, False]
            with pytest.raises(Invalid, match="post, term, user"):
                await owner_exists("comments", comment.id)  # the plugin is off here


async def test_other_plugins_keep_something_with_a_comment(app_with: Any) -> None:
    kept: dict[Any, int] = {}

    class Stars(msgspec.Struct, forbid_unknown_fields=True):
        given: Annotated[int, msgspec.Meta(ge=0, le=5)]

    async def load(ids: Any) -> Any:
        return {comment_id: kept[comment_id] for comment_id in ids if comment_id in kept}

    async def save(comment_id: Any, value: Stars) -> None:
        kept[comment_id] = value.given

    async def erase(comment_id: Any) -> None:
        kept.pop(comment_id, None)

    async def nothing(_comment_id: Any, _value: Any = None) -> None: ...

    @hookimpl
    def register_extensions() -> list[Extension]:
        return [
            Extension(
                owner="comments",
                key="stars",
                input=Stars,
                load=load,
                save=save,
                snapshot=nothing,
                restore=nothing,
                export=nothing,
                erase=erase,
            )
        ]

    hooks = SimpleNamespace(register_extensions=register_extensions)
    stars = Plugin(name="stars", version="1.0", title="Stars", requires=("comments",), parts={"hooks": hooks})
    talk = await talking(await app_with(stars, on=("alfa",)))
    await talk.settings(moderation="none")
    post = await talk.post()
    async with talk.browser() as visitor:
        await talk.send(visitor, post, "Cinco estrelas")
    async with await open_api(talk.app, "alfa", "editor") as editor:
        changed = await editor.change("PATCH", "/comments/1", {"version": 1, "ext": {"stars": {"given": 5}}})
        assert changed["ext"] == {"stars": 5}
        wrong = await editor.change(
            "PATCH", "/comments/1", {"version": 2, "ext": {"stars": {"given": 9}}}, 422
        )
        assert [problem["field"] for problem in wrong["errors"]] == ["ext.stars.given"]
        assert (await editor.json("/comments/1"))["version"] == 2  # nothing of it was written
        await editor.change("DELETE", "/comments/1?force=true", status=204)
    assert kept == {}
