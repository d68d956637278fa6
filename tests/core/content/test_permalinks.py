"""Addresses by every structure that WordPress has, in the site's time zone."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.content import (
    STRUCTURE_TAGS,
    TermData,
    author_path,
    change_status,
    create_post,
    create_term,
    date_path,
    get_post,
    get_term,
    split_structure,
)
from core.contract.content import PostData
from core.db import tenant_read
from core.errors import Invalid
from core.sites import save_settings
from core.tenancy import PERMALINK_PRESETS, structure_complaint
from tests.core.content.things import make, probe

# 1 March, 01:30 UTC is still 28 February in São Paulo
MOMENT = datetime(2026, 3, 1, 1, 30, 5, tzinfo=UTC)


async def addresses(
    world: Any, admin: Any, structure: str, post_id: Any, term_id: Any, page_id: Any
) -> tuple[str, ...]:
    await world.settings(permalink_structure=structure)
    with world.on("alfa", admin):
        async with tenant_read():
            return (
                (await get_post(post_id)).url,
                (await get_term(term_id)).url,
                (await get_post(page_id)).url,
                date_path(2026, 2, 28),
                author_path("ana", 7),
            )


async def test_every_preset(clock: Any, site: Any, world: Any, admin: Any) -> None:
    top = await create_term("category", TermData(name="Saúde"))
    low = await create_term("category", TermData(name="Coração", parent_id=top.id))
    post = await make("Pressão alta", terms={"category": [low.id]})
    post = await change_status(post.id, "publish", at=MOMENT)
    page = await create_post(PostData(type="page", title="Sobre"))
    await change_status(page.id, "publish")
    n, c, p = post.number, low.number, page.number
    expected = {
        "plain": (f"/?p={n}", f"/?cat={c}", f"/?page_id={p}", "/?m=20260228", "/?author=7"),
        "day": ("/2026/02/28/pressao-alta/", "/category/saude/coracao/", "/sobre/", "/2026/02/28/", "/author/ana/"),
        "month": ("/2026/02/pressao-alta/", "/category/saude/coracao/", "/sobre/", "/2026/02/28/", "/author/ana/"),
        "numeric": (
            f"/archives/{n}", "/archives/category/saude/coracao", "/sobre",
            "/archives/date/2026/02/28", "/archives/author/ana",
        ),
        "name": ("/pressao-alta/", "/category/saude/coracao/", "/sobre/", "/2026/02/28/", "/author/ana/"),
    }  # fmt: skip
    for name, structure in PERMALINK_PRESETS.items():
        assert await addresses(world, admin, structure, post.id, low.id, page.id) == expected[name], name
    url, *_rest = await addresses(
        world,
        admin,
        "/%category%/%author%/%hour%-%minute%-%second%/%postname%.html",
        post.id,
        low.id,
        page.id,
    )
    assert url == f"/saude/coracao/{post.author.slug}/22-30-05/pressao-alta.html"


async def test_the_front_page_is_the_root_and_bases_are_settings(site: Any, world: Any, admin: Any) -> None:
    page = await create_post(PostData(type="page", title="Início"))
    await change_status(page.id, "publish")
    tag = await create_term("post_tag", TermData(name="Água"))
    await world.settings(
        front_page="page", page_on_front=str(page.id), tag_base="assunto", category_base="tema"
    )
    with world.on("alfa", admin):
        async with tenant_read():
            assert (await get_post(page.id)).url == "/"
            assert (await get_term(tag.id)).url == "/assunto/agua/"
            made = await create_post(PostData(type="page", title="x", slug="assunto"))
            assert made.slug == "assunto-2"


async def test_plugins_change_addresses(make_world: Any) -> None:
    def filter_permalink(path: str, post: Any) -> str:
        return f"/library/{post.slug}/" if post.title == "Livro" else path

    world = await make_world(probe("library", filter_permalink=filter_permalink))
    with world.on("alfa", await world.person("administrator")):
        async with tenant_read():
            post = await change_status((await make("Livro")).id, "publish")
            assert post.url == "/library/livro/"
            assert (await change_status((await make("Outro")).id, "publish")).url == "/outro/"


@pytest.mark.parametrize(
    "text",
    [
        "/%year%/",
        "/%postname%/%postname%/",
        "/%nope%/%postname%/",
        "/100%/%postname%/",
        "%postname%/",
        "//%postname%/",
        "/../%postname%/",
        "/admin/%postname%/",
        "/search/%postname%/",
        "/%postname%/feed/",
    ],
)
async def test_structures_by_which_posts_are_not_found_are_no_setting(make_world: Any, text: str) -> None:
    world = await make_world()
    with world.on("alfa", await world.person("administrator")):
        async with tenant_read():
            with pytest.raises(Invalid) as caught:
                await save_settings("site", {"permalink_structure": text})
    assert set(caught.value.errors) == {"permalink_structure"}


@pytest.mark.parametrize("name", ["category_base", "tag_base"])
@pytest.mark.parametrize("base", ["author", "search", "admin", "page"])
async def test_archives_of_terms_keep_off_what_the_site_answers_itself(
    make_world: Any, name: str, base: str
) -> None:
    world = await make_world()
    with world.on("alfa", await world.person("administrator")):
        async with tenant_read():
            with pytest.raises(Invalid) as caught:
                await save_settings("site", {name: base})
    assert set(caught.value.errors) == {name}


@pytest.mark.parametrize(
    "text", [*PERMALINK_PRESETS.values(), "/feed/%postname%", "/%category%/%post_id%.html"]
)
def test_the_presets_and_their_like_can_be_used(text: str) -> None:
    assert structure_complaint(text) is None


_VALUES = {
    "year": st.integers(1000, 9999).map(str),
    **{
        name: st.integers(0, 59).map("{:02}".format)
        for name in ("monthnum", "day", "hour", "minute", "second")
    },
    "post_id": st.integers(1, 10**9).map(str),
    "postname": st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True),
    "author": st.from_regex(r"[a-z0-9]+", fullmatch=True),
    "category": st.from_regex(r"[a-z0-9]+(/[a-z0-9]+)?", fullmatch=True),
}


@given(data=st.data(), tags=st.permutations(sorted(STRUCTURE_TAGS)).map(lambda names: names[:3]))
def test_a_built_path_is_matched_again(data: Any, tags: list[str]) -> None:
    structure = split_structure("/" + "/".join(f"%{tag}%" for tag in tags) + "/")
    values = {tag: data.draw(_VALUES[tag]) for tag in tags}
    path = "/" + "/".join(values[tag] for tag in tags) + "/"
    found = structure.match(path)
    assert found is not None and "/".join(found[tag] for tag in tags) == path.strip("/")
    assert structure.match(path.rstrip("/")) is not None
    assert structure.match("/feed/") is None or len(tags) == 1
