"""A plugin that is enabled gets what earlier imports kept for it."""

from core.contract.markers import hookimpl
from core.importing.others import hand_over

__all__: list[str] = []


@hookimpl(priority=90)
async def on_plugin_enabling(plugin: str) -> None:
    """Hand kept items over, after the plugin has seeded its own data."""
    await hand_over(plugin)
