"""What a theme's HTML must not hold: inline style and script, other hosts, pictures without words, unchecked addresses."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from core.themes.check_templates import TemplateFile
from core.themes.findings import ThemeFinding
from core.themes.manifest import Theme

__all__ = ["markup_findings"]

_CODE: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_TAG: Final = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE: Final = re.compile(r"([a-zA-Z_:][-a-zA-Z0-9_:.]*)\s*=\s*(\"[^\"]*\"|'[^']*')")
_ADDRESSES: Final = frozenset({"href", "src", "action", "poster", "srcset", "formaction"})
_LOADING: Final = frozenset(
    {"audio", "embed", "iframe", "img", "link", "object", "script", "source", "video"}
)
_OURS: Final = re.compile(r"^\{\{-?\s*(?:static|tokens_url|search_url)\(")
_HOST: Final = re.compile(r"^(?:https?:)?//([^/?#]+)", re.IGNORECASE)


def markup_findings(file: TemplateFile, line: Sequence[Theme]) -> Iterator[ThemeFinding]:
    """Yield what is wrong with the HTML of a template."""
    hosts = {host for theme in line for group in msgspec.structs.astuple(theme.hosts) for host in group}
    # code is left where it stands, as long as it was: so positions stay, and no ">" of it ends a tag
    bare = _CODE.sub(lambda match: re.sub(r"[^\n]", "\x00", match[0]), file.text)

    def finding(at: int, rule: str, text: str) -> ThemeFinding:
        return ThemeFinding(rule, file.name, file.text.count("\n", 0, at) + 1, text)

    for tag in _TAG.finditer(bare):
        name = tag[1].lower()
        values = {a[1].lower(): (tag.start(2) + a.start(2), a[2]) for a in _ATTRIBUTE.finditer(tag[2])}
        if name == "style":
            yield finding(
                tag.start(), "inline", "Inline style is refused by the security policy: use static/."
            )
        if name == "script" and "src" not in values:
            yield finding(
                tag.start(), "inline", "Inline script is refused by the security policy: use static/."
            )
        for attribute, (at, quoted) in values.items():
            value = file.text[at + 1 : at + len(quoted) - 1]
            if attribute == "style" or attribute.startswith("on"):
                yield finding(at, "inline", f"The attribute {attribute!r} is refused by the security policy.")
            if attribute in _ADDRESSES:
                if value.strip().lower().startswith("javascript:"):
                    yield finding(at, "inline", "An address can't be script.")
                if "{{" in value and "safe_url" not in value and not _OURS.match(value) and value[0] != "#":
                    yield finding(at, "escape", f"The address in {attribute!r} does not pass safe_url.")
                host = _HOST.match(value)
                if host and name in _LOADING and host[1] not in hosts and not _only_points(values, file.text):
                    yield finding(
                        at, "host", f"It loads from {host[1]}, which [hosts] of theme.toml does not name."
                    )
        if name == "img" and "alt" not in values:
            yield finding(tag.start(), "alt", 'The picture has no alt: write alt="" if it only decorates.')
        if name == "img" and not {"width", "height"} <= values.keys():
            yield finding(tag.start(), "shift", "The picture has no width and height: the page jumps.")


def _only_points(values: dict[str, tuple[int, str]], text: str) -> bool:
    """Tell whether a link only says where something is, and loads nothing."""
    if "rel" not in values:
        return False
    at, quoted = values["rel"]
    rel = set(text[at + 1 : at + len(quoted) - 1].lower().split())
    return not rel & {"stylesheet", "icon", "preload", "modulepreload", "manifest"}
