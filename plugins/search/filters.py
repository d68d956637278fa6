"""What readers narrow a search down by, as a part of the theme's page. A form without script."""

from markupsafe import Markup

from core.content import content_types, used_terms
from core.contract.pages import ListPage, Page
from core.i18n import gettext as _
from core.plugins import settings
from core.themes import render_part
from plugins.search.settings import SearchSettings

__all__ = ["filters"]

_MOST_TOPICS = 30


async def filters(page: Page) -> list[Markup]:
    """Return the form below the words of a search, nothing on other pages."""
    if not isinstance(page, ListPage) or page.archive.kind != "search" or not page.archive.query:
        return []
    if not settings(SearchSettings).show_filters:
        return []
    kinds = [(kind.name, _(kind.title)) for kind in content_types() if kind.public]
    topics = await used_terms("category", _MOST_TOPICS)
    chosen = page.archive.term
    if chosen is not None and all(term.id != chosen.id for term in topics):
        topics = (chosen, *topics)
    return [await render_part("search/filters.html", archive=page.archive, kinds=kinds, topics=topics)]
