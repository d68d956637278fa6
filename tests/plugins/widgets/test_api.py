"""`/api/v1/widgets`: the same verbs for programs with the right scope."""

from tests.core.api.kit import open_api
from tests.plugins.widgets.world import Board, titles


async def test_a_program_places_changes_moves_and_deletes(board: Board) -> None:
    post, tag = await board.post("Sono"), await board.term("Café", "post_tag")
    api = await open_api(board.app, "alfa", "administrator")
    body = {
        "type": "text",
        "region": "footer",
        "title": "Nota",
        "settings": {"text": "Olá"},
        "visibility": {"where": "except", "content": [post.number], "terms": {"post_tag": [tag.number]}},
    }
    made = await api.change("POST", "/widgets", body, 201)
    assert (made["available"], made["visibility"]["content"]) == (True, [post.number])
    assert made["visibility"]["terms"] == {"post_tag": [tag.number]}
    async with board.visitor() as visitor:
        assert (await titles(visitor), await titles(visitor, post.url)) == (["Nota"], [])
    path = f"/widgets/{made['number']}"
    changed = await api.change("PATCH", path, {"version": 1, "title": "Outra", "visibility": {}})
    assert (changed["title"], changed["settings"], changed["version"]) == ("Outra", {"text": "Olá"}, 2)
    await api.change("PATCH", path, {"version": 1, "title": "Velha"}, 409)
    first = (await api.json("/widgets"))["items"][-1]
    moved = await api.change(
        "POST", f"{path}/place", {"version": 2, "region": first["region"], "before": first["number"]}
    )
    assert (moved["region"], moved["version"]) == (first["region"], 3)
    assert (await api.json(path)) == moved
    await api.change("DELETE", path, None, 204)
    await api.json(path, 404)


async def test_bad_input_is_named_and_changes_nothing(board: Board) -> None:
    api = await open_api(board.app, "alfa", "administrator")
    before = await board.all()
    for body, field in (
        ({"type": "nothing"}, "type"),
        ({"type": "text", "region": "nowhere"}, "region"),
        ({"type": "recent_posts", "settings": {"count": 900}}, "settings.count"),
        ({"type": "recent_posts", "settings": {"colour": 1}}, "settings.colour"),
        ({"type": "text", "visibility": {"where": "only"}}, "visibility.where"),
        ({"type": "text", "visibility": {"where": "only", "content": [99999]}}, "visibility.content"),
    ):
        answer = await api.post("/widgets", json=body)
        assert answer.status_code == 422 and field in answer.text, (body, answer.text)
    assert await board.all() == before


async def test_it_takes_the_right_and_the_scope(board: Board) -> None:
    assert (await (await open_api(board.app, "alfa")).get("/widgets")).status_code == 401
    assert (await (await open_api(board.app, "alfa", "editor")).get("/widgets")).status_code == 403
    narrow = await open_api(board.app, "alfa", "administrator", scopes=frozenset({"read"}))
    assert (await narrow.get("/widgets")).status_code == 403
