"""Copies of what is being written: one per person and text, for that person alone, and nothing lost by them."""

from typing import Any

import pytest

from core.content import (
    CopyData,
    create_post,
    drop_copy,
    get_post,
    get_revision,
    keep_copy,
    new_copies,
    own_copy,
    purge_trash,
    revisions,
)
from core.content.copies import COPIES
from core.context import Actor, as_actor
from core.contract.content import PostData
from core.db import tenant_read
from core.errors import Forbidden, Invalid, NotFound
from tests.core.content.things import make

JOB = Actor(kind="job")


def text(content: str, title: str = "T", **more: Any) -> CopyData:
    return CopyData(title=title, content=content, content_format="html", excerpt="", **more)


async def test_a_copy_replaces_the_one_before_of_the_same_person(site: Any, world: Any) -> None:
    post, other = await make(), await world.person("editor")
    for content in ("um", "dois", "três"):
        await keep_copy(text(content, fields=(("title", "T"), ("tags.x", "a"))), post_id=post.id, writer="aa")
    with as_actor(other):
        assert await own_copy(post.id) is None
        await keep_copy(text("de outra"), post_id=post.id)
    kept = await own_copy(post.id)
    assert kept is not None
    assert (kept.content, kept.fields) == ("três", (("title", "T"), ("tags.x", "a")))
    rows = await world.rows("SELECT id FROM post_autosaves WHERE tenant_id = {tenant}")
    assert len(rows) == 2
    assert (await get_post(post.id)).version == 1
    assert [r.kind for r in await revisions(post.id)] == ["save"]
    await drop_copy(post.id)
    assert await own_copy(post.id) is None
    with as_actor(other):
        assert await own_copy(post.id) is not None


async def test_what_another_window_wrote_becomes_a_revision(site: Any, world: Any) -> None:
    post = await make()
    for turn in range(14):
        await keep_copy(text(f"janela {turn}"), post_id=post.id, writer=f"w{turn % 2}")
    kept = [r for r in await revisions(post.id) if r.kind == "autosave"]
    assert len(kept) == 10  # and no pile of them
    assert (await get_revision(post.id, kept[0].number)).content == "janela 12"


async def test_texts_that_were_never_saved_have_copies_too(site: Any, world: Any) -> None:
    await keep_copy(text("<p>a</p>", "Primeiro"), new=("post", "aaaaaaaa"))
    await keep_copy(text("<p>b</p>", "Página"), new=("page", "aaaaaaaa"))
    assert [copy.title for copy in await new_copies("post")] == ["Primeiro"]
    for number in range(25):
        await keep_copy(text("x", f"N{number}"), new=("post", f"bbbbbbb{number}"))
    rows = await world.rows("SELECT id FROM post_autosaves WHERE tenant_id = {tenant}")
    assert len(rows) == 20
    for wrong in ("", "kurz", "ÄÄÄÄÄÄÄÄ", "a" * 40, "../../etc"):
        with pytest.raises(Invalid):
            await keep_copy(text("x"), new=("post", wrong))


async def test_copies_are_for_those_who_may_write(site: Any, world: Any) -> None:
    post = await make()
    with as_actor(await world.person("author")), pytest.raises(Forbidden):
        await keep_copy(text("x"), post_id=post.id)
    with as_actor(await world.person("subscriber")), pytest.raises(Forbidden):
        await keep_copy(text("x"), new=("post", "aaaaaaaa"))
    with as_actor(JOB), pytest.raises(Forbidden):
        await keep_copy(text("x"), post_id=post.id)
    with pytest.raises(Invalid):
        await keep_copy(text("a\x00b"), post_id=post.id)


async def test_no_copy_crosses_over_to_another_site(make_world: Any) -> None:
    world = await make_world()
    here, there = await world.person("administrator"), await world.person("administrator", site="beta")
    with world.on("alfa", here):
        async with tenant_read():
            post = await create_post(PostData(title="Da alfa"))
            await keep_copy(text("segredo"), post_id=post.id)
            await keep_copy(text("segredo"), new=("post", "aaaaaaaa"))
    with world.on("beta", there):
        async with tenant_read():
            with pytest.raises(NotFound):
                await keep_copy(text("x"), post_id=post.id)
            assert await new_copies("post") == ()
    assert await world.rows("SELECT id FROM post_autosaves WHERE tenant_id = {tenant}", site="beta") == []


async def test_copies_end_after_a_month_and_are_given_out_to_their_person(
    clock: Any, site: Any, world: Any, admin: Any
) -> None:
    post = await make()
    await keep_copy(text("<p>velho</p>"), post_id=post.id)
    clock.forward(days=29)
    with as_actor(JOB):
        await purge_trash()
    assert await own_copy(post.id) is not None
    ids = await COPIES.find("pessoa1@example.org")
    assert [row["content"] for row in await COPIES.export(ids)] == ["<p>velho</p>"]
    clock.forward(days=2)
    with as_actor(JOB):
        await purge_trash()
    assert await own_copy(post.id) is None
