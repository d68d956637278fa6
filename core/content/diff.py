"""What differs between two texts, by paragraph and by word, for the admin's screen of revisions."""

import re
from difflib import SequenceMatcher
from typing import Final, Literal

import msgspec

from core.content.revisions import Revision
from core.text import plain_text

__all__ = ["DiffPart", "DiffRow", "FieldDiff", "compare_revisions", "compare_texts"]

_PARAGRAPH: Final = re.compile(
    r"(?<=</p>)|(?<=</li>)|(?<=</h[1-6]>)|(?<=</blockquote>)|(?<=</figure>)|\n+", re.I
)
_WORD: Final = re.compile(r"\s+|\w+|[^\w\s]", re.UNICODE)
_MOST_ROWS: Final = 4000
_MOST_WORDS: Final = 2000


class DiffPart(msgspec.Struct, frozen=True):
    """A run of words of a row, the same on both sides or on one only."""

    kind: Literal["same", "removed", "added"]
    text: str


class DiffRow(msgspec.Struct, frozen=True, kw_only=True):
    """A paragraph on one side or on both, plain text."""

    kind: Literal["same", "removed", "added", "changed"]
    before: tuple[DiffPart, ...] = ()
    after: tuple[DiffPart, ...] = ()


class FieldDiff(msgspec.Struct, frozen=True, kw_only=True):
    """The differences of one field."""

    field: str
    changed: bool
    rows: tuple[DiffRow, ...]


def compare_revisions(before: Revision, after: Revision) -> tuple[FieldDiff, ...]:
    """Return the differences of title, excerpt and content, in the order of the writing screen."""
    return tuple(
        compare_texts(name, getattr(before, name), getattr(after, name), markup=name == "content")
        for name in ("title", "excerpt", "content")
    )


def compare_texts(field: str, before: str, after: str, *, markup: bool = False) -> FieldDiff:
    """Return the differences of two texts.

    Args:
        field: What they are.
        before: The older one.
        after: The newer one.
        markup: They are HTML, which is compared by what it says and shown as plain text.
    """
    old, new = _paragraphs(before, markup), _paragraphs(after, markup)
    rows: list[DiffRow] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            rows += [
                DiffRow(kind="same", before=_all("same", text), after=_all("same", text)) for text in old[a:b]
            ]
            continue
        both = min(b - a, d - c) if tag == "replace" else 0
        rows += [_changed(old[a + i], new[c + i]) for i in range(both)]
        rows += [DiffRow(kind="removed", before=_all("removed", text)) for text in old[a + both : b]]
        rows += [DiffRow(kind="added", after=_all("added", text)) for text in new[c + both : d]]
    return FieldDiff(field=field, changed=before != after, rows=tuple(rows))


def _paragraphs(text: str, markup: bool) -> list[str]:
    pieces = _PARAGRAPH.split(text) if markup else text.split("\n")
    found = [plain_text(piece) if markup else piece.strip() for piece in pieces if piece and piece.strip()]
    found = [piece for piece in found if piece]
    if len(found) > _MOST_ROWS:  # comparing takes the square of it
        return [*found[:_MOST_ROWS], " ".join(found[_MOST_ROWS:])]
    return found


def _all(kind: Literal["same", "removed", "added"], text: str) -> tuple[DiffPart, ...]:
    return (DiffPart(kind, text),)


def _changed(before: str, after: str) -> DiffRow:
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) > _MOST_WORDS or len(new) > _MOST_WORDS:
        return DiffRow(kind="changed", before=_all("removed", before), after=_all("added", after))
    left: list[DiffPart] = []
    right: list[DiffPart] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            left.append(DiffPart("same", "".join(old[a:b])))
            right.append(DiffPart("same", "".join(new[c:d])))
            continue
        if b > a:
            left.append(DiffPart("removed", "".join(old[a:b])))
        if d > c:
            right.append(DiffPart("added", "".join(new[c:d])))
    return DiffRow(kind="changed", before=tuple(left), after=tuple(right))
