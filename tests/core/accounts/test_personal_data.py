"""What a site keeps about a person: given out, and taken away (LGPD, article 18)."""

from typing import Any

import pytest

from core.accounts import delete_user, erase_personal_data, export_personal_data
from core.db import tenant_read, tenant_work
from core.errors import Forbidden, Refused
from core.mail import send
from tests.core.accounts.world import World

ANA = "ana@example.org"


async def _kept(world: World, site: str = "alfa") -> dict[str, Any]:
    with world.on(site):
        async with tenant_read():
            return {each.name: each.rows for each in await export_personal_data(f" {ANA.upper()} ")}


async def test_an_account_is_given_out_without_its_secrets(world: World) -> None:
    await world.person("editor", email=ANA)
    browser = world.browser()
    assert (await browser.sign_in(ANA)).status_code == 303
    with world.on():
        async with tenant_work():
            await send("reset", ANA, {"name": "Ana", "link": "/x", "minutes": 30})
    kept = await _kept(world)
    (account,) = kept["accounts"]
    assert (account["email"], account["display_name"], account["roles"]) == (ANA, "Ana", ["editor"])
    assert [(s["agent"], s["network"] != "") for s in account["sessions"]] == [("Test/1.0", True)]
    assert not [name for name in account if "password" in name or "stamp" in name]
    assert [message["recipient"] for message in kept["mail"]] == [ANA]
    assert await _kept(world, "beta") == {"accounts": (), "links": (), "mail": ()}


async def test_an_account_is_deleted_before_it_is_erased(world: World) -> None:
    here = await world.person("author", email=ANA)
    await world.person("author", email=ANA, site="beta")
    with world.on():
        async with tenant_work():
            await send("reset", ANA, {"name": "Ana", "link": "/x", "minutes": 30})
        async with tenant_read():
            with pytest.raises(Refused, match="has an account"):
                await erase_personal_data(ANA)
    assert len((await _kept(world))["mail"]) == 1  # all of it or nothing
    with world.on():
        async with tenant_read():
            await delete_user(here.id)
            assert (await erase_personal_data(ANA))["accounts"] == 1
    assert not any((await _kept(world)).values())
    (row,) = await world.rows("SELECT email, display_name, slug FROM users WHERE tenant_id = {tenant}")
    assert (row["display_name"], "ana" in row["email"] + row["slug"]) == ("", False)
    assert (await _kept(world, "beta"))["accounts"][0]["email"] == ANA


async def test_it_takes_the_right_to_do_so(world: World) -> None:
    editor = await world.actor(await world.person("editor"))
    with world.on(actor=editor):
        async with tenant_read():
            for ask in (export_personal_data, erase_personal_data):
                with pytest.raises(Forbidden):
                    await ask(ANA)
