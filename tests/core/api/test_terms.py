"""Terms over the API, on both engines."""

from typing import Any

import pytest
from litestar import Litestar

from tests.core.api.kit import open_api


def plain(answer: Any) -> dict[str, Any]:
    """Return a problem without the reference, which differs each time."""
    return {name: value for name, value in answer.json().items() if name != "instance"}


async def test_the_life_of_a_term(app: Litestar) -> None:
    editor, visitor = await open_api(app, "alfa", "editor"), await open_api(app)
    answer = await editor.post("/terms/category", json={"name": "Saúde da mulher"})
    assert answer.status_code == 201
    above = answer.json()
    assert answer.headers["location"] == f"http://alfa.test/api/v1/terms/category/{above['number']}"
    assert (above["slug"], above["level"], above["parent"]) == ("saude-da-mulher", 0, None)
    body = {"name": "Pré-natal", "parent": above["number"], "description": "Consultas e exames"}
    below = await editor.change("POST", "/terms/category", body, 201)
    assert (below["parent"], below["level"]) == (above["number"], 1)
    assert below["url"].startswith("http://alfa.test/")

    path = f"/terms/category/{below['number']}"
    changed = await editor.change("PATCH", path, {"name": "Gravidez", "version": below["version"]})
    assert (changed["name"], changed["parent"]) == ("Gravidez", above["number"])
    problem = await editor.change("PATCH", path, {"name": "Outra", "version": below["version"]}, 409)
    assert problem["current"]["name"] == "Gravidez"
    assert problem["yours"] == {"name": "Outra", "version": below["version"]}

    listed = await visitor.json(f"/terms/category?parent={above['number']}")
    assert [term["number"] for term in listed["items"]] == [below["number"]]
    assert (await visitor.json("/terms/category?slug=saude-da-mulher"))["items"] == [above]
    await editor.change("DELETE", f"/terms/category/{above['number']}", status=204)
    assert (await visitor.json(path))["parent"] is None


@pytest.mark.parametrize(
    ("role", "tree", "flat"),
    [("", 401, 401), ("subscriber", 403, 403), ("author", 403, 201), ("editor", 201, 201)],
)
async def test_trees_are_for_editors_and_tags_for_writers(
    app: Litestar, role: str, tree: int, flat: int
) -> None:
    api = await open_api(app, "alfa", *filter(None, [role]))
    assert (await api.post("/terms/category", json={"name": "Vacinas"})).status_code == tree
    assert (await api.post("/terms/post_tag", json={"name": "Dengue"})).status_code == flat


async def test_posts_carry_terms_and_are_found_by_them(app: Litestar) -> None:
    editor = await open_api(app, "alfa", "editor")
    above = await editor.change("POST", "/terms/category", {"name": "Doenças"}, 201)
    below = await editor.change("POST", "/terms/category", {"name": "Zika", "parent": above["number"]}, 201)
    made = await editor.change(
        "POST", "/posts", {"title": "Zika hoje", "terms": {"category": [below["number"]]}}, 201
    )
    assert [term["number"] for term in made["terms"]["category"]] == [below["number"]]
    await editor.change("POST", f"/posts/{made['number']}/status", {"status": "publish"})
    for term in (above, below):
        found = await editor.json(f"/posts?taxonomy=category&term={term['number']}")
        assert [item["number"] for item in found["items"]] == [made["number"]]
    assert (await editor.json(f"/terms/category/{below['number']}"))["count"] == 1
    assert (await editor.json("/posts?taxonomy=category&term=987654"))["items"] == []
    assert (await editor.json("/posts?taxonomy=nothing&term=1"))["items"] == []
    assert (await editor.json("/pages?taxonomy=category&term=1"))["items"] == []


async def test_terms_are_walked_by_cursor(app: Litestar) -> None:
    editor = await open_api(app, "alfa", "editor")
    made = {
        (await editor.change("POST", "/terms/post_tag", {"name": f"Etiqueta {n}"}, 201))["number"]
        for n in range(5)
    }
    seen: list[int] = []
    path = "/terms/post_tag?limit=2&search=etiqueta"
    while path:
        page = await editor.json(path)
        seen += [item["number"] for item in page["items"]]
        path = page["next"]
    assert seen == sorted(made)
    cursor = (await editor.json("/terms/post_tag?limit=1"))["cursor"]
    assert (await editor.get("/terms/category", params={"cursor": cursor})).status_code == 400


async def test_terms_of_another_site_or_taxonomy_are_nothing_here(app: Litestar) -> None:
    alfa, beta = await open_api(app, "alfa", "editor"), await open_api(app, "beta", "editor")
    for n in range(4):
        foreign = await beta.change("POST", "/terms/category", {"name": f"Beta {n}"}, 201)
    tag = await alfa.change("POST", "/terms/post_tag", {"name": "Dengue"}, 201)
    nothing = await alfa.get("/terms/category/987654")
    assert nothing.status_code == 404
    for number in (foreign["number"], tag["number"]):
        assert plain(await alfa.get(f"/terms/category/{number}")) == plain(nothing)
        answer = await alfa.patch(f"/terms/category/{number}", json={"name": "x", "version": 1})
        assert plain(answer) == plain(nothing)
        assert plain(await alfa.delete(f"/terms/category/{number}")) == plain(nothing)
    problem = await alfa.change("POST", "/terms/category", {"name": "x", "parent": foreign["number"]}, 422)
    assert problem["errors"][0]["field"] == "parent"
    for name in ("nothing", "post_format", "category'--"):
        await alfa.json(f"/terms/{name}", 404)


async def test_fields_of_a_term_that_nobody_may_set(app: Litestar) -> None:
    """AC04."""
    editor = await open_api(app, "alfa", "editor")
    for field in ("tenant_id", "tenantId", "taxonomy", "level", "count", "number", "id", "version", "path"):
        answer = await editor.post("/terms/category", json={"name": "x", field: 1})
        assert answer.status_code == 400, field


async def test_the_default_category_stays(app: Litestar) -> None:
    editor = await open_api(app, "alfa", "editor")
    first = (await editor.json("/terms/category?limit=1"))["items"][0]
    problem = await editor.change("DELETE", f"/terms/category/{first['number']}", status=422)
    assert problem["type"] == "urn:vitral:problem:refused"
