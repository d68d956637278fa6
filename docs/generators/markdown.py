"""Words as Markdown: docstrings, tables, first sentences."""

import inspect
import re
from collections.abc import Iterable, Sequence

__all__ = ["cell", "code", "docstring", "first_line", "page_of", "table"]

_SECTIONS = ("Args", "Returns", "Raises", "Yields", "Attributes")
_ENTRY = re.compile(r"^(\*{0,2}\w+(?: \([^)]*\))?): (.*)$")
_CODE = re.compile(r"(`[^`]*`)")


def page_of(title: str, *blocks: str) -> str:
    """Return a page: heading, note on its making, and the blocks with a blank line between them."""
    note = "<!-- Made by docs/generate.py from the code. Edit the code, then run `make reference`. -->"
    return "\n\n".join([note, f"# {title}", *(block.strip("\n") for block in blocks if block)]) + "\n"


def code(text: str) -> str:
    """Return text as inline code; nothing for nothing."""
    return f"`{text}`" if text else ""


def escaped(text: str) -> str:
    """Return prose whose angle brackets and stars are meant as they stand; code in it is left alone."""
    parts = _CODE.split(text)
    return "".join(part if part.startswith("`") else re.sub(r"([<>*\[\]])", r"\\\1", part) for part in parts)


def cell(text: str) -> str:
    """Return text as it may stand in a table."""
    return " ".join(text.split()).replace("|", "\\|")


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; rows hold Markdown."""
    lines = [headers, ["---"] * len(headers), *rows]
    return "\n".join("| " + " | ".join(cell(text) for text in line) + " |" for line in lines)


def first_line(doc: str | None) -> str:
    """Return the first paragraph of a docstring on one line."""
    return escaped(" ".join(inspect.cleandoc(doc or "").split("\n\n")[0].split()))


def docstring(doc: str) -> str:
    """Return a Google docstring as Markdown: prose as it is, sections as lists."""
    out: list[str] = []
    section = ""
    for line in inspect.cleandoc(doc).splitlines():
        if line.rstrip(":") in _SECTIONS and line.endswith(":"):
            section = line.rstrip(":")
            out += ["", f"{section}:", ""]
        elif not section or (line and not line.startswith(" ")):
            section = ""
            out.append(escaped(line))
        else:
            out.append(_entry(section, line))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).strip()


def _entry(section: str, line: str) -> str:
    text = line.strip()
    if not text:
        return ""
    depth = len(line) - len(line.lstrip())
    if depth > 4:
        return f"  {escaped(text)}"
    found = _ENTRY.match(text) if section != "Returns" and section != "Yields" else None
    if found:
        return f"- `{found[1]}`: {escaped(found[2])}"
    return escaped(text)
