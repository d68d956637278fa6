"""The manifest."""

from core.plugins import Plugin

plugin = Plugin(
    name="comments",
    version="1.0.0",
    title="Comments",
    description="Readers discuss posts in threads; nothing appears before the site's rules, or a moderator, let it.",
    hookspecs=("plugins.comments.hookspecs",),
)
