"""The manifest."""

from core.plugins import Command, Plugin

plugin = Plugin(
    name="seo",
    version="1.0.0",
    title="Search engines",
    description="Titles, descriptions and share cards, sitemaps, redirects, structured data: how a site is found.",
    hookspecs=("plugins.seo.hookspecs",),
    commands=(
        Command(name="seo", target="plugins.seo.cli:seo", help="Redirects of a site: import, export, check."),
    ),
)
