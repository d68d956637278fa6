"""How often: RL01 to RL03."""

import asyncio

import pytest

from core.accounts import bucket_name, limit
from core.accounts.limits import attempt, clear, forget_old
from core.db import tenant_work
from core.errors import RateLimited, VitralError

ANA = "ana@example.org"


async def count(world, calls):
    """Return how many of these simultaneous calls pass."""

    async def one(call):
        try:
            return await call() is not False
        except RateLimited:
            return False

    with world.on():
        return sum(await asyncio.gather(*(one(call) for call in calls)))


async def test_of_a_burst_exactly_the_limit_passes(world):
    assert await count(world, [lambda: limit("burst", 7, 60)] * 40) == 7
    assert await count(world, [lambda: limit("burst", 7, 60)]) == 0
    assert await count(world, [lambda: limit("another", 7, 60)]) == 1


async def test_simultaneous_guesses_share_no_turn(world):
    assert await count(world, [lambda: attempt("guess")] * 30) == 5


async def test_a_window_ends(world, clock):
    with world.on():
        for _ in range(3):
            await limit("window", 3, 60)
        with pytest.raises(RateLimited) as refused:
            await limit("window", 3, 60)
        assert refused.value.retry_after == 60
        clock.forward(seconds=59)
        with pytest.raises(RateLimited):
            await limit("window", 3, 60)
        clock.forward(seconds=1)
        await limit("window", 3, 60)


async def test_sites_have_counters_of_their_own(world):
    for site in ("alfa", "beta"):
        with world.on(site):
            await limit("same", 1, 60)
            with pytest.raises(RateLimited):
                await limit("same", 1, 60)


async def test_a_hit_survives_the_work_around_it(world):
    with world.on():
        async with tenant_work():
            with pytest.raises(VitralError, match="inside a unit of work"):
                await limit("inside", 1, 60)


async def test_a_success_forgets_the_failures(world):
    with world.on():
        for _ in range(3):
            assert await attempt("forget")
        async with tenant_work():
            assert await clear("forget") == 3
            assert await clear("forget") == 0


async def test_old_counters_are_forgotten_but_shut_ones(world, clock):
    with world.on():
        await limit("old", 1, 60)
        for _ in range(100):
            clock.forward(minutes=15)
            await attempt("shut")
        clock.forward(days=3)
        async with tenant_work():
            await forget_old()
    rows = await world.rows("SELECT bucket FROM rate_limits WHERE tenant_id = {tenant}")
    assert [row["bucket"] for row in rows] == ["shut"]


def test_names_and_addresses_are_not_kept_in_clear():
    name = bucket_name("login:nobody", ANA)
    assert ANA not in name
    assert len(name) <= 200
    assert name != bucket_name("login:nobody", "eva@example.org")
    assert bucket_name("a", "b", "c") != bucket_name("a", "bc")


async def test_a_network_is_limited_whatever_names_it_tries(world):
    statuses = []
    for number in range(101):
        browser = world.browser(client=(f"203.0.113.{number % 200 + 1}", 1))
        statuses.append((await browser.sign_in(f"nobody{number}@example.org", "wrong")).status_code)
    assert statuses == [422] * 100 + [429]
    assert (
        await world.browser(client=("198.51.100.1", 1)).sign_in("nobody@example.org", "wrong")
    ).status_code == 422


async def test_ipv6_networks_count_as_64_bits(world):
    for number in range(100):
        await world.browser(client=(f"2001:db8::{number + 1:x}", 1)).sign_in(
            f"n{number}@example.org", "wrong"
        )
    assert (
        await world.browser(client=("2001:db8::ffff:1", 1)).sign_in("x@example.org", "wrong")
    ).status_code == 429
    assert (
        await world.browser(client=("2001:db8:0:1::1", 1)).sign_in("x@example.org", "wrong")
    ).status_code == 422


async def test_forged_headers_do_not_change_the_bucket(world):
    browser = world.browser()
    token = await browser.token()
    statuses = set()
    for number in range(110):
        headers = {
            "x-forwarded-for": f"10.{number}.0.1",
            "x-real-ip": f"10.{number}.0.1",
            "forwarded": f"for=10.{number}.0.1",
            "x-client-ip": f"10.{number}.0.1",
        }
        fields = {"identifier": f"nobody{number}@example.org", "password": "wrong", "_csrf": token}
        statuses.add((await browser.post("/admin/login", data=fields, headers=headers)).status_code)
    assert statuses == {422, 429}
    rows = await world.rows(
        "SELECT bucket, hits FROM rate_limits WHERE tenant_id = {tenant} AND bucket LIKE 'login:network%'"
    )
    assert [row["hits"] for row in rows] == [110]


async def test_a_flood_on_a_site_does_not_lock_known_browsers_out(world, monkeypatch):
    monkeypatch.setattr("core.accounts.auth._PER_SITE", (3, 600))
    await world.person(email=ANA)
    known = world.browser()
    await known.sign_in(ANA)
    for number in range(3):
        await world.browser(client=(f"198.51.{number}.1", 1)).sign_in("nobody@example.org", "wrong")
    assert (await world.browser(client=("198.51.100.1", 1)).sign_in(ANA)).status_code == 429
    assert (await known.sign_in(ANA)).status_code == 303
