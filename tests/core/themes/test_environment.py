"""What templates can't do, and what strings can't do to pages (trap T14, controls IO03 and IO04)."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import TemplateAssertionError, UndefinedError

from core.i18n import load
from core.themes import filters
from core.themes.environment import SharedCode, ThemeEnvironment, make_environment
from core.themes.phrases import speaking

HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}{% raw %}"


@pytest.fixture
def environment(tmp_path: Path) -> ThemeEnvironment:
    return make_environment([tmp_path], code=SharedCode(), helpers={}, reload=False)


async def rendered(environment: ThemeEnvironment, text: str, **context: Any) -> str:
    made: str = await environment.from_string(text).render_async(**context)
    return made


@pytest.mark.parametrize("name", ["page.html", "feed.xml", "note.txt", "script.js", "noending"])
async def test_every_template_escapes_whatever_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("<p title='{{ value }}'>{{ value }}</p>")
    made = make_environment([tmp_path], code=SharedCode(), helpers={}, reload=False)
    text = await made.get_template(name).render_async(value=HOSTILE)
    assert "<script" not in text and "<img" not in text
    assert text.count("&lt;script&gt;") == 2 and "&#39;" in text and "49" not in text


@pytest.mark.parametrize(
    "text",
    [
        "{{ missing }}",
        "{{ page.missing }}",
        "{% for x in missing %}{% endfor %}",
        "{{ missing|join }}",
        "{% if missing %}x{% endif %}",
        "{{ missing() }}",
    ],
)
async def test_what_does_not_exist_is_an_error(environment: ThemeEnvironment, text: str) -> None:
    with pytest.raises(UndefinedError):
        await rendered(environment, text, page={"title": "x"})


async def test_what_burns_time_or_skips_escaping_is_not_there(environment: ThemeEnvironment) -> None:
    with pytest.raises(UndefinedError):
        await rendered(environment, "{{ lipsum() }}")
    with pytest.raises(TemplateAssertionError, match="safe"):
        await rendered(environment, "{{ value|safe }}", value=HOSTILE)


async def test_calls_are_awaited_and_attributes_are_not(environment: ThemeEnvironment) -> None:
    async def latest(count: int) -> list[str]:
        return ["a", "b", "c"][:count]

    class Page:
        title = "Title"

    text = "{% for name in latest(2) %}{{ name }}{% endfor %}{{ latest(1)|length }} {{ page.title }}{{ page['title'] }}"
    assert await rendered(environment, text, latest=latest, page=Page()) == "ab1 TitleTitle"
    assert "auto_await(environment.getattr" not in environment.compile("{{ page.title }}", raw=True)


BAD_ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "\x85javascript:alert(1)",
    "data:text/html,<script>",
    "vbscript:x",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "https:evil",
    "blob:x",
    "file:///etc/passwd",
    "evil.example",
    None,
    "",
]


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_an_address_that_could_run_or_lead_astray_becomes_nothing(address: Any) -> None:
    assert filters.safe_url(address) == "#"


@pytest.mark.parametrize(
    "address",
    [
        "/a/b/?x=1#y",
        "https://example.org/",
        "http://example.org",
        "mailto:a@example.org",
        "tel:+5511",
        "#top",
        "?s=x",
    ],
)
def test_an_honest_address_stays(address: str) -> None:
    assert filters.safe_url(address) == address


@given(st.text(max_size=40))
def test_no_text_becomes_an_address_with_another_scheme(text: str) -> None:
    made = filters.safe_url(text).lower()
    assert made.startswith(("https://", "http://", "mailto:", "tel:", "/", "#", "?"))
    assert not made.startswith(("//", "/\\"))


async def test_strings_are_translated_and_their_arguments_escaped(
    environment: ThemeEnvironment, tmp_path: Path
) -> None:
    folder = tmp_path / "pt_BR" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
        'msgid "Answer to %(name)s"\nmsgstr "Resposta a %(name)s"\n\n'
        'msgid "%(num)s text"\nmsgid_plural "%(num)s texts"\nmsgstr[0] "%(num)s texto"\nmsgstr[1] "%(num)s textos"\n\n'
        'msgid "Half: 50%%"\nmsgstr "Metade: 50%%"\n'
    )
    text = (
        "{{ _('Answer to %(name)s', name=name) }}|{{ ngettext('%(num)s text', '%(num)s texts', 2) }}|"
        "{{ _('Half: 50%%') }}|{{ _('Unknown') }}|{% trans %}Unknown{% endtrans %}"
    )
    with speaking(load((tmp_path,), "pt-BR")):
        made = await rendered(environment, text, name="<b>Ana</b>")
    assert made == "Resposta a &lt;b&gt;Ana&lt;/b&gt;|2 textos|Metade: 50%|Unknown|Unknown"
    assert await rendered(environment, "{{ ngettext('%(num)s text', '%(num)s texts', 1) }}") == "1 text"
