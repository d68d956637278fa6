"""Which command of which plugin runs in this process."""

from contextvars import ContextVar

from core.plugins.manifest import Command

__all__ = ["CALLED"]

CALLED: ContextVar[tuple[str, Command] | None] = ContextVar("vitral_called", default=None)
"""The plugin's name and its command; None for a command of ours."""
