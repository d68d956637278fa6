"""One's own address, what plugins keep about people, and what is forgotten by itself."""

import msgspec
import pytest

from core.accounts import (
    EmailForm,
    NewUser,
    UserChanges,
    change_email,
    check_reset_token,
    confirm_email,
    create_user,
    get_user,
    update_user,
)
from core.context import VISITOR
from core.contract.content import Extension
from core.db import execute, tenant_read
from core.errors import Invalid, RateLimited, Unauthenticated
from tests.core.accounts.test_recovery import ask as ask_for_reset
from tests.core.accounts.test_recovery import link_of, link_token
from tests.core.accounts.test_users import acting_fresh
from tests.core.accounts.things import plugin
from tests.core.accounts.world import PASSWORD

ANA = "ana@example.org"
NEW = "ana@example.net"


async def ask(world, email=NEW, password=PASSWORD):
    account = await world.person(email=ANA)
    async with acting_fresh(world, await world.actor(account)):
        await change_email(EmailForm(email=email, password=password))
    await world.run_jobs()
    return account


async def test_a_new_address_counts_once_it_is_confirmed(world):
    account = await ask(world, email="Ana@Example.NET")
    assert {message["To"]: message["Subject"] for message in world.messages} == {
        NEW: "Confirm your new address for Alfa",
        ANA: "Your address on Alfa is about to change",
    }
    assert PASSWORD not in repr([message.as_string() for message in world.messages])
    message = next(message for message in world.messages if message["To"] == NEW)
    assert link_of(message).startswith("http://alfa.test/admin/confirm-email/")
    assert (await world.browser().sign_in(ANA)).status_code == 303
    with world.on(actor=VISITOR):
        async with tenant_read():
            await confirm_email(link_token(message))
            with pytest.raises(Invalid):
                await confirm_email(link_token(message))
    with world.on():
        async with tenant_read():
            assert (await get_user(account.id)).email == NEW
    assert (await world.browser().sign_in(NEW)).status_code == 303
    assert (await world.browser().sign_in(ANA)).status_code == 422


async def test_links_in_the_old_mailbox_die_with_the_old_address(world):
    await ask(world)
    address = link_token(next(message for message in world.messages if message["To"] == NEW))
    await ask_for_reset(world, ANA)
    reset = link_token(world.messages[-1])
    with world.on(actor=VISITOR):
        async with tenant_read():
            await check_reset_token(reset)
            await confirm_email(address)
            with pytest.raises(Invalid):
                await check_reset_token(reset)


async def test_links_die_when_an_administrator_changes_the_address(world):
    account = await ask(world)
    own = link_token(next(message for message in world.messages if message["To"] == NEW))
    await ask_for_reset(world, ANA)
    reset = link_token(world.messages[-1])
    boss = await world.person("administrator", email="boss@example.org")
    async with acting_fresh(world, await world.actor(boss)):
        await update_user(account.id, UserChanges(email="ana@example.com"), version=account.version)
    with world.on(actor=VISITOR):
        async with tenant_read():
            with pytest.raises(Invalid):
                await check_reset_token(reset)
            with pytest.raises(Invalid):
                await confirm_email(own)


async def test_the_owner_of_an_address_is_told_and_the_asker_is_not(world):
    await world.person(email=NEW)
    await ask(world)
    assert {message["To"]: message["Subject"] for message in world.messages} == {
        NEW: "Your address on Alfa",
        ANA: "Your address on Alfa is about to change",
    }


async def test_an_address_that_was_taken_meanwhile_stays_with_who_has_it(world):
    account = await ask(world)
    token = link_token(next(message for message in world.messages if message["To"] == NEW))
    await world.person(email=NEW)
    with world.on(actor=VISITOR):
        async with tenant_read():
            with pytest.raises(Invalid):
                await confirm_email(token)
    with world.on():
        async with tenant_read():
            assert (await get_user(account.id)).email == ANA


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [({"password": "wrong"}, "password"), ({"email": "nobody"}, "email"), ({"email": ANA}, "email")],
)
async def test_it_asks_for_the_password_and_an_address(world, fields, wrong):
    with pytest.raises(Invalid) as refused:
        await ask(world, **fields)
    assert set(refused.value.errors) == {wrong}
    assert world.messages == []


async def test_five_changes_an_hour_are_enough(world):
    account = await world.person(email=ANA)
    async with acting_fresh(world, await world.actor(account)):
        for number in range(5):
            await change_email(EmailForm(email=f"a{number}@example.net", password=PASSWORD))
        with pytest.raises(RateLimited):
            await change_email(EmailForm(email="more@example.net", password=PASSWORD))


async def test_a_visitor_has_nothing_to_change(world):
    with world.on(actor=VISITOR):
        async with tenant_read():
            with pytest.raises(Unauthenticated):
                await change_email(EmailForm(email=NEW, password=PASSWORD))


class Registry(msgspec.Struct, forbid_unknown_fields=True):
    number: int


async def load(ids):
    rows = await execute(
        "SELECT user_id, meta_value FROM user_meta WHERE tenant_id = {tenant} AND meta_key = 'probe'"
    )
    return {row["user_id"]: {"number": int(row["meta_value"])} for row in rows if row["user_id"] in ids}


async def save(user_id, data):
    from core.accounts.tables import UserMeta

    await UserMeta.delete().where(UserMeta.user_id == user_id, UserMeta.meta_key == "probe")
    await UserMeta.insert(UserMeta(user_id=user_id, meta_key="probe", meta_value=str(data.number)))


async def unused(*_arguments):
    raise AssertionError("nothing here restores or erases")


EXTENDING = plugin(
    register_extensions=lambda: [
        Extension(
            owner="user", key="probe", input=Registry, load=load, save=save,
            snapshot=unused, restore=unused, export=unused, erase=unused,
        )
    ]
)  # fmt: skip


async def test_plugins_keep_fields_of_their_own_with_people(make_world):
    world = await make_world(EXTENDING)
    with world.on():
        async with tenant_read():
            ana = await create_user(NewUser(email=ANA))
            assert (await get_user(ana.id)).ext == {}
            await update_user(ana.id, UserChanges(ext={"probe": {"number": 7}}), version=1)
            assert (await get_user(ana.id)).ext == {"probe": {"number": 7}}
            for ext, wrong in (
                ({"probe": {"number": "x"}}, {"ext.probe.number"}),
                ({"other": {}}, {"ext.other"}),
                ({"probe": {}, "other": {}}, {"ext.probe.number", "ext.other"}),
            ):
                with pytest.raises(Invalid) as refused:
                    await update_user(ana.id, UserChanges(ext=ext, bio="lost"), version=2)
                assert set(refused.value.errors) == wrong
            after = await get_user(ana.id)
            assert (after.ext, after.bio, after.version) == ({"probe": {"number": 7}}, "", 2)


async def test_what_is_over_is_forgotten_every_hour(world, clock):
    await world.person(email=ANA)
    await world.browser().sign_in(ANA)
    await world.browser().submit("/admin/reset", email=ANA)
    await world.run_jobs()
    clock.forward(days=3)
    fresh = world.browser()
    await fresh.sign_in(ANA)
    from core.jobs import Worker

    with world.active():
        await Worker().schedule()
    await world.run_jobs()
    for table, left in (("sessions", 1), ("one_time_tokens", 0), ("rate_limits", 2)):
        assert len(await world.rows(f"SELECT * FROM {table} WHERE tenant_id = {{tenant}}")) == left, table
    assert (await fresh.get("/api/v1/me")).status_code == 200
