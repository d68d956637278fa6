"""Everything that the core says to people is said in Portuguese, too."""

import re
from pathlib import Path

from litestar import Litestar

from core.i18n import load, use_language
from core.i18n import translations as current
from tests.core.admin.messages import sentences
from tests.kit.plugin import entered

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


async def test_no_sentence_is_left_in_english(app: Litestar) -> None:
    with entered(app, "alfa"), use_language("pt-BR"):
        catalogue = current()._catalog  # type: ignore[attr-defined]  # there is no public way to ask for a key
        known = {key[0] if isinstance(key, tuple) else key for key in catalogue}
        plural = {key[0] for key in catalogue if isinstance(key, tuple)}
        missing = {text for text in sentences() if text not in known}
        # the plural of a pair is not a key of its own
        missing = {text for text in missing if not _is_plural(text, plural)}
    assert sorted(missing) == []


def _is_plural(text: str, singulars: set[str]) -> bool:
    from tests.core.admin.messages import pairs

    return any(many == text and one in singulars for one, many in pairs())


def test_translations_keep_their_placeholders() -> None:
    from core.i18n import _CORE_LOCALE

    catalogue = load((_CORE_LOCALE,), "pt-BR")._catalog  # type: ignore[attr-defined]  # as above
    for key, text in catalogue.items():
        source = key[0] if isinstance(key, tuple) else key
        if source and "\x04" not in source:
            wanted, found = set(_PLACEHOLDER.findall(source)), set(_PLACEHOLDER.findall(text))
            assert found <= wanted or isinstance(key, tuple), f"{source!r}: {text!r}"


async def test_no_sentence_shows_what_a_program_would_print(app: Litestar) -> None:
    """What is named stands in quotation marks of people, not as Python writes it."""
    with entered(app, "alfa"):
        assert [text for text in sentences() if re.search(r"%\(\w+\)r|!r\}", text)] == []


def test_addresses_of_the_demo_are_some_that_mail_reaches() -> None:
    demo = Path(__file__).parents[3] / "sites" / "demo" / "content.wxr.xml"
    found = re.findall(r"<wp:(?:comment_)?author_email>(.*?)</", demo.read_text("utf-8"))
    assert found and all(address.isascii() for address in found)
