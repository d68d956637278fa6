"""llms.txt: what the site is and where its main pages are, as Markdown for language models (llmstxt.org)."""

import re
from typing import Final

from core.content import list_posts
from core.contract.addresses import Document
from core.contract.content import ListingQuery
from core.contract.views import PostView
from core.i18n import gettext as _
from core.plugins import settings
from core.site import site_view
from core.tenancy import site_settings
from core.text import excerpt_of
from plugins.seo.about import absolute
from plugins.seo.fields import NOTHING, SeoFields
from plugins.seo.settings import SeoSettings

__all__ = ["PATH", "llms_txt"]

PATH: Final = "/llms.txt"
_MOST: Final = 50
_WORDS: Final = 30
_MARKUP: Final = re.compile(r"([\\`*_\[\]<>#])")


async def llms_txt() -> Document | None:
    """Return the file, None where the site wants none or lets no search engines in either."""
    wanted = settings(SeoSettings)
    if not wanted.llms or not site_settings().search_engines_allowed:
        return None
    site = site_view()
    pages = ListingQuery(types=("page",), order="menu", ascending=True, per_page=_MOST, count=False)
    posts = ListingQuery(per_page=_MOST, count=False)
    lines = [f"# {_plain(site.title)}", ""]
    if said := (wanted.llms_summary or site.tagline):
        lines += [f"> {_plain(' '.join(said.split()))}", ""]
    for title, query in ((_("Pages"), pages), (_("Latest posts"), posts)):
        found = [post for post in (await list_posts(query, "widget")).items if _listed(post)]
        if found:
            lines += [f"## {title}", "", *(_line(post, site.url) for post in found), ""]
    text = "\n".join(lines)
    return Document(body=text.encode("utf-8"), media_type="text/plain", max_age=300)


def _listed(post: PostView) -> bool:
    said = post.ext.get("seo", NOTHING)
    return not post.has_password and not (isinstance(said, SeoFields) and said.noindex)


def _line(post: PostView, base: str) -> str:
    said = post.ext.get("seo", NOTHING)
    about = said.description if isinstance(said, SeoFields) else ""
    about = about or excerpt_of(post.summary, _WORDS)
    link = f"- [{_plain(post.title or _('(untitled)'))}]({absolute(post.url, base)})"
    return f"{link}: {_plain(about)}" if about else link


def _plain(text: str) -> str:
    """Return text that Markdown takes as it is."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
