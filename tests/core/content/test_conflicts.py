"""Two editors and one post: one wins, nothing is lost (fault F17)."""

import asyncio
from typing import Any

import pytest

from core.content import change_status, get_post, get_revision, revisions, update_post
from core.context import Actor, as_actor
from core.contract.content import PostData
from core.db import tenant_read
from core.errors import Conflict
from tests.core.content.things import make


async def test_the_second_editor_gets_both_texts_and_loses_none(site: Any, world: Any) -> None:
    post = await make()
    ana, rui = await world.person("editor"), await world.person("editor")
    with as_actor(ana):
        await update_post(post.id, PostData(content="<p>Da Ana</p>"), version=1)
    with as_actor(rui), pytest.raises(Conflict) as caught:
        await update_post(post.id, PostData(title="Do Rui", content="<p>Do Rui</p>"), version=1)
    error = caught.value
    assert error.current["content"] == "<p>Da Ana</p>" and error.current["version"] == 2
    assert error.yours["content"] == "<p>Do Rui</p>" and error.yours["title"] == "Do Rui"
    kept = await get_revision(post.id, error.yours["revision"])
    assert (kept.kind, kept.content, kept.title) == ("autosave", "<p>Do Rui</p>", "Do Rui")
    assert kept.author is not None and kept.author.id == rui.id
    assert (await get_post(post.id)).content == "<p>Da Ana</p>"


async def test_a_stale_version_keeps_the_status(site: Any) -> None:
    post = await make()
    await update_post(post.id, PostData(title="x"), version=1)
    with pytest.raises(Conflict):
        await change_status(post.id, "publish", version=1)
    assert (await get_post(post.id)).status == "draft"


async def test_of_parallel_saves_one_wins_and_all_texts_are_kept(site: Any, world: Any) -> None:
    post = await make()
    people = [await world.person("editor") for _ in range(6)]

    async def save(actor: Actor, index: int) -> str:
        with world.on("alfa", actor):
            async with tenant_read():
                try:
                    await update_post(post.id, PostData(content=f"<p>Texto {index}</p>"), version=1)
                except Conflict:
                    return "lost"
        return "won"

    outcomes = await asyncio.gather(*(save(actor, index) for index, actor in enumerate(people)))
    assert sorted(outcomes) == ["lost"] * 5 + ["won"]
    numbers = [revision.number for revision in await revisions(post.id)]
    texts = {(await get_revision(post.id, number)).content for number in numbers}
    assert texts >= {f"<p>Texto {index}</p>" for index in range(6)}
    assert numbers == sorted(set(numbers), reverse=True)


async def test_without_a_version_the_last_one_writes(site: Any) -> None:
    post = await make()
    await update_post(post.id, PostData(title="a"), version=None)
    after = await update_post(post.id, PostData(title="b"), version=None)
    assert (after.title, after.version) == ("b", 3)
