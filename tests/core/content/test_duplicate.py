"""A copy of a post is a draft of whoever made it, with everything that belongs to the text."""

from typing import Any

import pytest

from core.content import (
    TermData,
    change_status,
    create_post,
    create_term,
    duplicate_post,
    get_post,
    update_post,
)
from core.contract.content import PostData
from core.db import tenant_read
from core.errors import Forbidden, NotFound, Refused
from tests.core.content.things import make, probe


async def test_a_copy_has_everything_of_the_text_and_nothing_of_its_life(site: Any, world: Any) -> None:
    term = await create_term("category", TermData(name="Dengue"))
    source = await make(
        "Repelentes",
        "<p>Com receita.</p>",
        excerpt="Resumo",
        slug="repelentes",
        terms={"category": (term.id,)},
        meta={"fonte": ["a", "b"]},
        template="wide",
        comment_status="closed",
        password="segredo-de-teste",
    )
    await change_status(source.id, "publish")
    copy = await duplicate_post(source.id)
    assert (copy.title, copy.content, copy.excerpt) == ("Repelentes (cópia)", "<p>Com receita.</p>", "Resumo")
    assert [found.id for found in copy.terms["category"]] == [term.id]
    assert copy.meta == {"fonte": ("a", "b")}
    assert (copy.template, copy.comment_status) == ("wide", "closed")
    assert (copy.status, copy.slug, copy.published_at, copy.has_password) == ("draft", "", None, False)
    assert copy.number != source.number
    await update_post(copy.id, PostData(content="<p>Outra.</p>"), version=copy.version)
    assert (await get_post(source.id, edit=True)).content == "<p>Com receita.</p>"


async def test_a_copy_belongs_to_whoever_made_it(world: Any, site: Any) -> None:
    source = await make("Da Ana")
    editor, author = await world.person("editor"), await world.person("author")
    with world.on("alfa", editor):
        async with tenant_read():
            assert (await duplicate_post(source.id)).author.id == editor.id
    with world.on("alfa", author):
        async with tenant_read():
            with pytest.raises(Forbidden):
                await duplicate_post(source.id)
    await change_status(source.id, "trash")
    with pytest.raises(Refused):
        await duplicate_post(source.id)


async def test_plugins_see_both_and_may_refuse(make_world: Any) -> None:
    seen: list[tuple[str, str]] = []

    async def on_post_duplicating(post: Any, source: Any) -> None:
        if source.title == "Única":
            raise Refused("There is one of these.")

    async def on_post_duplicated(post: Any, source: Any) -> None:
        seen.append((post.title, source.title))

    world = await make_world(
        probe(on_post_duplicating=on_post_duplicating, on_post_duplicated=on_post_duplicated)
    )
    admin = await world.person("administrator")
    with world.on("alfa", admin):
        async with tenant_read():
            await duplicate_post((await make("Modelo")).id)
            with pytest.raises(Refused):
                await duplicate_post((await make("Única")).id)
    assert seen == [("Modelo (cópia)", "Modelo")]
    rows = await world.rows("SELECT title FROM posts WHERE tenant_id = {tenant} AND title LIKE '%(cópia)'")
    assert [row["title"] for row in rows] == ["Modelo (cópia)"]


async def test_no_other_sites_text_can_be_copied(make_world: Any) -> None:
    world = await make_world()
    here, there = await world.person("administrator"), await world.person("administrator", site="beta")
    with world.on("beta", there):
        async with tenant_read():
            foreign = await create_post(PostData(title="Da outra"))
    with world.on("alfa", here):
        async with tenant_read():
            with pytest.raises(NotFound):
                await duplicate_post(foreign.id)
