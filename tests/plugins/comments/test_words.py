"""Every sentence of the plugin is there in Portuguese, and none is left over."""

from pathlib import Path

from tests.plugins.words import catalogue_of, sentences_of

FOLDER = Path(__file__).parents[3] / "plugins" / "comments"


def test_every_sentence_is_translated_and_used() -> None:
    said, wanted = catalogue_of(FOLDER), sentences_of(FOLDER)
    assert sorted(wanted - said.keys()) == []
    assert sorted(said.keys() - wanted - {"There is nothing with this number here."}) == []
    assert all(all(text) if isinstance(text, tuple) else text for text in said.values())
