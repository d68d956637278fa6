"""Categories, tags and their trees; counts under concurrent writers."""

import asyncio
import random
from typing import Any

import pytest

from core.content import (
    TermData,
    TermQuery,
    change_status,
    create_term,
    default_category_id,
    delete_post,
    delete_term,
    ensure_terms,
    get_post,
    get_term,
    list_posts,
    list_terms,
    term_by_slug,
    term_tree,
    update_post,
    update_term,
)
from core.context import VISITOR, as_actor
from core.contract.content import ListingQuery, PostData
from core.contract.views import TermView
from core.db import tenant_read, tenant_work
from core.errors import Conflict, Forbidden, Invalid, NotFound, Refused, Unauthenticated
from tests.core.content.things import make


async def category(name: str, parent: TermView | None = None, **fields: Any) -> TermView:
    return await create_term(
        "category", TermData(name=name, parent_id=parent.id if parent else None, **fields)
    )


async def test_a_site_begins_with_the_category_of_posts_that_have_none(site: Any, world: Any) -> None:
    post = await make()
    assert [t.slug for t in post.terms["category"]] == ["uncategorized"]
    default = await default_category_id()
    assert default is not None
    with pytest.raises(Refused):
        await delete_term(default)
    chosen = await category("Saúde")
    await world.settings(default_category=str(chosen.id))
    with world.on("alfa"):
        async with tenant_read():
            assert await default_category_id() == chosen.id
            with pytest.raises(Refused):
                await delete_term(chosen.id)


async def test_who_may_make_terms(site: Any, world: Any) -> None:
    with as_actor(await world.person("author")):
        assert (await create_term("post_tag", TermData(name="Água"))).slug == "agua"
        with pytest.raises(Forbidden):
            await category("Saúde")
    with as_actor(VISITOR), pytest.raises(Unauthenticated):
        await create_term("post_tag", TermData(name="x"))
    with as_actor(await world.person("editor")):
        assert (await category("Saúde")).url == "/category/saude/"


async def test_slugs_are_unique_and_names_need_not_be(site: Any) -> None:
    first = await category("Saúde")
    other = await category("Outra")
    with pytest.raises(Conflict):
        await category("Saúde")  # the same name at the same place
    assert (await category("Saúde", other)).slug == "saude-2"
    with pytest.raises(Conflict):
        await category("X", slug="saude")
    with pytest.raises(Conflict):
        await update_term(other.id, TermData(slug="saude"))
    assert (await get_term(other.id)).slug == "outra" and (await get_term(first.id)).version == 1
    tag = await create_term("post_tag", TermData(name="Saúde"))
    assert tag.slug == "saude"  # another taxonomy


@pytest.mark.parametrize(
    "data",
    [
        TermData(name=""),
        TermData(name="x" * 201),
        TermData(name="a\x00"),
        TermData(name="Pаypal"),  # a Cyrillic letter among Latin ones
        TermData(name="ok", slug="¡!"),
        TermData(name="ok\nno"),
    ],
)
async def test_names_that_cannot_be_used(site: Any, data: TermData) -> None:
    with pytest.raises(Invalid):
        await create_term("category", data)


async def test_flat_and_fixed_taxonomies_refuse_what_they_have_not(site: Any) -> None:
    tag = await create_term("post_tag", TermData(name="A"))
    with pytest.raises(Invalid):
        await create_term("post_tag", TermData(name="B", parent_id=tag.id))
    with pytest.raises(Invalid):
        await create_term("post_format", TermData(name="Poster"))
    with pytest.raises(Invalid):
        await create_term("genre", TermData(name="X"))


async def test_levels_and_paths_follow_a_move_of_the_whole_subtree(site: Any) -> None:
    top, other = await category("A"), await category("B")
    middle = await category("C", top)
    low = await category("D", middle)
    lowest = await category("E", low)
    await update_term(middle.id, TermData(parent_id=other.id), version=1)
    levels = {t.slug: (t.level, t.url) for t in [await get_term(x.id) for x in (middle, low, lowest)]}
    assert levels == {
        "c": (1, "/category/b/c/"), "d": (2, "/category/b/c/d/"), "e": (3, "/category/b/c/d/e/"),
    }  # fmt: skip
    await update_term(middle.id, TermData(parent_id=None, slug="raiz"))
    assert (await get_term(lowest.id)).url == "/category/raiz/d/e/" and (await get_term(lowest.id)).level == 2


async def test_a_term_is_never_below_itself(site: Any) -> None:
    top = await category("A")
    low = await category("B", await category("M", top))
    for parent in (top, low):
        with pytest.raises(Invalid):
            await update_term(top.id, TermData(parent_id=parent.id))


async def test_two_moves_at_once_make_no_circle(site: Any, world: Any, admin: Any) -> None:
    first, second = await category("A"), await category("B")

    async def move(child: TermView, parent: TermView) -> bool:
        with world.on("alfa", admin):
            async with tenant_read():
                try:
                    await update_term(child.id, TermData(parent_id=parent.id))
                except Invalid:
                    return False
        return True

    assert sorted(await asyncio.gather(move(first, second), move(second, first))) == [False, True]


async def test_a_stale_version_is_a_conflict(site: Any) -> None:
    term = await category("A")
    await update_term(term.id, TermData(name="B"), version=1)
    with pytest.raises(Conflict) as caught:
        await update_term(term.id, TermData(name="C"), version=1)
    assert caught.value.current["name"] == "B"


async def test_deleting_moves_children_up_and_posts_to_the_default(site: Any) -> None:
    top = await category("A")
    middle = await category("B", top)
    low = await category("C", middle)
    only = await make(terms={"category": [middle.id]})
    both = await make(terms={"category": [top.id, middle.id]})
    for post in (only, both):
        await change_status(post.id, "publish")
    await delete_term(middle.id)
    after = await get_term(low.id)
    assert (after.parent_id, after.level, after.url) == (top.id, 1, "/category/a/c/")
    assert [t.slug for t in (await get_post(only.id)).terms["category"]] == ["uncategorized"]
    assert [t.slug for t in (await get_post(both.id)).terms["category"]] == ["a"]
    default = await default_category_id()
    assert default is not None and (await get_term(default)).count == 1
    with pytest.raises(NotFound):
        await get_term(middle.id)


async def test_the_tree_comes_in_one_query_and_archives_hold_what_is_below(site: Any) -> None:
    top = await category("Zoo")
    low = await category("Aves", top)
    await category("Água")
    tree = await term_tree("category")
    shape = {node.term.slug: [child.term.slug for child in node.children] for node in tree}
    assert shape == {"uncategorized": [], "zoo": ["aves"], "agua": []}
    post = await make(terms={"category": [low.id]})
    await change_status(post.id, "publish")
    listed = await list_posts(ListingQuery(taxonomy="category", term_ids=(top.id,)))
    assert [p.id for p in listed.items] == [post.id] and listed.total == 1


async def test_lists_of_terms(site: Any) -> None:
    for name in ("Banana", "Abacaxi", "Caju"):
        await create_term("post_tag", TermData(name=name))
    found = await list_terms(TermQuery(taxonomy="post_tag", per_page=2))
    assert [t.name for t in found.items] == ["Abacaxi", "Banana"] and found.total == 3
    assert [t.name for t in (await list_terms(TermQuery(taxonomy="post_tag", search="caj"))).items] == [
        "Caju"
    ]
    above = await list_terms(TermQuery(taxonomy="post_tag", order="number", above=found.items[1].number))
    assert [t.name for t in above.items] == ["Abacaxi", "Caju"]


async def test_terms_by_name_are_made_once(site: Any) -> None:
    first = await ensure_terms("post_tag", [("", "Água viva"), ("mar", "Mar"), ("", "Água viva")])
    again = await ensure_terms("post_tag", [("agua-viva", "Outra"), ("ceu", "Céu")])
    assert sorted(first) == ["agua-viva", "mar"] and again["agua-viva"].id == first["agua-viva"].id
    assert await ensure_terms("post_tag", [("nada", "Nada")], create=False) == {}
    assert await term_by_slug("post_tag", "ceu") is not None


async def test_counts_follow_every_step(site: Any) -> None:
    term = await create_term("post_tag", TermData(name="A"))
    post = await make(terms={"post_tag": [term.id]})

    async def count() -> int:
        return (await get_term(term.id)).count

    assert await count() == 0
    await change_status(post.id, "publish")
    assert await count() == 1
    await change_status(post.id, "private")
    assert await count() == 0
    await change_status(post.id, "publish")
    await update_post(post.id, PostData(terms={"post_tag": []}), version=None)
    assert await count() == 0
    await update_post(post.id, PostData(terms={"post_tag": [term.id]}), version=None)
    assert await count() == 1
    await change_status(post.id, "trash")
    assert await count() == 0
    await change_status(post.id, "restore")
    assert await count() == 1
    await delete_post(post.id)
    assert await count() == 0


async def test_counts_are_right_under_concurrent_writers(site: Any, world: Any, admin: Any) -> None:
    """Many units touch the same terms in different orders; none waits in a circle, none loses a count."""
    tags = [await create_term("post_tag", TermData(name=f"T{i}")) for i in range(4)]
    rng = random.Random(7)  # noqa: S311  # a repeatable order, no secret

    async def write(index: int) -> None:
        chosen = rng.sample(tags, 3)
        with world.on("alfa", admin):
            async with tenant_read():
                post = await make(f"P{index}", terms={"post_tag": [t.id for t in chosen]})
                await change_status(post.id, "publish")
                await update_post(
                    post.id, PostData(terms={"post_tag": [t.id for t in chosen[::-1][:2]]}), version=None
                )
                if index % 3 == 0:
                    await change_status(post.id, "trash")

    await asyncio.gather(*(write(index) for index in range(18)))
    rows = await world.rows(
        "SELECT t.name AS name, t.count AS stored, (SELECT count(*) FROM post_terms pt JOIN posts p"
        " ON p.tenant_id = pt.tenant_id AND p.id = pt.post_id WHERE pt.tenant_id = t.tenant_id"
        " AND pt.term_id = t.id AND p.status = 'publish') AS real FROM terms t WHERE t.tenant_id = {tenant}"
    )
    assert {row["name"]: row["stored"] for row in rows} == {row["name"]: row["real"] for row in rows}
    assert sum(row["stored"] for row in rows if row["name"].startswith("T")) == 12 * 2


async def test_units_that_end_at_the_same_moment_count_each_other(
    site: Any, world: Any, admin: Any, database: Any
) -> None:
    """Both have written before either counts; without holding the row first, the later one counts one too few."""
    if database.kind == "sqlite":
        return  # one writer at a time, there is no such moment
    tag = await create_term("post_tag", TermData(name="T"))
    posts = [await make(f"P{index}", terms={"post_tag": [tag.id]}) for index in range(4)]
    together = asyncio.Barrier(4)

    async def publish(post: Any) -> None:
        with world.on("alfa", admin):
            async with tenant_read(), tenant_work():
                await change_status(post.id, "publish")
                await together.wait()

    await asyncio.gather(*(publish(post) for post in posts))
    assert (await get_term(tag.id)).count == 4
