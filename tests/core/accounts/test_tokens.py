"""API tokens: narrow, ending, revocable, shown once."""

import pytest

from core.accounts import (
    RoleInput,
    TokenForm,
    create_token,
    disable_user,
    list_tokens,
    revoke_token,
    save_role,
)
from core.db import tenant_read
from core.errors import Forbidden, Invalid, NotFound, StepUp
from tests.core.accounts.test_users import acting_fresh

ANA = "ana@example.org"


async def made(world, *scopes, role="editor", email=ANA, days=90):
    account = await world.person(role, email=email)
    async with acting_fresh(world, await world.actor(account)):
        text, view = await create_token(TokenForm(title="Script", scopes=frozenset(scopes), days=days))
    return account, text, view


def program(world, text, site="alfa"):
    client = world.browser(site)
    client.headers.clear()
    client.headers.update({"authorization": f"Bearer {text}", "host": f"{site}.test"})
    return client


async def test_it_opens_what_both_it_and_its_owner_may(world):
    _ana, text, view = await made(world, "edit_posts", "read")
    assert text.startswith(f"cms_api_{view.key}_")
    client = program(world, text)
    assert (await client.get("/api/v1/me")).json() == {"name": "Ana"}
    assert (await client.post("/api/v1/posts", json={})).status_code == 201
    assert (await client.post("/hook", json={})).json() == {"as": "Ana"}


async def test_beyond_its_scopes_it_is_refused(world):
    _ana, text, _view = await made(world, "edit_posts", role="administrator")
    assert (await program(world, text).get("/admin/users")).status_code == 403


async def test_when_the_owner_loses_a_right_the_token_does(world):
    _ana, text, _view = await made(world, "edit_posts")
    with world.on():
        async with tenant_read():
            await save_role(
                RoleInput(name="editor", title="Editor", capabilities=frozenset({"read"})), version=1
            )
    assert (await program(world, text).post("/api/v1/posts", json={})).status_code == 403


async def test_it_does_not_change_what_is_dangerous(world):
    _ana, text, _view = await made(world, "promote_users", role="administrator")
    assert (await program(world, text).post("/admin/danger")).status_code == 403


async def test_it_ends(world, clock):
    _ana, text, view = await made(world, "read", days=1)
    assert (view.expires_at - view.created_at).days == 1
    clock.forward(hours=23)
    assert (await program(world, text).get("/api/v1/me")).status_code == 200
    clock.forward(hours=1)
    assert (await program(world, text).get("/api/v1/me")).status_code == 401


async def test_revoking_and_disabling_count_at_once(world):
    ana, text, view = await made(world, "read")
    with world.on():
        async with tenant_read():
            await revoke_token(view.id)
    assert (await program(world, text).get("/api/v1/me")).status_code == 401
    eva, other, _view = await made(world, "read", email="eva@example.org")
    with world.on():
        async with tenant_read():
            await disable_user(eva.id)
    assert (await program(world, other).get("/api/v1/me")).status_code == 401
    assert ana.id != eva.id


async def test_it_is_one_sites(world):
    _ana, text, _view = await made(world, "read")
    assert (await program(world, text, "beta").get("/api/v1/me")).status_code == 401


async def test_only_a_hash_is_stored(world):
    _ana, text, view = await made(world, "read")
    rows = repr(await world.rows("SELECT * FROM api_tokens WHERE tenant_id = {tenant}"))
    assert text not in rows
    assert text.split("_", 3)[3][:20] not in rows
    assert view.key in rows


async def test_use_is_noted_at_most_once_a_minute(world, clock):
    ana, text, _view = await made(world, "read")

    async def used():
        with world.on():
            async with tenant_read():
                return (await list_tokens(ana.id))[0].last_used_at

    assert await used() is None
    await program(world, text).get("/api/v1/me")
    first = await used()
    assert first == clock.time
    clock.forward(seconds=59)
    await program(world, text).get("/api/v1/me")
    assert await used() == first
    clock.forward(seconds=1)
    await program(world, text).get("/api/v1/me")
    assert await used() == clock.time


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t[:-1] + ("0" if t[-1] != "0" else "1"),
        lambda t: t[:-9],
        lambda t: t.upper(),
        lambda t: t.replace("cms_api", "cms_web"),
    ],
)
async def test_a_mistyped_one_is_nothing(world, change):
    _ana, text, _view = await made(world, "read")
    assert (await program(world, change(text)).get("/api/v1/me")).status_code == 401


async def test_making_one_wants_a_fresh_factor_and_rights_that_one_has(world):
    ana = await world.actor(await world.person("editor", email=ANA))
    with world.on(actor=ana):
        async with tenant_read():
            with pytest.raises(StepUp):
                await create_token(TokenForm(title="Script", scopes=frozenset({"read"})))
    async with acting_fresh(world, ana):
        for scopes in (set(), {"manage_options"}, {"read", "fly"}, {"exist"}):
            with pytest.raises(Invalid):
                await create_token(TokenForm(title="Script", scopes=frozenset(scopes)))
    await world.run_jobs()
    assert world.messages == []


async def test_a_token_makes_no_token_and_its_making_is_told(world):
    from core.accounts.rights import user_actor

    ana, _text, _view = await made(world, "read")
    await world.run_jobs()
    assert [message["Subject"] for message in world.messages] == ["A new API token on Alfa"]
    with world.on():
        bearer = await user_actor(ana.view, ana.roles, ana.capabilities, scopes=frozenset({"read"}))
    with world.on(actor=bearer):
        async with tenant_read():
            with pytest.raises(Forbidden):
                await create_token(TokenForm(title="Script", scopes=frozenset({"read"})))


async def test_people_see_and_revoke_their_own_only(world):
    _ana, _text, view = await made(world, "read")
    eva = await world.actor(await world.person("editor", email="eva@example.org"))
    with world.on(actor=eva):
        async with tenant_read():
            assert await list_tokens() == ()
            with pytest.raises(Forbidden):
                await list_tokens(_ana.id)
            with pytest.raises(Forbidden):
                await revoke_token(view.id)
            with pytest.raises(NotFound):
                await revoke_token(_ana.id)
