"""A plugin of the suite that keeps something sealed."""

from core.plugins import Plugin

plugin = Plugin(name="diary", version="1.0", title="Diary", package="tests.plugins.seams.diary")
