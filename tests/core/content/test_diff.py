"""What differs between two texts, by block."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.content import compare_texts


def html(before: str, after: str) -> list[tuple[str, bool, str]]:
    found = compare_texts("content", before, after, formats=("html", "html"))
    return [(row.kind, row.moved, "".join(part.text for part in row.merged)) for row in found.rows]


def blocks(*nodes: tuple[str, str]) -> str:
    content = [
        {"type": "paragraph", "attrs": {"id": key}, "content": [{"type": "text", "text": text}]}
        for key, text in nodes
    ]
    return json.dumps({"version": 1, "doc": {"type": "doc", "content": content}})


def of_blocks(before: str, after: str) -> list[tuple[str, bool, str]]:
    found = compare_texts("content", before, after, formats=("blocks/1", "blocks/1"))
    return [(row.kind, row.moved, "".join(part.text for part in row.merged)) for row in found.rows]


def test_elements_of_html_are_compared_one_by_one() -> None:
    before = "<h2>Sinais</h2><p>Febre alta.</p><ul><li>um</li><li>dois</li></ul><p>Fim.</p>"
    after = "<h2>Sinais</h2><p>Febre baixa.</p><ul><li>um</li><li>dois</li></ul><p>Novo.</p><p>Fim.</p>"
    rows = html(before, after)
    assert rows == [
        ("same", False, "Sinais"),
        ("changed", False, "Febre altabaixa."),
        ("same", False, "um\ndois"),
        ("added", False, "Novo."),
        ("same", False, "Fim."),
    ]


def test_words_are_marked_within_a_block() -> None:
    found = compare_texts(
        "content", "<p>Tome 2 comprimidos.</p>", "<p>Tome 3 comprimidos.</p>", formats=("html", "html")
    )
    row = found.rows[0]
    assert [(part.kind, part.text) for part in row.merged] == [
        ("same", "Tome "),
        ("removed", "2"),
        ("added", "3"),
        ("same", " comprimidos."),
    ]
    assert "".join(part.text for part in row.before) == "Tome 2 comprimidos."
    assert "".join(part.text for part in row.after) == "Tome 3 comprimidos."


def test_what_moved_is_not_removed_and_added() -> None:
    rows = html("<p>Um.</p><p>Dois.</p><p>Três.</p>", "<p>Três.</p><p>Um.</p><p>Dois.</p>")
    assert rows == [("same", True, "Três."), ("same", False, "Um."), ("same", False, "Dois.")]


def test_a_picture_or_a_link_that_changes_is_seen() -> None:
    found = compare_texts(
        "content",
        '<p>Veja <a href="/a">aqui</a>.</p><img src="/a.jpg" alt="A">',
        '<p>Veja <a href="/b">aqui</a>.</p><img src="/b.jpg" alt="A">',
        formats=("html", "html"),
    )
    assert [(row.kind, row.looks, row.block) for row in found.rows] == [
        ("changed", True, "p"),
        ("changed", False, "img"),
    ]


def test_blocks_are_told_by_their_ids() -> None:
    um, dois, fim = ("aaaaaaaa", "Um."), ("bbbbbbbb", "Dois."), ("eeeeeeee", "Fim.")
    before = blocks(um, dois, fim, ("cccccccc", "Três."))
    after = blocks(("cccccccc", "Três e meio."), um, ("dddddddd", "Novo."), fim)
    assert of_blocks(before, after) == [
        ("changed", True, "Três e meio."),
        ("same", False, "Um."),
        ("added", False, "Novo."),
        ("removed", False, "Dois."),
        ("same", False, "Fim."),
    ]


async def test_two_formats_are_compared_by_what_can_be_read(site: Any) -> None:
    found = compare_texts("content", "<p>Um.</p>", "not json", formats=("html", "blocks/1"))
    assert found.changed


def test_long_runs_of_the_same_are_folded() -> None:
    same = "".join(f"<p>parte {number}</p>" for number in range(20))
    found = compare_texts("content", same + "<p>a b c</p>", same + "<p>a b d</p>", formats=("html", "html"))
    assert [(far, len(rows)) for far, rows in found.groups] == [(True, 19), (False, 2)]


paragraphs = st.lists(st.text("abc dé<&", min_size=1, max_size=12), max_size=8)


@given(paragraphs, paragraphs)
def test_both_sides_can_be_read_out_of_any_difference(old: list[str], new: list[str]) -> None:
    """The rows hold each block of both texts exactly once, whatever became of it."""

    def document(texts: list[str], first: int) -> str:
        return blocks(*((f"{first + index:08d}", text) for index, text in enumerate(texts)))

    found = compare_texts("content", document(old, 0), document(new, 4), formats=("blocks/1", "blocks/1"))
    before = [_said(row.before) for row in found.rows if row.kind != "added"]
    after = [_said(row.after) for row in found.rows if row.kind != "removed"]
    assert after == [text if text.strip() else "" for text in new]
    assert sorted(before) == sorted(text if text.strip() else "" for text in old)


def _said(parts: Any) -> str:
    return "".join(part.text for part in parts)
