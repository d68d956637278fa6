"""Every sentence of a plugin is there in Portuguese, and none is left over."""

from pathlib import Path

import pytest

from tests.plugins.words import catalogue_of, sentences_of

PLUGINS = Path(__file__).parents[2] / "plugins"


@pytest.mark.parametrize(
    "folder", sorted(path.parent for path in PLUGINS.glob("*/plugin.py")), ids=lambda p: p.name
)
def test_every_sentence_is_translated_and_used(folder: Path) -> None:
    said, wanted = catalogue_of(folder), sentences_of(folder)
    assert sorted(wanted - said.keys()) == []
    code = "".join(path.read_text("utf-8") for path in folder.rglob("*.py"))
    # tables of words, and what stands in for a sentence of the core, are looked up by other means
    assert sorted(text for text in said.keys() - wanted if text not in code) == []
    assert all(all(text) if isinstance(text, tuple) else text for text in said.values())
