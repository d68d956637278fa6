"""What another site's content needs: its dates, its status, parts that come later."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.clock import now
from core.content import (
    ImportedPost,
    amend_import,
    change_status,
    ensure_terms,
    find_moved,
    get_post,
    get_term,
    import_post,
    revisions,
)
from core.context import Actor, as_actor
from core.contract.content import ContentCheck, Finding, PostData
from core.db import tenant_read, tenant_work
from core.errors import Forbidden, Invalid
from core.media import RemoteMedia, create_remote_media
from tests.core.content.things import probe

MOMENT = datetime(2010, 9, 10, 14, 24, 14, tzinfo=UTC)


async def test_dates_status_and_old_addresses_are_kept(site: Any, admin: Any) -> None:
    terms = await ensure_terms("post_tag", [("jetpack-2", "jetpack"), ("jetpack", "jetpack")])
    with as_actor(Actor(kind="cli")):
        post = await import_post(
            ImportedPost(
                data=PostData(
                    title="Galeria", slug="galeria", content="<p>x</p>", author_id=admin.id,
                    terms={"post_tag": [term.id for term in terms.values()]},
                    meta={"_wp_page_template": ["full.php"], "fonte": ["a"]},
                ),
                status="publish", published_at=MOMENT, updated_at=MOMENT + timedelta(days=1),
                guid="https://example.org/?p=555", old_paths=["/2010/09/10/post-format-gallery/"],
            )
        )  # fmt: skip
    assert (post.status, post.published_at, post.created_at) == ("publish", MOMENT, MOMENT)
    assert post.updated_at == MOMENT + timedelta(days=1) and post.meta == {"fonte": ("a",)}
    assert [r.kind for r in await revisions(post.id)] == ["import"]
    assert {(await get_term(term.id)).count for term in terms.values()} == {1}
    moved = await find_moved("2010/09/10/post-format-gallery")
    assert moved is not None and moved.id == post.id


async def test_what_was_published_elsewhere_stays_so_until_it_is_edited(make_world: Any) -> None:
    async def check(post: Any) -> list[Finding]:
        return [Finding(rule="probe.x", severity="block", message="No.")]

    checks = [ContentCheck(name="probe.check", version="1", check=check)]
    world = await make_world(probe(register_content_checks=lambda: checks))
    admin = await world.person("administrator")
    with world.on("alfa", admin):
        async with tenant_read():
            async with tenant_work():  # imports write in batches
                post = await import_post(ImportedPost(data=PostData(title="A"), status="publish"))
            assert (await get_post(post.id)).url == "/a/"
            await change_status(post.id, "draft")
            from core.errors import Refused

            with pytest.raises(Refused):
                await change_status(post.id, "publish")


async def test_parents_images_and_galleries_come_later(site: Any) -> None:
    child = await import_post(
        ImportedPost(data=PostData(type="page", title="Filha"), status="publish", published_at=MOMENT)
    )
    parent = await import_post(
        ImportedPost(data=PostData(type="page", title="Mãe"), status="publish", published_at=MOMENT)
    )
    image = await create_remote_media(
        RemoteMedia(
            source_url="https://example.org/wp-content/a.jpg?w=1",
            mime_type="image/jpeg",
            alt="A",
            post_id=child.id,
        )
    )
    after = await amend_import(
        child.id, parent_id=parent.id, featured_media_id=image.id, content="<p>com galeria</p>"
    )
    assert after.url == "/mae/filha/" and after.featured is not None
    assert after.featured.url == "https://example.org/wp-content/a.jpg?w=1"
    assert after.updated_at == MOMENT and after.summary == "com galeria"
    assert len(await revisions(child.id)) == 1


async def test_a_scheduled_import_goes_out_at_its_time(clock: Any, site: Any, world: Any) -> None:
    at = now() + timedelta(hours=1)
    post = await import_post(
        ImportedPost(
            data=PostData(title="A"), status="future", scheduled_at=at, published_at=at, updated_at=at
        )
    )
    assert (post.created_at, post.updated_at) == (now(), now())  # nobody wrote it in the future
    clock.forward(hours=1, seconds=1)
    await world.run_jobs()
    assert (await get_post(post.id)).status == "publish"
    with pytest.raises(Invalid):
        await import_post(ImportedPost(data=PostData(title="B"), status="future"))


async def test_importing_takes_its_right(site: Any, world: Any) -> None:
    with as_actor(await world.person("editor")):
        with pytest.raises(Forbidden):
            await import_post(ImportedPost(data=PostData(title="A"), status="publish"))
        with pytest.raises(Forbidden):
            await create_remote_media(RemoteMedia(source_url="https://example.org/a.jpg"))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org/a", "", "https://" + "x" * 1000])
async def test_addresses_that_are_none(site: Any, url: str) -> None:
    with pytest.raises(Invalid):
        await create_remote_media(RemoteMedia(source_url=url))


async def test_a_taken_address_gets_a_number(site: Any) -> None:
    first = await import_post(ImportedPost(data=PostData(title="A", slug="a"), status="publish"))
    second = await import_post(ImportedPost(data=PostData(title="A", slug="a"), status="publish"))
    assert (first.slug, second.slug) == ("a", "a-2")
    nameless = await import_post(ImportedPost(data=PostData(title=""), status="publish"))
    assert nameless.slug and nameless.url.startswith("/post-")
