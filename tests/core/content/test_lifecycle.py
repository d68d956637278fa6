"""From draft to published, to the trash and back."""

from datetime import timedelta
from typing import Any

import pytest

from core.clock import now
from core.content import (
    change_status,
    create_post,
    delete_post,
    find_moved,
    find_post,
    get_post,
    get_post_by_number,
    list_posts,
    update_post,
)
from core.context import VISITOR, as_actor
from core.contract.content import ListingQuery, PostData
from core.errors import Conflict, Forbidden, Invalid, NotFound, Refused, Unauthenticated


async def make(**fields: Any) -> Any:
    return await create_post(
        PostData(**{"title": "Dengue: sinais", "content": "<p>Beba água.</p>", **fields})
    )


async def test_a_draft_is_published_and_read_by_everybody(site: Any) -> None:
    draft = await make()
    assert (draft.status, draft.slug, draft.number, draft.version) == ("draft", "", 1, 1)
    assert draft.url == "/?p=1" and draft.published_at is None
    with as_actor(VISITOR), pytest.raises(NotFound):
        await get_post(draft.id)
    out = await change_status(draft.id, "publish")
    assert (out.status, out.slug, out.url) == ("publish", "dengue-sinais", "/dengue-sinais/")
    assert out.published_at is not None and out.version == 2
    with as_actor(VISITOR):
        seen = await find_post("post", "dengue-sinais")
        assert seen is not None and seen.content == "<p>Beba água.</p>"
        assert (await get_post_by_number(1)).id == draft.id
        assert [p.id for p in (await list_posts(ListingQuery())).items] == [draft.id]


async def test_a_contributor_submits_and_cannot_publish(site: Any, world: Any) -> None:
    contributor = await world.person("contributor")
    with as_actor(contributor):
        post = await make()
        assert (await change_status(post.id, "pending")).status == "pending"
        with pytest.raises(Forbidden):
            await change_status(post.id, "publish")
    published = await change_status(post.id, "publish")
    with as_actor(contributor), pytest.raises(Forbidden):
        await update_post(post.id, PostData(title="x"), version=published.version)


async def test_a_visitor_writes_nothing(site: Any) -> None:
    post = await make()
    with as_actor(VISITOR):
        with pytest.raises(Unauthenticated):
            await make()
        with pytest.raises(Unauthenticated):
            await update_post(post.id, PostData(title="x"), version=1)
        with pytest.raises(Unauthenticated):
            await change_status(post.id, "publish")
        with pytest.raises(Unauthenticated):
            await delete_post(post.id)


async def test_trash_keeps_the_status_and_gives_it_back(clock: Any, site: Any) -> None:
    post = await make(slug="agua")
    out = await change_status(post.id, "publish")
    gone = await change_status(post.id, "trash")
    assert (gone.status, gone.status_before) == ("trash", "publish")
    assert await find_post("post", "agua") is None
    with pytest.raises(Conflict):
        await change_status(post.id, "publish")
    with pytest.raises(Refused):
        await update_post(post.id, PostData(title="x"), version=None)
    other = await make(slug="agua")  # the address is free while the first is in the trash
    assert other.slug == "agua"
    back = await change_status(post.id, "restore")
    assert (back.status, back.status_before, back.slug) == ("publish", None, "agua-2")
    assert back.published_at == out.published_at


async def test_restoring_takes_the_right_to_publish(site: Any, world: Any) -> None:
    contributor = await world.person("contributor")
    with as_actor(contributor):
        post = await make()
    await change_status(post.id, "publish")
    await change_status(post.id, "trash")
    with as_actor(contributor), pytest.raises(Forbidden):
        await change_status(post.id, "restore")  # it was published: his own right ended there
    assert (await change_status(post.id, "restore")).status == "publish"


async def test_deleting_for_good_leaves_nothing(site: Any, world: Any) -> None:
    post = await make(meta={"fonte": ["a", "b"]})
    await delete_post(post.id)
    with pytest.raises(NotFound):
        await get_post(post.id)
    for table in ("post_meta", "post_revisions", "post_terms", "old_slugs"):
        assert await world.rows(f"SELECT id FROM {table} WHERE tenant_id = {{tenant}}") == []


async def test_times_and_statuses_must_fit(clock: Any, site: Any) -> None:
    post = await make()
    for status, at in (("future", None), ("future", now()), ("future", now() - timedelta(days=1))):
        with pytest.raises(Invalid):
            await change_status(post.id, status, at=at)  # type: ignore[arg-type]  # parametrised
    with pytest.raises(Invalid):
        await change_status(post.id, "published")  # type: ignore[arg-type]  # no such status
    planned = await change_status(post.id, "publish", at=now() + timedelta(hours=1))
    assert planned.status == "future" and planned.scheduled_at == now() + timedelta(hours=1)
    back = await change_status(post.id, "draft")
    assert back.status == "draft" and back.scheduled_at is None
    old = await change_status(post.id, "publish", at=now() - timedelta(days=400))
    assert old.published_at == now() - timedelta(days=400)
    again = await change_status((await change_status(post.id, "draft")).id, "publish")
    assert again.published_at == old.published_at  # it keeps its date


async def test_private_is_for_those_who_may_read_it(site: Any, world: Any) -> None:
    post = await make()
    await change_status(post.id, "private")
    with as_actor(await world.person("subscriber")), pytest.raises(NotFound):
        await get_post(post.id)
    with as_actor(await world.person("editor")):
        assert (await get_post(post.id)).status == "private"


async def test_every_bad_field_is_named(site: Any) -> None:
    with pytest.raises(Invalid) as caught:
        await create_post(
            PostData(
                title="a\x00b",
                excerpt="x" * 10_001,
                template="../etc",
                format="none",
                content_format="blocks/9",
                menu_order=2**40,
                terms={"genre": []},
                meta={"": ["x"]},
            )
        )
    assert set(caught.value.errors) >= {
        "title", "excerpt", "template", "format", "content_format", "menu_order", "terms.genre", "meta.",
    }  # fmt: skip


async def test_a_site_never_sees_the_posts_of_another(site: Any, world: Any) -> None:
    post = await make()
    with world.on("beta"):
        from core.db import tenant_read

        async with tenant_read():
            with pytest.raises(NotFound):
                await get_post(post.id)
            with pytest.raises(NotFound):
                await change_status(post.id, "publish")
            with pytest.raises(NotFound):
                await delete_post(post.id)
    assert (await get_post(post.id)).status == "draft"


async def test_an_old_address_leads_to_the_new_one(site: Any) -> None:
    post = await make(slug="antes")
    await update_post(post.id, PostData(slug="rascunho"), version=None)
    await change_status(post.id, "publish")
    after = await update_post(post.id, PostData(slug="depois"), version=None)
    assert after.url == "/depois/"
    with as_actor(VISITOR):
        moved = await find_moved("/rascunho/")
        assert moved is not None and moved.id == post.id
        assert await find_moved("antes") is None  # a draft's address was nobody's bookmark
    await update_post(post.id, PostData(slug="rascunho"), version=None)
    assert await find_moved("rascunho") is None
