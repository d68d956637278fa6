"""What the block editor asks for while somebody writes: texts to link to, and pictures by their numbers."""

from typing import Any, Final

from litestar import get
from msgspec import Struct

from core.accounts import type_capabilities
from core.admin.media_picker import PickerItem
from core.admin.menu import holds
from core.admin.shell import AnyRequest
from core.content import content_types, list_posts
from core.contract.content import ListingQuery
from core.contract.views import MediaView
from core.i18n import gettext as _
from core.media import check_level, media_views_by_number
from core.text import whole_number

__all__ = ["handlers"]

_LONGEST: Final = 200
_MOST_PICTURES: Final = 200


class LinkItem(Struct, frozen=True, kw_only=True):
    """A text of the site that can be linked to."""

    title: str
    url: str
    """A path of the site."""
    note: str
    """What it is, and its state if it is not public."""


class LinkPage(Struct, frozen=True, kw_only=True):
    """What was found."""

    items: tuple[LinkItem, ...]


class Pictures(Struct, frozen=True, kw_only=True):
    """The pictures of the numbers that were asked for; those that are not there are left out."""

    items: tuple[PickerItem, ...]


@get("/admin/links", opt={"capability": "edit_posts"}, include_in_schema=False)
async def links(request: AnyRequest) -> LinkPage:
    """Find texts to link to, by words of their titles and contents."""
    text = request.query_params.get("q", "").strip()[:_LONGEST]
    types = [
        kind
        for kind in content_types()
        if kind.public and holds(type_capabilities(kind.capability_type).edit)
    ]
    if not types or not any(ch.isalnum() for ch in text):
        return LinkPage(items=())
    query = ListingQuery(
        types=tuple(kind.name for kind in types),
        statuses=("publish", "future", "private"),
        search=text,
        order="updated",
        per_page=12,
        count=False,
    )
    names = {kind.name: _(kind.singular) for kind in types}
    states = {"future": _("Scheduled"), "private": _("Private")}
    found = (await list_posts(query, "admin", ext=False)).items
    return LinkPage(
        items=tuple(
            LinkItem(
                title=post.title or _("Untitled"),
                url=post.url,
                note=" · ".join(part for part in (names[post.type], states.get(post.status, "")) if part),
            )
            for post in found
        )
    )


@get("/admin/blocks/media", opt={"capability": "edit_posts"}, include_in_schema=False)
async def pictures(request: AnyRequest) -> Pictures:
    """Answer with what the editor has to know of pictures to show them."""
    given = request.query_params.get("numbers", "").split(",")[:_MOST_PICTURES]
    numbers = {number for number in map(whole_number, given) if number > 0}
    found = await media_views_by_number(numbers) if numbers else {}
    return Pictures(
        items=tuple([_picture(view) for view in found.values() if await check_level(view.access_level, None)])
    )


def _picture(view: MediaView) -> PickerItem:
    thumb = view.rendition("square", 320)
    return PickerItem(
        number=view.number,
        title=view.title,
        alt=view.alt,
        url=view.url,
        thumb=thumb.url if thumb is not None else view.url,
        mime_type=view.mime_type,
        width=view.width,
        height=view.height,
        filename="",
    )


handlers: list[Any] = [links, pictures]
