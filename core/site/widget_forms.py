"""What can be set in the core's own widgets."""

from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from core.content import clean_html
from core.errors import Invalid
from core.http import line_of, text_of

__all__ = [
    "ArchivesForm",
    "AuthorForm",
    "FeedsForm",
    "HtmlForm",
    "ImageForm",
    "PagesForm",
    "RecentPostsForm",
    "RelatedPostsForm",
    "SearchForm",
    "TermsForm",
    "TextForm",
]

_Count = Annotated[int, Meta(title="How many", ge=1, le=50)]
_Dates = Annotated[bool, Meta(title="Show dates")]
_MOST_TEXT: Final = 50_000


def _clean(text: str) -> str | None:
    try:
        clean_html(text)
    except Invalid as error:
        return next(iter(error.errors.values()))
    return None


def _labels(**labels: str) -> dict[str, Any]:
    return {"labels": labels}


class _Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of a widget."""


class RecentPostsForm(_Form, frozen=True, kw_only=True):
    """Of the newest posts."""

    count: _Count = 5
    term: Annotated[UUID | None, Meta(title="Only posts in", description="With what is below it.")] = None
    dates: _Dates = False


class RelatedPostsForm(_Form, frozen=True, kw_only=True):
    """Of posts that share a term with the one that is shown."""

    count: _Count = 5
    by: Annotated[
        Literal["category", "post_tag"],
        Meta(title="That share", extra_json_schema=_labels(category="A category", post_tag="A tag")),
    ] = "category"
    dates: _Dates = False


class PagesForm(_Form, frozen=True, kw_only=True):
    """Of the pages."""

    levels: Annotated[
        int, Meta(title="Levels", description="1 shows the pages at the top only.", ge=1, le=5)
    ] = 2
    order: Annotated[
        Literal["menu", "title"],
        Meta(title="Order", extra_json_schema=_labels(menu="As set on the pages", title="By title")),
    ] = "menu"


class TermsForm(_Form, frozen=True, kw_only=True):
    """Of categories, tags and other terms."""

    taxonomy: Annotated[str, Meta(title="Of", max_length=60)] = "category"
    look: Annotated[
        Literal["list", "tree", "cloud"],
        Meta(
            title="Shown as",
            extra_json_schema=_labels(
                list="A list, the fullest first", tree="A tree, by name", cloud="A cloud, fuller ones larger"
            ),
        ),
    ] = "list"
    count: Annotated[int, Meta(title="How many", description="A tree is shown whole.", ge=1, le=100)] = 20
    numbers: Annotated[bool, Meta(title="Show how many posts there are")] = True


class ArchivesForm(_Form, frozen=True, kw_only=True):
    """Of the months that posts were published in."""

    count: Annotated[int, Meta(title="How many months", ge=1, le=240)] = 12


class SearchForm(_Form, frozen=True, kw_only=True):
    """Of a search."""

    hint: Annotated[str, line_of(80), Meta(title="Words in the empty field")] = ""


class TextForm(_Form, frozen=True, kw_only=True):
    """Of a text."""

    text: Annotated[
        str,
        text_of(_MOST_TEXT),
        Meta(
            title="Text",
            description="Empty lines begin paragraphs. Elements such as strong, em and a are taken.",
            extra_json_schema={"widget": "textarea"},
            extra={"check": _clean},
        ),
    ] = ""


class HtmlForm(_Form, frozen=True, kw_only=True):
    """Of HTML."""

    html: Annotated[
        str,
        text_of(_MOST_TEXT),
        Meta(
            title="HTML",
            description="What a post may hold; scripts and forms are left out.",
            extra_json_schema={"widget": "textarea"},
            extra={"check": _clean},
        ),
    ] = ""


class AuthorForm(_Form, frozen=True, kw_only=True):
    """Of a box about an author."""

    author: Annotated[UUID | None, Meta(title="Who")] = None
    words: Annotated[bool, Meta(title="Show what is said about the person")] = True


class ImageForm(_Form, frozen=True, kw_only=True):
    """Of a picture."""

    media: Annotated[
        int,
        Meta(
            title="Picture",
            description="Its number in the library.",
            ge=0,
            le=2**53,
            extra_json_schema={"widget": "picture"},
        ),
    ] = 0
    link: Annotated[
        str,
        line_of(2000),
        Meta(title="Leads to", description="An address, such as /about/ or https://example.org."),
    ] = ""
    caption: Annotated[str, line_of(500), Meta(title="Caption")] = ""


class FeedsForm(_Form, frozen=True, kw_only=True):
    """Of links to feeds."""

    atom: Annotated[bool, Meta(title="Offer Atom too")] = False
