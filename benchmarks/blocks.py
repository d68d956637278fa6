"""A post of 200 blocks of every kind: what it takes to turn it into HTML, and what once it is known."""

from time import process_time
from typing import Any

import msgspec

from core.content.blocks.clean import clean_blocks, decode
from core.content.blocks.compile import compile_document
from core.content.pieces import Filling, join
from core.content.slots import PictureSlot
from core.contract.views import MediaView
from core.ids import new_id

REPEATS = 100
_WORDS = "Dormir bem depende de uma sequência de decisões pequenas, e nenhuma delas é um remédio. "


def _text(words: str, *marks: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, "marks": list(marks)} if marks else {"type": "text", "text": words}


def _paragraph() -> dict[str, Any]:
    link = {"type": "link", "attrs": {"href": "https://example.org/estudo?a=1&b=2"}}
    content = [
        _text(_WORDS),
        _text("com ênfase", {"type": "bold"}),
        _text(f" e {_WORDS}"),
        _text("um link", link),
        _text("."),
    ]
    return {"type": "paragraph", "content": content}


def _blocks() -> list[dict[str, Any]]:
    cell = {"type": "table_cell", "content": [{"type": "paragraph", "content": [_text("12 mg")]}]}
    item = {"type": "list_item", "content": [_paragraph()]}
    column = {"type": "column", "content": [_paragraph()]}
    return [
        {"type": "heading", "attrs": {"level": 2, "anchor": "sono"}, "content": [_text("O sono")]},
        _paragraph(),
        _paragraph(),
        _paragraph(),
        {"type": "bullet_list", "content": [item] * 4},
        {"type": "image", "attrs": {"media": 7}, "content": [_text("Uma cama")]},
        {"type": "quote", "attrs": {"citation": "Ana"}, "content": [_paragraph()]},
        {"type": "table", "content": [{"type": "table_row", "content": [cell] * 4}] * 5},
        {"type": "columns", "content": [column, column]},
        {"type": "callout", "attrs": {"tone": "warning", "title": "Atenção"}, "content": [_paragraph()]},
    ]


def measure() -> dict[str, float]:
    """Return milliseconds of CPU for decoding and rendering 200 blocks, and for showing them again."""
    document = {"version": 1, "doc": {"type": "doc", "content": _blocks() * 20}}
    stored = clean_blocks(msgspec.json.encode(document).decode())
    picture = MediaView(
        id=new_id(),
        number=7,
        title="Cama",
        url="/media/7/cama.jpg",
        mime_type="image/jpeg",
        width=1200,
        height=800,
    )
    filling = Filling(media={7: picture})
    template = compile_document(decode(stored).doc)
    assert sum(isinstance(part, PictureSlot) for part in template) == 20
    begin = process_time()
    for _ in range(REPEATS):
        join(compile_document(decode(stored).doc), filling)
    new = (process_time() - begin) / REPEATS * 1000
    begin = process_time()
    for _ in range(REPEATS):
        join(template, filling)
    again = (process_time() - begin) / REPEATS * 1000
    return {"200 blocks, ms": new, "shown again, ms": again, "stored, kB": len(stored) / 1000}
