"""The site's own style sheet, read by a real parser: what it may say is named here, everything else is an error.

Whoever writes it may change how the site's pages look, and nothing more: no other host hears of readers
(`@import`, `url()`, `src()`, `image-set()`), nothing that old browsers ran as code, and nothing over the bar that
says a page is a preview. Each fault comes with its line.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
import tinycss2  # type: ignore[import-untyped]  # it ships no types
from tinycss2 import ast

from core.i18n import gettext as _

__all__ = ["CSS_LIMIT", "CleanCss", "CssFault", "cleaned_css"]

CSS_LIMIT: Final = 20_000
"""Most characters of a site's own style sheet."""
_HIGHEST: Final = 999
"""Most that `z-index` may be: the preview's bar stands above."""
_DEEPEST: Final = 8

_AROUND_RULES: Final = frozenset({"media", "supports", "container", "layer", "starting-style", "scope"})
_KEYFRAMES: Final = frozenset({"keyframes", "-webkit-keyframes"})
_DECLARING: Final = frozenset({"font-face", "page", "counter-style", "property"})
_CODE: Final = frozenset({"behavior", "-moz-binding", "-ms-behavior"})
_LOADING: Final = frozenset({"url", "src", "image", "image-set", "-webkit-image-set", "cross-fade"})
_REFUSED: Final = frozenset({"expression", "attr", "element", "-moz-element", "paint"})
_OLD_PSEUDO: Final = frozenset({"before", "after", "first-line", "first-letter"})
_SPARED: Final = ":where(:not(.preview-bar,.preview-bar *))"
"""Put behind each selector. It weighs nothing."""


class CssFault(msgspec.Struct, frozen=True):
    """Something that a style sheet may not say."""

    line: int
    text: str
    """In the reader's language."""


class CleanCss(msgspec.Struct, frozen=True):
    """A style sheet as it may be served, and what of it may not."""

    css: str
    faults: tuple[CssFault, ...] = ()


def cleaned_css(text: str) -> CleanCss:
    """Return a style sheet with only what it may say, and every fault of the rest."""
    return _Cleaner().sheet(text) if text.strip() else CleanCss("")


class _Cleaner:
    """Walks over one style sheet."""

    def __init__(self) -> None:
        self.faults: list[CssFault] = []

    def sheet(self, text: str) -> CleanCss:
        if len(text) > CSS_LIMIT:
            line = text.count("\n", 0, CSS_LIMIT) + 1
            said = _("The style sheet is longer than {limit} characters.").format(limit=CSS_LIMIT)
            return CleanCss("", (CssFault(line, said),))
        rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
        css = "\n".join(self.rules(rules, 0))
        return CleanCss(css + "\n" if css else "", tuple(self.faults))

    def fault(self, node: Any, text: str) -> None:
        self.faults.append(CssFault(node.source_line, text))

    # rules

    def rules(self, nodes: Sequence[Any], depth: int) -> Iterator[str]:
        for node in nodes:
            if made := self.rule(node, depth):
                yield made

    def rule(self, node: Any, depth: int) -> str:
        if depth > _DEEPEST:
            self.fault(node, _("Rules stand too deep in one another."))
            return ""
        if isinstance(node, ast.QualifiedRule):
            selector = self.selector(node)
            body = self.block(node.content or [], depth)
            return f"{selector}{{{body}}}" if selector and body else ""
        if isinstance(node, ast.AtRule):
            return self.at_rule(node, depth)
        if isinstance(node, ast.Declaration):
            return self.declaration(node)
        if isinstance(node, ast.ParseError):
            self.fault(node, _("This is no CSS. A brace, a colon or a quote may be missing."))
        return ""

    _nested = False
    """Whether the walk is inside of a style rule, where declarations may stand beside rules."""

    def block(self, content: Sequence[Any], depth: int) -> str:
        nodes = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
        outer, self._nested = self._nested, True
        parts = list(self.rules(nodes, depth + 1))
        self._nested = outer
        return "".join(parts)

    def at_rule(self, node: Any, depth: int) -> str:
        name = node.lower_at_keyword
        prelude = self.values(node.prelude)
        if prelude is None:
            return ""
        if node.content is None and name == "layer":
            return f"@layer {prelude};"
        if node.content is None:
            self.fault(node, _("“@{name}” is not taken here.").format(name=name))
            return ""
        if name in _AROUND_RULES:
            inside = self._around(node, depth)
        elif name in _KEYFRAMES:
            inside = self._keyframes(node)
        elif name in _DECLARING:
            inside = "".join(self._declarations(node.content))
        else:
            self.fault(node, _("“@{name}” is not taken here.").format(name=name))
            return ""
        return f"@{name} {prelude}{{{inside}}}" if inside else ""

    def _around(self, node: Any, depth: int) -> str:
        if self._nested:
            return self.block(node.content, depth)
        rules = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
        return "".join(self.rules(rules, depth + 1))

    def _keyframes(self, node: Any) -> str:
        made = []
        for frame in tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True):
            if not isinstance(frame, ast.QualifiedRule):
                self.fault(frame, _("Keyframes hold steps, such as “from”, “to” and “50%”."))
                continue
            body = "".join(self._declarations(frame.content or []))
            made.append(f"{tinycss2.serialize(frame.prelude).strip()}{{{body}}}")
        return "".join(made)

    def _declarations(self, content: Sequence[Any]) -> Iterator[str]:
        nodes = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
        for node in nodes:
            if isinstance(node, ast.Declaration | ast.ParseError):
                if made := self.rule(node, 0):
                    yield made
            else:
                self.fault(node, _("Here stand declarations alone."))

    # declarations

    def declaration(self, node: Any) -> str:
        name = node.lower_name
        if name in _CODE:
            self.fault(node, _("“{name}” is not taken here.").format(name=name))
            return ""
        value = self.values(node.value)
        if value is None:
            return ""
        if name == "z-index" and _too_high(node.value):
            self.fault(node, _("“z-index” may be {limit} at most.").format(limit=_HIGHEST))
            return ""
        important = "!important" if node.important else ""
        written = node.name if name.startswith("--") else name
        return f"{written}:{value}{important};"

    def values(self, nodes: Sequence[Any]) -> str | None:
        """Return values as they may be served; None if something in them may not, which is then a fault."""
        before = len(self.faults)
        self._look_through(nodes, loading=False, depth=0)
        return None if len(self.faults) > before else tinycss2.serialize(nodes).strip()

    def _look_through(self, nodes: Sequence[Any], *, loading: bool, depth: int) -> None:
        for node in nodes:
            if depth > 4 * _DEEPEST:
                self.fault(node, _("Rules stand too deep in one another."))
                return
            if isinstance(node, ast.ParseError):
                self.fault(node, _("This is no CSS. A brace, a colon or a quote may be missing."))
            elif isinstance(node, ast.URLToken) or (loading and isinstance(node, ast.StringToken)):
                self._address(node)
            elif isinstance(node, ast.FunctionBlock):
                if node.lower_name in _REFUSED:
                    self.fault(node, _("“{name}” is not taken here.").format(name=node.lower_name + "()"))
                else:
                    inside = loading or node.lower_name in _LOADING
                    self._look_through(node.arguments, loading=inside, depth=depth + 1)
            elif (content := getattr(node, "content", None)) is not None:
                self._look_through(content, loading=loading, depth=depth + 1)

    def _address(self, node: Any) -> None:
        address = node.value.strip()
        if "\\" in address or not (address.startswith("/") and not address.startswith("//")):
            self.fault(
                node,
                _("“{url}” is not on this site: write a path of it, such as /media/12/paper.webp.").format(
                    url=address[:80]
                ),
            )

    # selectors

    def selector(self, node: Any) -> str:
        if not self.values(node.prelude):
            return ""
        pieces: list[list[Any]] = [[]]
        for token in node.prelude:
            if isinstance(token, ast.LiteralToken) and token.value == ",":
                pieces.append([])
            else:
                pieces[-1].append(token)
        return ",".join(_sparing(piece) for piece in pieces)


def _sparing(tokens: Sequence[Any]) -> str:
    """Return one selector that leaves the preview's bar alone; pseudo-elements stay its end."""
    written = list(tokens)
    while written and isinstance(written[-1], ast.WhitespaceToken | ast.Comment):
        written.pop()
    at = len(written)
    for index, token in enumerate(written):
        if not isinstance(token, ast.LiteralToken) or token.value not in (":", "::"):
            continue
        following = written[index + 1] if index + 1 < len(written) else None
        double = token.value == "::" or (isinstance(following, ast.LiteralToken) and following.value == ":")
        old = isinstance(following, ast.IdentToken) and following.lower_value in _OLD_PSEUDO
        if double or old:
            at = index
            break
    return f"{tinycss2.serialize(written[:at]).strip()}{_SPARED}{tinycss2.serialize(written[at:])}"


def _too_high(nodes: Sequence[Any]) -> bool:
    """Tell whether a `z-index` may be more than the most; what is calculated may be anything."""
    words = [node for node in nodes if not isinstance(node, ast.WhitespaceToken | ast.Comment)]
    if len(words) == 1 and isinstance(words[0], ast.NumberToken):
        return bool(words[0].value > _HIGHEST)
    return not (len(words) == 1 and isinstance(words[0], ast.IdentToken))
