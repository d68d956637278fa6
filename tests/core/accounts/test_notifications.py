"""Notices: one call for the admin and for mail."""

import pytest

from core.accounts import UserChanges, list_notices, mark_read, notify, unread_count, update_user
from core.contract.work import Notification
from core.db import tenant_read, tenant_work
from core.errors import NotFound, Unauthenticated
from core.ids import new_id
from tests.core.accounts.things import plugin

ANA = "ana@example.org"


async def test_a_notice_is_stored_heard_of_and_read(make_world, clock):
    heard = []

    async def on_notified(notification):
        heard.append(notification.title)

    world = await make_world(plugin(on_notified=on_notified))
    ana = await world.person(email=ANA)
    eva = await world.actor(await world.person(email="eva@example.org"))
    with world.on():
        async with tenant_read():
            for number in range(3):
                clock.forward(minutes=1)
                await notify(
                    Notification(
                        user_id=ana.id, kind="post.review", title=f"Review {number}", url="/admin/posts"
                    )
                )
    assert heard == ["Review 0", "Review 1", "Review 2"]
    with world.on(actor=await world.actor(ana)):
        async with tenant_read():
            page = await list_notices(per_page=2)
            assert (page.total, page.unread) == (3, 3)
            assert [notice.title for notice in page.items] == ["Review 2", "Review 1"]
            assert await mark_read([page.items[0].id]) == 1
            assert await mark_read([page.items[0].id]) == 0
            assert await mark_read([]) == 0
            assert await unread_count() == 2
            assert [notice.title for notice in (await list_notices(unread_only=True)).items] == [
                "Review 1",
                "Review 0",
            ]
            assert await mark_read() == 2
            assert await unread_count() == 0
    with world.on(actor=eva):
        async with tenant_read():
            assert (await list_notices()).items == ()
            assert await mark_read([page.items[1].id]) == 0
    await world.run_jobs()
    assert world.messages == []


async def test_by_mail_too_in_the_readers_language(world):
    ana = await world.person(email=ANA)
    with world.on():
        async with tenant_read():
            await update_user(ana.id, UserChanges(language="pt-BR"), version=1)
            await notify(
                Notification(
                    user_id=ana.id,
                    kind="k",
                    title="Revisar <b>",
                    body="Há um texto.",
                    url="/admin/posts",
                    mail=True,
                )
            )
    await world.run_jobs()
    (message,) = world.messages
    assert message["Subject"] == "Revisar <b>"
    text = message.get_body(("plain",)).get_content()
    assert "Olá, Ana" in text
    assert "http://alfa.test/admin/posts" in text
    assert "<b>" not in message.get_body(("html",)).get_content()


async def test_an_address_that_leaves_the_site_is_dropped(world):
    ana = await world.person(email=ANA)
    with world.on():
        async with tenant_read():
            await notify(Notification(user_id=ana.id, kind="k", title="T", url="https://evil.example/"))
    rows = await world.rows("SELECT url FROM notifications WHERE tenant_id = {tenant}")
    assert rows == [{"url": ""}]


async def test_a_notice_goes_back_with_the_work_it_belongs_to(world):
    ana = await world.person(email=ANA)
    with world.on(), pytest.raises(ValueError, match="boom"):
        async with tenant_work():
            await notify(Notification(user_id=ana.id, kind="k", title="T", mail=True))
            raise ValueError("boom")
    await world.run_jobs()
    assert world.messages == []
    assert await world.rows("SELECT * FROM notifications WHERE tenant_id = {tenant}") == []


async def test_nobody_gets_nothing_and_nobody_reads_as_a_visitor(world):
    from core.context import VISITOR

    with world.on():
        async with tenant_read():
            with pytest.raises(NotFound):
                await notify(Notification(user_id=new_id(), kind="k", title="T"))
    with world.on(actor=VISITOR):
        async with tenant_read():
            with pytest.raises(Unauthenticated):
                await list_notices()
