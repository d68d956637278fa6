"""How a site wants to be found."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from core.http import line_of, text_of
from plugins.seo.addresses import check_profile
from plugins.seo.robots import check_robots

__all__ = ["SeoSettings"]


class SeoSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of how a site is found."""

    item_title: Annotated[
        str,
        line_of(160),
        Meta(
            title="Title of posts and pages",
            description="These stand for themselves: {title}, {site}, {tagline}, {page}, {sep}.",
            extra_json_schema={"group": "Titles"},
        ),
    ] = "{title} {sep} {page} {sep} {site}"
    archive_title: Annotated[
        str, line_of(160), Meta(title="Title of lists", description="Of topics, authors, dates and searches.")
    ] = "{title} {sep} {page} {sep} {site}"
    front_title: Annotated[
        str,
        line_of(160),
        Meta(title="Title of the front page", description="Where it lists posts. Empty: name and tagline."),
    ] = ""
    front_description: Annotated[
        str,
        line_of(320),
        Meta(
            title="Description of the front page",
            description="Where it lists posts. Empty: the tagline.",
            extra_json_schema={"widget": "textarea"},
        ),
    ] = ""
    separator: Annotated[
        Literal["–", "-", "·", "|", "»"],
        Meta(title="Between title and site", extra_json_schema={"labels": {"-": "- (hyphen)"}}),
    ] = "–"
    share_image: Annotated[
        int,
        Meta(
            title="Picture of the site",
            description="Number of a picture of the library, for what has none of its own. 0 for none.",
            ge=0,
            le=2**53,
            extra_json_schema={"group": "When somebody shares a page", "widget": "picture"},
        ),
    ] = 0
    card: Annotated[
        Literal["summary_large_image", "summary"],
        Meta(
            title="Size of the picture",
            extra_json_schema={"labels": {"summary_large_image": "Large", "summary": "Small"}},
        ),
    ] = "summary_large_image"
    twitter: Annotated[
        str,
        Meta(
            title="The site on X",
            description="Such as @saude.",
            pattern=r"^(@?[A-Za-z0-9_]{1,15})?$",
            max_length=16,
        ),
    ] = ""
    publisher: Annotated[
        Literal["organization", "person"],
        Meta(
            title="Who publishes",
            extra_json_schema={
                "group": "Who is behind the site",
                "labels": {"organization": "An organisation", "person": "A person"},
            },
        ),
    ] = "organization"
    publisher_name: Annotated[
        str, line_of(200), Meta(title="Name", description="Empty: the site's title.")
    ] = ""
    logo: Annotated[
        int,
        Meta(
            title="Logo, or portrait",
            description="Number of a picture of the library. 0 for none.",
            ge=0,
            le=2**53,
            extra_json_schema={"widget": "picture"},
        ),
    ] = 0
    profiles: Annotated[
        list[Annotated[str, Meta(max_length=500, extra={"check": check_profile})]],
        Meta(
            title="Profiles elsewhere", description="Addresses of pages about the publisher.", max_length=20
        ),
    ] = []
    noindex_authors: Annotated[
        bool,
        Meta(
            title="Keep authors' lists out of search engines",
            extra_json_schema={"group": "What search engines leave out"},
        ),
    ] = False
    noindex_dates: Annotated[bool, Meta(title="Keep lists of years, months and days out")] = False
    noindex_tags: Annotated[bool, Meta(title="Keep lists of tags out")] = False
    sitemaps: Annotated[
        bool,
        Meta(
            title="Sitemaps",
            description="At /wp-sitemap.xml, as in WordPress.",
            extra_json_schema={"group": "Files for machines"},
        ),
    ] = True
    sitemap_authors: Annotated[bool, Meta(title="Authors in the sitemaps")] = True
    llms: Annotated[
        bool, Meta(title="llms.txt", description="The site's main pages for language models, as Markdown.")
    ] = True
    llms_summary: Annotated[
        str, text_of(2000), Meta(title="What llms.txt says of the site", description="Empty: the tagline.")
    ] = ""
    robots_txt: Annotated[
        str,
        text_of(10_000),
        Meta(
            title="robots.txt",
            description="Replaces what the site says by itself. The address of the sitemap is added.",
            extra={"text": "text", "check": check_robots},
        ),
    ] = ""
    google_verification: Annotated[
        str, Meta(title="Code of Google Search Console", pattern="^[A-Za-z0-9_=-]*$", max_length=100)
    ] = ""
    bing_verification: Annotated[
        str, Meta(title="Code of Bing Webmaster Tools", pattern="^[A-Za-z0-9_=-]*$", max_length=100)
    ] = ""
    follow_moves: Annotated[
        bool,
        Meta(
            title="Make redirects by itself",
            description="Where the address of a post or a topic changes.",
            extra_json_schema={"group": "Redirects"},
        ),
    ] = True
    log_missing: Annotated[
        bool,
        Meta(
            title="Note addresses that lead nowhere",
            description="Address, count and the host of the link. Nothing of who asked.",
        ),
    ] = True
    missing_days: Annotated[int, Meta(title="Forget them after days", ge=1, le=365)] = 30
