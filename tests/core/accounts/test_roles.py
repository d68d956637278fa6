"""Roles of a site: the five, plugins', its own; nobody gives what he lacks."""

import pytest

from core.accounts import RoleInput, delete_role, list_roles, save_role, set_roles
from core.accounts.roles import seed_roles
from core.contract.accounts import Capability, RoleDefinition
from core.contract.content import ContentType
from core.db import tenant_read, tenant_work
from core.errors import Conflict, Forbidden, Invalid, NotFound, StepUp
from core.sites import disable_plugin, enable_plugin
from tests.core.accounts.test_users import acting_fresh
from tests.core.accounts.things import actor, plugin

NAMES = ["administrator", "editor", "author", "contributor", "subscriber"]

REVIEWING = plugin(
    register_capabilities=lambda: [
        Capability(
            name="probe.review", title="Review", roles=frozenset({"editor", "probe_reviewer", "unheard_of"})
        )
    ],
    register_roles=lambda: [
        RoleDefinition(name="probe_reviewer", title="Reviewer", capabilities=frozenset({"read"}))
    ],
)


async def roles_of(world, site="alfa"):
    with world.on(site):
        async with tenant_read():
            return {role.name: role for role in await list_roles()}


async def test_a_role_of_ones_own(world):
    with world.on():
        async with tenant_read():
            made = await save_role(RoleInput(name="clerk", title=" Clerk ", capabilities=frozenset({"read"})))
            assert (made.title, made.owner, made.version) == ("Clerk", "site", 1)
            changed = await save_role(
                RoleInput(name="clerk", title="Clerk", capabilities=frozenset({"read", "upload_files"})),
                version=1,
            )
            assert (changed.capabilities, changed.version) == ({"read", "upload_files"}, 2)
            with pytest.raises(Conflict):
                await save_role(RoleInput(name="clerk", title="Late"), version=1)
            with pytest.raises(Conflict):
                await save_role(RoleInput(name="clerk", title="Twice"))
    assert "clerk" not in await roles_of(world, "beta")
    assert [*await roles_of(world)] == [*NAMES, "clerk"]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": "Clerk"}, {"name"}),
        ({"name": "a b"}, {"name"}),
        ({"name": ""}, {"name"}),
        ({"name": "new"}, {"name"}),
        ({"title": "  "}, {"title"}),
        ({"capabilities": frozenset({"fly"})}, {"capabilities"}),
        ({"capabilities": frozenset({"do_not_allow"})}, {"capabilities"}),
        ({"capabilities": frozenset({"manage_network"})}, {"capabilities"}),
        ({"name": "9", "title": " ", "capabilities": frozenset({"fly"})}, {"name", "title", "capabilities"}),
    ],
)
async def test_what_no_role_can_have(world, fields, wrong):
    with world.on():
        async with tenant_read():
            with pytest.raises(Invalid) as refused:
                await save_role(RoleInput(**{"name": "clerk", "title": "Clerk", **fields}))
    assert set(refused.value.errors) == wrong


async def test_the_administrators_role_is_fixed_and_the_five_stay(world):
    with world.on():
        async with tenant_read():
            with pytest.raises(Forbidden):
                await save_role(RoleInput(name="administrator", title="X"), version=1)
            for name in NAMES:
                with pytest.raises(Forbidden):
                    await delete_role(name)
            with pytest.raises(NotFound):
                await delete_role("nobody")
            edited = await save_role(
                RoleInput(name="editor", title="Editor", capabilities=frozenset({"read"})), version=1
            )
            assert edited.capabilities == {"read"}


async def test_a_role_that_somebody_holds_stays(world):
    ana = await world.person()
    with world.on():
        async with tenant_read():
            await save_role(RoleInput(name="clerk", title="Clerk"))
            await set_roles(ana.id, ["clerk"])
            assert {role.name: role.users for role in await list_roles()}["clerk"] == 1
            with pytest.raises(Conflict):
                await delete_role("clerk")
            await set_roles(ana.id, ["subscriber"])
            await delete_role("clerk")
    assert "clerk" not in await roles_of(world)


async def test_nobody_gives_or_takes_what_he_lacks(world):
    clerk = actor("read", "promote_users", "edit_posts")
    async with acting_fresh(world, clerk):
        made = await save_role(
            RoleInput(name="clerk", title="Clerk", capabilities=frozenset({"read", "edit_posts"}))
        )
        assert made.capabilities == {"read", "edit_posts"}
        for capabilities in ({"manage_options"}, {"read", "upload_files"}):
            with pytest.raises(Forbidden, match="don't have yourself"):
                await save_role(RoleInput(name="boss", title="Boss", capabilities=frozenset(capabilities)))
        with pytest.raises(Forbidden, match="don't have yourself"):
            await save_role(
                RoleInput(name="editor", title="Editor", capabilities=frozenset({"read"})), version=1
            )


async def test_roles_want_the_right_and_a_fresh_factor(world):
    boss = await world.actor(await world.person("administrator"))
    with world.on(actor=boss):
        async with tenant_read():
            with pytest.raises(StepUp):
                await save_role(RoleInput(name="clerk", title="Clerk"))
            with pytest.raises(StepUp):
                await delete_role("clerk")
    async with acting_fresh(world, actor("read", "edit_users")):
        with pytest.raises(Forbidden):
            await save_role(RoleInput(name="clerk", title="Clerk"))


async def test_plugins_bring_roles_and_add_to_ours(make_world):
    world = await make_world(REVIEWING, on=("alfa",))
    alfa, beta = await roles_of(world), await roles_of(world, "beta")
    assert alfa["probe_reviewer"].owner == "probe"
    assert alfa["probe_reviewer"].capabilities == {"read", "probe.review"}
    assert alfa["editor"].title == "Editor"
    assert "probe.review" in alfa["editor"].capabilities
    assert "probe_reviewer" not in beta
    assert "probe.review" not in beta["editor"].capabilities


async def test_changed_roles_of_a_plugin_survive_its_return(make_world):
    world = await make_world(REVIEWING)
    ana = await world.person("probe_reviewer")
    with world.on():
        async with tenant_read():
            await save_role(
                RoleInput(
                    name="probe_reviewer",
                    title="Ours",
                    capabilities=frozenset({"read", "probe.review", "upload_files"}),
                ),
                version=2,
            )
            await disable_plugin("probe")
    assert "upload_files" in (await world.actor(ana)).capabilities
    with world.on():
        async with tenant_read():
            await enable_plugin("probe")
    role = (await roles_of(world))["probe_reviewer"]
    assert role.title == "Ours"
    assert "upload_files" in role.capabilities


async def test_what_a_disabled_plugin_gave_does_not_put_anybody_above_administrators(make_world):
    world = await make_world(REVIEWING)
    reviewer = await world.person("probe_reviewer", email="eva@example.org")
    boss = await world.actor(await world.person("administrator"))
    with world.on():
        async with tenant_read():
            await disable_plugin("probe")
    async with acting_fresh(world, boss):
        assert (await set_roles(reviewer.id, ["subscriber"])).roles == {"subscriber"}


async def test_content_types_bring_capabilities(make_world):
    book = ContentType(name="probe_book", title="Books", singular="Book", capability_type="book")
    world = await make_world(plugin(register_content_types=lambda: [book]))
    boss = await world.actor(await world.person("administrator"))
    assert "edit_others_books" in boss.capabilities
    async with acting_fresh(world, boss):
        made = await save_role(
            RoleInput(name="librarian", title="Librarian", capabilities=frozenset({"edit_books"}))
        )
    assert made.capabilities == {"edit_books"}


async def test_seeding_twice_changes_nothing(world):
    with world.on():
        async with tenant_read():
            await save_role(
                RoleInput(name="editor", title="Editor", capabilities=frozenset({"read"})), version=1
            )
        async with tenant_work():
            await seed_roles()
    roles = await roles_of(world)
    assert [*roles] == NAMES
    assert roles["editor"].capabilities == {"read"}
