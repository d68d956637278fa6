"""The outbox: written with the work, sealed, and safe from forged headers."""

import msgspec
import pytest

from core.contract.work import MailMessage
from core.db import execute, tenant_read, tenant_work
from core.errors import Invalid, VitralError
from core.mail import list_outbox, put, send
from tests.core.accounts.things import plugin

ANA = "ana@example.org"
PLAIN = MailMessage(to=ANA, subject="Hello", text="Text", html="<p>Text</p>", template="t")


async def stored(world, site="alfa"):
    return await world.rows("SELECT * FROM outbox WHERE tenant_id = {tenant}", site=site)


async def test_a_message_leaves_with_the_commit_and_only_then(world):
    with world.on():
        with pytest.raises(ValueError, match="boom"):
            async with tenant_work():
                await put(PLAIN)
                raise ValueError("boom")
        async with tenant_work():
            assert await put(PLAIN) is not None
    await world.run_jobs()
    (message,) = world.messages
    assert (message["To"], message["Subject"]) == (ANA, "Hello")
    assert message["From"].addresses[0].addr_spec == "vitral@example.org"
    assert message["From"].addresses[0].display_name == "Alfa"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_body(("plain",)).get_content().strip() == "Text"
    assert message.get_body(("html",)).get_content().strip() == "<p>Text</p>"


async def test_what_it_says_is_sealed_while_it_waits_and_gone_afterwards(world):
    with world.on():
        async with tenant_work():
            await put(msgspec.structs.replace(PLAIN, subject="Very secret subject", text="very secret text"))
    waiting = repr(await stored(world))
    assert "secret" not in waiting
    assert ANA in waiting
    await world.run_jobs()
    (row,) = await stored(world)
    assert (row["status"], row["body_sealed"], row["subject_sealed"], row["attempts"]) == (
        "sent",
        None,
        None,
        1,
    )


async def test_a_sealed_message_opens_in_its_own_row_only(world, caplog):
    caplog.set_level("CRITICAL")
    with world.on():
        async with tenant_work():
            first = await put(PLAIN)
            second = await put(msgspec.structs.replace(PLAIN, to="eva@example.org", text="for Eva only"))
        async with tenant_work():
            await execute(
                "UPDATE outbox SET body_sealed = (SELECT body_sealed FROM outbox WHERE id = {} AND tenant_id = {tenant})"
                " WHERE tenant_id = {tenant} AND id = {}",
                second,
                first,
            )
    await world.run_jobs()
    assert [message["To"] for message in world.messages] == ["eva@example.org"]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"subject": "Hi\r\nBcc: all@example.org"}, "subject"),
        ({"subject": "Hi\nBcc: all@example.org"}, "subject"),
        ({"subject": "Hi\u2028there"}, "subject"),
        ({"to": "ana@example.org\r\nBcc: all@example.org"}, "to"),
        ({"to": "ana@example.org, eva@example.org"}, "to"),
        ({"to": "Ana <ana@example.org>"}, "to"),
        ({"to": "ana"}, "to"),
        ({"to": "@example.org"}, "to"),
        ({"to": ""}, "to"),
    ],
)
async def test_no_value_becomes_a_header(world, fields, wrong):
    with world.on():
        async with tenant_work():
            with pytest.raises(Invalid) as refused:
                await put(msgspec.structs.replace(PLAIN, **fields))
    assert set(refused.value.errors) == {wrong}


async def test_names_in_templates_add_no_header(world):
    with world.on():
        async with tenant_work():
            await send(
                "notice", ANA, {"name": "A", "title": "One\r\nBcc: all@example.org", "body": "b", "link": ""}
            )
    await world.run_jobs()
    (message,) = world.messages
    assert message["Bcc"] is None
    assert message["Subject"] == "One"


async def test_plugins_change_and_drop_messages(make_world):
    async def filter_mail(message):
        if message.to.startswith("drop"):
            return None
        return msgspec.structs.replace(message, subject=f"[x] {message.subject}")

    world = await make_world(plugin(filter_mail=filter_mail))
    with world.on():
        async with tenant_work():
            assert await put(PLAIN) is not None
            assert await put(msgspec.structs.replace(PLAIN, to="drop@example.org")) is None
    await world.run_jobs()
    assert [message["Subject"] for message in world.messages] == ["[x] Hello"]


async def test_what_a_plugin_makes_of_a_message_is_checked_too(make_world):
    async def filter_mail(message):
        return msgspec.structs.replace(message, subject="Hi\r\nBcc: all@example.org")

    world = await make_world(plugin(filter_mail=filter_mail))
    with world.on():
        async with tenant_work():
            with pytest.raises(Invalid):
                await put(PLAIN)


async def test_the_list_shows_states_and_no_contents(world):
    with world.on():
        async with tenant_work():
            await put(PLAIN)
        async with tenant_read():
            (view,) = await list_outbox()
            assert (view.recipient, view.status, view.template) == (ANA, "queued", "t")
            assert "Text" not in repr(view)
            assert await list_outbox(status="sent") == ()
    await world.run_jobs()
    with world.on():
        async with tenant_read():
            assert len(await list_outbox(status="sent")) == 1


async def test_sites_have_outboxes_of_their_own(world):
    with world.on("beta"):
        async with tenant_work():
            await put(PLAIN)
    assert await stored(world) == []
    await world.run_jobs()
    assert world.messages[0]["From"].addresses[0].display_name == "Beta"


async def test_an_unknown_template_is_named(world):
    with world.on():
        async with tenant_work():
            with pytest.raises(VitralError, match="no mail template 'unheard-of'"):
                await send("unheard-of", ANA, {})
