"""Hooks that these tests fire."""

from collections.abc import Iterable

from core.contract.markers import hookspec


@hookspec
def on_leaf_saved(leaf: str, before: str | None) -> None:
    """Fire after a leaf was saved.

    Args:
        leaf: The leaf.
        before: The leaf as it was.
    """


@hookspec
def on_leaf_saving(leaf: str) -> None:
    """Fire while a leaf is saved.

    Args:
        leaf: The leaf.
    """


@hookspec
def filter_leaf_text(text: str, leaf: str, tone: int) -> str:
    """Change the text of a leaf.

    Args:
        text: The text.
        leaf: The leaf.
        tone: How loud.

    Returns:
        The text.
    """


@hookspec
def filter_leaf_colour(colour: str | None) -> str | None:
    """Change the colour of a leaf, None for none."""


@hookspec
def register_leaf_kinds() -> Iterable[str]:
    """Bring kinds of leaves."""


@hookspec
def register_leaf_classes() -> list[type[Exception]]:
    """Bring classes."""
