"""Hooks that this plugin publishes. Whoever implements them writes `requires=("seo",)`."""

from typing import Any

from core.contract.markers import hookspec
from core.contract.pages import Page
from plugins.seo.entries import SitemapEntry


@hookspec
def filter_seo_structured_data(graph: tuple[dict[str, Any], ...], page: Page) -> tuple[dict[str, Any], ...]:
    """Change what a page says of itself as data (schema.org, JSON-LD), such as medical types and reviews.

    Asked on every page: read nothing here that the page does not bring along.

    Args:
        graph: Nodes with `@type` and `@id`; that of a post has the `@id` `<address>#article` or `#page`.
        page: The page.

    Returns:
        The nodes to say, as JSON values. What is in them is written safely, whatever it is.
    """
    ...


@hookspec
def filter_seo_sitemap(entries: tuple[SitemapEntry, ...], name: str) -> tuple[SitemapEntry, ...]:
    """Add entries to a sitemap, or leave some out.

    Args:
        entries: A batch of its entries, 500 at most.
        name: Which sitemap: "posts-page-1", "taxonomies-category-1", "users-1".

    Returns:
        The entries to list. A sitemap holds 2,000; more of them are cut off.
    """
    ...
