"""The chain of folders that templates are looked for in, and the way up it with `parent:`.

A site's own folder comes first, then its theme, the theme's parents, the enabled plugins and the
core. `{% extends "parent:single.html" %}` means the next `single.html` after the one that says it,
wherever in the chain that is: a site's override can go on from the theme's file, and a parent's file
from its own parent's.
"""

from collections.abc import Callable, Sequence
from os.path import isfile, join
from pathlib import Path

from jinja2 import BaseLoader, Environment, FileSystemLoader, TemplateNotFound
from jinja2.loaders import split_template_path

__all__ = ["PARENT", "Chain"]

PARENT = "parent:"
_LEVEL = "@"

Source = tuple[str, str | None, Callable[[], bool] | None]


class Chain(BaseLoader):
    """Loads a template from the first folder that has it.

    A name such as `@2:single.html` means the file in the third folder; `above` makes such names.

    Args:
        folders: The chain.
        fixed: Whether the files stay as they are, so that answers may be kept.
    """

    def __init__(self, folders: Sequence[Path], *, fixed: bool) -> None:
        self._folders = tuple(str(folder) for folder in folders)
        self._loaders = tuple(FileSystemLoader(folder) for folder in self._folders)
        self._fixed = fixed
        self._above: dict[tuple[str, str], str] = {}

    def get_source(self, environment: Environment, template: str) -> Source:
        """Return a template's text, its file, and what tells whether it is still the same.

        Raises:
            TemplateNotFound: No folder has it.
        """
        level, name = _parsed(template)
        if level is not None:
            return self._loaders[level].get_source(environment, name)
        found = self._level_of(name, 0)
        if found is None:
            raise TemplateNotFound(template)
        text, file, same = self._loaders[found].get_source(environment, name)
        # somebody may put a file of this name into an earlier folder while he works on a theme
        return text, file, lambda: same() and self._level_of(name, 0) == found

    def above(self, name: str, template: str) -> str:
        """Return the full name of the next file called `name` after the one that `template` means.

        Args:
            name: File name, such as "single.html".
            template: The template that asks for it.

        Raises:
            TemplateNotFound: Nothing above it in the chain has such a file.
        """
        known = self._above.get((name, template))
        if known is not None:
            return known
        own, plain = _parsed(template)
        if own is None:
            own = self._level_of(plain, 0)
        level = self._level_of(name, 0 if own is None else own + 1)
        if level is None:
            raise TemplateNotFound(
                PARENT + name, f"Nothing above {template!r} in the theme chain has a template {name!r}."
            )
        made = f"{_LEVEL}{level}:{name}"
        if self._fixed:
            self._above[name, template] = made
        return made

    def list_templates(self) -> list[str]:
        """Return the names of all templates in the chain, each once."""
        return sorted({name for loader in self._loaders for name in loader.list_templates()})

    def _level_of(self, name: str, first: int) -> int | None:
        try:
            pieces = split_template_path(name)
        except TemplateNotFound:  # it would leave the folder
            return None
        for level in range(first, len(self._folders)):
            if isfile(join(self._folders[level], *pieces)):
                return level
        return None


def _parsed(template: str) -> tuple[int | None, str]:
    """Return level and file name of a full name; no level for a plain one."""
    if template.startswith(_LEVEL):
        level, colon, name = template[1:].partition(":")
        if colon and level.isascii() and level.isdigit():
            return int(level), name
    return None, template
