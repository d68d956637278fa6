"""What keeps a text from being found: said to its author before it goes out, never in the way."""

from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Final

import msgspec

from core.content import render
from core.contract.content import ContentCheck, Finding, Severity
from core.contract.views import PostView
from core.i18n import gettext as _
from core.text import plain_text
from plugins.seo.fields import NOTHING, SeoFields

__all__ = ["CHECK", "DESCRIPTION", "TITLE", "check_text_of"]

TITLE: Final = (15, 60)
"""Characters of a title that results show whole."""
DESCRIPTION: Final = (50, 160)
_WORDS: Final = 200
_SLUG: Final = 75


class _Outline(HTMLParser):
    """Headings and pictures of a text, in their order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.levels: list[int] = []
        self.without_alt = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a heading's level, and a picture without an `alt`: an empty one says that it only decorates."""
        if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
            self.levels.append(int(tag[1]))
        elif tag == "img" and "alt" not in dict(attrs):
            self.without_alt += 1


async def check_text_of(post: PostView) -> Sequence[Finding]:
    """Return what keeps a post from being found."""
    said = post.ext.get("seo", NOTHING)
    fields = said if isinstance(said, SeoFields) else NOTHING
    if fields.noindex:
        return ()  # it is not to be found
    unlocked = msgspec.structs.replace(post, unlocked=True)
    html = (await render(unlocked)).html
    return [*_of_title(post, fields), *_of_description(post, fields), *_of_slug(post), *_of_text(post, html)]


def _finding(rule: str, severity: Severity, message: str, fix: str) -> Finding:
    return Finding(rule=f"seo.{rule}", severity=severity, message=message, fix=fix)


def _of_title(post: PostView, fields: SeoFields) -> list[Finding]:
    title = fields.title if fields.title and "{" not in fields.title else post.title
    if not title:
        return [
            _finding(
                "title_missing",
                "warn",
                _("The text has no title."),
                _("Search engines show the title first: say in it what the text is about."),
            )
        ]
    count = len(title)
    if TITLE[0] <= count <= TITLE[1]:
        return []
    message = _("The title has {count} characters; results show about {most}.").format(
        count=count, most=TITLE[1]
    )
    if count < TITLE[0]:
        message = _("The title has only {count} characters.").format(count=count)
    fix = _("Write a title of {least} to {most} characters under “Search engines”.").format(
        least=TITLE[0], most=TITLE[1]
    )
    return [_finding("title_length", "info", message, fix)]


def _of_description(post: PostView, fields: SeoFields) -> list[Finding]:
    own = fields.description or post.excerpt
    fix = _(
        "Write a sentence or two, {least} to {most} characters, under “Search engines” or as excerpt."
    ).format(least=DESCRIPTION[0], most=DESCRIPTION[1])
    if not own:
        message = _("There is no description: results show the beginning of the text.")
        return [_finding("description_missing", "warn", message, fix)]
    count = len(own)
    if DESCRIPTION[0] <= count <= DESCRIPTION[1]:
        return []
    message = _("The description has {count} characters; results show {least} to {most}.").format(
        count=count, least=DESCRIPTION[0], most=DESCRIPTION[1]
    )
    return [_finding("description_length", "info", message, fix)]


def _of_slug(post: PostView) -> list[Finding]:
    if len(post.slug) <= _SLUG:
        return []
    message = _("The last part of the address has {count} characters.").format(count=len(post.slug))
    fix = _("A few telling words are enough; the old address keeps leading here.")
    return [_finding("slug_length", "info", message, fix)]


def _of_text(post: PostView, html: str) -> list[Finding]:
    outline = _Outline()
    outline.feed(html)
    found = []
    if outline.without_alt:
        message = _("{count} pictures have no alternative text.").format(count=outline.without_alt)
        if outline.without_alt == 1:
            message = _("A picture has no alternative text.")
        fix = _("Say what can be seen; leave it empty for pictures that only decorate.")
        found.append(_finding("alt_missing", "warn", message, fix))
    if wrong := _jump(outline.levels):
        fix = _("Headings begin at level 2 and go down one level at a time.")
        found.append(_finding("headings", "info", wrong, fix))
    words = len(plain_text(html).split())
    if post.type == "post" and words < _WORDS:
        message = _("The text has {count} words.").format(count=words)
        fix = _("Texts below {least} words seldom answer what people search for.").format(least=_WORDS)
        found.append(_finding("thin", "info", message, fix))
    return found


def _jump(levels: Sequence[int]) -> str:
    """Return what is wrong with the order of headings, "" if nothing is."""
    before = 1
    for level in levels:
        if level == 1:
            return _("There is a heading of level 1 in the text: the title is that one already.")
        if level > before + 1:
            return _("A heading of level {level} follows one of level {before}.").format(
                level=level, before=before
            )
        before = level
    return ""


CHECK: Final = ContentCheck(name="seo.text", version="1", check=check_text_of)
