"""What plugins do to the API: types, fields, changed items and lists, routes in the document; per site."""

from collections.abc import Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import msgspec
import pytest
from litestar import get

from core.contract.content import ContentType, Extension, ListingQuery, Taxonomy
from core.contract.markers import hookimpl
from core.contract.views import PostView
from core.plugins import Plugin
from tests.core.api.kit import open_api


class Evidence(msgspec.Struct, forbid_unknown_fields=True):
    """What the plugin of these tests keeps with a post."""

    level: int


@pytest.fixture
def library() -> Plugin:
    """A plugin with everything that shows in the API."""
    kept: dict[UUID, Evidence] = {}

    async def load(ids: Sequence[UUID]) -> Mapping[UUID, Any]:
        return {post_id: kept[post_id] for post_id in ids if post_id in kept}

    async def save(post_id: UUID, value: Any) -> None:
        kept[post_id] = value

    async def snapshot(post_id: UUID) -> Any:
        return msgspec.to_builtins(kept.get(post_id))

    async def restore(post_id: UUID, value: Any) -> None:
        kept[post_id] = msgspec.convert(value, Evidence)

    async def erase(post_id: UUID) -> None:
        kept.pop(post_id, None)

    @hookimpl
    def register_content_types() -> Iterable[ContentType]:
        shown = ContentType(
            name="library_book", title="Books", singular="Book", taxonomies=("library_shelf",)
        )
        return [
            shown,
            msgspec.structs.replace(shown, name="library_card", show_in_api=False),
            msgspec.structs.replace(shown, name="library_note", public=False),
        ]

    @hookimpl
    def register_taxonomies() -> Iterable[Taxonomy]:
        return [Taxonomy(name="library_shelf", title="Shelves", singular="Shelf")]

    @hookimpl
    def register_extensions() -> Iterable[Extension]:
        return [
            Extension(
                owner=owner,
                key="library",
                input=Evidence,
                load=load,
                save=save,
                snapshot=snapshot,
                restore=restore,
                export=snapshot,
                erase=erase,
            )
            for owner in ("post", "term")
        ]

    @hookimpl
    def filter_api_item(item: dict[str, Any], post: PostView) -> dict[str, Any]:
        return {**item, "library": {"words": len(post.title.split())}}

    @hookimpl
    def filter_listing(query: ListingQuery, kind: str) -> ListingQuery:
        return msgspec.structs.replace(query, ascending=True) if kind == "api" else query

    @get("/api/v1/library/hours", opt={"capability": "public"})
    async def hours() -> dict[str, str]:
        """When it is open."""
        return {"monday": "9-17"}

    marked = SimpleNamespace(
        register_content_types=register_content_types,
        register_taxonomies=register_taxonomies,
        register_extensions=register_extensions,
        filter_api_item=filter_api_item,
        filter_listing=filter_listing,
    )
    routes = SimpleNamespace(handlers=[hours])
    return Plugin(name="library", version="1.0", title="Library", parts={"hooks": marked, "routes": routes})


async def test_types_and_taxonomies_of_plugins_have_addresses_where_they_are_on(
    app_with: Any, library: Plugin
) -> None:
    app = await app_with(library, on=("alfa",))
    admin, beta = await open_api(app, "alfa", "administrator"), await open_api(app, "beta", "administrator")
    book = await admin.change("POST", "/content/library_book", {"title": "Grande Sertão"}, 201)
    assert book["type"] == "library_book"
    path = f"/content/library_book/{book['number']}"
    shown = await admin.change("POST", f"{path}/status", {"status": "publish"})
    (listed,) = (await admin.json("/content/library_book"))["items"]
    assert (listed["number"], listed["library"]) == (book["number"], {"words": 2})
    await admin.json(f"/posts/{book['number']}", 404)
    shelf = await admin.change("POST", "/terms/library_shelf", {"name": "Romances"}, 201)
    terms = {"library_shelf": [shelf["number"]]}
    changed = await admin.change("PATCH", path, {"terms": terms, "version": shown["version"]})
    assert changed["terms"]["library_shelf"][0]["name"] == "Romances"
    await admin.change("DELETE", path, status=204)

    names = [kind["name"] for kind in (await admin.json("/types"))["items"]]
    assert names == ["post", "page", "library_book"]
    for name in ("library_card", "library_note"):
        await admin.json(f"/content/{name}", 404)
    for address in ("/content/library_book", "/terms/library_shelf", "/library/hours"):
        await beta.json(address, 404)
        await admin.json(address, 200)


async def test_what_plugins_keep_goes_in_and_comes_out(app_with: Any, library: Plugin) -> None:
    app = await app_with(library, on=("alfa",))
    editor, visitor = await open_api(app, "alfa", "editor"), await open_api(app, "alfa")
    made = await editor.change("POST", "/posts", {"title": "Vacinas", "ext": {"library": {"level": 2}}}, 201)
    path = f"/posts/{made['number']}"
    assert made["ext"] == {"library": {"level": 2}}
    await editor.change("POST", f"{path}/status", {"status": "publish"})
    seen = await visitor.json(path)
    assert (seen["ext"], seen["library"]) == ({"library": {"level": 2}}, {"words": 1})
    for wrong, field in (({"level": "x"}, "ext.library.level"), ({"depth": 1}, "ext.library.depth")):
        answer = await editor.post("/posts", json={"title": "x", "ext": {"library": wrong}})
        assert answer.status_code in (400, 422)
        assert answer.json()["errors"][0]["field"] == field
    problem = await editor.change("POST", "/posts", {"title": "x", "ext": {"nobody": {}}}, 422)
    assert problem["errors"][0]["field"] == "ext.nobody"
    term = await editor.change(
        "POST", "/terms/category", {"name": "Vacinas", "ext": {"library": {"level": 4}}}, 201
    )
    assert (await visitor.json(f"/terms/category/{term['number']}"))["ext"] == {"library": {"level": 4}}


async def test_plugins_change_lists_of_the_api(app_with: Any, library: Plugin) -> None:
    app = await app_with(library, on=("alfa",))
    for site, expected in (("alfa", ["a", "b"]), ("beta", ["b", "a"])):
        editor = await open_api(app, site, "editor")
        for title in "ab":
            made = await editor.change("POST", "/posts", {"title": title}, 201)
            await editor.change("POST", f"/posts/{made['number']}/status", {"status": "publish"})
        found = await editor.json(f"/posts?author={editor.person.number}")
        assert [item["title"] for item in found["items"]] == expected


async def test_the_document_names_routes_of_plugins_where_they_are_on(app_with: Any, library: Plugin) -> None:
    app = await app_with(library, on=("alfa",))
    alfa, beta = await open_api(app, "alfa"), await open_api(app, "beta")
    path = "/api/v1/library/hours"
    assert "plugin:library" in (await alfa.json("/openapi.json"))["paths"][path]["get"]["tags"]
    assert path not in (await beta.json("/openapi.json"))["paths"]
