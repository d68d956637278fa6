"""The layer that lets requests through: who is it, and may he go on?"""

import pytest

from core.db import work
from tests.core.accounts.things import Sink, policy

ANA = "ana@example.org"


async def signed_in(world, *roles):
    await world.person(*roles, email=ANA)
    browser = world.browser()
    await browser.sign_in(ANA)
    return browser


async def test_what_is_public_is_public_and_knows_who_it_is(world):
    assert (await world.browser().get("/whoami")).text == "visitor"
    assert (await (await signed_in(world)).get("/whoami")).text == "Ana"


@pytest.mark.parametrize("cookie", ["", "theme=dark"])
async def test_a_page_without_a_session_cookie_does_not_touch_the_database(world, monkeypatch, cookie):
    async def touched(self, sql, args=()):
        raise AssertionError(f"a query ran: {sql}")

    monkeypatch.setattr(work.ReadScope, "fetch", touched)
    monkeypatch.setattr(work.Work, "fetch", touched)
    browser = world.browser()
    assert (await browser.get("/anything", headers={"cookie": cookie})).text == "page visitor"
    assert (await browser.get("/token")).status_code == 200
    assert (await browser.get("/anything")).text == "page visitor"


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/admin", "/admin/login?next=%2Fadmin"),
        ("/admin/users?page=2&q=a%20b", "/admin/login?next=%2Fadmin%2Fusers%3Fpage%3D2%26q%3Da%2520b"),
    ],
)
async def test_people_are_led_to_the_sign_in_page(world, path, target):
    answer = await world.browser().get(path)
    assert (answer.status_code, answer.headers["location"]) == (302, target.replace("%2F", "/"))
    assert answer.headers["cache-control"] == "no-store"


async def test_programs_get_a_problem(world):
    answer = await world.browser().get("/api/v1/me", headers={"accept": "application/json"})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["status"] == 401


async def test_htmx_is_told_to_load_the_sign_in_page_as_a_whole(world):
    headers = {"hx-request": "true", "hx-current-url": "http://alfa.test/admin/users?page=2"}
    answer = await world.browser().get("/admin/users", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/admin/login?next=/admin/users%3Fpage%3D2"
    for page in ("http://evil.example//evil.example/x", "http://["):
        evil = {"hx-request": "true", "hx-current-url": page}
        answer = await world.browser().get("/admin/users", headers=evil)
        assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/admin/login")


async def test_a_form_sent_without_a_session_is_refused_not_redirected(world):
    answer = await world.browser().submit("/admin/danger")
    assert answer.status_code == 401


async def test_somebody_whose_session_is_over_is_told_so(world):
    browser = await signed_in(world, "administrator")
    token = await browser.token()
    sid = browser.sid
    await browser.submit("/admin/logout")
    browser.cookies.set("sid", sid, domain="alfa.test")
    answer = await browser.post("/admin/danger", data={"_csrf": token})
    assert answer.status_code == 401
    assert "Sign in and try again" in answer.text


async def test_a_link_from_elsewhere_is_asked_for_again_by_the_site_itself(world):
    browser = await signed_in(world, "administrator")
    sid = browser.sid
    browser.cookies.clear()
    browser.headers["sec-fetch-site"] = "cross-site"
    answer = await browser.get("/admin/users?page=2")
    assert answer.status_code == 200
    assert 'content="0;url=/admin/users?page=2"' in answer.text
    browser.cookies.set("sid", sid)
    assert (await browser.get("/admin/users?page=2")).status_code == 200
    browser.headers["sec-fetch-site"] = "same-origin"
    browser.cookies.clear()
    assert (await browser.get("/admin/users?page=2")).status_code == 302


@pytest.mark.parametrize(
    ("role", "desk", "users", "danger"),
    [("administrator", 200, 200, 200), ("editor", 200, 403, 403), ("subscriber", 200, 403, 403)],
)
async def test_routes_go_by_their_capability(world, role, desk, users, danger):
    browser = await signed_in(world, role)
    assert (await browser.get("/admin")).status_code == desk
    assert (await browser.get("/admin/users")).status_code == users
    assert (await browser.submit("/admin/danger")).status_code == danger


async def test_a_route_that_says_nothing_is_not_there(world):
    browser = await signed_in(world, "administrator")
    assert (await browser.get("/silent")).status_code == 404
    assert (await browser.get("/ops")).status_code == 404


async def test_a_refused_request_is_recorded_once(make_world):
    sink = Sink()
    world = await make_world(sink.plugin)
    browser = await signed_in(world, "editor")
    await browser.get("/admin/users")
    refusals = [event for event in sink.events if event.outcome == "refused"]
    assert len(refusals) == 1
    assert refusals[0].detail["capability"] == "list_users"
    assert refusals[0].actor.name == "Ana"
    assert refusals[0].request_id


@pytest.mark.parametrize(
    ("outcome", "status"), [("allow", 200), ("step_up", 401), ("deny", 403), (ValueError("x"), 403)]
)
async def test_policies_decide_over_http(make_world, outcome, status, caplog):
    caplog.set_level("CRITICAL")
    made = policy(outcome)
    world = await make_world(made)
    browser = await signed_in(world, "administrator")
    assert (await browser.get("/admin/users")).status_code == status
    request = made.parts["hooks"].asked[0]
    assert request.signals["method"] == "GET"
    assert request.signals["path"] == "/admin/users"
    assert request.signals["network"] == "203.0.113.0/24"
    assert request.signals["factor_age"] >= 0


async def test_a_policy_of_one_site_says_nothing_on_another(make_world):
    world = await make_world(policy("deny"), on=("alfa",))
    await world.person("administrator", email=ANA, site="beta")
    browser = world.browser("beta")
    await browser.sign_in(ANA)
    assert (await browser.get("/admin/users")).status_code == 200


@pytest.mark.parametrize(
    "header", ["Basic YTpi", "Bearer", "Bearer nonsense", "Bearer cms_api_aaaaaaaa_" + "A" * 43 + "_00000000"]
)
async def test_other_credentials_are_refused_not_ignored(world, header):
    browser = await signed_in(world, "administrator")
    assert (await browser.get("/whoami", headers={"authorization": header})).status_code == 401
