"""Reading WordPress's export format, WXR 1.0 to 1.2, as a stream.

RSS 2.0 with namespaces whose addresses changed between versions (http and https, 1.0 to 1.2), so
elements are told apart by the namespace's family, not by its exact address. DTDs, entities and
remote references are refused (control IO10); so is nesting that no export has.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError, tostring

import msgspec
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from core.clock import is_showable
from core.errors import Invalid
from core.i18n import gettext as _
from core.importing.legible import legible
from core.importing.php import decode_meta

__all__ = ["Author", "Channel", "Item", "ItemComment", "Survey", "Term", "read", "survey"]

_MAX_DEPTH = 64
_FAMILIES = (
    ("wordpress.org/export/", "excerpt/", "excerpt"),
    ("wordpress.org/export/", "", "wp"),
    ("purl.org/rss/1.0/modules/content/", "", "content"),
    ("purl.org/dc/elements/", "", "dc"),
    ("wellformedweb.org/CommentAPI/", "", "wfw"),
)


class Channel(msgspec.Struct, kw_only=True):
    """The site that the file comes from."""

    title: str = ""
    link: str = ""
    base_url: str = ""
    version: str = ""

    @property
    def source(self) -> str:
        """What tells this site's items from another's: its address without the scheme."""
        address = self.base_url or self.link
        return address.partition("://")[2].rstrip("/") or address or "unknown"


class Author(msgspec.Struct, frozen=True, kw_only=True):
    """A `wp:author`."""

    login: str
    email: str = ""
    display_name: str = ""
    first_name: str = ""
    last_name: str = ""


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """A `wp:category`, `wp:tag` or `wp:term`. `parent` is a slug of the same taxonomy."""

    taxonomy: str
    slug: str
    name: str
    parent: str = ""
    description: str = ""
    number: str = ""
    """`term_id`: what menu entries and meta name it by."""


class ItemComment(msgspec.Struct, frozen=True, kw_only=True):
    """A `wp:comment`. `raw` holds it in the source's words."""

    comment_id: str
    raw: dict[str, Any]


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """An `item`: a post, a page, an attachment, a menu item or something of a plugin."""

    post_id: str
    guid: str
    type: str
    title: str
    slug: str
    link: str
    status: str
    creator: str
    content: str
    excerpt: str
    parent: str
    menu_order: int
    comment_status: str
    ping_status: str
    password: str
    is_sticky: bool
    attachment_url: str
    published_at: datetime | None
    modified_at: datetime | None
    terms: tuple[tuple[str, str, str], ...]
    """(taxonomy, slug, name)"""
    meta: dict[str, list[Any]]
    comments: tuple[ItemComment, ...]

    @property
    def menu(self) -> str:
        """Slug of the menu that a menu item is in."""
        return next((slug for taxonomy, slug, _name in self.terms if taxonomy == "nav_menu"), "")

    @property
    def identity(self) -> str:
        """What makes it the same item in a second run. GUIDs repeat in real files, so it takes more than one."""
        parts = [self.type, self.post_id, self.guid]
        if self.type == "nav_menu_item":
            parts.append(self.menu)
        return "|".join(parts)[:700]


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """What a first look at the whole file found."""

    channel: Channel
    items: int
    comments: int


Found = Channel | Author | Term | Item


def survey(path: Path) -> Survey:
    """Read the file once from end to end, so that a broken one is refused before anything is written.

    Raises:
        Invalid: It is not well-formed (with line and column), no WXR, or holds what XML files must not.
    """
    channel, items, comments = Channel(), 0, 0
    for found in read(path):
        if isinstance(found, Channel):
            channel = found
        elif isinstance(found, Item):
            items += 1
            comments += len(found.comments)
    if not channel.version:
        raise Invalid({"file": _("This is XML, but no WordPress export: the wxr_version is missing.")})
    return Survey(channel=channel, items=items, comments=comments)


def read(path: Path) -> Iterator[Found]:
    """Yield what the file holds, in its order; the channel comes before the first item.

    Raises:
        Invalid: As in `survey`.
    """
    try:
        yield from _walk(path)
    except ParseError as error:
        line, column = error.position
        message = _("The file is not well-formed XML at line {line}, column {column}: {why}.")
        raise Invalid(
            {"file": message.format(line=line, column=column + 1, why=str(error).partition(":")[0])}
        ) from error
    except DefusedXmlException as error:
        raise Invalid({"file": _("The file declares a DTD or entities, which are not read.")}) from error
    except (OSError, ValueError, LookupError) as error:  # the last two: an encoding that is not read
        raise Invalid({"file": _("The file can't be read: {why}.").format(why=error)}) from error


def _walk(path: Path) -> Iterator[Found]:
    channel = Channel()
    stack: list[Element] = []
    told = False
    for event, element in iterparse(path, events=("start", "end"), forbid_dtd=True):
        if event == "start":
            stack.append(element)
            if len(stack) > _MAX_DEPTH:
                raise Invalid({"file": _("The file is nested deeper than any export is.")})
            if len(stack) == 3 and element.tag == "item" and not told:
                told = True
                yield channel
            continue
        stack.pop()
        if len(stack) != 2:
            continue
        name = _name(element)
        if name == "item":
            yield _item(element)
        elif name == "wp:author":
            yield _author(element)
        elif name in ("wp:category", "wp:tag", "wp:term"):
            yield _term(name, element)
        else:
            _note(channel, name, element.text or "")
        stack[1].remove(element)  # the tree must not grow with the file
    if not told:
        yield channel


def _name(element: Element) -> str:
    tag = element.tag
    if not tag.startswith("{"):
        return tag
    namespace, _, local = tag[1:].partition("}")
    for host, ending, prefix in _FAMILIES:
        if host in namespace and namespace.endswith(ending or namespace[-1]):
            return f"{prefix}:{local}"
    return local


def _note(channel: Channel, name: str, text: str) -> None:
    match name:
        case "title":
            channel.title = text
        case "link":
            channel.link = text.strip()
        case "wp:base_blog_url":
            channel.base_url = text.strip()
        case "wp:wxr_version":
            channel.version = text.strip()


def _texts(element: Element) -> dict[str, str]:
    return {_name(child): child.text or "" for child in element if len(child) == 0}


def _markup(element: Element, name: str) -> str:
    """Return HTML of an item. Some writers put it in as elements, not as the text that it should be."""
    for child in element:
        if _name(child) == name:
            return (child.text or "") + "".join(tostring(part, "unicode") for part in child)
    return ""


def _author(element: Element) -> Author:
    text = _texts(element)
    return Author(
        login=text.get("wp:author_login", "").strip(),
        email=text.get("wp:author_email", "").strip(),
        display_name=legible(text.get("wp:author_display_name", ""), line=True),
        first_name=legible(text.get("wp:author_first_name", ""), line=True),
        last_name=legible(text.get("wp:author_last_name", ""), line=True),
    )


def _term(kind: str, element: Element) -> Term:
    text = _texts(element)
    number = text.get("wp:term_id", "").strip()[:20]
    if kind == "wp:category":
        return Term(
            taxonomy="category",
            slug=text.get("wp:category_nicename", ""),
            name=legible(text.get("wp:cat_name", ""), line=True),
            parent=text.get("wp:category_parent", ""),
            description=legible(text.get("wp:category_description", "")),
            number=number,
        )
    if kind == "wp:tag":
        return Term(
            taxonomy="post_tag",
            slug=text.get("wp:tag_slug", ""),
            name=legible(text.get("wp:tag_name", ""), line=True),
            description=legible(text.get("wp:tag_description", "")),
            number=number,
        )
    return Term(
        taxonomy=text.get("wp:term_taxonomy", ""),
        slug=text.get("wp:term_slug", ""),
        name=legible(text.get("wp:term_name", ""), line=True),
        parent=text.get("wp:term_parent", ""),
        description=legible(text.get("wp:term_description", "")),
        number=number,
    )


def _item(element: Element) -> Item:
    text = _texts(element)

    def word(name: str, default: str = "") -> str:  # some writers indent what they write
        return text.get(name, "").strip() or default

    return Item(
        post_id=word("wp:post_id"),
        guid=word("guid"),
        type=word("wp:post_type", "post"),
        title=legible(text.get("title", ""), line=True),
        slug=word("wp:post_name"),
        link=word("link"),
        status=word("wp:status", "draft"),
        creator=word("dc:creator").strip("<>"),  # no log-in name has them; hands leave some of a tag behind
        content=legible(_markup(element, "content:encoded")),
        excerpt=legible(_markup(element, "excerpt:encoded")),
        parent=word("wp:post_parent", "0"),
        menu_order=_int(text.get("wp:menu_order", "0")),
        comment_status=word("wp:comment_status", "closed"),
        ping_status=word("wp:ping_status", "closed"),
        password=text.get("wp:post_password", ""),
        is_sticky=word("wp:is_sticky") == "1",
        attachment_url=word("wp:attachment_url"),
        published_at=_time(word("wp:post_date_gmt"))
        or _time(word("wp:post_date"))
        or _rss_time(word("pubDate")),
        modified_at=_time(text.get("wp:post_modified_gmt", "")),
        terms=tuple(
            (
                child.get("domain", "category"),
                child.get("nicename", ""),
                legible(child.text or "", line=True),
            )
            for child in element
            if child.tag == "category" and child.get("nicename")
        ),
        meta=_meta(element, "wp:postmeta"),
        comments=tuple(_comment(child) for child in element if _name(child) == "wp:comment"),
    )


def _comment(element: Element) -> ItemComment:
    text = _texts(element)
    raw: dict[str, Any] = {name.removeprefix("wp:comment_"): value for name, value in text.items()}
    raw["meta"] = _meta(element, "wp:commentmeta")
    at = _time(text.get("wp:comment_date_gmt", "")) or _time(text.get("wp:comment_date", ""))
    raw["at"] = at.isoformat() if at else ""
    return ItemComment(comment_id=text.get("wp:comment_id", ""), raw=raw)


def _meta(element: Element, kind: str) -> dict[str, list[Any]]:
    meta: dict[str, list[Any]] = {}
    for child in element:
        if _name(child) == kind:
            pair = _texts(child)
            meta.setdefault(pair.get("wp:meta_key", ""), []).append(
                decode_meta(pair.get("wp:meta_value", ""))
            )
    meta.pop("", None)
    return meta


def _int(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return 0


def _time(text: str) -> datetime | None:
    """Read a time in UTC; WordPress writes zeros where there is none (drafts)."""
    try:
        moment = datetime.strptime(text.strip(), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment if is_showable(moment) else None


def _rss_time(text: str) -> datetime | None:
    """Read a time as RSS writes it, for items that have no other."""
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC) if is_showable(moment) else None
