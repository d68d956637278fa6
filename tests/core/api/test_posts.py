"""Posts over the API: who reads and writes what, on both engines."""

from typing import Any

import pytest
from litestar import Litestar

from core.db.work import ReadScope
from tests.core.api.kit import Api, open_api

ROLES = ("", "subscriber", "contributor", "author", "editor", "administrator")


async def draft(api: Api, path: str = "/posts", **fields: Any) -> dict[str, Any]:
    """Make a draft and return it."""
    made: dict[str, Any] = await api.change("POST", path, {"title": "Dengue", **fields}, 201)
    return made


async def published(api: Api, path: str = "/posts", **fields: Any) -> dict[str, Any]:
    """Make a published item and return it."""
    made = await draft(api, path, **fields)
    shown: dict[str, Any] = await api.change("POST", f"{path}/{made['number']}/status", {"status": "publish"})
    return shown


def plain(answer: Any) -> dict[str, Any]:
    """Return a problem without the reference, which differs each time."""
    return {name: value for name, value in answer.json().items() if name != "instance"}


async def test_the_life_of_a_post(app: Litestar) -> None:
    editor, visitor = await open_api(app, "alfa", "editor"), await open_api(app)
    answer = await editor.post("/posts", json={"title": "Dengue", "content": "<p>Água parada</p>"})
    assert answer.status_code == 201
    made = answer.json()
    assert answer.headers["location"] == f"http://alfa.test/api/v1/posts/{made['number']}"
    assert (made["status"], made["version"], made["content"]) == ("draft", 1, "<p>Água parada</p>")
    path = f"/posts/{made['number']}"
    await visitor.json(path, 404)

    shown = await editor.change("POST", f"{path}/status", {"status": "publish"})
    assert shown["status"] == "publish"
    seen = await visitor.json(path)
    assert "Água parada" in seen["html"]
    assert seen["url"].startswith("http://alfa.test/")
    assert not {"content", "excerpt", "meta", "createdAt"} & set(seen)

    changed = await editor.change("PATCH", path, {"title": "Dengue hoje", "version": shown["version"]})
    assert (changed["title"], changed["content"]) == ("Dengue hoje", "<p>Água parada</p>")
    await editor.change("DELETE", path, status=204)
    await visitor.json(path, 404)
    assert (await editor.json(path))["status"] == "trash"
    back = await editor.change("POST", f"{path}/status", {"status": "restore"})
    assert back["status"] in ("draft", "publish")
    await editor.change("DELETE", f"{path}?force=true", status=204)
    await editor.json(path, 404)


@pytest.mark.parametrize(
    ("role", "make", "publish", "others"),
    [
        ("subscriber", 403, None, 403),
        ("contributor", 201, 403, 403),
        ("author", 201, 200, 403),
        ("editor", 201, 200, 200),
        ("administrator", 201, 200, 200),
    ],
)
async def test_who_may_write_publish_and_change_what_others_wrote(
    app: Litestar, role: str, make: int, publish: int | None, others: int
) -> None:
    api, owner = await open_api(app, "alfa", role), await open_api(app, "alfa", "editor")
    answer = await api.post("/posts", json={"title": "Zika"})
    assert answer.status_code == make
    if publish is not None:
        path = f"/posts/{answer.json()['number']}/status"
        assert (await api.post(path, json={"status": "publish"})).status_code == publish
    theirs = await published(owner)
    path = f"/posts/{theirs['number']}"
    body = {"title": "Meu", "version": theirs["version"]}
    assert (await api.patch(path, json=body)).status_code == others
    assert (await api.delete(path)).status_code == (204 if others == 200 else 403)


async def test_a_token_can_do_no_more_than_its_scopes(app: Litestar) -> None:
    api = await open_api(app, "alfa", "editor", scopes=frozenset({"read", "edit_posts"}))
    made = await draft(api)
    problem = await api.change("POST", f"/posts/{made['number']}/status", {"status": "publish"}, 403)
    assert "publish_posts" in str(problem["reasons"])
    await api.change("POST", "/pages", {"title": "Sobre"}, 403)


async def test_a_draft_of_others_does_not_exist(app: Litestar) -> None:
    """AC03: whatever is asked about it, the answer is that for a number nobody has."""
    author = await open_api(app, "alfa", "author")
    number = (await draft(author))["number"]
    for role in ("", "subscriber", "contributor", "author"):
        other = await open_api(app, "alfa", *filter(None, [role]))
        for method, tail, body in (
            ("GET", "", None),
            ("GET", "?context=edit", None),
            ("PATCH", "", {"version": 1, "title": "x"}),
            ("POST", "/status", {"status": "publish"}),
            ("DELETE", "", None),
        ):
            found = await other.request(method, f"/posts/{number}{tail}", json=body)
            nothing = await other.request(method, f"/posts/987654{tail}", json=body)
            assert plain(found) == plain(nothing), (role, method)
            assert found.status_code in (401, 403, 404)


async def test_lists_hold_what_one_may_see(app: Litestar) -> None:
    editor, author, visitor = [
        await open_api(app, "alfa", *roles) for roles in (("editor",), ("author",), ())
    ]
    shown = (await published(editor, title="Público"))["number"]
    hidden = (await draft(editor, title="Rascunho"))["number"]
    own = (await draft(author, title="Meu"))["number"]

    def numbers(page: Any) -> set[int]:
        return {item["number"] for item in page["items"]}

    assert shown in numbers(await visitor.json("/posts"))
    assert not {hidden, own} & numbers(await visitor.json("/posts?limit=100"))
    await visitor.json("/posts?status=draft", 401)
    await (await open_api(app, "alfa", "subscriber")).json("/posts?status=publish,draft", 403)
    assert numbers(await author.json("/posts?status=draft")) == {own}
    assert numbers(await author.json(f"/posts?status=draft&author={editor.person.number}")) == set()
    assert {hidden, own} <= numbers(await editor.json("/posts?status=draft"))
    assert numbers(await editor.json(f"/posts?status=draft&author={author.person.number}")) == {own}


async def test_fields_that_one_edits_come_to_those_who_may(app: Litestar) -> None:
    editor, author, visitor = [
        await open_api(app, "alfa", *roles) for roles in (("editor",), ("author",), ())
    ]
    path = f"/posts/{(await published(editor, content='<p>Oi</p>', excerpt='Curto'))['number']}"
    assert (await editor.json(f"{path}?context=edit"))["excerpt"] == "Curto"
    assert "excerpt" not in await editor.json(path)
    await author.json(f"{path}?context=edit", 403)
    await visitor.json(f"{path}?context=edit", 401)
    listed = await author.json("/posts?context=edit")
    assert all("content" not in item for item in listed["items"])


async def test_what_a_password_protects_stays_closed(app: Litestar) -> None:
    editor, visitor = await open_api(app, "alfa", "editor"), await open_api(app)
    made = await published(
        editor, content="<p>Segredo</p>", excerpt="Também segredo", password="abre-te-sesamo"
    )
    path = f"/posts/{made['number']}"
    for answer in (await visitor.get(path), await visitor.get("/posts?include=html")):
        assert answer.status_code == 200
        assert "egredo" not in answer.text
        assert "sesamo" not in answer.text
    seen = await visitor.json(path)
    assert (seen["hasPassword"], seen["html"], seen["summary"]) == (True, "", "")
    assert "Segredo" in (await editor.json(f"{path}?context=edit"))["content"]
    assert "sesamo" not in (await editor.get(f"{path}?context=edit")).text


async def test_somebody_who_was_slower_overwrites_nothing(app: Litestar) -> None:
    editor = await open_api(app, "alfa", "editor")
    made = await draft(editor, title="Primeiro")
    path = f"/posts/{made['number']}"
    await editor.change("PATCH", path, {"title": "Segundo", "version": made["version"]})
    problem = await editor.change("PATCH", path, {"title": "Terceiro", "version": made["version"]}, 409)
    assert problem["current"]["title"] == "Segundo"
    assert problem["yours"] == {"title": "Terceiro", "version": made["version"]}
    assert (await editor.json(path))["title"] == "Segundo"
    stale = {"status": "publish", "version": made["version"]}
    late = await editor.post(f"{path}/status", json=stale)
    # that the text is kept is said only to who wrote some
    assert late.status_code == 409 and late.json()["detail"].endswith("Veja como está agora e tente de novo.")
    assert problem["detail"].endswith("O que você escreveu ficou guardado como revisão.")
    closed = {"commentStatus": "closed", "version": made["version"]}
    assert (await editor.change("PATCH", path, closed, 409))["detail"] == late.json()["detail"]


async def test_fields_that_decide_about_rights_are_unknown_or_refused(app: Litestar) -> None:
    """AC04."""
    author, editor = await open_api(app, "alfa", "author"), await open_api(app, "alfa", "editor")
    for field in (
        "tenant_id", "tenantId", "author_id", "authorId", "status", "is_admin", "number", "id", "version",
        "type", "deleted_at", "publishedAt", "role",
    ):  # fmt: skip
        answer = await author.post("/posts", json={"title": "x", field: "1"})
        assert answer.status_code == 400, field
        assert answer.json()["errors"][0]["field"] == field
    other = editor.person.number
    answer = await author.post("/posts", json={"title": "x", "author": other})
    assert answer.status_code == 403
    made = await draft(author)
    answer = await author.patch(f"/posts/{made['number']}", json={"version": 1, "author": other})
    assert answer.status_code == 403
    assert (await draft(editor, author=author.person.number))["author"]["number"] == author.person.number


async def test_every_wrong_field_is_named_in_the_names_of_the_api(app: Litestar) -> None:
    editor = await open_api(app, "alfa", "editor")
    body = {"title": "a\nb", "menuOrder": 2**40, "author": -1, "commentStatus": "maybe", "parent": "x"}
    problem = await editor.change("POST", "/posts", body, 422)
    assert {error["field"] for error in problem["errors"]} == set(body)
    body = {"parent": 987_654, "author": 987_654, "featured": 987_654, "terms": {"category": [987_654]}}
    problem = await editor.change("POST", "/pages", body, 422)
    assert {error["field"] for error in problem["errors"]} == {
        "parent", "author", "featured", "terms.category.0",
    }  # fmt: skip


@pytest.mark.parametrize("status", ["publish", "private", "future"])
@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00"])
async def test_a_moment_that_not_every_time_zone_can_show_is_refused(
    app: Litestar, status: str, at: str
) -> None:
    """Such a post would break every list that shows its date."""
    editor = await open_api(app, "alfa", "editor")
    made = await draft(editor)
    path = f"/posts/{made['number']}"
    refused = await editor.change("POST", f"{path}/status", {"status": status, "at": at}, 422)
    assert [error["field"] for error in refused["errors"]] == ["at"]
    assert (await editor.json(path))["status"] == "draft"


async def test_pages_are_pages_and_have_parents(app: Litestar) -> None:
    editor = await open_api(app, "alfa", "editor")
    above = await published(editor, "/pages", title="Sobre")
    below = await published(editor, "/pages", title="Equipe", parent=above["number"])
    assert below["parent"] == above["number"]
    listed = await editor.json(f"/pages?parent={above['number']}")
    assert [item["number"] for item in listed["items"]] == [below["number"]]
    await editor.json(f"/posts/{above['number']}", 404)
    assert (await editor.json("/pages?slug=equipe"))["items"][0]["number"] == below["number"]


async def test_types_that_are_not_there_or_have_an_address_of_their_own(app: Litestar) -> None:
    visitor = await open_api(app)
    for name in ("book", "post", "page", "revision", "x" * 61):
        await visitor.json(f"/content/{name}", 404)


@pytest.mark.parametrize("role", ROLES)
async def test_posts_of_another_site_are_nothing_here(app: Litestar, role: str) -> None:
    """AC03: numbers of another site, in the address, the body and the parameters."""
    theirs = await open_api(app, "beta", "editor")
    for _ in range(3):
        foreign = await published(theirs, "/pages", title="De outro site")
    number = foreign["number"]
    api = await open_api(app, "alfa", *filter(None, [role]))
    for method, tail, body in (
        ("GET", "", None),
        ("PATCH", "", {"version": 1, "title": "x"}),
        ("POST", "/status", {"status": "trash"}),
        ("DELETE", "?force=true", None),
    ):
        found = await api.request(method, f"/pages/{number}{tail}", json=body)
        nothing = await api.request(method, f"/pages/987654{tail}", json=body)
        assert plain(found) == plain(nothing), method
    listed = [await api.get("/pages", params={"parent": n}) for n in (number, 987_654)]
    assert listed[0].json() == listed[1].json() == {"items": [], "next": None, "cursor": None}
    made = [await api.post("/pages", json={"title": "x", "parent": n}) for n in (number, 987_654)]
    assert plain(made[0]) == plain(made[1])
    assert (await theirs.json(f"/pages/{number}"))["title"] == "De outro site"


async def test_a_list_takes_the_same_few_queries_however_long_it_is(
    app: Litestar, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor, visitor = await open_api(app, "alfa", "editor"), await open_api(app)
    category = await editor.change("POST", "/terms/category", {"name": "Vacinas"}, 201)
    above = await published(editor, "/pages", title="Acima")
    for number in range(12):
        await published(editor, title=f"Post {number}", terms={"category": [category["number"]]})
        await published(editor, "/pages", title=f"Página {number}", parent=above["number"])
    asked: list[str] = []
    fetch = ReadScope.fetch

    async def counted(self: ReadScope, sql: str, args: Any) -> Any:
        asked.append(sql)
        return await fetch(self, sql, args)

    monkeypatch.setattr(ReadScope, "fetch", counted)
    for path in ("/posts?include=html", "/pages?order=menu"):
        counts = []
        for limit in (2, 12):
            asked.clear()
            page = await visitor.json(f"{path}&limit={limit}")
            assert len(page["items"]) == limit
            counts.append(len(asked))
        assert counts[0] == counts[1] <= 6, path
