"""Rendered pages: addresses, archives, feeds, redirects and the site's errors."""

from core.site.handlers import csp_hosts, error_page, site_routes

__all__ = ["csp_hosts", "error_page", "site_routes"]
