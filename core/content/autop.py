"""Paragraphs for text of the classic editor, where a blank line ends one and a line break is a break."""

import re
from typing import Final

__all__ = ["paragraphs"]

_TOKEN: Final = re.compile(r"""(<!--(?:(?!-->|<!--).)*-->|</?[A-Za-z](?:"[^"]*"|'[^']*'|[^'"<>])*>)""", re.S)
_NAME: Final = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
_BLANK: Final = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_BREAK: Final = re.compile(r"(?<!<br>)(?<!<br/>)(?<!<br />)[ \t]*\n[ \t]*")
_PAGE_MARK: Final = re.compile(r"<!--\s*(?:more|nextpage)\b", re.I)

_VERBATIM: Final = frozenset({"pre", "script", "style", "textarea", "svg"})
_VOID: Final = frozenset({"hr", "source", "track", "col"})
_FLOW: Final = frozenset(
    {
        "",
        "div",
        "blockquote",
        "section",
        "article",
        "aside",
        "header",
        "footer",
        "main",
        "details",
        "center",
        "form",
    }
)
"""Elements whose loose text becomes paragraphs."""
_CELL: Final = frozenset({"li", "td", "th", "dd"})
"""Elements whose text becomes paragraphs only if there are several."""
_LINE: Final = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "summary", "address", "dt", "caption"}
)
"""Elements that hold one run of text."""
_BLOCK: Final = (
    _FLOW - {""}
    | _CELL
    | _LINE
    | _VERBATIM
    | _VOID
    | {
        "ul",
        "ol",
        "dl",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "colgroup",
        "figure",
        "picture",
        "audio",
        "video",
        "iframe",
        "object",
        "noscript",
    }
)


class _Writer:
    """Walks through tokens: text gathers until a block begins or ends, and is then written as its place wants."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self._text: list[str] = []
        self._open: list[str] = []

    def take(self, token: str) -> None:
        if token.startswith("<!--"):
            if _PAGE_MARK.match(token):
                self.flush()
                self.out.append(f"{token}\n")
            else:
                self._text.append(token)
            return
        found = _NAME.match(token)
        name = found[1].lower() if found is not None else ""
        inside = self._open[-1] if self._open else ""
        if inside in _VERBATIM and not (token.startswith("</") and name == inside):
            self.out.append(token)
        elif name not in _BLOCK:
            self._text.append(token)
        else:
            self._block(token, name)

    def text(self, text: str) -> None:
        if self._open and self._open[-1] in _VERBATIM:
            self.out.append(text)
        else:
            self._text.append(text)

    def _block(self, token: str, name: str) -> None:
        self.flush()
        if token.startswith("</"):
            if name in self._open:
                while self._open.pop() != name:
                    pass
        else:
            if self._open and self._open[-1] == "p":  # a block ends a paragraph that was left open
                self._open.pop()
            if name not in _VOID and not token.endswith("/>"):
                self._open.append(name)
        ends = token.startswith("</") or name in _VOID
        self.out.append(f"{token}\n" if ends else token)

    def flush(self) -> None:
        text = "".join(self._text).strip()
        self._text = []
        if not text:
            return
        place = self._open[-1] if self._open else ""
        chunks = [chunk.strip() for chunk in _BLANK.split(text) if chunk.strip()]
        if place in _FLOW or (place in _CELL and len(chunks) > 1):
            self.out.extend(f"<p>{_breaks(chunk)}</p>\n" for chunk in chunks)
        elif place in _CELL or place in _LINE:
            self.out.append("<br>\n".join(_breaks(chunk) for chunk in chunks))
        else:
            self.out.append(text)


def _breaks(text: str) -> str:
    return _BREAK.sub("<br>\n", text)


def paragraphs(text: str) -> str:
    """Return `text` with its paragraphs and line breaks as elements (WordPress: `wpautop`).

    Text inside `pre` and the like stays as it is; the marks `more` and `nextpage` end a paragraph.
    """
    writer = _Writer()
    for index, token in enumerate(_TOKEN.split(text.replace("\r\n", "\n"))):
        if index % 2:
            writer.take(token)
        elif token:
            writer.text(token)
    writer.flush()
    return "".join(writer.out).strip()
