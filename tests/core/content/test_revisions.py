"""Every saved text is kept, shown as a difference, and brought back."""

from typing import Any

import msgspec
import pytest

from core.content import (
    change_status,
    compare_revisions,
    compare_texts,
    create_post,
    get_revision,
    restore_revision,
    revisions,
    update_post,
)
from core.context import as_actor
from core.contract.content import Extension, PostData
from core.db import tenant_read
from core.errors import Conflict, Forbidden, NotFound
from tests.core.content.things import make, probe


async def test_saves_that_change_text_are_kept_with_their_author(site: Any, world: Any, admin: Any) -> None:
    post = await make("Um")
    ana = await world.person("editor")
    with as_actor(ana):
        await update_post(post.id, PostData(title="Dois"), version=1)
        await update_post(post.id, PostData(menu_order=3), version=2)  # no text, no revision
        await update_post(post.id, PostData(title="Dois"), version=3)  # the same text
    await change_status(post.id, "publish")
    kept = await revisions(post.id)
    assert [(r.number, r.kind, r.title) for r in kept] == [(2, "save", "Dois"), (1, "save", "Um")]
    assert [r.author.id for r in kept if r.author] == [ana.id, admin.id]
    assert kept[0].content == "" and (await get_revision(post.id, 1)).content == "<p>Beba água.</p>"


async def test_restoring_is_a_revision_too(site: Any) -> None:
    post = await make("Um", "<p>primeiro</p>")
    await update_post(post.id, PostData(title="Dois", content="<p>segundo</p>"), version=1)
    back = await restore_revision(post.id, 1, version=2)
    assert (back.title, back.content, back.version) == ("Um", "<p>primeiro</p>", 3)
    kept = await revisions(post.id)
    assert [(r.number, r.kind) for r in kept] == [(3, "restore"), (2, "save"), (1, "save")]
    with pytest.raises(Conflict):
        await restore_revision(post.id, 2, version=2)
    with pytest.raises(NotFound):
        await restore_revision(post.id, 99, version=3)


async def test_what_plugins_keep_comes_back_with_the_text(make_world: Any) -> None:
    store: dict[Any, str] = {}

    class Level(msgspec.Struct):
        level: str

    async def load(ids: Any) -> Any:
        return {i: {"level": store[i]} for i in ids if i in store}

    async def save(post_id: Any, value: Level) -> None:
        store[post_id] = value.level

    async def snapshot(post_id: Any) -> Any:
        return store.get(post_id)

    async def restore(post_id: Any, value: Any) -> None:
        store[post_id] = value

    async def erase(post_id: Any) -> None:
        store.pop(post_id, None)

    extension = Extension(
        owner="post", key="probe", input=Level, load=load, save=save,
        snapshot=snapshot, restore=restore, export=snapshot, erase=erase,
    )  # fmt: skip
    world = await make_world(probe(register_extensions=lambda: [extension]))
    with world.on("alfa", await world.person("administrator")):
        async with tenant_read():
            post = await create_post(PostData(title="x", ext={"probe": {"level": "I"}}))
            await update_post(post.id, PostData(ext={"probe": {"level": "IV"}}), version=1)
            assert (await get_revision(post.id, 1)).ext == {"probe": "I"}
            back = await restore_revision(post.id, 1, version=2)
            assert back.ext == {"probe": {"level": "I"}}
            from core.content import delete_post

            await delete_post(post.id)
            assert store == {}


async def test_revisions_are_for_those_who_may_edit(site: Any, world: Any) -> None:
    post = await make()
    await change_status(post.id, "publish")
    with as_actor(await world.person("subscriber")):
        with pytest.raises(Forbidden):
            await revisions(post.id)
        with pytest.raises(Forbidden):
            await get_revision(post.id, 1)


async def test_a_setting_limits_how_many_are_kept(site: Any, world: Any, admin: Any) -> None:
    await world.settings(revisions_kept=3)
    with world.on("alfa", admin):
        async with tenant_read():
            post = await make("0")
            for index in range(1, 7):
                await update_post(post.id, PostData(title=str(index)), version=None)
            assert [r.title for r in await revisions(post.id)] == ["6", "5", "4"]


async def test_differences_by_paragraph_and_word(site: Any) -> None:
    post = await make("Um", "<p>Lave as mãos.</p><p>Beba água fria.</p><p>Durma.</p>")
    await update_post(
        post.id,
        PostData(content="<p>Lave as mãos.</p><p>Beba água morna.</p><p>Descanse.</p><p>Fim.</p>"),
        version=1,
    )
    first, second = await get_revision(post.id, 1), await get_revision(post.id, 2)
    title, _excerpt, content = compare_revisions(first, second)
    assert not title.changed and content.changed
    assert [row.kind for row in content.rows] == ["same", "changed", "changed", "added"]
    changed = content.rows[1]
    assert [(p.kind, p.text) for p in changed.before] == [
        ("same", "Beba água "), ("removed", "fria"), ("same", "."),
    ]  # fmt: skip
    assert [(p.kind, p.text) for p in changed.after] == [
        ("same", "Beba água "), ("added", "morna"), ("same", "."),
    ]  # fmt: skip


def test_markup_is_shown_as_text_and_huge_texts_end() -> None:
    import time

    diff = compare_texts("content", "<p>a &lt;b&gt;</p>", "<p>a <i>c</i></p>", formats=("html", "html"))
    assert "".join(part.text for row in diff.rows for part in row.before) == "a <b>"
    start = time.perf_counter()
    words = " ".join(f"palavra{i}" for i in range(30_000))
    rows = compare_texts("content", words, words[::-1]).rows
    assert rows[0].kind == "changed" and time.perf_counter() - start < 5
