"""The manifest."""

from core.plugins import Command, Plugin

plugin = Plugin(
    name="search",
    version="1.0.0",
    title="Search",
    description="Finds what fits best, whatever form a word has, and shows the words that were found. Without it the newest come first.",
    hookspecs=("plugins.search.hookspecs",),
    commands=(
        Command(
            name="search",
            target="plugins.search.commands:search",
            help="The search index of a site.",
        ),
    ),
)
