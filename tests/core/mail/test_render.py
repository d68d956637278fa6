"""Templates: in both languages, overridable, and safe."""

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, meta

import core.mail
from core.db import tenant_work
from core.errors import VitralError
from core.mail import render_mail, send, use_mail
from core.mail.setup import MailSetup
from core.mail.transports import MemoryTransport
from tests.core.accounts.world import World

FOLDER = Path(core.mail.__file__).parent / "templates" / "mail"
NAMES = sorted(path.stem for path in (FOLDER / "en").glob("*.txt"))
CONTEXT = {
    "name": "Ana <i>", "link": "http://alfa.test/x", "minutes": 10, "hours": 24, "days": 7, "by": "Eva", "title": "T & T",
    "body": "<script>", "reset": "http://alfa.test/y", "network": "203.0.113.0/24", "agent": "Test", "failures": 3,
}  # fmt: skip


def setup(folder=None, **templates):
    for name, source in templates.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(source, "utf-8")
    return MailSetup(MemoryTransport(), "vitral@example.org", folders=lambda: (folder,) if folder else ())


@pytest.fixture
def inside():
    from tests.core.accounts.world import dry

    with dry() as tenant, use_mail(setup()):
        yield tenant


def test_both_languages_have_the_same_messages():
    assert [path.stem for path in sorted((FOLDER / "pt-BR").glob("*.txt"))] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_show_the_same_values(name):
    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=False)  # noqa: S701  # only parsed

    def wanted(language):
        source = (FOLDER / language / f"{name}.txt").read_text("utf-8")
        return meta.find_undeclared_variables(environment.parse(source))

    assert wanted("en") == wanted("pt-BR") <= {*CONTEXT, "site", "origin"}


@pytest.mark.parametrize("language", ["en", "pt-BR"])
@pytest.mark.parametrize("name", NAMES)
async def test_each_message_renders(inside, name, language):
    rendered = await render_mail(name, CONTEXT, language=language)
    assert "\n" not in rendered.subject
    assert rendered.text.startswith(("Hello", "Olá"))
    assert "\n\n\n" not in rendered.text
    assert f'lang="{language}"' in rendered.html
    assert "<script>" not in rendered.html
    assert "<i>" not in rendered.html
    if "http://alfa.test/x" in rendered.text:
        assert '<a href="http://alfa.test/x"' in rendered.html


async def test_the_language_is_the_recipients_else_the_sites(inside):
    assert (await render_mail("reset", CONTEXT)).subject == "Uma nova senha para Alfa"
    assert (await render_mail("reset", CONTEXT, language="en")).subject == "A new password for Alfa"
    assert (await render_mail("reset", CONTEXT, language="xx")).subject == "Uma nova senha para Alfa"


async def test_sites_and_themes_come_first(inside, tmp_path):
    ours = {
        "mail/en/reset.txt": "Ours\n\nHello {{ name }}: {{ link }}",
        "mail/registration.txt": "For all\n\nText",
        "mail/reset.html": "<b>{{ name }}</b>",
    }
    with use_mail(setup(tmp_path, **ours)):
        reset = await render_mail("reset", CONTEXT, language="en")
        assert (reset.subject, reset.html) == ("Ours", "<b>Ana &lt;i&gt;</b>")
        assert (await render_mail("reset", CONTEXT)).subject == "Uma nova senha para Alfa"
        assert (await render_mail("registration", CONTEXT, language="en")).subject == "Your account on Alfa"


@pytest.mark.parametrize("source", ["", "Only a subject", "\n\n", "Subject\n   \n"])
async def test_a_template_without_subject_or_text_is_named(inside, tmp_path, source):
    with (
        use_mail(setup(tmp_path, **{"mail/en/reset.txt": source})),
        pytest.raises(VitralError, match="needs a subject"),
    ):
        await render_mail("reset", CONTEXT, language="en")


async def test_a_long_subject_is_cut_where_it_is_seen(inside, tmp_path):
    with use_mail(setup(tmp_path, **{"mail/long.txt": "{{ name }}\n\nText"})):
        assert len((await render_mail("long", {"name": "x" * 500})).subject) == 200


async def test_a_value_that_is_missing_is_an_error_not_a_gap(world: World):
    from jinja2 import UndefinedError

    with world.on():
        async with tenant_work():
            with pytest.raises(UndefinedError):
                await send("reset", "ana@example.org", {"name": "Ana"})
