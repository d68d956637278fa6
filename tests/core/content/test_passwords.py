"""Posts that ask for a password show nothing without it, and nobody gets the password back."""

from typing import Any

import msgspec
import pytest

from core.content import (
    change_status,
    check_post_password,
    find_post,
    get_post,
    list_posts,
    present,
    unlock_post,
    update_post,
)
from core.context import VISITOR, as_actor
from core.contract.content import ListingQuery, PostData
from core.db import tenant_read
from tests.core.content.things import make

SECRET = "abre-te, sésamo"


async def protected() -> Any:
    post = await make(
        "Laudo", "<p>segredo</p>", excerpt="resumo secreto", password=SECRET, meta={"fonte": ["segredo"]}
    )
    return await change_status(post.id, "publish")


async def test_without_the_password_only_the_title_is_there(site: Any, world: Any) -> None:
    post = await protected()
    assert post.has_password and post.content == "<p>segredo</p>"
    with as_actor(VISITOR):
        seen = await find_post("post", post.slug)
        assert seen is not None and seen.has_password and not seen.unlocked
        listed = (await list_posts(ListingQuery(), html="full", content=True)).items[0]
        (shown,) = await present([seen], html="full")
    for view in (seen, listed, shown):
        assert b"segredo" not in msgspec.json.encode(view) and b"resumo" not in msgspec.json.encode(view)
        assert view.title == "Laudo"
    assert (await list_posts(ListingQuery(search="segredo"))).items == ()
    assert (await list_posts(ListingQuery(search="laudo"))).total == 1


async def test_editors_see_it_when_they_edit(site: Any, world: Any) -> None:
    post = await protected()
    assert (await get_post(post.id)).content == ""
    assert (await get_post(post.id, edit=True)).content == "<p>segredo</p>"
    with as_actor(await world.person("editor")):
        assert (await list_posts(ListingQuery(), "admin", content=True)).items[0].content == "<p>segredo</p>"
    with as_actor(await world.person("author")):
        assert (await list_posts(ListingQuery(), "admin", content=True)).items[0].content == ""


async def test_the_right_password_opens_until_it_is_changed(clock: Any, site: Any, world: Any) -> None:
    post = await protected()
    with as_actor(VISITOR):
        locked = await get_post(post.id)
        assert await check_post_password(post.id, "errada") is None
        cookie = await check_post_password(post.id, SECRET)
        assert cookie is not None and SECRET not in cookie
        assert (await unlock_post(locked, cookie)).content == "<p>segredo</p>"
        assert not (await unlock_post(locked, "v1.9999999999.AAAA." + "A" * 43)).unlocked
        assert not (await unlock_post(locked, None)).unlocked
    other = await make("B", password=SECRET)
    assert not (await unlock_post(await get_post(other.id), cookie)).unlocked  # one post, one cookie
    clock.forward(days=11)
    assert not (await unlock_post(locked, cookie)).unlocked
    fresh = await check_post_password(post.id, SECRET)
    await update_post(post.id, PostData(password="outra"), version=None)
    assert not (await unlock_post(await get_post(post.id), fresh)).unlocked
    opened = await update_post(post.id, PostData(password=""), version=None)
    assert not opened.has_password
    assert (await list_posts(ListingQuery(search="segredo"))).total == 1


async def test_the_password_is_nowhere_in_clear(site: Any, world: Any) -> None:
    post = await protected()
    rows = await world.rows("SELECT * FROM posts WHERE tenant_id = {tenant}")
    rows += await world.rows("SELECT * FROM post_revisions WHERE tenant_id = {tenant}")
    assert SECRET not in repr(rows) and SECRET.encode() not in bytes(rows[0]["password_sealed"])
    with world.on("beta"):
        async with tenant_read():
            assert await check_post_password(post.id, SECRET) is None


async def test_a_post_without_a_password_has_none_to_guess(site: Any) -> None:
    post = await make()
    assert await check_post_password(post.id, "") is None


@pytest.mark.parametrize("password", ["a\nb", "x" * 256, "a\x00"])
async def test_passwords_that_cannot_be_typed_are_refused(site: Any, password: str) -> None:
    from core.errors import Invalid

    with pytest.raises(Invalid) as caught:
        await make(password=password)
    assert set(caught.value.errors) == {"password"}
