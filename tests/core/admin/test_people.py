"""People, roles and one's own account."""

import json
from typing import Any
from uuid import UUID

from litestar import Litestar

from core.accounts import Account, RoleInput, freshness, get_user, list_roles, save_role
from core.accounts.tables import OneTimeToken, UserRole
from core.db import tenant_read, tenant_work
from tests.core.admin.kit import fields_of, make_post, parsed, said, send
from tests.kit.client import Browser
from tests.kit.people import PASSWORD, People
from tests.kit.plugin import entered

NEW = "quatro palavras bem longas mesmo"


async def _account(app: Litestar, user_id: UUID) -> Account:
    with entered(app, "alfa"):
        async with tenant_read():
            return await get_user(user_id)


async def test_people_are_found_and_listed_with_their_roles(app: Litestar, people: People) -> None:
    await people.make("alfa", "editor", email="bruna@example.org")
    await people.make("alfa", "author", "subscriber", email="caio@example.org")
    browser = await people.browser("alfa", "administrator")
    soup = await browser.soup("/admin/users?q=bruna")
    assert [cell.get_text(" ", strip=True) for cell in soup.select("tbody .tags")] == ["Editor"]
    soup = await browser.soup("/admin/users?role=author")
    assert "caio@example.org" in soup.text and "bruna@example.org" not in soup.text
    assert "Assinante" in soup.select_one("tbody .tags").text  # type: ignore[union-attr]  # he has two


async def test_somebody_is_invited_and_invited_again(app: Litestar, people: People) -> None:
    browser = await people.browser("alfa", "administrator")
    wrong = await send(
        browser, "/admin/users/invite", {"email": "nada", "display_name": "Bia"}, selector="main form"
    )
    assert wrong.status_code == 422
    assert parsed(wrong).select_one("#email")["value"] == "nada"  # type: ignore[index]  # kept
    answer = await send(
        browser,
        "/admin/users/invite",
        {"email": "bia@example.org", "display_name": "Bia", "roles": ["author", "contributor"]},
        selector="main form",
    )
    assert "bia@example.org" in await said(browser, answer)
    soup = await browser.soup("/admin/users?status=invited")
    key = str(soup.select_one("input[name=ids]")["value"])  # type: ignore[index]  # there is one
    account = await _account(app, UUID(key))
    assert (account.status, account.roles) == ("invited", frozenset({"author", "contributor"}))
    again = await browser.submit("/admin/users/do", {"one": f"resend:{key}"}, page="/admin/users")
    assert "1 convite" in await said(browser, again)
    with entered(app, "alfa"):
        async with tenant_read():
            links = await OneTimeToken.count().where(OneTimeToken.purpose == "invitation")
    assert links == 1


async def test_an_account_is_made_with_every_error_said_at_once(app: Litestar, people: People) -> None:
    browser = await people.browser("alfa", "administrator")
    wrong = await send(
        browser,
        "/admin/users/new",
        {"email": "nada", "username": "a b", "password": "123", "roles": "author"},
        selector="main form",
    )
    soup = parsed(wrong)
    assert wrong.status_code == 422
    assert {error["id"] for error in soup.select(".error")} == {
        "email-error",
        "username-error",
        "password-error",
    }
    assert soup.select_one("input[name=roles][value=author]").has_attr("checked")  # type: ignore[union-attr]  # kept
    assert not soup.select_one("#password").get("value")  # type: ignore[union-attr]  # never sent back
    done = await send(
        browser,
        "/admin/users/new",
        {"email": "dora@example.org", "display_name": "Dora", "password": NEW, "roles": "author"},
        selector="main form",
    )
    assert "Dora" in await said(browser, done)


async def test_an_account_is_changed_and_a_second_editor_is_told(app: Litestar, people: People) -> None:
    user = await people.make("alfa", "author")
    browser = await people.browser("alfa", "administrator")
    form = fields_of(await browser.soup(f"/admin/users/{user.id}"), "main form.panel")
    answer = await browser.post(f"/admin/users/{user.id}", data={**form, "display_name": "Nome Novo"})
    assert "Nome Novo" in await said(browser, answer)
    stale = await browser.post(f"/admin/users/{user.id}", data={**form, "display_name": "Outro Nome"})
    assert stale.status_code == 409
    again = fields_of(parsed(stale), "main form.panel")
    assert again["display_name"] == ["Outro Nome"]
    assert (await browser.post(f"/admin/users/{user.id}", data=again)).status_code == 303
    assert (await _account(app, user.id)).display_name == "Outro Nome"


async def test_roles_are_given_after_the_password_was_shown_again(
    app: Litestar, people: People, monkeypatch: Any
) -> None:
    user = await people.make("alfa", "author")
    browser = await people.browser("alfa", "administrator")
    real = freshness.require_fresh

    async def change(**more: Any) -> Any:
        path = f"/admin/users/{user.id}"
        return await browser.submit(f"{path}/roles", {"roles": ["editor", "author"], **more}, page=path)

    from datetime import timedelta

    monkeypatch.setattr(freshness, "FRESH", timedelta(seconds=-1))
    asked = await change()
    assert asked.status_code == 401
    assert "Digite a sua senha de novo para fazer isto." in asked.text
    carried = fields_of(parsed(asked))
    assert carried["roles"] == ["editor", "author"]
    wrong = await browser.post(f"/admin/users/{user.id}/roles", data={**carried, "_confirm": "errada"})
    assert wrong.status_code == 422
    assert fields_of(parsed(wrong))["roles"] == ["editor", "author"]
    assert (await _account(app, user.id)).roles == {"author"}
    monkeypatch.undo()
    assert real is freshness.require_fresh
    carried = fields_of(parsed(wrong))
    done = await browser.post(f"/admin/users/{user.id}/roles", data={**carried, "_confirm": PASSWORD})
    assert done.headers["location"] == f"/admin/users/{user.id}"
    assert (await _account(app, user.id)).roles == {"editor", "author"}


async def test_somebody_is_kept_out_and_let_in(app: Litestar, people: People) -> None:
    user = await people.make("alfa", "author")
    theirs = Browser(app, "alfa")
    await theirs.sign_in(user.email, PASSWORD)
    browser = await people.browser("alfa", "administrator")
    out = await browser.submit("/admin/users/do", {"one": f"disable:{user.id}"}, page="/admin/users")
    assert "bloqueada" in await said(browser, out)
    assert (await theirs.get("/admin")).status_code == 302
    back = await browser.submit("/admin/users/do", {"one": f"enable:{user.id}"}, page="/admin/users")
    assert "desbloqueada" in await said(browser, back)


async def test_what_somebody_leaves_goes_to_somebody(app: Litestar, people: People) -> None:
    author = await people.make("alfa", "author")
    await make_post(app, author, title="Herança")
    browser = await people.browser("alfa", "administrator")
    path = f"/admin/users/{author.id}/delete"
    refused = await send(browser, path, {"reassign_to": ""}, selector="main form")
    assert refused.status_code == 422
    heir = await people.make("alfa", "editor")
    done = await send(browser, path, {"reassign_to": str(heir.id)}, selector="main form")
    assert "excluído" in await said(browser, done)
    soup = await browser.soup(f"/admin/posts?author={heir.id}")
    assert "Herança" in soup.text


async def test_a_roles_rights_of_a_plugin_that_is_off_outlive_its_form(app: Litestar, people: People) -> None:
    browser = await people.browser("alfa", "administrator")
    with entered(app, "alfa"):
        async with tenant_work():
            held = json.dumps(["probe.review", "read"])
            await UserRole.update({UserRole.capabilities: held}).where(UserRole.role_name == "subscriber")
    answer = await send(browser, "/admin/roles/subscriber", {"title": "Leitora"}, selector="main form")
    assert "Leitora" in await said(browser, answer)
    with entered(app, "alfa"):
        async with tenant_read():
            role = next(role for role in await list_roles() if role.name == "subscriber")
    assert role.capabilities == {"probe.review", "read"}


async def test_a_role_is_made_changed_and_deleted(app: Litestar, people: People) -> None:
    browser = await people.browser("alfa", "administrator")
    matrix = await browser.soup("/admin/roles")
    assert len(matrix.select("thead th")) == 6
    wrong = await send(browser, "/admin/roles/new", {"title": "", "name": "1x"}, selector="main form")
    assert wrong.status_code == 422
    made = await send(
        browser,
        "/admin/roles/new",
        {"title": "Revisora de saúde", "capabilities": ["read", "edit_posts", "edit_others_posts"]},
        selector="main form",
    )
    assert "Revisora" in await said(browser, made)
    blind = {"capabilities": ["read"], "_version": None}  # it would overwrite what others wrote since
    answer = await send(browser, "/admin/roles/revisora_de_saude", blind, selector="main form")
    assert answer.status_code == 400 and "sem a versão" in answer.text
    changed = await send(
        browser, "/admin/roles/revisora_de_saude", {"capabilities": ["read"]}, selector="main form"
    )
    assert changed.status_code == 303
    with entered(app, "alfa"):
        async with tenant_read():
            role = next(role for role in await list_roles() if role.name == "revisora_de_saude")
    assert role.capabilities == {"read"}
    gone = await browser.submit(
        "/admin/roles/revisora_de_saude/delete", page="/admin/roles/revisora_de_saude"
    )
    assert "excluído" in await said(browser, gone)
    fixed = await browser.submit("/admin/roles/editor/delete", page="/admin/roles")
    assert "não" in await said(browser, fixed)
    copied = await browser.soup("/admin/roles/new?like=author")
    assert copied.select_one("input[value=upload_files]").has_attr("checked")  # type: ignore[union-attr]  # authors may


async def test_one_changes_oneself(app: Litestar, people: People) -> None:
    user = await people.make("alfa", "subscriber")
    browser = Browser(app, "alfa")
    await browser.sign_in(user.email, PASSWORD)
    answer = await send(
        browser,
        "/admin/profile",
        {"display_name": "Meu Nome", "bio": "Linha 1\nLinha 2"},
        selector="main form",
    )
    assert "Salvo" in await said(browser, answer)
    assert (await _account(app, user.id)).display_name == "Meu Nome"
    wrong = await send(
        browser, "/admin/profile", {"display_name": " ", "language": "xx"}, selector="main form"
    )
    assert wrong.status_code == 422
    blind = {"display_name": "Outro", "_version": None}
    assert (await send(browser, "/admin/profile", blind, selector="main form")).status_code == 400
    forged = await send(browser, "/admin/profile", {"email": "x@example.org"}, selector="main form")
    assert forged.status_code in (400, 422)


async def test_one_sees_and_ends_ones_sessions(app: Litestar, people: People) -> None:
    user = await people.make("alfa", "editor")
    here, there, elsewhere = Browser(app, "alfa"), Browser(app, "alfa"), Browser(app, "alfa")
    for browser in (here, there, elsewhere):
        await browser.sign_in(user.email, PASSWORD)
    soup = await here.soup("/admin/profile/security")
    forms = [str(form["action"]) for form in soup.select("form[action*='/sessions/']")]
    assert len(forms) == 3  # each of the two others, and all of them
    ended = await here.submit(next(form for form in forms if form.count("/") == 5), page="/admin/profile")
    assert ended.status_code == 303
    left = [(await browser.get("/admin")).status_code for browser in (there, elsewhere)]
    assert sorted(left) == [200, 302]
    await here.submit("/admin/profile/sessions/end", page="/admin/profile")
    assert [(await browser.get("/admin")).status_code for browser in (there, elsewhere)] == [302, 302]
    assert (await here.get("/admin")).status_code == 200


async def test_the_own_password_is_changed_with_the_present_one(app: Litestar, people: People) -> None:
    user = await people.make("alfa", "editor")
    browser = Browser(app, "alfa")
    await browser.sign_in(user.email, PASSWORD)
    wrong = await send(
        browser,
        "/admin/profile/security",
        {"current": "errada", "password": NEW},
        selector="form[action$='/password']",
    )
    assert wrong.status_code == 422
    assert parsed(wrong).select_one("#current-error")
    done = await send(
        browser,
        "/admin/profile/security",
        {"current": PASSWORD, "password": NEW},
        selector="form[action$='/password']",
    )
    assert done.status_code == 303
    assert (await browser.get("/admin")).status_code == 200
    fresh = Browser(app, "alfa")
    assert (await fresh.sign_in(user.email, NEW)).status_code == 303


async def test_a_token_is_shown_once_and_can_be_revoked(people: People) -> None:
    browser = await people.browser("alfa", "author")
    security = "/admin/profile/security"
    selector = "form[action$='/tokens']"
    wrong = await send(browser, security, {"title": "Robô", "days": "90"}, selector=selector)
    assert wrong.status_code == 422
    made = await send(
        browser, security, {"title": "Robô", "days": "30", "scopes": ["edit_posts"]}, selector=selector
    )
    assert made.status_code == 200
    text = str(parsed(made).select_one("#token-text")["value"])  # type: ignore[index]  # it is shown
    assert text.startswith("cms_api_")
    page = await browser.get(security)
    assert text not in page.text
    assert text[8:16] in page.text  # its public part
    revoke = str(parsed(page).select_one("form[action$='/revoke']")["action"])  # type: ignore[index]  # there is one
    assert "revogado" in await said(browser, await browser.submit(revoke, page=security))
    beyond = await send(
        browser, security, {"title": "X", "days": "30", "scopes": ["manage_options"]}, selector=selector
    )
    assert beyond.status_code == 422


async def test_only_roles_that_can_be_given_are_offered(app: Litestar, people: People) -> None:
    with entered(app, "alfa"):
        rights = frozenset({"read", "list_users", "create_users", "edit_users", "promote_users"})
        await save_role(RoleInput(name="pessoal", title="Pessoal", capabilities=rights))
    admin = await people.make("alfa", "administrator", email="chefe@example.org")
    browser = await people.browser("alfa", "pessoal")
    invitation = await browser.soup("/admin/users/new")
    assert {box["value"] for box in invitation.select("input[name=roles]")} == {"subscriber", "pessoal"}
    kept = await browser.soup(f"/admin/users/{admin.id}")
    assert {box["value"] for box in kept.select("input[name=roles]")} == {
        "administrator",
        "pessoal",
        "subscriber",
    }
