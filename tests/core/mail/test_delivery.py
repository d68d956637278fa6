"""Delivery: tried again, given up, never lost; over real SMTP too."""

import asyncio
import email
from dataclasses import replace
from email import policy
from email.message import EmailMessage

import msgspec
import pytest

from core.contract.work import MailMessage
from core.db import tenant_read, tenant_work
from core.errors import StartError, VitralError
from core.mail import (
    FolderTransport,
    MailRefused,
    NoTransport,
    SmtpTransport,
    build_mail,
    list_outbox,
    put,
    requeue_failed,
    site_origin,
    use_mail,
)
from core.mail.outbox import forget_old
from core.settings import Settings

ANA = "ana@example.org"
MESSAGE = MailMessage(
    to=ANA, subject="Olá, mundo", text="Texto com ç.", html="<p>Texto com ç.</p>", template="t"
)


class Failing:
    """A transport that fails a number of times."""

    def __init__(self, *errors):
        self.errors = list(errors)
        self.sent = []

    async def deliver(self, message):
        if self.errors:
            raise self.errors.pop(0)
        self.sent.append(message)


def with_transport(world, transport):
    world.mail = replace(world.mail, transport=transport)
    return transport


async def queue(world):
    with world.on():
        async with tenant_work():
            await put(MESSAGE)


async def states(world):
    with world.on():
        async with tenant_read():
            return [(view.status, view.attempts, view.error) for view in await list_outbox()]


async def test_a_server_that_is_away_is_tried_again_later(world, clock, caplog):
    caplog.set_level("CRITICAL")
    transport = with_transport(world, Failing(VitralError("The mail server is away."), OSError("no route")))
    await queue(world)
    await world.run_jobs()
    assert await states(world) == [("queued", 1, "The mail server is away.")]
    clock.forward(seconds=1)
    await world.run_jobs()
    assert await states(world) == [("queued", 1, "The mail server is away.")]
    clock.forward(minutes=1)
    await world.run_jobs()
    assert await states(world) == [("queued", 2, "OSError")]
    clock.forward(minutes=5)
    await world.run_jobs()
    assert await states(world) == [("sent", 3, "")]
    assert len(transport.sent) == 1


async def test_it_is_given_up_in_the_end_and_can_be_sent_all_the_same(world, clock, caplog):
    caplog.set_level("CRITICAL")
    transport = with_transport(world, Failing(*[VitralError("away")] * 8))
    await queue(world)
    for _ in range(12):
        await world.run_jobs()
        clock.forward(hours=2)
    assert await states(world) == [("failed", 8, "away")]
    with world.on():
        assert await requeue_failed() == 1
        assert await requeue_failed() == 0
    await world.run_jobs()
    assert await states(world) == [("sent", 1, "")]
    assert len(transport.sent) == 1


async def test_what_is_refused_for_good_is_not_tried_again(world, clock):
    transport = with_transport(world, Failing(MailRefused("No such mailbox.")))
    await queue(world)
    for _ in range(3):
        await world.run_jobs()
        clock.forward(hours=2)
    assert await states(world) == [("failed", 1, "No such mailbox.")]
    assert transport.sent == []


async def test_a_second_run_sends_nothing(world):
    from core.mail.deliver import deliver

    await queue(world)
    await world.run_jobs()
    rows = await world.rows("SELECT id FROM outbox WHERE tenant_id = {tenant}")

    class Job:
        attempt = 1
        payload = {"message": str(rows[0]["id"])}

    with world.on():
        await deliver(Job())
    assert len(world.messages) == 1
    assert world.messages[0]["Message-ID"] == f"<{rows[0]['id']}@example.org>"


async def test_a_month_later_it_is_forgotten(world, clock):
    await queue(world)
    await world.run_jobs()
    clock.forward(days=31)
    await queue(world)
    with world.on():
        async with tenant_work():
            await forget_old()
    assert [status for status, _attempts, _error in await states(world)] == ["queued"]


async def test_in_development_messages_become_files_that_only_we_can_read(world, tmp_path):
    with_transport(world, FolderTransport(tmp_path / "mail"))
    await queue(world)
    await queue(world)
    await world.run_jobs()
    files = sorted((tmp_path / "mail").iterdir())
    assert [path.suffix for path in files] == [".eml", ".eml"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)
    message = email.message_from_bytes(files[0].read_bytes(), policy=policy.default)
    assert message["Subject"] == "Olá, mundo"
    assert "Texto com ç." in message.get_body(("plain",)).get_content()


async def test_without_a_server_production_keeps_them(world, caplog):
    caplog.set_level("CRITICAL")
    with_transport(world, NoTransport())
    await queue(world)
    await world.run_jobs()
    ((status, attempts, error),) = await states(world)
    assert (status, attempts) == ("queued", 1)
    assert error.startswith("No mail server is set.")


class Server:
    """A mail server of a few lines."""

    def __init__(self, *, rcpt=b"250 ok\r\n", data=b"250 ok\r\n", hello=b"250 hi\r\n"):
        self.answers = {b"RCPT": rcpt, b"DATA": b"354 go\r\n", b"EHLO": hello, b"QUIT": b"221 bye\r\n"}
        self.after_data = data
        self.commands = []
        self.received = b""

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.talk, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *error):
        self.server.close()
        await self.server.wait_closed()

    async def talk(self, reader, writer):
        writer.write(b"220 test\r\n")
        while line := await reader.readline():
            self.commands.append(line)
            verb = line[:4].upper()
            writer.write(self.answers.get(verb, b"250 ok\r\n"))
            if verb == b"DATA":
                while (part := await reader.readline()) != b".\r\n":
                    self.received += part
                writer.write(self.after_data)
            if verb == b"QUIT":
                break
        writer.close()


async def test_over_smtp(world):
    async with Server() as server:
        with_transport(world, SmtpTransport("127.0.0.1", server.port))
        await queue(world)
        await world.run_jobs()
        assert await states(world) == [("sent", 1, "")]
        assert b"MAIL FROM:<vitral@example.org>" in server.commands[1]
        assert b"RCPT TO:<ana@example.org>" in server.commands[2]
        message = email.message_from_bytes(server.received, policy=policy.default)
        assert message["Subject"] == "Olá, mundo"
        assert message.get_body(("html",)).get_content().strip() == "<p>Texto com ç.</p>"


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"rcpt": b"550 no such mailbox\r\n"}, MailRefused),
        ({"rcpt": b"450 try later\r\n"}, VitralError),
        ({"data": b"554 spam\r\n"}, MailRefused),
        ({"data": b"451 busy\r\n"}, VitralError),
    ],
)
async def test_what_the_server_says_decides_whether_to_try_again(options, kind):
    message = EmailMessage()
    message["From"], message["To"] = "vitral@example.org", ANA
    async with Server(**options) as server:
        with pytest.raises(VitralError) as refused:
            await SmtpTransport("127.0.0.1", server.port).deliver(message)
    assert type(refused.value) is kind


async def test_a_password_never_goes_over_a_connection_in_clear():
    message = EmailMessage()
    message["From"], message["To"] = "vitral@example.org", ANA
    async with Server(hello=b"250-hi\r\n250 AUTH PLAIN LOGIN\r\n") as server:
        transport = SmtpTransport("127.0.0.1", server.port, username="u", password="hush")  # invented
        with pytest.raises(VitralError):
            await transport.deliver(message)
        assert not any(command.startswith(b"AUTH") for command in server.commands)
    assert "hush" not in repr(transport)


async def test_a_server_that_does_not_answer_is_a_matter_of_trying_again():
    message = EmailMessage()
    message["From"], message["To"] = "vitral@example.org", ANA
    async with Server() as server:
        port = server.port
    with pytest.raises(VitralError, match="could not be reached") as refused:
        await SmtpTransport("127.0.0.1", port).deliver(message)
    assert not isinstance(refused.value, MailRefused)


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("smtp://mail.example.org", "mail.example.org", 587, False),
        ("smtp://u:p%40ss@mail.example.org:25", "mail.example.org", 25, False),
        ("smtps://mail.example.org", "mail.example.org", 465, True),
    ],
)
def test_the_address_of_a_server(url, host, port, tls):
    transport = SmtpTransport.from_url(url)
    assert (transport.host, transport.port, transport.tls) == (host, port, tls)


@pytest.mark.parametrize("url", ["http://mail.example.org", "smtp://", "mail.example.org", "smtp://h:port"])
def test_an_address_that_is_none_stops_the_start(url):
    with pytest.raises(StartError):
        SmtpTransport.from_url(url)


def test_the_settings_choose_the_transport(tmp_path):
    assert isinstance(build_mail(Settings(var=str(tmp_path))).transport, FolderTransport)
    assert isinstance(build_mail(Settings(smtp_url="smtp://localhost")).transport, SmtpTransport)
    assert isinstance(build_mail(Settings(mode="production", https=True)).transport, NoTransport)
    for sender in ("nobody", "a@b.example\r\nBcc: c@d.example", "Ana <a@b.example>"):
        with pytest.raises(StartError):
            build_mail(Settings(mail_from=sender))


async def test_links_lead_to_the_sites_main_host(world):
    with world.on() as tenant:
        for settings, origin in (
            (Settings(), "http://alfa.test:8000"),
            (Settings(port=80), "http://alfa.test"),
            (Settings(https=True, port=8443), "https://alfa.test"),
        ):
            with use_mail(build_mail(settings)):
                assert site_origin(tenant) == origin
        with pytest.raises(VitralError, match="no host name"):
            site_origin(msgspec.structs.replace(tenant, hosts=()))
