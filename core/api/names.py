"""Names in errors: operations speak of `parent_id` and `display_name`, the API of `parent` and `displayName`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from core.errors import Invalid

__all__ = ["api_names"]

_RENAMED: Final = {
    "author_id": "author",
    "featured_media_id": "featured",
    "parent_id": "parent",
    "reassign_to": "reassign",
    "term_ids": "terms",
}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _api_name(path: str, renamed: dict[str, str]) -> str:
    # what comes after the first part is a taxonomy, a key or a plugin's own field, and stays as it is
    name, dot, rest = path.partition(".")
    return (renamed.get(name) or _RENAMED.get(name) or _camel(name)) + dot + rest


@contextmanager
def api_names(**renamed: str) -> Iterator[None]:
    """Say errors of the block's operations in the API's names.

    Args:
        renamed: Names of this route beside the usual ones, by the operation's name.
    """
    try:
        yield
    except Invalid as error:
        error.errors = {_api_name(path, renamed): text for path, text in error.errors.items()}
        raise
