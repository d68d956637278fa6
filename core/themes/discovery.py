"""Finding themes by their entry points. What is broken is reported and left out, so that the rest is served."""

import logging
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

from core.errors import Invalid, StartError
from core.themes.manifest import Theme, read_theme

__all__ = ["GROUP", "find_themes", "sort_out"]

log = logging.getLogger("vitral.themes")

GROUP = "vitral.themes"
"""Entry point group: the name is the theme's, the value the package that holds `theme.toml`."""


def find_themes() -> tuple[dict[str, Theme], dict[str, str]]:
    """Return the installed themes by name, and what is wrong with those that were left out.

    Raises:
        StartError: None is left, so no page could be shown.
    """
    found: dict[str, Theme] = {}
    broken: dict[str, str] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda p: (p.name, p.value)):
        try:
            theme = read_theme(_folder(point))
            if theme.name != point.name:
                raise Invalid({"name": f"theme.toml says {theme.name!r}, the entry point {point.name!r}."})
            if theme.name in found:
                raise Invalid({"name": f"{found[theme.name].path} has a theme of this name, too."})
        except Invalid as error:
            broken[point.name] = str(error)
        else:
            found[theme.name] = theme
    kept, orphans = sort_out(found)
    broken.update(orphans)
    for name, fault in broken.items():
        log.error("The theme %s is left out: %s", name, fault)
    if not kept:
        raise StartError("No theme is installed.", hint="Install Vitral with its themes, or another theme.")
    return kept, broken


def _folder(point: EntryPoint) -> Path:
    """Return the folder of the package that an entry point names, without importing it.

    Raises:
        Invalid: There is no such package.
    """
    try:
        spec = find_spec(point.value)
    except (ImportError, ValueError) as error:
        raise Invalid({point.value: f"There is no such package: {error}."}) from error
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        raise Invalid({point.value: "There is no such package."})
    return Path(places[0])


def sort_out(themes: Mapping[str, Theme]) -> tuple[dict[str, Theme], dict[str, str]]:
    """Return the themes whose line of parents is complete, and what is wrong with the others."""
    kept: dict[str, Theme] = {}
    broken: dict[str, str] = {}
    for name, theme in themes.items():
        seen = [name]
        step = theme
        while step.parent:
            if step.parent not in themes:
                broken[name] = f"The parent {step.parent!r} of {step.name!r} is not installed, or is broken."
                break
            if step.parent in seen:
                broken[name] = f"It is its own ancestor: {' → '.join([*seen, step.parent])}."
                break
            seen.append(step.parent)
            step = themes[step.parent]
        else:
            kept[name] = theme
    return kept, broken
