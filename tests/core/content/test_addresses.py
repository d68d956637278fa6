"""Slugs, trees of pages and the paths that follow from both."""

import asyncio
from typing import Any

import pytest

from core.content import (
    amend_import,
    change_status,
    create_post,
    delete_post,
    find_moved,
    find_post,
    get_post,
    update_post,
)
from core.contract.content import PostData
from core.contract.views import PostView
from core.db import tenant_read
from core.errors import Invalid
from tests.core.content.things import make


async def page(title: str, parent: Any = None, *, publish: bool = True) -> PostView:
    made = await create_post(PostData(type="page", title=title, parent_id=parent.id if parent else None))
    return await change_status(made.id, "publish") if publish else made


async def test_taken_slugs_get_numbers(site: Any) -> None:
    slugs = [(await make(slug="gripe")).slug for _ in range(4)]
    assert slugs == ["gripe", "gripe-2", "gripe-3", "gripe-4"]
    assert (await make(slug="gripe-2")).slug == "gripe-2-2"


async def test_drafts_may_have_none(site: Any) -> None:
    first, second = await make(), await make()
    assert (first.slug, second.slug) == ("", "")


async def test_slugs_are_made_readable_or_refused(site: Any) -> None:
    assert (await make(slug="Não é só gripe!")).slug == "nao-e-so-gripe"
    with pytest.raises(Invalid):
        await make(slug="¡!")
    nameless = await change_status((await make(title="***")).id, "publish")
    assert nameless.slug == f"post-{nameless.number}"


@pytest.mark.parametrize(
    "word", ["admin", "api", "feed", "category", "tag", "2024", "page", "page2", "media"]
)
async def test_what_the_site_answers_itself_is_not_taken(site: Any, word: str) -> None:
    made = await create_post(PostData(type="page", title="x", slug=word))
    assert made.slug == f"{word}-2"


async def test_names_of_plugins_and_types_are_not_taken(make_world: Any) -> None:
    from core.contract.content import ContentType
    from tests.core.content.things import probe

    book = ContentType(name="library_book", title="Books", singular="Book", rewrite="books", has_archive=True)
    world = await make_world(probe("library", register_content_types=lambda: [book]))
    with world.on("alfa", await world.person("administrator")):
        async with tenant_read():
            for word in ("library", "books"):
                assert (await create_post(PostData(type="page", title="x", slug=word))).slug == f"{word}-2"
            made = await create_post(PostData(type="library_book", title="Atlas"))
            assert (await change_status(made.id, "publish")).url == "/books/atlas/"


async def test_posts_and_pages_share_the_root(site: Any) -> None:
    assert (await page("Contato")).slug == "contato"
    assert (await make(slug="contato")).slug == "contato-2"


async def test_many_take_one_slug_at_the_same_moment(site: Any, world: Any, admin: Any) -> None:
    async def one() -> str:
        with world.on("alfa", admin):
            async with tenant_read():
                return (await make(slug="vacina")).slug

    slugs = await asyncio.gather(*(one() for _ in range(8)))
    assert sorted(slugs) == sorted(["vacina", *(f"vacina-{n}" for n in range(2, 9))])


async def test_pages_stand_below_each_other(site: Any) -> None:
    top = await page("Sobre")
    team = await page("Equipe", top)
    ana = await page("Ana", team)
    assert ana.url == "/sobre/equipe/ana/"
    found = await find_post("page", "sobre/equipe/ana")
    assert found is not None and found.id == ana.id
    below = await find_post("page", "equipe", parent=top.id)
    assert below is not None and below.id == team.id
    assert (await page("Equipe")).slug == "equipe"  # another parent, so the slug is free


async def test_what_is_below_moves_along_and_old_addresses_lead_there(site: Any) -> None:
    top, other = await page("Sobre"), await page("Clínica")
    team = await page("Equipe", top)
    ana = await page("Ana", team)
    await update_post(team.id, PostData(parent_id=other.id, slug="gente"), version=None)
    assert (await get_post(ana.id)).url == "/clinica/gente/ana/"
    moved = await find_moved("/sobre/equipe/ana/")
    assert moved is not None and moved.url == "/clinica/gente/ana/"
    moved = await find_moved("sobre/equipe")
    assert moved is not None and moved.id == team.id
    await update_post(team.id, PostData(parent_id=top.id, slug="equipe"), version=None)
    assert await find_moved("sobre/equipe") is None and (await get_post(ana.id)).url == "/sobre/equipe/ana/"


async def test_a_page_is_never_below_itself(site: Any) -> None:
    top = await page("A")
    middle = await page("B", top)
    low = await page("C", middle)
    for parent in (top, middle, low):
        with pytest.raises(Invalid):
            await update_post(top.id, PostData(parent_id=parent.id), version=None)
    with pytest.raises(Invalid):
        await make(parent_id=top.id)  # posts have no parents
    with pytest.raises(Invalid):
        await update_post(low.id, PostData(parent_id=(await make()).id), version=None)


async def test_two_moves_at_once_make_no_circle(site: Any, world: Any, admin: Any) -> None:
    first, second = await page("A"), await page("B")

    async def move(child: PostView, parent: PostView) -> bool:
        with world.on("alfa", admin):
            async with tenant_read():
                try:
                    await update_post(child.id, PostData(parent_id=parent.id), version=None)
                except Invalid:
                    return False
        return True

    outcomes = await asyncio.gather(move(first, second), move(second, first))
    assert sorted(outcomes) == [False, True]


async def test_children_of_a_deleted_page_move_up(site: Any) -> None:
    top = await page("Sobre")
    team = await page("Equipe", top)
    ana = await page("Ana", team)
    await page("Ana", top)
    await delete_post(team.id)
    after = await get_post(ana.id)
    assert (after.parent_id, after.url) == (top.id, "/sobre/ana-2/")


async def test_a_restored_page_finds_its_parent_gone(site: Any) -> None:
    top = await page("Sobre")
    team = await page("Equipe", top)
    await change_status(team.id, "trash")
    await change_status(top.id, "trash")
    back = await change_status(team.id, "restore")
    assert (back.parent_id, back.url) == (None, "/equipe/")


async def test_a_parent_that_comes_later_gives_the_path(site: Any) -> None:
    child = await page("Filha")
    parent = await page("Mãe")
    after = await amend_import(child.id, parent_id=parent.id)
    assert after.url == "/mae/filha/" and after.updated_at == child.updated_at
    with pytest.raises(Invalid):
        await amend_import(parent.id, parent_id=child.id)


async def test_an_address_that_would_be_too_long_is_refused(site: Any) -> None:
    parent = None
    with pytest.raises(Invalid):
        for index in range(8):
            parent = await page(f"{'x' * 180} {index}", parent)
