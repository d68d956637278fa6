"""People over the API: who sees and changes whom, on both engines."""

from typing import Any

from litestar import Litestar

from tests.core.api.kit import Api, make_person, open_api, token_for
from tests.kit.people import PASSWORD

ADMIN = "administrator"


async def test_a_visitor_may_not_list_people(app: Litestar) -> None:
    visitor = await open_api(app)
    problem = await visitor.json("/users", 401)
    assert problem["type"] == "urn:vitral:problem:unauthenticated"


async def test_only_those_who_may_list_users_see_addresses(app: Litestar) -> None:
    admin = await open_api(app, "alfa", ADMIN)
    editor = await open_api(app, "alfa", "editor")
    listed = await admin.json("/users")
    assert {item["email"] for item in listed["items"]} >= {admin.person.email, editor.person.email}
    await editor.json("/users", 403)


async def test_oneself_with_what_the_token_may(app: Litestar) -> None:
    api = await open_api(app, "alfa", "author", scopes=frozenset({"read", "edit_posts"}))
    me = await api.json("/users/me")
    assert me["email"] == api.person.email
    assert me["roles"] == ["author"]
    assert me["capabilities"] == ["edit_posts", "read"]
    await (await open_api(app)).json("/users/me", 401)


async def test_somebody_who_published_nothing_is_unknown_to_others(app: Litestar) -> None:
    author = await open_api(app, "alfa", "author")
    subscriber = await open_api(app, "alfa", "subscriber")
    unknown = await subscriber.get("/users/999999")
    hidden = await subscriber.get(f"/users/{author.person.number}")
    assert unknown.status_code == hidden.status_code == 404
    assert _without_reference(unknown) == _without_reference(hidden)
    assert "email" in await author.json(f"/users/{author.person.number}")


def _without_reference(answer: Any) -> dict[str, Any]:
    return {name: value for name, value in answer.json().items() if name != "instance"}


async def test_people_are_walked_by_cursor_each_once(app: Litestar) -> None:
    admin = await open_api(app, "alfa", ADMIN)
    people = [await make_person(app, "alfa", "subscriber") for _ in range(5)]
    seen: list[int] = []
    path = "/users?limit=2"
    while path:
        page = await admin.json(path)
        seen += [item["number"] for item in page["items"]]
        path = page["next"]
        if len(seen) == 2:
            people.append(await make_person(app, "alfa", "subscriber"))
    assert seen == sorted(set(seen))
    assert {person.number for person in people} <= set(seen)


async def test_a_cursor_of_another_list_or_site_is_refused(app: Litestar) -> None:
    alfa = await open_api(app, "alfa", ADMIN)
    beta = await open_api(app, "beta", ADMIN)
    for _ in range(2):
        await make_person(app, "alfa", "subscriber")
    cursor = (await alfa.json("/users?limit=1"))["cursor"]
    assert (await alfa.get("/users", params={"cursor": cursor})).status_code == 200
    assert (await beta.get("/users", params={"cursor": cursor})).status_code == 400
    assert (await alfa.get("/users", params={"cursor": cursor[:-2]})).status_code == 400


async def test_make_change_and_delete(app: Litestar) -> None:
    admin = await open_api(app, "alfa", ADMIN)
    body = {
        "email": "nina@example.org",
        "displayName": "Nina Rosa",
        "roles": ["author"],
        "password": PASSWORD,
    }
    answer = await admin.post("/users", json=body)
    assert answer.status_code == 201
    made = answer.json()
    assert answer.headers["location"].endswith(f"/api/v1/users/{made['number']}")
    assert made["roles"] == ["author"]
    assert "password" not in answer.text
    path = f"/users/{made['number']}"
    changed = await admin.change(
        "PATCH", path, {"website": "https://nina.example", "version": made["version"]}
    )
    assert changed["website"] == "https://nina.example"
    assert changed["version"] == made["version"] + 1
    for wrong in ("javascript:alert(1)", "https://nina.example\n", "\n"):
        await admin.change("PATCH", path, {"website": wrong, "version": changed["version"]}, status=422)
    # what takes a fresh password is refused to a token, in so many words
    problem = await admin.change("DELETE", path, status=403)
    assert "API" in problem["detail"]
    await admin.change("PUT", f"{path}/roles", {"roles": ["editor"]}, status=403)


async def test_a_stale_version_brings_back_both_states(app: Litestar) -> None:
    admin = await open_api(app, "alfa", ADMIN)
    person = await make_person(app, "alfa", "subscriber")
    path = f"/users/{person.number}"
    await admin.change("PATCH", path, {"bio": "Primeira", "version": person.version})
    problem = await admin.change("PATCH", path, {"bio": "Segunda", "version": person.version}, status=409)
    assert problem["current"]["bio"] == "Primeira"
    assert problem["current"]["version"] == person.version + 1
    assert problem["yours"] == {"bio": "Segunda", "version": person.version}


async def test_fields_that_give_rights_are_unknown_or_refused(app: Litestar) -> None:
    """AC04: no body takes what decides about rights and borders."""
    subscriber = await open_api(app, "alfa", "subscriber")
    admin = await open_api(app, "alfa", ADMIN)
    path = f"/users/{subscriber.person.number}"
    for field in (
        "tenant_id",
        "tenantId",
        "role",
        "roles",
        "is_admin",
        "isAdmin",
        "status",
        "capabilities",
        "id",
    ):
        answer = await subscriber.patch(path, json={field: "x", "version": subscriber.person.version})
        assert answer.status_code == 400, field
        assert answer.json()["errors"][0]["field"] == field
    answer = await subscriber.post("/users", json={"email": "x@example.org", "roles": [ADMIN]})
    assert answer.status_code == 403
    other = await admin.patch(path, json={"email": "novo@example.org", "version": subscriber.person.version})
    assert other.status_code == 403  # an address is changed with a fresh password, which a token is not


async def test_errors_speak_in_the_names_of_the_api(app: Litestar) -> None:
    admin = await open_api(app, "alfa", ADMIN)
    person = await make_person(app, "alfa", "subscriber")
    problem = await admin.change(
        "PATCH", f"/users/{person.number}", {"displayName": "  ", "version": person.version}, status=422
    )
    assert [error["field"] for error in problem["errors"]] == ["displayName"]


async def test_another_sites_person_is_nobody_here(app: Litestar) -> None:
    """AC03: the answer is the same to the byte, but for the request's own reference."""
    admin = await open_api(app, "alfa", ADMIN)
    foreign = await open_api(app, "beta", ADMIN)
    numbers = [await make_person(app, "beta", "subscriber") for _ in range(4)]
    number = numbers[-1].number
    answers = [await admin.get(f"/users/{n}") for n in (number, 999_999)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert _without_reference(answers[0]) == _without_reference(answers[1])
    # and a token of one site is worth nothing on the other
    stray = Api(app, "beta", await token_for(app, "alfa", admin.person))
    assert (await stray.get("/users/me")).status_code == 401
    assert (await foreign.get("/users/me")).status_code == 200
