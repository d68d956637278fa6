"""The manifest."""

from core.plugins import Plugin

plugin = Plugin(
    name="navigation",
    version="1.0.0",
    title="Menus",
    description="Menus of any depth in the places of the theme: entries follow the content that they lead to, and each says who sees it.",
)
