"""People: made, found, changed, deleted; nobody becomes more than he is."""

import asyncio

import pytest
from msgspec.structs import replace

from core.accounts import (
    NewUser,
    UserChanges,
    UserQuery,
    create_user,
    delete_user,
    disable_user,
    enable_user,
    find_user,
    get_user,
    list_users,
    set_roles,
    set_user_meta,
    update_user,
    user_meta,
    user_views,
)
from core.accounts.standing import purge_deleted
from core.accounts.visit import use_visit
from core.context import as_actor
from core.db import execute, tenant_read, tenant_work
from core.errors import Conflict, Forbidden, Invalid, NotFound, Refused, StepUp
from core.ids import new_id
from tests.core.accounts.things import Sink, actor, plugin

ANA = "ana@example.org"
EVA = "eva@example.org"


class Fresh:
    """A visit whose session has just shown a factor."""

    def __init__(self, actor):
        from core.accounts import SessionView
        from core.clock import now

        at = now()
        self.network = self.agent = self.token = ""
        self.session = SessionView(
            id=actor.session,
            user_id=actor.id,
            created_at=at,
            last_seen_at=at,
            expires_at=at,
            authenticated_at=at,
        )

    def keep_session(self, token, session=None):
        self.token = token


class acting_fresh:  # noqa: N801  # reads as a verb
    """Be inside the site as somebody who has just signed in."""

    def __init__(self, world, account_actor, site="alfa"):
        self.actor = replace(account_actor, session=new_id())
        self.on = world.on(site, self.actor)
        self.visit = use_visit(Fresh(self.actor))

    async def __aenter__(self):
        self.on.__enter__()
        self.visit.__enter__()
        self.read = tenant_read()
        await self.read.__aenter__()
        return self.actor

    async def __aexit__(self, *error):
        await self.read.__aexit__(*error)
        self.visit.__exit__(*error)
        self.on.__exit__(*error)


async def test_a_new_person(world):
    with world.on():
        async with tenant_read():
            ana = await create_user(
                NewUser(email=" Ana.Lima@Example.ORG ", first_name="Ana", last_name="Lima")
            )
            assert ana.email == "ana.lima@example.org"
            assert ana.username == "ana-lima"
            assert ana.display_name == "Ana Lima"
            assert ana.slug == "ana-lima"
            assert ana.roles == {"subscriber"}
            assert (ana.number, ana.version, ana.has_password) == (1, 1, False)
            other = await create_user(NewUser(email="ana.lima@example.net", display_name="Ana Lima"))
            assert (other.username, other.slug, other.number) == ("ana-lima-2", "ana-lima-2", 2)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"email": "nobody"}, {"email"}),
        ({"email": "a@b@c"}, {"email"}),
        ({"email": "a@localhost"}, {"email"}),
        ({"email": "a\r\nBcc: x@example.org"}, {"email"}),
        ({"email": ANA}, {"email"}),
        ({"email": "ANA@example.org"}, {"email"}),
        ({"username": "Ana"}, {"username"}),
        ({"username": "a b"}, {"username"}),
        ({"username": "a@b"}, {"username"}),
        ({"username": "."}, {"username"}),
        ({"password": "short"}, {"password"}),
        ({"password": "eva@example.org"}, {"password"}),
        ({"roles": ("king",)}, {"roles"}),
        ({"email": "nobody", "username": "a b", "password": "short"}, {"email", "username", "password"}),
    ],
)
async def test_what_can_not_be_used_is_said_all_at_once(world, fields, wrong):
    await world.person(email=ANA)
    data = replace(NewUser(email=EVA, username="eva"), **fields)
    with world.on():
        async with tenant_read():
            with pytest.raises(Invalid) as refused:
                await create_user(data)
    assert set(refused.value.errors) == wrong


async def test_names_that_no_column_holds_are_refused_by_field(world):
    """On SQLite, too, which would hold them: the site could not move to PostgreSQL any more."""
    long = {"display_name": "a" * 251, "first_name": "b" * 101, "last_name": "c" * 101, "bio": "d" * 10_001}
    long["url"] = "https://example.org/" + "e" * 255
    with world.on("alfa"):
        async with tenant_read():
            with pytest.raises(Invalid) as caught:
                await create_user(NewUser(email="nobody", username="x" * 61, **long))
            assert set(caught.value.errors) == {"email", "username", *long}
            assert "250" in caught.value.errors["display_name"]
            made = await create_user(NewUser(email=ANA, display_name="a" * 250, first_name="b" * 100))
            with pytest.raises(Invalid) as caught:
                await update_user(made.id, UserChanges(slug="f" * 61, **long), version=made.version)
            assert set(caught.value.errors) == {"slug", *long}
            assert (await get_user(made.id)).version == made.version


async def test_names_belong_to_one_site(world):
    first = await world.person(email=ANA)
    second = await world.person(email=ANA, site="beta")
    assert first.id != second.id
    assert (first.number, second.number) == (1, 1)


async def test_somebody_of_another_site_does_not_exist(world):
    theirs = await world.person("subscriber", email=ANA, site="beta")
    admin = await world.actor(await world.person("administrator", email=EVA))

    async def refused(call):
        with pytest.raises(NotFound) as error:
            await call
        return str(error.value)

    async with acting_fresh(world, admin):
        for call in (get_user, disable_user, enable_user, delete_user):
            assert await refused(call(theirs.id)) == await refused(call(new_id()))
        assert await refused(update_user(theirs.id, UserChanges(bio="x"), version=1))
        assert await refused(set_roles(theirs.id, ["editor"]))
        assert await find_user(ANA) is None
        assert await user_views([theirs.id]) == {}
        assert ANA not in {account.email for account in (await list_users()).items}


async def test_views_are_batched_and_say_nothing_private(world):
    people = [await world.person(email=f"p{number}@example.org") for number in range(3)]
    ran = []
    with world.on():
        async with tenant_read() as scope:
            fetch = scope.fetch

            async def spy(sql, args=()):
                ran.append(sql)
                return await fetch(sql, args)

            scope.fetch = spy
            views = await user_views([person.id for person in people] * 3 + [new_id()])
    assert set(views) == {person.id for person in people}
    assert len(ran) == 1
    assert all("@" not in repr(view) for view in views.values())


async def test_lists_are_searched_filtered_and_paged(world):
    for number in range(5):
        await world.person("author" if number % 2 else "editor", email=f"p{number}@example.org")
    await world.person("author", email="100%_sure@example.org")
    with world.on():
        async with tenant_read():
            everybody = await list_users(UserQuery(per_page=4))
            assert (everybody.total, everybody.pages, len(everybody.items)) == (6, 2, 4)
            second = await list_users(UserQuery(per_page=4, page=2))
            assert {account.id for account in second.items}.isdisjoint(
                account.id for account in everybody.items
            )
            assert (await list_users(UserQuery(role="author"))).total == 3
            assert (await list_users(UserQuery(role="nobody"))).total == 0
            assert (await list_users(UserQuery(search="P3@"))).total == 1
            assert (await list_users(UserQuery(search="%_s"))).total == 1
            assert (await list_users(UserQuery(status="disabled"))).total == 0
            by_mail = await list_users(UserQuery(order="email", descending=True))
            assert [account.email for account in by_mail.items][:2] == ["p4@example.org", "p3@example.org"]
            assert by_mail.items[0].roles == {"editor"}


async def test_people_change_their_own_profile_and_no_more(world):
    ana = await world.person(email=ANA)
    me = await world.actor(ana)
    async with acting_fresh(world, me):
        changed = await update_user(ana.id, UserChanges(display_name="Ana Lima", bio="Writes."), version=1)
        assert (changed.display_name, changed.bio, changed.version) == ("Ana Lima", "Writes.", 2)
        with pytest.raises(Forbidden):
            await update_user(ana.id, UserChanges(username="boss"), version=2)
        with pytest.raises(Forbidden):
            await update_user(ana.id, UserChanges(slug="boss"), version=2)
        with pytest.raises(Invalid, match="on its own page"):
            await update_user(ana.id, UserChanges(email=EVA), version=2)
        with pytest.raises(Forbidden):
            await set_roles(ana.id, ["administrator"])
        with pytest.raises(Forbidden):
            await list_users()
        assert (await get_user(ana.id)).email == ANA


async def test_the_second_editor_gets_both_states(world):
    ana = await world.person(email=ANA)
    with world.on():
        async with tenant_read():
            await update_user(ana.id, UserChanges(bio="first"), version=1)
            with pytest.raises(Conflict) as refused:
                await update_user(ana.id, UserChanges(bio="second"), version=1)
            assert refused.value.current == {"bio": "first"}
            assert refused.value.yours == {"bio": "second"}
            assert (await get_user(ana.id)).bio == "first"


async def test_simultaneous_changes_lose_nothing(world):
    ana = await world.person(email=ANA)

    async def change(number):
        try:
            async with tenant_read():
                await update_user(ana.id, UserChanges(bio=str(number)), version=1)
        except Conflict:
            return False
        return True

    with world.on():
        assert sum(await asyncio.gather(*(change(number) for number in range(8)))) == 1


async def test_nobody_touches_somebody_who_may_do_more(world):
    boss = await world.person("administrator", email=ANA)
    clerk = actor("read", "edit_users", "delete_users", "promote_users", "list_users", "create_users")
    async with acting_fresh(world, clerk):
        for call in (
            update_user(boss.id, UserChanges(email="mine@example.org"), version=1),
            set_roles(boss.id, ["subscriber"]),
            disable_user(boss.id),
            delete_user(boss.id),
        ):
            with pytest.raises(Forbidden, match="may do more than you"):
                await call
        with pytest.raises(Forbidden, match="rights that you don't have"):
            await create_user(NewUser(email=EVA, roles=("administrator",)))


async def test_somebody_elses_address_is_changed_with_a_fresh_factor_and_a_notice(world):
    ana = await world.person(email=ANA)
    admin = await world.actor(await world.person("administrator", email="admin@example.org"))
    with world.on(actor=admin):
        async with tenant_read():
            with pytest.raises(StepUp):
                await update_user(ana.id, UserChanges(email=EVA), version=1)
    async with acting_fresh(world, admin):
        assert (await update_user(ana.id, UserChanges(email=EVA), version=1)).email == EVA
    await world.run_jobs()
    assert [(message["To"], message["Subject"]) for message in world.messages] == [
        (ANA, "Your address on Alfa was changed")
    ]


async def test_roles_are_given_within_ones_own_reach(world):
    ana = await world.person(email=ANA)
    admin = await world.actor(await world.person("administrator", email="admin@example.org"))
    with world.on(actor=admin):
        async with tenant_read():
            with pytest.raises(StepUp):
                await set_roles(ana.id, ["editor"])
    async with acting_fresh(world, admin):
        changed = await set_roles(ana.id, ["editor", "author"])
        assert changed.roles == {"editor", "author"}
        with pytest.raises(Invalid, match="There is no role king"):
            await set_roles(ana.id, ["king"])
    clerk = actor("read", "promote_users", "edit_posts", "delete_posts")
    eva = await world.person(email=EVA)
    async with acting_fresh(world, clerk):
        assert (await set_roles(eva.id, ["contributor"])).roles == {"contributor"}
        with pytest.raises(Forbidden, match="rights that you don't have"):
            await set_roles(eva.id, ["author"])


async def test_the_last_administrator_stays(world):
    boss = await world.person("administrator", email=ANA)
    me = await world.actor(boss)
    with world.on():
        async with tenant_read():
            for call in (
                set_roles(boss.id, ["editor"]),
                set_roles(boss.id, []),
                disable_user(boss.id),
                delete_user(boss.id),
            ):
                with pytest.raises(Refused, match="last administrator"):
                    await call
            assert (await get_user(boss.id)).roles == {"administrator"}
    async with acting_fresh(world, me):
        with pytest.raises(Refused):
            await set_roles(boss.id, ["editor"])
        for call in (disable_user(boss.id), delete_user(boss.id)):
            with pytest.raises(Forbidden):
                await call


async def test_two_administrators_can_not_remove_each_other_at_once(world):
    one = await world.person("administrator", email=ANA)
    two = await world.person("administrator", email=EVA)

    async def demote(account):
        try:
            async with tenant_read():
                await set_roles(account.id, ["editor"])
        except Refused:
            return False
        return True

    with world.on():
        assert sorted(await asyncio.gather(demote(one), demote(two))) == [False, True]
        async with tenant_read():
            assert (await list_users(UserQuery(role="administrator"))).total == 1


async def test_disabled_people_and_administrators_without_access_do_not_count(world):
    one = await world.person("administrator", email=ANA)
    two = await world.person("administrator", email=EVA)
    with world.on():
        async with tenant_read():
            assert (await disable_user(two.id)).status == "disabled"
            with pytest.raises(Refused):
                await disable_user(one.id)
            assert (await enable_user(two.id)).status == "active"
            assert (await disable_user(one.id)).status == "disabled"


async def test_deleting_tells_the_rooms_and_reassigns(make_world):
    heard = []

    async def on_user_deleting(user, reassign_to):
        heard.append((user.name, reassign_to.name if reassign_to else None))
        if reassign_to is None:
            raise Refused("There are posts. Choose who gets them.")

    world = await make_world(plugin(on_user_deleting=on_user_deleting))
    ana = await world.person(email=ANA)
    eva = await world.person(email=EVA)
    browser = world.browser()
    await browser.sign_in(ANA)
    with world.on():
        async with tenant_read():
            with pytest.raises(Refused):
                await delete_user(ana.id)
            assert (await get_user(ana.id)).email == ANA
            for heir in (ana.id, new_id()):
                with pytest.raises(Invalid):
                    await delete_user(ana.id, heir)
            await delete_user(ana.id, eva.id)
            with pytest.raises(NotFound):
                await get_user(ana.id)
            assert [account.email for account in (await list_users()).items] == [EVA]
            again = await create_user(NewUser(email=ANA))
            assert again.id != ana.id
    assert heard == [("Ana", None), ("Ana", "Eva")]
    assert (await browser.get("/api/v1/me")).status_code == 401
    assert (await browser.sign_in(ANA)).status_code == 422


async def test_a_deleted_row_is_removed_after_thirty_days_or_made_unknowable(world, clock):
    ana = await world.person(email=ANA)
    eva = await world.person(email=EVA)
    with world.on():
        async with tenant_read():
            await set_user_meta(eva.id, {"colour": ["blue"]})
            await delete_user(ana.id)
            await delete_user(eva.id)
        async with tenant_work():  # something that no hook reassigned still points at one of them
            await execute(
                "INSERT INTO posts (id, tenant_id, number, author_id, created_at, updated_at)"
                " VALUES ({}, {tenant}, 1, {}, {}, {})",
                new_id(), eva.id, clock.time, clock.time,
            )  # fmt: skip
        clock.forward(days=29)
        async with tenant_work():
            assert await purge_deleted() == 0
        clock.forward(days=2)
        async with tenant_work():
            assert await purge_deleted() == 2
            assert await purge_deleted() == 0
    rows = await world.rows("SELECT * FROM users WHERE tenant_id = {tenant}")
    assert [row["id"] for row in rows] == [eva.id]
    assert EVA not in repr(rows)
    assert "Eva" not in repr(rows)
    assert await world.rows("SELECT * FROM user_meta WHERE tenant_id = {tenant}") == []


async def test_hooks_and_records_name_what_changed_without_the_values(make_world):
    heard = []

    async def on_user_saving(user, before):
        heard.append(("saving", user.name, before.name if before else None))

    async def on_user_saved(user, before):
        heard.append(("saved", user.name, before.name if before else None))

    async def on_user_roles_changed(user, before, after):
        heard.append((user.name, before, after))

    sink = Sink("a_probe")
    hooks = plugin(
        on_user_saving=on_user_saving,
        on_user_saved=on_user_saved,
        on_user_roles_changed=on_user_roles_changed,
    )
    world = await make_world(sink.plugin, hooks)
    ana = await world.person(email=ANA)
    sink.events.clear()
    with world.on():
        async with tenant_read():
            await update_user(ana.id, UserChanges(display_name="Bia", bio="secret words"), version=1)
            await set_roles(ana.id, ["editor"])
    assert heard == [
        ("saving", "Ana", None),
        ("saved", "Ana", None),
        ("saving", "Bia", "Ana"),
        ("saved", "Bia", "Ana"),
        ("Bia", {"subscriber"}, {"editor"}),
    ]
    assert sink.actions == [("user.update", "success"), ("user.set_roles", "success")]
    assert sink.events[0].detail == {"changed": ["bio", "display_name"]}
    assert sink.events[1].after == {"roles": ["editor"]}
    assert "secret" not in repr(sink.events)


async def test_a_plugin_that_says_no_undoes_everything(make_world):
    async def on_user_saving(user, before):
        raise Refused("not today")

    world = await make_world(plugin(on_user_saving=on_user_saving))
    with world.on():
        async with tenant_read():
            with pytest.raises(Refused) as refused:
                await create_user(NewUser(email=ANA))
            assert refused.value.plugin == "probe"
            assert (await list_users()).total == 0


async def test_meta_is_multivalued_and_private_where_it_begins_with_an_underscore(world):
    ana = await world.person(email=ANA)
    me = await world.actor(ana)
    eva = await world.actor(await world.person(email=EVA))
    with world.on():
        async with tenant_read():
            await set_user_meta(ana.id, {"_secret": ["x"], "colour": ["blue", "green"]})
    with world.on(actor=me):
        async with tenant_read():
            assert await user_meta([ana.id]) == {ana.id: {"colour": ("blue", "green")}}
            await set_user_meta(ana.id, {"colour": ["red"]})
            with pytest.raises(Forbidden):
                await set_user_meta(ana.id, {"_secret": ["y"]})
            with as_actor(eva), pytest.raises(Forbidden):
                await set_user_meta(ana.id, {"colour": ["pink"]})
            assert await user_meta([ana.id], private=True) == {
                ana.id: {"_secret": ("x",), "colour": ("red",)}
            }
