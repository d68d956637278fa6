"""What a failing implementation becomes."""

from __future__ import annotations

from core.errors import VitralError
from core.i18n import gettext as _

__all__ = ["HookFailed", "HookUnknown", "NoPlan"]


class HookFailed(VitralError):
    """An implementation of an -ing hook raised something that it was not meant to.

    The unit of work is rolled back. The exception itself is the `__cause__`.

    Args:
        plugin: Whose implementation it was, "core" for ours.
        hook: The hook's name.
    """

    status = 500
    slug = "hook-failed"

    def __init__(self, plugin: str, hook: str) -> None:
        super().__init__(
            _("The plugin “{plugin}” failed in {hook}, so nothing was saved.").format(
                plugin=plugin, hook=hook
            ),
            hint=_("Try again; if it keeps failing, disable the plugin and tell its author."),
        )
        self.plugin = plugin
        self.hook = hook


class HookUnknown(VitralError):
    """A hook was called that nobody published, or with the caller of another verb. A programming mistake."""


class NoPlan(VitralError):
    """A hook was called where no plan is in force. Always a programming mistake."""

    def __init__(self) -> None:
        super().__init__(
            "A hook was called outside of any plan.",
            hint="Wrap it in `use_plan(registry.plan(enabled))`; requests, jobs and commands have it.",
        )
