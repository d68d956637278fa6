"""What differs between two texts, by block and by word, for the admin's screens of what was written before.

Blocks of `blocks/1` are told by their ids, so that one that was moved or rewritten is still the same
one. Those of HTML have none: what is alike is taken for the same.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, Literal

import msgspec

from core.content.blocks_of import Block, blocks_of_html, blocks_of_json, blocks_of_lines
from core.content.copies import Copy
from core.content.render import outline
from core.content.revisions import Revision
from core.contract.views import PostView
from core.errors import Invalid

__all__ = ["DiffPart", "DiffRow", "FieldDiff", "compare_post", "compare_revisions", "compare_texts"]

_WORD: Final = re.compile(r"\s+|\w+|[^\w\s]", re.UNICODE)
_MOST_ROWS: Final = 4000
_MOST_WORDS: Final = 2000
_ALIKE: Final = 0.4
_AROUND: Final = 1
PartKind = Literal["same", "removed", "added"]


class DiffPart(msgspec.Struct, frozen=True):
    """A run of words of a row, the same on both sides or on one only."""

    kind: PartKind
    text: str


class DiffRow(msgspec.Struct, frozen=True, kw_only=True):
    """A block on one side or on both, plain text."""

    kind: Literal["same", "removed", "added", "changed"]
    block: str = ""
    """What it is: an element of HTML or a type of block; "" for bare text."""
    moved: bool = False
    """It stands elsewhere than before."""
    looks: bool = False
    """Its words are the same; how they look, or where a link leads, is not."""
    before: tuple[DiffPart, ...] = ()
    after: tuple[DiffPart, ...] = ()
    merged: tuple[DiffPart, ...] = ()
    """Both in one run, what was removed before what took its place."""


class FieldDiff(msgspec.Struct, frozen=True, kw_only=True):
    """The differences of one field."""

    field: str
    changed: bool
    rows: tuple[DiffRow, ...]

    @property
    def groups(self) -> tuple[tuple[bool, tuple[DiffRow, ...]], ...]:
        """The rows in runs; True for a run far from every change, which need not be read."""
        near: set[int] = set()
        for index, row in enumerate(self.rows):
            if row.kind != "same" or row.moved:
                near.update(range(index - _AROUND, index + _AROUND + 1))
        runs: list[tuple[bool, list[DiffRow]]] = []
        for index, row in enumerate(self.rows):
            far = index not in near
            if not runs or runs[-1][0] != far:
                runs.append((far, []))
            runs[-1][1].append(row)
        return tuple((far and len(rows) > 1, tuple(rows)) for far, rows in runs)


def compare_revisions(before: Revision, after: Revision) -> tuple[FieldDiff, ...]:
    """Return the differences of title, excerpt and content, in the order of the writing screen."""
    return _compare(before, after)


def compare_post(saved: PostView, copy: Copy) -> tuple[FieldDiff, ...]:
    """Return how what was written and not saved differs from what is saved."""
    return _compare(saved, copy)


def _compare(before: Revision | PostView, after: Revision | Copy) -> tuple[FieldDiff, ...]:
    texts = [
        compare_texts(name, getattr(before, name), getattr(after, name)) for name in ("title", "excerpt")
    ]
    content = compare_texts(
        "content", before.content, after.content, formats=(before.content_format, after.content_format)
    )
    return (*texts, content)


def compare_texts(
    field: str, before: str, after: str, *, formats: tuple[str, str] | None = None
) -> FieldDiff:
    """Return the differences of two texts.

    Args:
        field: What they are.
        before: The older one.
        after: The newer one.
        formats: The content formats of both; None for plain text. Of two formats, what they show is compared.
    """
    old, new = _blocks(before, after, formats)
    rows = tuple(_rows(_most(old), _most(new)))
    changed = before != after or (formats is not None and formats[0] != formats[1])
    return FieldDiff(field=field, changed=changed, rows=rows)


def _blocks(before: str, after: str, formats: tuple[str, str] | None) -> tuple[list[Block], list[Block]]:
    if formats is None:
        return blocks_of_lines(before), blocks_of_lines(after)
    if formats[0] == formats[1] and formats[0].startswith("blocks/"):
        old, new = blocks_of_json(before), blocks_of_json(after)
        if old is not None and new is not None:
            return old, new
    return blocks_of_html(_html(before, formats[0])), blocks_of_html(_html(after, formats[1]))


def _html(content: str, name: str) -> str:
    if name == "html":
        return content
    try:
        return outline(content, name)
    except (Invalid, ValueError):  # a copy may hold what could not be saved
        return content


def _most(blocks: list[Block]) -> list[Block]:
    if len(blocks) <= _MOST_ROWS:  # comparing takes the square of it
        return blocks
    rest = blocks[_MOST_ROWS:]
    joined = Block(
        kind="", text="\n".join(block.text for block in rest), raw="".join(block.raw for block in rest)
    )
    return [*blocks[:_MOST_ROWS], joined]


def _rows(old: list[Block], new: list[Block]) -> Iterator[DiffRow]:
    """Yield the rows in the order of the new text, what was removed where it stood."""
    pairs = _pairs(old, new)
    moved = _moved(pairs)
    partner = {b: a for a, b in pairs.items()}
    gone = [index for index in range(len(old)) if index not in pairs]
    place = 0
    for index, block in enumerate(new):
        if index in partner and partner[index] not in moved:
            while place < len(gone) and gone[place] < partner[index]:
                yield _one("removed", old[gone[place]])
                place += 1
        if index in partner:
            yield _both(old[partner[index]], block, moved=partner[index] in moved)
        else:
            yield _one("added", block)
    for left in gone[place:]:
        yield _one("removed", old[left])


def _pairs(old: Sequence[Block], new: Sequence[Block]) -> dict[int, int]:
    """Return which old block is which new one, by index."""
    where = {block.id: index for index, block in enumerate(new) if block.id}
    pairs = {index: where[block.id] for index, block in enumerate(old) if block.id in where}
    taken = set(pairs.values())
    left = [index for index in range(len(old)) if index not in pairs]
    right = [index for index in range(len(new)) if index not in taken]
    if pairs and all(block.id for block in (*old, *new)):
        return pairs
    matcher = SequenceMatcher(None, [old[i].raw for i in left], [new[i].raw for i in right], autojunk=False)
    loose: tuple[list[int], list[int]] = ([], [])
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            pairs |= dict(zip(left[a:b], right[c:d], strict=True))
            continue
        before, after = left[a:b], right[c:d]
        alike = _alike(old, new, before, after)
        pairs |= alike
        loose[0].extend(index for index in before if index not in alike)
        loose[1].extend(index for index in after if index not in set(alike.values()))
    texts: dict[str, list[int]] = {}
    for index in loose[1]:
        texts.setdefault(new[index].raw, []).append(index)
    for index in loose[0]:  # the same thing elsewhere was moved
        if found := texts.get(old[index].raw):
            pairs[index] = found.pop(0)
    return pairs


def _alike(
    old: Sequence[Block], new: Sequence[Block], before: Sequence[int], after: Sequence[int]
) -> dict[int, int]:
    """Return which of the blocks that took the place of others is which, as far as they are alike, in order."""
    found: dict[int, int] = {}
    rest = list(after)
    for index in before:
        for position, other in enumerate(rest[:5]):
            if old[index].kind == new[other].kind and _close(old[index].text, new[other].text):
                found[index] = other
                rest = rest[position + 1 :]
                break
    if not found and len(before) == len(after) == 1 and old[before[0]].kind == new[after[0]].kind:
        return {before[0]: after[0]}
    return found


def _close(before: str, after: str) -> bool:
    matcher = SequenceMatcher(None, _WORD.findall(before)[:200], _WORD.findall(after)[:200], autojunk=False)
    return matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _moved(pairs: dict[int, int]) -> set[int]:
    """Return which old blocks stand elsewhere: those outside the longest run that kept its order."""
    order = [pairs[index] for index in sorted(pairs)]
    best: list[int] = []  # patience: the last card of each pile
    piles: list[int] = []
    above: list[int] = [-1] * len(order)
    for index, value in enumerate(order):
        low, high = 0, len(piles)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if order[piles[middle]] < value else (low, middle)
        above[index] = piles[low - 1] if low else -1
        piles[low : low + 1] = [index]
    at = piles[-1] if piles else -1
    while at >= 0:
        best.append(at)
        at = above[at]
    stay = set(best)
    return {old for index, old in enumerate(sorted(pairs)) if index not in stay}


def _one(kind: Literal["removed", "added"], block: Block) -> DiffRow:
    part = (DiffPart(kind, block.text),)
    before, after = (part, ()) if kind == "removed" else ((), part)
    return DiffRow(kind=kind, block=block.kind, before=before, after=after, merged=part)


def _both(old: Block, new: Block, *, moved: bool) -> DiffRow:
    if old.text == new.text:
        same = (DiffPart("same", new.text),)
        looks = old.raw != new.raw
        kind: Literal["same", "changed"] = "changed" if looks else "same"
        return DiffRow(
            kind=kind, block=new.kind, moved=moved, looks=looks, before=same, after=same, merged=same
        )
    merged = _words(old.text, new.text)
    return DiffRow(
        kind="changed",
        block=new.kind,
        moved=moved,
        before=tuple(part for part in merged if part.kind != "added"),
        after=tuple(part for part in merged if part.kind != "removed"),
        merged=merged,
    )


def _words(before: str, after: str) -> tuple[DiffPart, ...]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) > _MOST_WORDS or len(new) > _MOST_WORDS:
        return (DiffPart("removed", before), DiffPart("added", after))
    parts: list[DiffPart] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(DiffPart("same", "".join(old[a:b])))
            continue
        if b > a:
            parts.append(DiffPart("removed", "".join(old[a:b])))
        if d > c:
            parts.append(DiffPart("added", "".join(new[c:d])))
    return tuple(parts)
