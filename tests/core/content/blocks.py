"""Documents for tests: short ways to write blocks."""

import json
from typing import Any

__all__ = ["block", "doc", "p", "text"]


def doc(*blocks: dict[str, Any]) -> str:
    """Return a document as it is sent."""
    return json.dumps({"version": 1, "doc": {"type": "doc", "content": list(blocks)}})


def text(words: str, *marks: Any) -> dict[str, Any]:
    """Return a text with marks, by name or whole."""
    made = [mark if isinstance(mark, dict) else {"type": mark} for mark in marks]
    return {"type": "text", "text": words, **({"marks": made} if made else {})}


def p(*inline: Any, **attrs: Any) -> dict[str, Any]:
    """Return a paragraph."""
    return block("paragraph", *inline, **attrs)


def block(kind: str, *content: Any, **attrs: Any) -> dict[str, Any]:
    """Return a block; words among its content become texts."""
    made: dict[str, Any] = {"type": kind}
    if content:
        made["content"] = [text(piece) if isinstance(piece, str) else piece for piece in content]
    return {**made, "attrs": attrs} if attrs else made
