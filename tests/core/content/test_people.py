"""What somebody wrote goes to somebody else, or he stays."""

from typing import Any

import pytest

from core.accounts import delete_user
from core.content import (
    change_status,
    dashboard_stats,
    get_post,
    get_post_by_number,
    rebuild_stats,
    revisions,
    update_post,
)
from core.context import Actor, as_actor
from core.contract.content import PostData
from core.errors import Forbidden, NotFound, Refused
from tests.core.content.things import make

CLI = Actor(kind="cli")


async def test_posts_go_to_whom_was_named(site: Any, world: Any) -> None:
    ana, rui = await world.person("author"), await world.person("editor")
    with as_actor(ana):
        post = await make()
        thrown = await make("lixo")
    await change_status(thrown.id, "trash")
    with as_actor(ana):
        await update_post(post.id, PostData(title="da Ana"), version=1)
    with as_actor(CLI):
        with pytest.raises(Refused):
            await delete_user(ana.id)
        await delete_user(ana.id, reassign_to=rui.id)
    assert (await get_post(post.id)).author.id == rui.id == (await get_post(thrown.id)).author.id
    kept = await revisions(post.id)
    assert {r.author.id for r in kept if r.author} == {ana.id}  # history stays whose it was
    before = await dashboard_stats()
    await rebuild_stats()
    assert await dashboard_stats() == before


async def test_who_wrote_nothing_just_goes(site: Any, world: Any) -> None:
    ana = await world.person("author")
    with as_actor(CLI):
        await delete_user(ana.id)
    assert (await dashboard_stats()).users == 1


async def test_who_may_not_see_a_draft_is_not_told_that_it_is_there(site: Any, world: Any) -> None:
    ana, rui = await world.person("author"), await world.person("contributor")
    with as_actor(ana):
        draft, shown = await make("rascunho"), await make("visto")
        shown = await change_status(shown.id, "publish")
    with as_actor(rui):
        with pytest.raises(NotFound):
            await get_post_by_number(draft.number, edit=True)
        with pytest.raises(Forbidden):
            await get_post_by_number(shown.number, edit=True)
