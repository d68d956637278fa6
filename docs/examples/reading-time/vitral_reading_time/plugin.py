"""The manifest."""

from core.plugins import Plugin

plugin = Plugin(
    name="reading_time",
    version="1.0.0",
    title="Reading time",
    description="Tells readers how long a post takes, and editors what is read to the end.",
)
