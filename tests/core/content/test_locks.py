"""Who is writing at a post: one at a time, over after two minutes of silence, taken over in the open."""

import asyncio
from typing import Any

import pytest

from core.accounts import list_notices
from core.content import (
    create_post,
    hold_lock,
    lock_of,
    locks_of,
    release_lock,
    require_free,
    take_lock,
)
from core.context import as_actor
from core.contract.content import PostData
from core.db import tenant_read
from core.errors import Conflict, Forbidden, Invalid, NotFound
from tests.core.content.things import make

A, B = "a" * 10, "b" * 10


async def test_who_comes_second_sees_who_is_there_until_silence(clock: Any, site: Any, world: Any) -> None:
    post, rui = await make(), await world.person("editor")
    mine = await hold_lock(post.id, A)
    assert mine.own
    with as_actor(rui):
        seen = await hold_lock(post.id, B)
        assert (seen.own, seen.user.id) == (False, mine.user.id)
        with pytest.raises(Conflict):
            await require_free(post.id)
    clock.forward(seconds=100)
    assert (await hold_lock(post.id, A)).taken_at == mine.taken_at  # a sign of life
    clock.forward(seconds=100)
    with as_actor(rui):
        assert not (await hold_lock(post.id, B)).own
        clock.forward(seconds=121)
        await require_free(post.id)
        assert (await hold_lock(post.id, B)).own
    found = await hold_lock(post.id, A)
    assert (found.own, found.user.id) == (False, rui.id)


async def test_taking_over_tells_the_person_before(site: Any, world: Any) -> None:
    post, rui = await make("Dengue"), await world.person("editor")
    await hold_lock(post.id, A)
    with as_actor(rui):
        assert (await take_lock(post.id, B)).own
    assert not (await hold_lock(post.id, A)).own
    notices = (await list_notices()).items
    assert len(notices) == 1 and "Dengue" in notices[0].title
    with pytest.raises(Conflict):
        await require_free(post.id)


async def test_a_window_that_closes_lets_go_of_its_own_lock_only(site: Any, world: Any) -> None:
    post, rui = await make(), await world.person("editor")
    await hold_lock(post.id, A)
    with as_actor(rui):
        await release_lock(post.id, A)
    await release_lock(post.id, B)
    assert await lock_of(post.id) is not None
    await hold_lock(post.id, B)  # the same person in another window
    await release_lock(post.id, A)
    assert await lock_of(post.id) is not None
    await release_lock(post.id, B)
    assert await lock_of(post.id) is None


async def test_of_many_at_once_one_holds_it(make_world: Any) -> None:
    world = await make_world()
    people = [await world.person("editor") for _ in range(6)]
    with world.on("alfa", people[0]):
        async with tenant_read():
            post = await create_post(PostData(title="Disputado"))

    async def enter(index: int) -> Any:
        with world.on("alfa", people[index]):
            async with tenant_read():
                lock = await hold_lock(post.id, f"window00{index}")
                return lock.user.id

    assert len(set(await asyncio.gather(*(enter(index) for index in range(6))))) == 1


async def test_locks_ask_for_the_right_and_stay_on_their_site(make_world: Any) -> None:
    world = await make_world()
    here, there = await world.person("administrator"), await world.person("administrator", site="beta")
    author = await world.person("author")
    with world.on("alfa", here):
        async with tenant_read():
            post = await create_post(PostData(title="Da alfa"))
            await hold_lock(post.id, A)
            with pytest.raises(Invalid):
                await hold_lock(post.id, "'; drop")
    with world.on("alfa", author):
        async with tenant_read():
            with pytest.raises(Forbidden):
                await take_lock(post.id, B)
    with world.on("beta", there):
        async with tenant_read():
            assert await locks_of([post.id]) == {}
            with pytest.raises(NotFound):
                await take_lock(post.id, B)
