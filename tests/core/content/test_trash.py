"""The trash: emptied by its days or by hand, a post at a time, past what has to stay."""

from datetime import timedelta
from typing import Any

import pytest

from core.content import change_status, create_post, empty_trash, get_post, purge_trash, trash
from core.context import Actor, as_actor
from core.contract.content import PostData
from core.db import tenant_read
from core.errors import Forbidden, NotFound, Refused
from tests.core.content.things import make, probe

JOB = Actor(kind="job")


async def thrown(title: str, kind: str = "post") -> Any:
    return await change_status((await create_post(PostData(title=title, type=kind))).id, "trash")


async def gone(post: Any) -> bool:
    try:
        await get_post(post.id)
    except NotFound:
        return True
    return False


async def test_zero_days_keep_it_until_somebody_empties_it(clock: Any, site: Any, world: Any) -> None:
    post = await change_status((await make()).id, "trash")
    assert trash.purge_at(post) == post.deleted_at + timedelta(days=30)
    await world.settings(trash_days=0)
    clock.forward(days=4000)
    with world.on("alfa", JOB):
        async with tenant_read():
            assert trash.purge_at(post) is None
            assert await purge_trash() == 0
    assert not await gone(post)


async def test_a_purge_goes_past_what_a_plugin_keeps(
    clock: Any, make_world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def on_post_purging(post: Any) -> None:
        asked.append(post.title)
        if post.title.startswith("prontuário"):
            raise Refused("Kept for twenty years.")

    monkeypatch.setattr(trash, "_BATCH", 2)  # several batches, the first one all kept
    world = await make_world(probe(on_post_purging=on_post_purging))
    admin = await world.person("administrator")
    with world.on("alfa", admin):
        async with tenant_read():
            kept = [await thrown(f"prontuário {n}") for n in range(3)]
            rest = [await thrown(f"rascunho {n}") for n in range(4)]
            saved = await thrown("salvo")
            await change_status(saved.id, "restore")
            clock.forward(days=31)
            with as_actor(JOB):
                assert await purge_trash() == 4
            assert [await gone(post) for post in kept] == [False] * 3
            assert [await gone(post) for post in rest] == [True] * 4
            assert not await gone(saved)
            assert sorted(asked) == sorted(post.title for post in [*kept, *rest])
    refusals = await world.rows("SELECT id FROM posts WHERE tenant_id = {tenant} AND status = 'trash'")
    assert len(refusals) == 3


async def test_emptying_takes_one_type_and_leaves_the_rest_to_a_job(
    site: Any, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trash, "_AT_ONCE", 2)
    posts = [await thrown(f"P{n}") for n in range(5)]
    page = await thrown("Página", "page")
    emptied = await empty_trash("post")
    assert (emptied.deleted, emptied.later, emptied.kept) == (2, True, ())
    later = await thrown("Depois")
    await world.run_jobs()
    assert [await gone(post) for post in posts] == [True] * 5
    assert not await gone(page)
    assert not await gone(later)  # it went in after somebody said "empty it"


async def test_only_those_who_delete_others_texts_empty_it(world: Any, site: Any) -> None:
    post = await thrown("De outra pessoa")
    author = await world.person("author")
    with world.on("alfa", author):
        async with tenant_read():
            with pytest.raises(Forbidden):
                await empty_trash("post")
    assert not await gone(post)
