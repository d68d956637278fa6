"""What WordPress keeps in content beside HTML, turned into HTML once, when it is imported.

Three things: comments that mark blocks, shortcodes, and text of the classic editor whose paragraphs
are blank lines. What comes out still goes through the allow-list of `formats.py`.
"""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from core.content.autop import paragraphs
from core.contract.views import MediaView
from core.text import whole_number

__all__ = [
    "attributes_of",
    "caption_figure",
    "chosen_numbers",
    "convert_wordpress",
    "paragraphs",
    "player",
]

_BLOCK: Final = re.compile(
    r"<!--\s*(/?)wp:([a-z][a-z0-9/_-]*)(?:\s+(\{(?:(?!-->|<!--).)*?\}))?\s*(/?)-->", re.S
)
_ENCLOSING: Final = "caption|wp_caption|audio|video|embed"
_SHORTCODE: Final = re.compile(
    rf"(?P<before>\[?)\[(?P<name>{_ENCLOSING}|gallery|playlist)\b(?P<attributes>(?:\"[^\"]*\"|'[^']*'|[^\[\]\"'])*?)/?\]"
    rf"(?:(?<!/\])(?P<inner>(?:(?!\[(?P=name)\b).)*?)\[/(?P=name)\])?(?P<after>\]?)",
    re.S,
)
_ATTRIBUTE: Final = re.compile(
    r"""([A-Za-z0-9_-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))|("[^"]*"|'[^']*'|\S+)"""
)
_LEADING: Final = re.compile(r"\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)\s*", re.I)
_BARE_URL: Final = re.compile(r"^[ \t]*(https?://[^\s<>\"']+)[ \t]*$", re.M)
_WRAPPED_URL: Final = re.compile(
    r'(<div class="wp-block-embed__wrapper">)\s*(https?://[^\s<>"\']+)\s*(</div>)', re.I
)
_TAG: Final = re.compile(r"<([a-z][a-z0-9]*)(\s[^<>]{1,2000})>", re.I)
_STYLE: Final = re.compile(r"""(?<=\s)style\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.I)
_TEXT_ALIGN: Final = re.compile(r"(?:^|;)\s*text-align\s*:\s*(left|right|center|justify)\b", re.I)
_CLASS: Final = re.compile(r"""(?<=\s)class\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.I)
_ALIGN: Final = frozenset({"alignleft", "alignright", "aligncenter", "alignnone", "alignwide", "alignfull"})


def convert_wordpress(
    content: str, *, images: Mapping[int, MediaView] | None = None, attached: Sequence[MediaView] = ()
) -> str:
    """Return content of a WordPress site as HTML of ours, with its `more` and `nextpage` marks.

    Args:
        content: As the export holds it.
        images: Files by their id on the source site; galleries name them by it.
        attached: Files that were uploaded for this post; a gallery that names none shows them.
    """
    known = images or {}
    text = content.replace("\r\n", "\n").replace("\r", "\n")

    def shortcodes(piece: str) -> str:
        return _SHORTCODE.sub(lambda found: _replace(found, known, attached), piece)

    text = _TAG.sub(_aligned, text)
    if "<!-- wp:" not in text:
        return paragraphs(shortcodes(_links(text)))
    return _blocks(text, shortcodes)


def _aligned(tag: re.Match[str]) -> str:
    """Say by a class how a text is aligned: styles of single elements don't pass the allow-list."""
    name, attributes = tag[1], tag[2]
    style = _STYLE.search(attributes)
    side = _TEXT_ALIGN.search(style[1] or style[2] or "") if style is not None else None
    if side is None:
        return tag[0]
    added = f"has-text-align-{side[1].lower()}"
    classed, count = _CLASS.subn(
        lambda found: f'class="{found[1] or found[2] or ""} {added}"', attributes, count=1
    )
    return f"<{name}{classed}>" if count else f'<{name} class="{added}"{attributes}>'


def _links(text: str) -> str:
    """Turn an address that stands alone on a line, which WordPress embeds, into a link."""
    return _BARE_URL.sub(lambda found: _link(found[1]), text)


def _link(url: str) -> str:
    address = html.escape(html.unescape(url))
    return f'<a href="{address}">{address}</a>'


def _blocks(text: str, shortcodes: Callable[[str], str]) -> str:
    out: list[str] = []
    depth, position = 0, 0
    for mark in _BLOCK.finditer(text):
        out.append(_piece(text[position : mark.start()], depth, shortcodes))
        position = mark.end()
        closing, _name, _settings, empty = mark.groups()
        if closing:
            depth = max(0, depth - 1)
        elif not empty:
            depth += 1
    out.append(_piece(text[position:], depth, shortcodes))
    return "\n".join(piece for piece in out if piece)


def _piece(text: str, depth: int, shortcodes: Callable[[str], str]) -> str:
    if not text.strip():
        return ""
    if depth == 0:  # written with the classic editor, between blocks
        return paragraphs(shortcodes(_links(text)))
    linked = _WRAPPED_URL.sub(lambda found: f"{found[1]}{_link(found[2])}{found[3]}", text)
    return shortcodes(linked).strip()


def attributes_of(text: str) -> tuple[dict[str, str], list[str]]:
    """Return the attributes of a shortcode: those with a name, and the words without one."""
    named: dict[str, str] = {}
    bare: list[str] = []
    for name, double, single, plain, lone in _ATTRIBUTE.findall(text):
        if name:
            named[name.lower()] = html.unescape(double or single or plain)
        else:
            bare.append(html.unescape(lone.strip("\"'")))
    return named, bare


def _replace(found: re.Match[str], images: Mapping[int, MediaView], attached: Sequence[MediaView]) -> str:
    if found["before"] and found["after"]:  # [[gallery]] is how one writes about it
        return found[0][1:-1]
    named, bare = attributes_of(found["attributes"])
    inner = found["inner"] or ""
    match found["name"]:
        case "caption" | "wp_caption":
            made = caption_figure(named, inner)
        case "gallery":
            made = _gallery(named, images, attached)
        case "playlist":
            made = _playlist(named, images, attached)
        case "embed":
            made = f"\n{_link(inner.strip())}\n" if inner.strip().startswith("http") else inner
        case name:
            made = player(name, named, bare)
    return f"{found['before']}{made}{found['after']}"


def caption_figure(named: Mapping[str, str], inner: str) -> str:
    """Return the figure of `[caption]`: the picture that it encloses, and its words."""
    image = _LEADING.match(inner)
    shown = image[1] if image is not None else inner
    words = inner[image.end() :].strip() if image is not None else ""
    words = words or html.escape(named.get("caption", ""))
    classes = "wp-caption" + (f" {named['align']}" if named.get("align") in _ALIGN else "")
    caption = f'<figcaption class="wp-caption-text">{words}</figcaption>' if words else ""
    return f'\n<figure class="{classes}">{shown}{caption}</figure>\n'


def _numbers(text: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d{1,15}", text)]


def chosen_numbers(named: Mapping[str, str]) -> list[int]:
    """Return the pictures that `[gallery]` names, by number; at most 200."""
    return list(dict.fromkeys(_numbers(named.get("ids") or named.get("include", ""))))[:200]


def _chosen(
    named: Mapping[str, str], images: Mapping[int, MediaView], attached: Sequence[MediaView], kind: str
) -> list[MediaView]:
    if "ids" in named or "include" in named:
        wanted = _numbers(named.get("ids") or named.get("include", ""))
        found = [images[number] for number in wanted if number in images]
    else:
        without = set(_numbers(named.get("exclude", "")))
        left_out = {images[number].id for number in without if number in images}
        found = [media for media in attached if media.id not in left_out]
    return [media for media in found if media.mime_type.startswith(kind)]


def _gallery(named: Mapping[str, str], images: Mapping[int, MediaView], attached: Sequence[MediaView]) -> str:
    chosen = _chosen(named, images, attached, "image/")
    if not chosen:
        return ""
    columns = min(whole_number(named.get("columns", "")) or 3, 9)
    items = "".join(_image(media) for media in chosen)
    return f'\n<figure class="wp-block-gallery columns-{columns}">{items}</figure>\n'


def _image(media: MediaView) -> str:
    size = f' width="{media.width}" height="{media.height}"' if media.width and media.height else ""
    caption = f"<figcaption>{html.escape(media.caption)}</figcaption>" if media.caption else ""
    return (
        f'<figure class="wp-block-image"><img src="{html.escape(media.url)}"'
        f' alt="{html.escape(media.alt)}"{size} loading="lazy">{caption}</figure>'
    )


def _playlist(
    named: Mapping[str, str], images: Mapping[int, MediaView], attached: Sequence[MediaView]
) -> str:
    kind = "video/" if named.get("type") == "video" else "audio/"
    tag = kind.rstrip("/")
    items = "".join(
        f'<li>{html.escape(media.title)} <{tag} src="{html.escape(media.url)}" controls preload="none"></{tag}></li>'
        for media in _chosen(named, images, attached, kind)
    )
    return f'\n<ol class="playlist">{items}</ol>\n' if items else ""


def player(name: str, named: Mapping[str, str], bare: Sequence[str]) -> str:
    """Return the figure of `[audio]` or `[video]`, "" without an address of the web or the site."""
    formats = ("mp3", "ogg", "wav", "m4a") if name == "audio" else ("mp4", "m4v", "webm", "ogv")
    source = named.get("src") or next((named[key] for key in formats if named.get(key)), "")
    source = source or next((word for word in bare if word.startswith(("http://", "https://", "/"))), "")
    if not source.startswith(("http://", "https://", "/")):
        return ""
    poster = (
        f' poster="{html.escape(named["poster"])}"'
        if name == "video" and named.get("poster", "").startswith(("http://", "https://", "/"))
        else ""
    )
    return f'\n<figure class="wp-block-{name}"><{name} src="{html.escape(source)}"{poster} controls></{name}></figure>\n'
