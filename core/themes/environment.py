"""Jinja environments: asynchronous, strict, escaped, and with nothing in reach that a page does not need."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
)
from jinja2.bccache import Bucket

from core.i18n import gettext, ngettext
from core.themes import filters

__all__ = ["SharedCode", "make_environment"]


class SharedCode(BytecodeCache):
    """Compiled templates, shared by all environments of one process: sites with one theme compile it once."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket from memory."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a bucket in memory."""
        self._code[bucket.key, bucket.checksum] = bucket.code


def _loader(folders: Sequence[Path], parent: Sequence[Path]) -> BaseLoader:
    chain: list[BaseLoader] = [FileSystemLoader([str(folder) for folder in folders])]
    if parent:
        # `{% extends "parent:single.html" %}`: the plain name would find the child's own file again
        chain.append(
            PrefixLoader({"parent": FileSystemLoader([str(folder) for folder in parent])}, delimiter=":")
        )
    return ChoiceLoader(chain)


def make_environment(
    folders: Sequence[Path],
    *,
    parent: Sequence[Path] = (),
    code: SharedCode,
    helpers: Mapping[str, Callable[..., Any]],
    reload: bool,
) -> Environment:
    """Return an environment over a chain of folders; the first that has a template wins.

    Args:
        folders: The chain.
        parent: What `parent:` stands for.
        code: Where compiled templates are kept.
        helpers: Functions that templates may call.
        reload: Look for changed files (development).
    """
    environment = Environment(  # autoescape is on for every name
        loader=_loader(folders, parent),
        autoescape=True,
        undefined=StrictUndefined,
        enable_async=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.loopcontrols"],
        bytecode_cache=code,
        auto_reload=reload,
        cache_size=800,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # the i18n extension adds it
    environment.globals.pop("lipsum", None)
    environment.globals.update(helpers)
    environment.filters.update(filters.ALL)
    return environment
