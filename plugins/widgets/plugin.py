"""The manifest."""

from core.plugins import Plugin

plugin = Plugin(
    name="widgets",
    version="1.0.0",
    title="Widgets",
    description="Lists, texts, pictures and more in the sidebar, the footer and the other regions of the theme.",
)
