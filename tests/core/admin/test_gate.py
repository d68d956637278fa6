"""Before the desk: signing in, links by mail, registration, the first administrator."""

from typing import Any

import httpx
from litestar import Litestar

from core.accounts import InviteForm, first_admin_link, invite
from core.accounts.onetime import issue
from core.db import tenant_read, tenant_work
from core.sites import save_settings
from tests.core.admin.kit import fields_of, parsed, said, send
from tests.kit.client import Browser
from tests.kit.people import PASSWORD, People
from tests.kit.plugin import entered

NEW = "quatro palavras bem longas mesmo"


async def test_somebody_signs_in_and_lands_where_he_wanted_to_go(app: Litestar, people: People) -> None:
    user = await people.make("alfa", "editor")
    browser = Browser(app, "alfa")
    asked = await browser.get("/admin/posts?tab=draft")
    assert asked.status_code == 302
    assert asked.headers["location"] == "/admin/login?next=/admin/posts%3Ftab%3Ddraft"
    answer = await send(browser, asked.headers["location"], {"identifier": user.email, "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/posts?tab=draft")


async def test_a_wrong_password_keeps_the_name_and_says_nothing_else(app: Litestar, people: People) -> None:
    user = await people.make("alfa", "editor")
    browser = Browser(app, "alfa")
    known = await send(browser, "/admin/login", {"identifier": user.email, "password": "errada"})
    unknown = await send(browser, "/admin/login", {"identifier": "ninguem@example.org", "password": "errada"})
    for answer, name in ((known, user.email), (unknown, "ninguem@example.org")):
        assert answer.status_code == 422
        soup = parsed(answer)
        assert soup.select_one("#identifier")["value"] == name  # type: ignore[index]  # asserted by the status
        assert not soup.select_one("#password").get("value")  # type: ignore[union-attr]  # as above
    assert (
        parsed(known).select_one("#password-error").text == parsed(unknown).select_one("#password-error").text
    )  # type: ignore[union-attr]  # as above


async def test_a_foreign_address_to_go_to_is_dropped(app: Litestar, people: People) -> None:
    user = await people.make("alfa", "editor")
    browser = Browser(app, "alfa")
    page = await browser.soup("/admin/login?next=//evil.example/x")
    assert page.select_one("[name=next]")["value"] == ""  # type: ignore[index]  # the form always has it
    answer = await send(
        browser,
        "/admin/login",
        {"identifier": user.email, "password": PASSWORD, "next": "https://evil.example"},
    )
    assert answer.headers["location"] == "/admin"


async def test_a_password_that_can_not_be_taken_is_asked_for_again(people: People) -> None:
    browser = await people.browser("alfa", "editor")
    wrong = await send(browser, "/admin/confirm?next=/admin/users", {"password": "x" * 5000})
    assert wrong.status_code == 422
    carried = fields_of(parsed(wrong))
    assert carried.pop("password") == [""]
    done = await browser.post("/admin/confirm", data={**carried, "password": PASSWORD})
    assert (done.status_code, done.headers["location"]) == (303, "/admin/users")


async def test_who_is_signed_in_does_not_sign_in_again_and_can_leave(people: People) -> None:
    browser = await people.browser("alfa", "editor")
    assert (await browser.get("/admin/login")).headers["location"] == "/admin"
    answer = await browser.submit("/admin/logout", page="/admin")
    assert answer.headers["location"] == "/admin/login"
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert (await browser.get("/admin")).status_code == 302


async def test_asking_for_a_link_says_the_same_for_everybody(app: Litestar, people: People) -> None:
    user = await people.make("alfa", "editor")
    browser = Browser(app, "alfa")
    texts = []
    for email in (user.email, "ninguem@example.org"):
        answer = await send(browser, "/admin/reset", {"email": email})
        assert answer.status_code == 200
        texts.append(parsed(answer).select_one("main").text.replace(email, ""))  # type: ignore[union-attr]  # every page has one
    assert texts[0] == texts[1]


async def _link(app: Litestar, purpose: Any, **whose: Any) -> str:
    with entered(app, "alfa"):
        async with tenant_work():
            token, _id = await issue(purpose, **whose)
    return token


async def test_a_new_password_is_set_with_a_link_once(app: Litestar, people: People) -> None:
    user = await people.make("alfa", "editor")
    token = await _link(app, "reset", user_id=user.id)
    browser = Browser(app, "alfa")
    short = await send(browser, f"/admin/reset/{token}", {"password": "curta"})
    assert short.status_code == 422
    assert parsed(short).select_one("#password-error")
    done = await send(browser, f"/admin/reset/{token}", {"password": NEW})
    assert "senha" in await said(browser, done)
    assert (await browser.get(f"/admin/reset/{token}")).status_code == 422
    assert (
        await send(browser, "/admin/login", {"identifier": user.email, "password": NEW})
    ).status_code == 303


async def test_an_invitation_is_accepted_with_name_and_password(app: Litestar) -> None:
    with entered(app, "alfa"):
        async with tenant_read():
            account = await invite(InviteForm(email="bia@example.org", roles=("author",)))
    token = await _link(app, "invitation", user_id=account.id)
    browser = Browser(app, "alfa")
    page = await browser.soup(f"/admin/join/{token}")
    assert "bia@example.org" in page.text
    wrong = await send(browser, f"/admin/join/{token}", {"display_name": "Bia Lima", "password": "curta"})
    assert wrong.status_code == 422
    assert parsed(wrong).select_one("#display_name")["value"] == "Bia Lima"  # type: ignore[index]  # kept
    done = await send(browser, f"/admin/join/{token}", {"display_name": "Bia Lima", "password": NEW})
    assert done.headers["location"] == "/admin"
    assert "Bia" in (await browser.soup("/admin")).h1.text  # type: ignore[union-attr]  # every screen has one


async def test_registration_is_there_only_where_the_site_wants_it(app: Litestar) -> None:
    browser = Browser(app, "alfa")
    assert (await browser.get("/admin/join")).status_code == 403
    assert "/admin/join" not in (await browser.get("/admin/login")).text
    with entered(app, "alfa"):
        async with tenant_read():
            await save_settings("site", {"registration": "open"})
    assert "/admin/join" in (await browser.get("/admin/login")).text
    assert (await send(browser, "/admin/join", {"email": "nada"})).status_code == 422
    assert (await send(browser, "/admin/join", {"email": "novo@example.org"})).status_code == 200


async def test_the_first_administrator_comes_by_a_link_that_works_once(app: Litestar) -> None:
    with entered(app, "beta") as tenant:
        async with tenant_read():
            link = await first_admin_link(tenant)
    assert link is not None
    path = httpx.URL(link).path
    browser = Browser(app, "beta")
    wrong = await send(browser, path, {"display_name": "Rui", "email": "nada", "password": "curta"})
    assert wrong.status_code == 422
    assert {error["id"] for error in parsed(wrong).select(".error")} >= {"email-error", "password-error"}
    done = await send(
        browser, path, {"display_name": "Rui Dias", "email": "rui@example.org", "password": NEW}
    )
    assert done.headers["location"] == "/admin"
    assert (await browser.get("/admin/roles")).status_code == 200
    assert (await Browser(app, "beta").get(path)).status_code == 422


async def test_following_a_link_to_a_new_address_changes_nothing_by_itself(
    app: Litestar, people: People
) -> None:
    user = await people.make("alfa", "editor")
    token = await _link(app, "email", user_id=user.id, email="outra@example.org")
    browser = Browser(app, "alfa")
    await browser.soup(f"/admin/confirm-email/{token}")
    assert (
        await send(browser, "/admin/login", {"identifier": "outra@example.org", "password": PASSWORD})
    ).status_code == 422
    assert (await send(browser, f"/admin/confirm-email/{token}")).status_code == 303
    assert (
        await send(browser, "/admin/login", {"identifier": "outra@example.org", "password": PASSWORD})
    ).status_code == 303


async def test_too_many_tries_are_said_on_the_form(app: Litestar, monkeypatch: Any) -> None:
    from core.accounts import auth

    monkeypatch.setattr(auth, "_PER_NETWORK", (2, 600))
    browser = Browser(app, "alfa")
    for _try in range(2):
        await send(browser, "/admin/login", {"identifier": "x", "password": "y"})
    answer = await send(browser, "/admin/login", {"identifier": "x", "password": "y"})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert parsed(answer).select_one("#identifier")["value"] == "x"  # type: ignore[index]  # kept
