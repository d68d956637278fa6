"""New passwords by mail (AU09), registration, invitation, the first administrator (AU04)."""

import re

import pytest

from core.accounts import (
    AcceptForm,
    FirstAdminForm,
    InviteForm,
    RegisterForm,
    accept,
    check_join_token,
    first_admin,
    first_admin_link,
    invite,
    request_registration,
    resend_invitation,
)
from core.accounts.tables import ApiToken
from core.context import VISITOR, acting
from core.db import platform_execute, platform_work, tenant_read, tenant_work
from core.errors import Forbidden, Invalid
from core.sites import save_settings
from tests.core.accounts.world import PASSWORD

ANA = "ana@example.org"
NEW = "nova garrafa azul na janela"


def link_of(message):
    return re.search(r"https?://\S+", message.get_body(("plain",)).get_content())[0]


def link_token(message):
    return link_of(message).rpartition("/")[2]


async def ask(world, address=ANA, **options):
    browser = world.browser(**options)
    answer = await browser.submit("/admin/reset", email=address)
    assert answer.status_code == 200
    await world.run_jobs()
    return browser


async def set_new(browser, token, password=NEW):
    return await browser.submit("/admin/reset/new", token=token, password=password)


async def test_a_link_sets_a_new_password_once(world):
    await world.person(email=ANA)
    browser = await ask(world)
    (message,) = world.messages
    assert message["To"] == ANA
    assert message["Subject"] == "A new password for Alfa"
    token = link_token(message)
    assert (await set_new(browser, token)).status_code == 200
    assert (await browser.sign_in(ANA)).status_code == 422
    assert (await browser.sign_in(ANA, NEW)).status_code == 303
    again = await set_new(browser, token, PASSWORD)
    assert again.status_code == 422
    assert (await world.browser().sign_in(ANA, NEW)).status_code == 303


async def test_it_ends_all_sessions_and_tokens_and_signs_nobody_in(world):
    ana = await world.person(email=ANA)
    signed_in = world.browser()
    await signed_in.sign_in(ANA)
    with world.on():
        async with tenant_work():
            await ApiToken.insert(ApiToken(token_key="abcdefgh", token_hash=b"x", user_id=ana.id, title="T"))
    browser = await ask(world)
    await set_new(browser, link_token(world.messages[-1]))
    assert (await browser.get("/whoami")).text == "visitor"
    assert (await signed_in.get("/api/v1/me")).status_code == 401
    assert (await world.rows("SELECT revoked_at FROM api_tokens WHERE tenant_id = {tenant}"))[0]["revoked_at"]
    await world.run_jobs()
    assert world.messages[-1]["Subject"] == "Your password on Alfa was changed"


async def test_it_lasts_ten_minutes(world, clock):
    await world.person(email=ANA)
    browser = await ask(world)
    clock.forward(minutes=10)
    assert (await set_new(browser, link_token(world.messages[-1]))).status_code == 422


async def test_a_newer_link_kills_the_older(world):
    await world.person(email=ANA)
    await ask(world)
    browser = await ask(world)
    older, newer = (link_token(message) for message in world.messages)
    assert (await set_new(browser, older)).status_code == 422
    assert (await set_new(browser, newer)).status_code == 200


async def test_the_link_leads_to_the_sites_own_host(world):
    await world.person(email=ANA)
    browser = world.browser()
    poison = {"x-forwarded-host": "evil.example", "forwarded": "host=evil.example", "x-host": "evil.example"}
    token = await browser.token()
    answer = await browser.post("/admin/reset", data={"email": ANA, "_csrf": token}, headers=poison)
    assert answer.status_code == 200
    poisoned = await browser.post(
        "/admin/reset", data={"email": ANA, "_csrf": token}, headers={"host": "evil.example"}
    )
    assert poisoned.status_code == 404
    await world.run_jobs()
    (message,) = world.messages
    assert link_of(message).startswith("http://alfa.test/admin/reset/")
    assert "evil" not in message.as_string()


async def test_a_weak_password_leaves_the_link_usable(world):
    await world.person(email=ANA)
    browser = await ask(world)
    token = link_token(world.messages[-1])
    for weak in ("short", "a" * 20, "alfaalfaalfaalfa", "ana@example.org1"):
        assert (await set_new(browser, token, weak)).status_code == 422, weak
    assert (await set_new(browser, token)).status_code == 200


async def test_only_a_hash_of_the_link_is_stored_and_the_outbox_is_sealed(world):
    await world.person(email=ANA)
    await world.browser().submit("/admin/reset", email=ANA)
    await world.run_jobs(1)
    dump = repr(await world.rows("SELECT * FROM one_time_tokens WHERE tenant_id = {tenant}"))
    dump += repr(await world.rows("SELECT * FROM outbox WHERE tenant_id = {tenant}"))
    with world.active(), acting(None, VISITOR):
        async with platform_work():
            dump += repr(await platform_execute("SELECT * FROM jobs"))
    await world.run_jobs()
    assert link_token(world.messages[-1]) not in dump
    assert "http" not in dump
    after = await world.rows("SELECT * FROM outbox WHERE tenant_id = {tenant}")
    assert after[0]["status"] == "sent"
    assert after[0]["body_sealed"] is None


async def test_asking_says_nothing_about_who_exists(world):
    await world.person(email=ANA)
    answers = []
    for address in (ANA, "nobody@example.org", "not an address"):
        browser = world.browser()
        answer = await browser.submit("/admin/reset", email=address)
        answers.append((answer.status_code, answer.text))
    assert len(set(answers)) == 1
    await world.run_jobs()
    assert [message["To"] for message in world.messages] == [ANA]


async def test_asking_runs_the_same_queries_for_everybody(world, monkeypatch):
    from core.db.work import ReadScope, Work

    ran = []
    for kind in (ReadScope, Work):
        fetch = kind.fetch

        async def spy(self, sql, args=(), fetch=fetch):
            ran.append(sql)
            return await fetch(self, sql, args)

        monkeypatch.setattr(kind, "fetch", spy)
    await world.person(email=ANA)
    seen = []
    for address in (ANA, "nobody@example.org"):
        browser = world.browser()
        token = await browser.token()
        ran.clear()
        await browser.post("/admin/reset", data={"email": address, "_csrf": token})
        seen.append(list(ran))
    assert seen[0] == seen[1]


async def test_somebody_disabled_gets_no_link_and_an_old_one_is_dead(world):
    from core.accounts import disable_user

    ana = await world.person(email=ANA)
    browser = await ask(world)
    with world.on():
        async with tenant_read():
            await disable_user(ana.id)
    assert (await set_new(browser, link_token(world.messages[-1]))).status_code == 422
    await ask(world)
    assert len(world.messages) == 1


async def test_an_address_is_asked_for_five_times_an_hour(world, clock):
    await world.person(email=ANA)
    for number in range(5):
        assert (
            await world.browser(client=(f"198.51.{number}.1", 1)).submit("/admin/reset", email=ANA)
        ).status_code == 200
    answer = await world.browser(client=("198.51.100.1", 1)).submit("/admin/reset", email=ANA)
    assert answer.status_code == 429
    clock.forward(hours=1)
    assert (await world.browser().submit("/admin/reset", email=ANA)).status_code == 200


async def test_a_link_of_one_site_is_nothing_on_another(world):
    await world.person(email=ANA)
    await world.person(email=ANA, site="beta")
    await ask(world)
    other = world.browser("beta")
    assert (await set_new(other, link_token(world.messages[-1]))).status_code == 422


async def visitor(world, settings=None):
    if settings:
        with world.on():
            async with tenant_read():
                await save_settings("site", settings)
    return world.on(actor=VISITOR)


async def test_registration_is_closed_unless_the_site_opens_it(world):
    with await visitor(world), pytest.raises(Forbidden):
        await request_registration(RegisterForm(email=ANA))


async def test_registration_by_mail(world):
    with await visitor(world, {"registration": "open"}):
        async with tenant_read():
            await request_registration(RegisterForm(email="Ana@Example.org"))
    await world.run_jobs()
    (message,) = world.messages
    assert message["To"] == ANA
    assert link_of(message).startswith("http://alfa.test/admin/join/")
    with world.on(actor=VISITOR):
        async with tenant_read():
            assert await check_join_token(link_token(message)) == ANA
            form = AcceptForm(token=link_token(message), display_name="Ana Lima", password=NEW)
            account = await accept(form)
            assert (account.roles, account.status, account.email) == ({"subscriber"}, "active", ANA)
            assert account.slug == "ana-lima"
            with pytest.raises(Invalid):
                await accept(form)
    assert (await world.browser().sign_in(ANA, NEW)).status_code == 303


async def test_registering_twice_says_the_same_and_tells_the_owner(world):
    await world.person(email=ANA)
    with await visitor(world, {"registration": "open"}):
        async with tenant_read():
            assert await request_registration(RegisterForm(email=ANA)) is None
    await world.run_jobs()
    assert [message["Subject"] for message in world.messages] == ["You have an account on Alfa already"]


async def test_closing_registration_kills_links_that_are_out(world):
    with await visitor(world, {"registration": "open"}):
        async with tenant_read():
            await request_registration(RegisterForm(email=ANA))
    await world.run_jobs()
    with await visitor(world, {"registration": "closed"}):
        async with tenant_read():
            with pytest.raises(Forbidden):
                await accept(
                    AcceptForm(token=link_token(world.messages[-1]), display_name="Ana", password=NEW)
                )


async def test_an_invitation(world):
    admin = await world.actor(await world.person("administrator", email="admin@example.org"))
    with world.on(actor=admin):
        async with tenant_read():
            invited = await invite(InviteForm(email=ANA, roles=("editor",)))
            await resend_invitation(invited.id)
    assert (invited.status, invited.roles, invited.has_password) == ("invited", {"editor"}, False)
    await world.run_jobs()
    first, second = world.messages
    assert first["Subject"] == "Admin invites you to Alfa"
    assert (await world.browser().sign_in(ANA, NEW)).status_code == 422
    with world.on(actor=VISITOR):
        async with tenant_read():
            with pytest.raises(Invalid):
                await check_join_token(link_token(first))
            assert await check_join_token(link_token(second)) == ANA
            account = await accept(
                AcceptForm(token=link_token(second), display_name="Ana Lima", password=NEW)
            )
    assert (account.id, account.status, account.roles, account.slug) == (
        invited.id,
        "active",
        {"editor"},
        "ana-lima",
    )
    assert (await world.browser().sign_in(ANA, NEW)).status_code == 303


async def test_nobody_invites_beyond_himself(world):
    from tests.core.accounts.things import actor

    with world.on(actor=actor("create_users", "promote_users", "read")):
        async with tenant_read():
            with pytest.raises(Forbidden, match="rights that you don't have"):
                await invite(InviteForm(email=ANA, roles=("editor",)))
            assert (await invite(InviteForm(email=ANA))).roles == {"subscriber"}
    with world.on(actor=actor("create_users", "read")):
        async with tenant_read():
            with pytest.raises(Forbidden):
                await invite(InviteForm(email="eva@example.org", roles=("author",)))


async def test_a_closed_site_invites_nobody(world):
    with world.on():
        async with tenant_read():
            await save_settings("site", {"registration": "closed"})
    with world.on():
        async with tenant_read():
            with pytest.raises(Forbidden):
                await invite(InviteForm(email=ANA))


async def test_a_fresh_site_has_nobody_and_a_link_for_the_first_administrator(world, clock):
    with world.on() as tenant:
        async with tenant_read():
            assert await world.rows("SELECT * FROM users WHERE tenant_id = {tenant}") == []
            older = await first_admin_link(tenant)
            link = await first_admin_link(tenant)
    assert link.startswith("http://alfa.test/admin/first/")
    form = FirstAdminForm(token=link.rpartition("/")[2], email=ANA, display_name="Ana", password=NEW)
    with world.on(actor=VISITOR) as tenant:
        async with tenant_read():
            for weak in ({"password": "password123"}, {"email": "ana"}, {"token": older.rpartition("/")[2]}):
                with pytest.raises(Invalid):
                    await first_admin(replaced(form, **weak))
            account = await first_admin(form)
            assert account.roles == {"administrator"}
            with pytest.raises(Invalid):
                await first_admin(replaced(form, email="eva@example.org"))
    with world.on() as tenant:
        assert await first_admin_link(tenant) is None
    assert (await world.browser().sign_in(ANA, NEW)).status_code == 303


def replaced(form, **values):
    from msgspec.structs import replace

    return replace(form, **values)


async def test_the_first_administrators_link_ends(world, clock):
    with world.on() as tenant:
        link = await first_admin_link(tenant)
    clock.forward(hours=24)
    form = FirstAdminForm(token=link.rpartition("/")[2], email=ANA, display_name="Ana", password=NEW)
    with world.on(actor=VISITOR):
        async with tenant_read():
            with pytest.raises(Invalid):
                await first_admin(form)


async def test_guessing_links_is_limited(world, clock):
    browser = world.browser()
    for _ in range(20):
        assert (await set_new(browser, "guess")).status_code == 422
    assert (await set_new(browser, "guess")).status_code == 429


async def test_bad_api_tokens_do_not_count_as_guessed_links(world):
    browser = world.browser()
    for _ in range(21):
        answer = await browser.get("/api/v1/me", headers={"authorization": "Bearer nonsense"})
        assert answer.status_code == 401
    assert (await set_new(browser, "guess")).status_code == 422
