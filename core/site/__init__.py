"""Rendered pages: addresses, archives, feeds, redirects and the site's errors."""

from core.site.handlers import csp_hosts, error_page, site_routes
from core.site.posts import opened_post, post_page

__all__ = ["csp_hosts", "error_page", "opened_post", "post_page", "site_routes"]
