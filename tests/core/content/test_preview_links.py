"""Links to look at one post: good until their end, for that post, and taken back at once."""

from typing import Any

import pytest

from core.content import (
    change_status,
    create_post,
    make_preview_link,
    post_of_link,
    preview_links,
    revoke_preview_link,
)
from core.context import VISITOR, as_actor
from core.contract.content import PostData
from core.db import tenant_read
from core.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from tests.core.content.things import make


async def test_a_link_shows_one_post_until_it_ends(clock: Any, site: Any, world: Any) -> None:
    post = await make("Rascunho", "<p>Em revisão.</p>")
    token, link = await make_preview_link(post.id, 24, "Dra. Lima")
    with as_actor(VISITOR):
        shown = await post_of_link(token)
    assert (shown.id, shown.content) == (post.id, "<p>Em revisão.</p>")
    (listed,) = await preview_links(post.id)
    assert (listed.id, listed.note, listed.views, listed.alive) == (link.id, "Dra. Lima", 1, True)
    clock.forward(hours=24)
    with as_actor(VISITOR), pytest.raises(NotFound):
        await post_of_link(token)
    assert [each.alive for each in await preview_links(post.id)] == [False]


async def test_the_token_is_stored_nowhere(site: Any, world: Any) -> None:
    token, _link = await make_preview_link((await make()).id, 72)
    rows = await world.rows("SELECT * FROM preview_links WHERE tenant_id = {tenant}")
    rows += await world.rows("SELECT * FROM rate_limits WHERE tenant_id = {tenant}")
    assert token not in repr(rows) and token.encode().hex() not in repr(rows)


async def test_taken_back_it_shows_nothing(site: Any, world: Any) -> None:
    post = await make()
    (token, link), (other, _) = await make_preview_link(post.id, 24), await make_preview_link(post.id, 24)
    await revoke_preview_link(post.id, link.id)
    with as_actor(VISITOR):
        with pytest.raises(NotFound):
            await post_of_link(token)
        assert (await post_of_link(other)).id == post.id
    await change_status(post.id, "trash")
    with as_actor(VISITOR), pytest.raises(NotFound):
        await post_of_link(other)


async def test_what_can_not_be_is_refused(site: Any, world: Any) -> None:
    post = await make()
    for hours, note in ((23, ""), (100_000, ""), (24, "x" * 201), (24, "a\nb")):
        with pytest.raises(Invalid):
            await make_preview_link(post.id, hours, note)
    for _number in range(20):
        await make_preview_link(post.id, 24)
    with pytest.raises(Conflict):
        await make_preview_link(post.id, 24)
    with as_actor(await world.person("author")):
        with pytest.raises(Forbidden):
            await make_preview_link(post.id, 24)
        with pytest.raises(Forbidden):
            await preview_links(post.id)
    other = await make()
    await change_status(other.id, "trash")
    with pytest.raises(Refused):
        await make_preview_link(other.id, 24)


async def test_a_link_is_good_on_its_own_site_only(make_world: Any) -> None:
    world = await make_world()
    here, there = await world.person("administrator"), await world.person("administrator", site="beta")
    with world.on("alfa", here):
        async with tenant_read():
            post = await create_post(PostData(title="Da alfa"))
            token, link = await make_preview_link(post.id, 24)
    with world.on("beta", there):
        async with tenant_read():
            with pytest.raises(NotFound):
                await post_of_link(token)
            with pytest.raises(NotFound):
                await revoke_preview_link(post.id, link.id)
