"""Requests that somebody else made the browser send: trap T2 and control WB01."""

import pytest

from tests.core.accounts.world import PASSWORD

ANA = "ana@example.org"


@pytest.fixture
async def ana(world):
    await world.person("administrator", email=ANA)
    browser = world.browser()
    await browser.sign_in(ANA)
    return browser


async def test_a_pair_minted_by_the_attackers_browser_is_refused(world, ana):
    attacker = world.browser()
    token = await attacker.token()
    assert (await ana.post("/admin/danger", data={"_csrf": token})).status_code == 403
    await world.person("administrator", email="eva@example.org")
    await attacker.sign_in("eva@example.org")
    assert (await ana.post("/admin/danger", data={"_csrf": await attacker.token()})).status_code == 403


async def test_a_token_dies_with_its_session(world, ana):
    token = await ana.token()
    assert (await ana.post("/admin/danger", data={"_csrf": token})).status_code == 200
    await ana.submit("/admin/confirm", password=PASSWORD)
    assert (await ana.post("/admin/danger", data={"_csrf": token})).status_code == 403


@pytest.mark.parametrize("token", ["", "x", "A" * 64])
async def test_no_token_is_no_token(ana, token):
    assert (await ana.post("/admin/danger", data={"_csrf": token})).status_code == 403
    assert (await ana.post("/admin/danger", headers={"x-csrf-token": token})).status_code == 403


async def test_the_header_counts_like_the_field(ana):
    token = await ana.token()
    assert (await ana.post("/admin/danger", headers={"x-csrf-token": token})).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "https://evil.example"}, 200),
        ({"sec-fetch-site": "cross-site", "origin": "http://alfa.test"}, 403),
        ({"origin": "http://alfa.test"}, 200),
        ({"origin": "http://beta.test"}, 403),
        ({"origin": "https://alfa.test"}, 403),
        ({"origin": "null"}, 403),
        ({}, 403),
    ],
)
async def test_the_browser_has_to_say_that_it_is_our_page(ana, headers, status):
    token = await ana.token()
    del ana.headers["sec-fetch-site"]
    answer = await ana.post("/admin/danger", data={"_csrf": token}, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize("path", ["/admin/login", "/admin/reset", "/comment"])
async def test_forms_for_visitors_can_be_forged_too(world, path):
    browser = world.browser()
    fields = {"identifier": ANA, "password": PASSWORD} if path == "/admin/login" else {"email": ANA}
    token = await browser.token()
    browser.headers["sec-fetch-site"] = "cross-site"
    assert (await browser.post(path, data={**fields, "_csrf": token})).status_code == 403


async def test_signing_in_needs_a_token(world):
    await world.person(email=ANA)
    fields = {"identifier": ANA, "password": PASSWORD}
    assert (await world.browser().post("/admin/login", data=fields)).status_code == 403
    assert (await world.browser().sign_in(ANA)).status_code == 303


async def test_forms_on_cached_pages_go_by_the_origin_for_visitors_only(world, ana):
    assert (await world.browser().post("/comment")).status_code == 200
    assert (await ana.post("/comment")).status_code == 403
    assert (await ana.submit("/comment")).status_code == 200


async def test_a_form_of_one_site_is_nothing_on_another(world, ana):
    other = world.browser("beta")
    other.cookies.set("sid", ana.sid)
    assert (await other.post("/comment", data={"_csrf": await ana.token()})).status_code == 200
    visitor = world.browser("alfa")
    token = await visitor.token()
    foreign = world.browser("beta")
    foreign.cookies.set("sid", visitor.sid)
    answer = await foreign.post(
        "/admin/login", data={"identifier": ANA, "password": PASSWORD, "_csrf": token}
    )
    assert answer.status_code == 403


async def test_a_form_may_stay_open_for_half_an_hour_at_least(world, clock):
    await world.person(email=ANA)
    browser = world.browser()
    await browser.token()
    clock.forward(minutes=100)
    token = await browser.token()
    clock.forward(minutes=29)
    answer = await browser.post(
        "/admin/login", data={"identifier": ANA, "password": PASSWORD, "_csrf": token}
    )
    assert answer.status_code == 303


async def test_an_old_visitors_session_is_over(world, clock):
    browser = world.browser()
    token = await browser.token()
    clock.forward(hours=2, seconds=1)
    answer = await browser.post(
        "/admin/login", data={"identifier": ANA, "password": PASSWORD, "_csrf": token}
    )
    assert answer.status_code == 403


async def test_a_route_for_tokens_looks_at_no_cookie(ana):
    assert (await ana.get("/api/v1/me")).status_code == 200
    assert (await ana.post("/hook", json={})).status_code == 401


async def test_the_answer_depends_on_where_the_request_came_from(ana):
    answer = await ana.submit("/admin/danger")
    assert {"sec-fetch-site", "origin"} <= {
        name.strip().lower() for name in answer.headers["vary"].split(",")
    }
