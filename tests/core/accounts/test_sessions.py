"""Strict sessions: trap T1 and controls SE01 to SE07, over HTTP."""

import base64
import hashlib
from http.cookies import SimpleCookie

import pytest

from core.accounts import (
    disable_user,
    end_other_sessions,
    end_own_session,
    end_user_sessions,
    own_sessions,
    set_roles,
)
from core.context import as_actor
from core.db import execute, tenant_read
from tests.core.accounts.world import PASSWORD

ANA = "ana@example.org"


async def signed_in(world, *roles, site="alfa", email=ANA):
    person = await world.person(*roles, site=site, email=email)
    browser = world.browser(site)
    assert (await browser.sign_in(email)).status_code == 303
    return person, browser


async def status_of(world, sid, path="/api/v1/me"):
    other = world.browser()
    other.cookies.set("sid", sid)
    return (await other.get(path)).status_code


@pytest.mark.parametrize("planted", ["attackerchosen", "x" * 43, "v1.99999999999.AAAA." + "A" * 43])
async def test_an_id_that_we_did_not_issue_is_never_adopted(world, planted):
    await world.person("administrator", email=ANA)
    victim = world.browser()
    victim.cookies.set("sid", planted, domain="alfa.test")
    first = await victim.get("/whoami")
    assert first.text == "visitor"
    assert (await victim.sign_in(ANA)).status_code == 303
    assert (await victim.get("/whoami")).text == "Ana"
    assert planted not in [cookie.value for cookie in victim.cookies.jar]
    assert await status_of(world, planted) == 401


async def test_signing_in_over_somebody_elses_session_ends_that_one(world):
    await world.person("subscriber", email="eva@example.org")
    _ana, browser = await signed_in(world, "editor")
    planted = browser.sid
    assert (await browser.sign_in("eva@example.org")).status_code == 303
    assert browser.sid != planted
    assert await status_of(world, planted) == 401
    assert (await browser.get("/whoami")).text == "Eva"


async def test_a_visitors_session_does_not_become_the_users(world):
    await world.person(email=ANA)
    browser = world.browser()
    await browser.token()
    before = browser.sid
    await browser.sign_in(ANA)
    assert "." in before
    assert "." not in browser.sid
    assert len(base64.urlsafe_b64decode(browser.sid + "=")) == 32


async def test_only_a_hash_is_stored_and_the_hash_opens_nothing(world):
    _ana, browser = await signed_in(world)
    rows = await world.rows("SELECT * FROM sessions WHERE tenant_id = {tenant}")
    assert bytes(rows[0]["token_hash"]) == hashlib.sha256(browser.sid.encode()).digest()
    assert browser.sid not in repr(rows)
    for stored in (
        bytes(rows[0]["token_hash"]).hex(),
        base64.urlsafe_b64encode(rows[0]["token_hash"]).decode().rstrip("="),
    ):
        assert await status_of(world, stored) == 401


@pytest.mark.parametrize(
    ("role", "same_site"), [("administrator", "Strict"), ("subscriber", "Lax"), ("editor", "Lax")]
)
async def test_cookies_over_https_are_bound_to_the_host(make_world, role, same_site):
    world = await make_world(https=True)
    await world.person(role, email=ANA)
    browser = world.browser()
    token = await browser.get("/token")
    answer = await browser.post(
        "/admin/login", data={"identifier": ANA, "password": PASSWORD, "_csrf": token.text}
    )
    for response, wanted in ((token, "Lax"), (answer, same_site)):
        cookie = SimpleCookie("; ".join(response.headers.get_list("set-cookie")[:1]))["__Host-sid"]
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["path"] == "/"
        assert cookie["domain"] == ""
        assert cookie["samesite"] == wanted
        assert cookie["max-age"] == ""


async def test_without_https_the_prefix_is_left_off(world):
    browser = world.browser()
    header = (await browser.get("/token")).headers["set-cookie"]
    assert header.startswith("sid=")
    assert "Secure" not in header


async def test_a_session_of_one_site_is_nothing_on_another(world):
    _ana, browser = await signed_in(world, "administrator")
    other = world.browser("beta")
    other.cookies.set("sid", browser.sid)
    assert (await other.get("/whoami")).text == "visitor"
    assert (await other.get("/api/v1/me")).status_code == 401


@pytest.mark.parametrize(
    ("role", "idle", "overall"), [("administrator", 15, 12), ("editor", 60, 24), ("subscriber", 60, 24)]
)
async def test_sessions_end_when_idle_and_after_a_day_at_most(world, clock, role, idle, overall):
    _ana, browser = await signed_in(world, role)
    clock.forward(minutes=idle - 1)
    assert (await browser.get("/api/v1/me")).status_code == 200
    clock.forward(minutes=idle)
    assert (await browser.get("/api/v1/me")).status_code == 401
    await browser.sign_in(ANA)
    step, end = idle - 1, overall * 60
    for _ in range(end // step):
        clock.forward(minutes=step)
        assert (await browser.get("/api/v1/me")).status_code == 200
    clock.forward(minutes=step)
    assert (await browser.get("/api/v1/me")).status_code == 401


async def test_use_is_noted_at_most_once_a_minute(world, clock):
    _ana, browser = await signed_in(world)

    async def seen():
        return (await world.rows("SELECT last_seen_at FROM sessions WHERE tenant_id = {tenant}"))[0][
            "last_seen_at"
        ]

    first = await seen()
    clock.forward(seconds=59)
    await browser.get("/api/v1/me")
    assert await seen() == first
    clock.forward(seconds=1)
    await browser.get("/api/v1/me")
    assert await seen() == clock.time


async def test_signing_out_ends_the_session_and_clears_the_browser(world):
    _ana, browser = await signed_in(world)
    sid = browser.sid
    answer = await browser.submit("/admin/logout")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert browser.sid == ""
    assert await status_of(world, sid) == 401


async def test_disabling_ends_sessions_at_once(world):
    ana, browser = await signed_in(world)
    with world.on():
        async with tenant_read():
            await disable_user(ana.id)
    assert (await browser.get("/api/v1/me")).status_code == 401
    assert (await browser.sign_in(ANA)).status_code == 422


async def test_taking_a_role_ends_sessions_at_once(world):
    ana, browser = await signed_in(world, "editor")
    with world.on():
        async with tenant_read():
            await set_roles(ana.id, ["subscriber"])
    assert (await browser.get("/api/v1/me")).status_code == 401
    await browser.sign_in(ANA)
    assert (await browser.get("/api/v1/me")).status_code == 200
    headers = {"x-csrf-token": await browser.token()}
    assert (await browser.post("/api/v1/posts", json={}, headers=headers)).status_code == 403


async def test_taking_a_right_from_a_role_counts_with_the_next_request(world):
    _ana, browser = await signed_in(world, "administrator")
    assert (await browser.get("/admin/users")).status_code == 200
    with world.on():
        from core.db import tenant_work

        async with tenant_work():
            await execute(
                "UPDATE user_roles SET capabilities = '[\"read\"]' WHERE tenant_id = {tenant} AND role_name = 'administrator'"
            )
    assert (await browser.get("/admin/users")).status_code == 403


async def test_changing_the_password_renews_this_session_and_ends_the_others(world):
    _ana, browser = await signed_in(world)
    other = world.browser()
    await other.sign_in(ANA)
    before = browser.sid
    answer = await browser.submit("/admin/password", current=PASSWORD, password="outra garrafa sobre a ponte")
    assert answer.status_code == 200, answer.text
    assert browser.sid != before
    assert (await browser.get("/api/v1/me")).status_code == 200
    assert await status_of(world, before) == 401
    assert (await other.get("/api/v1/me")).status_code == 401


async def test_people_see_and_end_their_own_sessions(world):
    ana, browser = await signed_in(world)
    other = world.browser()
    await other.sign_in(ANA)
    actor = await world.actor(ana)
    with world.on(actor=actor):
        async with tenant_read():
            listed = await own_sessions()
            assert len(listed) == 2
            assert {session.agent for session in listed} == {"Test/1.0"}
            assert {session.network for session in listed} == {"203.0.113.0/24"}
            await end_own_session(listed[0].id)
            assert len(await own_sessions()) == 1
            assert await end_other_sessions() == 1
    for each in (browser, other):
        assert (await each.get("/api/v1/me")).status_code == 401


async def test_nobody_ends_somebody_elses_session_as_his_own(world):
    from core.errors import Forbidden, NotFound

    ana, browser = await signed_in(world)
    eva = await world.actor(await world.person(email="eva@example.org"))
    session = (await world.rows("SELECT id FROM sessions WHERE tenant_id = {tenant}"))[0]["id"]
    with world.on(actor=eva):
        async with tenant_read():
            with pytest.raises(NotFound):
                await end_own_session(session)
            with pytest.raises(Forbidden):
                await end_user_sessions(ana.id)
    assert (await browser.get("/api/v1/me")).status_code == 200
    with world.on():
        async with tenant_read():
            assert await end_user_sessions(ana.id) == 1
    assert (await browser.get("/api/v1/me")).status_code == 401


async def test_dangerous_things_want_the_password_again_after_five_minutes(world, clock):
    _ana, browser = await signed_in(world, "administrator")
    assert (await browser.submit("/admin/danger")).status_code == 200
    clock.forward(minutes=5, seconds=1)
    stale = await browser.submit("/admin/danger")
    assert stale.status_code == 401
    before = browser.sid
    wrong = await browser.submit("/admin/confirm", password="nope", next="/admin")
    assert wrong.status_code == 422
    answer = await browser.submit("/admin/confirm", password=PASSWORD, next="/admin/users")
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/users")
    assert browser.sid != before
    assert await status_of(world, before) == 401
    assert (await browser.submit("/admin/danger")).status_code == 200


async def test_an_actor_without_a_session_is_never_fresh(world):
    from core.accounts import is_fresh

    ana = await world.person("administrator", email=ANA)
    actor = await world.actor(ana)
    with world.on():
        assert is_fresh()
        with as_actor(actor):
            assert not is_fresh()
