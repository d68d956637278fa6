"""What every site can set, whatever plugins it has."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta

from core.http import line_of
from core.i18n import gettext as _
from core.tenancy.structure import structure_complaint

__all__ = ["PERMALINK_PRESETS", "SiteSettings"]

PERMALINK_PRESETS = {
    "plain": "",
    "day": "/%year%/%monthnum%/%day%/%postname%/",
    "month": "/%year%/%monthnum%/%postname%/",
    "numeric": "/archives/%post_id%",
    "name": "/%postname%/",
}

_Title = Annotated[str, line_of(255)]
MOST_IMAGE_HOSTS = 50
ImageHost = Annotated[
    str,
    Meta(pattern=r"^(\*\.)?[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63}){1,10}(:[0-9]{1,5})?(?!\n)$", max_length=253),
]
_Segment = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]


def _check_zone(name: str) -> str | None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of the database is an OSError
        return _("There is no time zone of this name.")
    return None


class SiteSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of a site, whatever plugins it has."""

    owner: ClassVar[str] = "site"

    title: Annotated[_Title, Meta(title="Site title", extra_json_schema={"group": "General"})] = ""
    tagline: Annotated[
        _Title, Meta(title="Tagline", description="In a few words, what the site is about.")
    ] = ""
    language: Annotated[Literal["pt-BR", "en"], Meta(title="Language")] = "pt-BR"
    timezone: Annotated[
        str,
        Meta(
            title="Time zone",
            description="A name of the tz database.",
            max_length=64,
            extra={"check": _check_zone},
        ),
    ] = "America/Sao_Paulo"
    date_format: Annotated[Literal["short", "medium", "long", "full"], Meta(title="Date format")] = "long"
    time_format: Annotated[Literal["short", "medium"], Meta(title="Time format")] = "short"
    permalink_structure: Annotated[
        str,
        Meta(
            title="Permalinks",
            description="Tags: %year% %monthnum% %day% %hour% %minute% %second% %post_id% %postname% %category% %author%",
            pattern=r"^(|/[A-Za-z0-9%_/.-]*)$",
            max_length=200,
            extra={"check": structure_complaint},
        ),
    ] = "/%postname%/"
    category_base: Annotated[_Segment, Meta(title="Category base")] = "category"
    tag_base: Annotated[_Segment, Meta(title="Tag base")] = "tag"
    front_page: Annotated[Literal["posts", "page"], Meta(title="The front page shows")] = "posts"
    page_on_front: Annotated[UUID | None, Meta(title="Front page")] = None
    page_for_posts: Annotated[UUID | None, Meta(title="Page for posts")] = None
    posts_per_page: Annotated[int, Meta(title="Posts per page", ge=1, le=100)] = 10
    feed_items: Annotated[int, Meta(title="Items in feeds", ge=1, le=100)] = 10
    image_hosts: Annotated[
        tuple[ImageHost, ...],
        Meta(
            title="Other hosts that pictures come from",
            description="Browsers show pictures, audio and video of other hosts only if they are named here, such as pictures.example.org.",
            max_length=MOST_IMAGE_HOSTS,
        ),
    ] = ()
    search_engines_allowed: Annotated[bool, Meta(title="Search engines may index the site")] = True
    registration: Annotated[Literal["closed", "invitation", "open"], Meta(title="Registration")] = (
        "invitation"
    )
    default_role: Annotated[str, Meta(title="Role of new people", max_length=50)] = "subscriber"
    default_category: Annotated[UUID | None, Meta(title="Default category")] = None
    comments_open: Annotated[bool, Meta(title="New posts allow comments")] = True
    editor: Annotated[
        Literal["blocks", "html"],
        Meta(
            title="New texts are written",
            description="Who writes can choose the other for a single text.",
        ),
    ] = "blocks"
    revisions_kept: Annotated[
        int, Meta(title="Revisions kept per post", description="0 keeps all.", ge=0, le=10_000)
    ] = 0
    trash_days: Annotated[
        int,
        Meta(title="Days in the trash", description="0 keeps it until somebody empties it.", ge=0, le=3650),
    ] = 30
    mail_from_name: Annotated[str, line_of(100), Meta(title="Name of the sender of mail")] = ""
