"""What a site keeps about a person: given out, and taken away (LGPD, article 18)."""

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from core.accounts import delete_user, erase_personal_data, export_personal_data
from core.contract.content import Extension
from core.contract.markers import hookimpl
from core.db import tenant_read, tenant_work
from core.errors import Forbidden, Refused
from core.mail import send
from core.plugins import Plugin
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
            await send("reset", "Ana@Example.org", {"name": "Ana", "link": "/x", "minutes": 30})
    kept = await _kept(world)
    (account,) = kept["accounts"]
    assert (account["email"], account["display_name"], account["roles"]) == (ANA, "Ana", ["editor"])
    assert [(s["agent"], s["network"] != "") for s in account["sessions"]] == [("Test/1.0", True)]
    assert not [name for name in account if "password" in name or "stamp" in name]
    assert [message["recipient"] for message in kept["mail"]] == ["Ana@Example.org"]
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


async def test_what_plugins_keep_with_a_person_goes_along(make_world: Any) -> None:
    kept: dict[Any, str] = {}

    class Licence(msgspec.Struct, forbid_unknown_fields=True):
        number: str

    async def load(ids: Any) -> Any:
        return {each: kept[each] for each in ids if each in kept}

    async def save(user_id: Any, value: Licence) -> None:
        kept[user_id] = value.number

    async def export(user_id: Any) -> Any:
        return {"number": kept.get(user_id)}

    async def erase(user_id: Any) -> None:
        kept.pop(user_id, None)

    async def nothing(*_anything: Any) -> None: ...

    @hookimpl
    def register_extensions() -> list[Extension]:
        return [
            Extension(
                owner="user", key="board", input=Licence, load=load, save=save,
                snapshot=nothing, restore=nothing, export=export, erase=erase,
            )
        ]  # fmt: skip

    hooks = SimpleNamespace(register_extensions=register_extensions)
    world = await make_world(Plugin(name="board", version="1.0", title="Board", parts={"hooks": hooks}))
    person = await world.person("author", email=ANA)
    kept[person.id] = "12345-SP"
    assert (await _kept(world))["accounts"][0]["ext"] == {"board": {"number": "12345-SP"}}
    with world.on():
        async with tenant_read():
            await delete_user(person.id)
            await erase_personal_data(ANA)
    assert kept == {}
