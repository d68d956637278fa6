"""Rendered pages: addresses, archives, feeds, redirects and the site's errors."""

from core.contract.feeds import FeedEntry
from core.site.addresses import post_feed_url, type_archive_path
from core.site.errors import error_page
from core.site.feeds import feed_response
from core.site.frames import csp_hosts
from core.site.handlers import site_routes
from core.site.keeping import kept
from core.site.lookups import leads_somewhere
from core.site.menus import MenuTree, mark_current, menu_tree
from core.site.pages import site_view
from core.site.posts import opened_post, post_page

__all__ = [
    "FeedEntry",
    "MenuTree",
    "csp_hosts",
    "error_page",
    "feed_response",
    "kept",
    "leads_somewhere",
    "mark_current",
    "menu_tree",
    "opened_post",
    "post_feed_url",
    "post_page",
    "site_routes",
    "site_view",
    "type_archive_path",
]
