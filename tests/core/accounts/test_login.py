"""Signing in: AU01, AU02, AU05, AU11 and RL02."""

import re

import pytest

from core.accounts import disable_user
from core.accounts.limits import delay_after
from core.crypto import Parameters, Passwords
from core.db import tenant_read
from tests.core.accounts.things import Sink, plugin
from tests.core.accounts.world import PASSWORD

ANA = "ana@example.org"


async def test_by_address_or_name_in_any_case(world):
    ana = await world.person(email=ANA)
    for identifier in (ANA, "ANA@EXAMPLE.ORG", " ana@example.org ", ana.username, ana.username.upper()):
        assert (await world.browser().sign_in(identifier)).status_code == 303, identifier


@pytest.mark.parametrize(
    ("wanted", "lands"),
    [
        ("", "/admin"),
        ("/admin/users?page=2", "/admin/users?page=2"),
        ("//evil.example", "/admin"),
        ("https://evil.example/", "/admin"),
        ("/\\evil.example", "/admin"),
    ],
)
async def test_it_leads_to_a_path_of_this_site(world, wanted, lands):
    await world.person(email=ANA)
    answer = await world.browser().sign_in(ANA, next=wanted)
    assert answer.headers["location"] == lands


async def test_plugins_choose_where_it_leads_but_not_off_the_site(make_world):
    async def elsewhere(path, user):
        return "/welcome" if user.name == "Ana" else "https://evil.example/"

    world = await make_world(plugin(filter_login_redirect=elsewhere))
    await world.person(email=ANA)
    await world.person(email="eva@example.org")
    assert (await world.browser().sign_in(ANA)).headers["location"] == "/welcome"
    assert (await world.browser().sign_in("eva@example.org")).headers["location"] == "/admin"


async def refused(world, identifier, password=PASSWORD, browser=None):
    answer = await (browser or world.browser()).sign_in(identifier, password)
    headers = sorted(
        (name, re.sub(r"nonce-[\w-]+", "nonce", value))
        for name, value in answer.headers.items()
        if name != "x-request-id"
    )
    return answer.status_code, answer.text.replace(answer.headers["x-request-id"], ""), headers


@pytest.fixture
def counted(world, monkeypatch):
    """Count verifications and what they cost."""
    calls = []
    verify = Passwords.verify

    async def spy(self, verifier, secret):
        calls.append(verifier is None)
        return await verify(self, verifier, secret)

    monkeypatch.setattr(Passwords, "verify", spy)
    return calls


async def test_every_failure_answers_the_same_at_the_same_cost(world, counted, monkeypatch):
    ana = await world.person(email=ANA)
    eva = await world.person(email="eva@example.org")
    with world.on():
        async with tenant_read():
            await disable_user(eva.id)
    locked = await world.person(email="lia@example.org")
    for _ in range(6):
        await refused(world, "lia@example.org", "wrong")
    counted.clear()
    answers = [
        await refused(world, ANA, "wrong"),
        await refused(world, "nobody@example.org"),
        await refused(world, "nobody"),
        await refused(world, "eva@example.org"),
        await refused(world, "eva@example.org", "wrong"),
        await refused(world, "lia@example.org"),
    ]
    assert answers[0][0] == 422
    for answer in answers:
        assert answer == answers[0]
    assert len(counted) == len(answers)
    assert ana.id != locked.id


async def test_queries_do_not_tell_who_exists(world, monkeypatch):
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
    for identifier in (ANA, "nobody@example.org"):
        browser = world.browser()
        await browser.token()
        ran.clear()
        await refused(world, identifier, "wrong", browser)
        seen.append(list(ran))
    assert seen[0] == seen[1]


async def test_a_huge_password_costs_nothing(world, counted):
    await world.person(email=ANA)
    assert (await world.browser().sign_in(ANA, "x" * 4000)).status_code == 422
    assert (await world.browser().sign_in(ANA, "x" * 900_000)).status_code == 422
    assert counted == []


async def test_nothing_of_a_password_is_cut_or_folded(world):
    long = "ç" * 40 + "1"
    await world.person(email=ANA, password="Uma Frase Bem Comprida " + long)
    assert (await world.browser().sign_in(ANA, "Uma Frase Bem Comprida " + long)).status_code == 303
    for wrong in (
        "uma Frase Bem Comprida " + long,
        "Uma Frase Bem Comprida " + long[:-1] + "2",
        "Uma Frase Bem Comprida",
    ):
        assert (await world.browser().sign_in(ANA, wrong)).status_code == 422


async def test_the_verifier_is_sealed_argon2id_and_renewed_when_it_is_too_cheap(world):
    from core.crypto import SealContext

    ana = await world.person(email=ANA)

    async def verifier():
        (row,) = await world.rows("SELECT password_sealed, tenant_id FROM users WHERE tenant_id = {tenant}")
        sealed = bytes(row["password_sealed"])
        assert b"argon2" not in sealed
        place = SealContext(row["tenant_id"], "users", "password_sealed", ana.id, "password")
        return world.keyring.open(sealed, place).decode()

    assert (await verifier()).startswith("$argon2id$v=19$m=64,t=1,")
    world.keyring.passwords.parameters = Parameters(memory=128, time=1)
    await world.browser().sign_in(ANA)
    assert (await verifier()).startswith("$argon2id$v=19$m=128,t=1,")
    assert (await world.browser().sign_in(ANA)).status_code == 303


def test_the_wait_grows():
    assert [delay_after(n) for n in (1, 4, 5, 6, 7, 8, 14, 15, 99)] == [0, 0, 1, 2, 4, 8, 512, 900, 900]


async def test_failures_in_a_row_make_the_next_try_wait(world, clock):
    await world.person(email=ANA)
    for _ in range(5):
        assert (await world.browser().sign_in(ANA, "wrong")).status_code == 422
    assert (await world.browser().sign_in(ANA)).status_code == 422
    clock.forward(seconds=1)
    assert (await world.browser().sign_in(ANA)).status_code == 303
    assert (await world.browser().sign_in(ANA, "wrong")).status_code == 422
    assert (await world.browser().sign_in(ANA)).status_code == 303


async def fail_often(world, clock, identifier, times):
    """Fail from many networks, waiting as long as it takes."""
    for number in range(times):
        clock.forward(minutes=15)
        browser = world.browser(client=(f"198.51.{number % 250}.9", 1))
        assert (await browser.sign_in(identifier, "wrong")).status_code == 422


async def test_after_a_hundred_failures_only_known_browsers_get_in(world, clock):
    await world.person(email=ANA)
    known = world.browser()
    await known.sign_in(ANA)
    device = known.cookies.get("device")
    await fail_often(world, clock, ANA, 100)
    clock.forward(days=30)
    assert (await world.browser().sign_in(ANA)).status_code == 422
    again = world.browser()
    again.cookies.set("device", device, domain="alfa.test")
    assert (await again.sign_in(ANA)).status_code == 303
    assert (await world.browser().sign_in(ANA)).status_code == 422


async def test_a_device_is_one_persons_and_one_sites(world, clock):
    await world.person(email=ANA)
    await world.person(email="eva@example.org")
    known = world.browser()
    await known.sign_in("eva@example.org")
    for _ in range(5):
        await world.browser().sign_in(ANA, "wrong")
    for device in (known.cookies.get("device"), "v1.99999999999.AAAA." + "A" * 43):
        stranger = world.browser()
        stranger.cookies.set("device", device, domain="alfa.test")
        assert (await stranger.sign_in(ANA)).status_code == 422


async def test_a_new_password_by_mail_opens_a_shut_account(world, clock):
    from tests.core.accounts.test_recovery import link_token

    await world.person(email=ANA)
    await fail_often(world, clock, ANA, 100)
    browser = world.browser()
    await browser.submit("/admin/reset", email=ANA)
    await world.run_jobs()
    new = "nova garrafa azul na janela"
    answer = await browser.submit("/admin/reset/new", token=link_token(world.messages[-1]), password=new)
    assert answer.status_code == 200, answer.text
    assert (await browser.sign_in(ANA, new)).status_code == 303


async def test_a_new_browser_and_failures_before_success_are_told(world):
    await world.person(email=ANA)
    first = world.browser()
    await first.sign_in(ANA)
    await first.sign_in(ANA)
    await world.run_jobs()
    assert world.messages == []
    await world.browser().sign_in(ANA)
    await world.run_jobs()
    assert [message["Subject"] for message in world.messages] == ["A new browser on Alfa"]
    for _ in range(3):
        await world.browser().sign_in(ANA, "wrong")
    await world.browser().sign_in(ANA)
    await world.run_jobs()
    assert world.messages[-1]["Subject"] == "Signed in to Alfa after 3 failures"
    assert all(PASSWORD not in message.as_string() for message in world.messages)


async def test_events_and_hooks_tell_what_happened(make_world):
    heard = []

    async def on_logged_in(user):
        heard.append(("in", user.name))

    async def on_login_failed(identifier):
        heard.append(("failed", identifier))

    async def on_logged_out(user):
        heard.append(("out", user.name))

    sink = Sink("a_probe")
    hooks = plugin(on_logged_in=on_logged_in, on_login_failed=on_login_failed, on_logged_out=on_logged_out)
    world = await make_world(sink.plugin, hooks)
    await world.person(email=ANA)
    browser = world.browser()
    sink.events.clear()
    await browser.sign_in(ANA, "wrong")
    await browser.sign_in(ANA)
    await browser.submit("/admin/logout")
    assert heard == [("failed", ANA), ("in", "Ana"), ("out", "Ana")]
    assert sink.actions == [
        ("session.login", "failed"),
        ("session.login", "success"),
        ("session.logout", "success"),
    ]
    assert ANA not in repr(sink.events)


async def test_no_record_no_session(make_world, caplog):
    caplog.set_level("CRITICAL")
    sink = Sink()
    world = await make_world(sink.plugin)
    await world.person(email=ANA)
    sink.error = RuntimeError("disk full")
    browser = world.browser()
    answer = await browser.sign_in(ANA)
    assert answer.status_code == 503
    assert (await browser.get("/whoami")).text == "visitor"
    assert await world.rows("SELECT * FROM sessions WHERE tenant_id = {tenant}") == []


async def test_a_damaged_password_signs_nobody_in_and_is_recorded(make_world, caplog):
    from core.db import execute, tenant_work

    caplog.set_level("CRITICAL")
    sink = Sink()
    world = await make_world(sink.plugin)
    await world.person(email=ANA)
    await world.person(email="eva@example.org")
    with world.on():
        async with tenant_work():  # somebody with the database copies his own password to another person
            await execute(
                "UPDATE users SET password_sealed = (SELECT password_sealed FROM users WHERE email = {} AND tenant_id = {tenant})"
                " WHERE tenant_id = {tenant} AND email = {}",
                "eva@example.org",
                ANA,
            )
    assert (await world.browser().sign_in(ANA)).status_code == 422
    assert sink.events[-1].detail == {"damaged": True}
