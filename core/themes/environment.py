"""Jinja environments: asynchronous, strict, escaped, and with nothing in reach that a page does not need."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, StrictUndefined, Template
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator

from core.themes import filters, phrases
from core.themes.chain import PARENT, Chain
from core.themes.code import PlainAttributes

__all__ = ["ChainRules", "SharedCode", "ThemeEnvironment", "make_environment"]


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


class ChainRules:
    """What every environment of ours does, whatever it is made from.

    Templates in files come with the installation and are code (`ThemeEnvironment`). An environment
    for templates that people edit in the browser is this class together with Jinja's
    `ImmutableSandboxedEnvironment`, and caps on source, output and time around it (control IO05).
    """

    loader: Any
    code_generator_class: type[CodeGenerator] = PlainAttributes

    def join_path(self, template: str, parent: str) -> str:
        """Return the full name of a template that another one names: `parent:` goes one step up the chain."""
        if template.startswith(PARENT):
            found: str = self.loader.above(template.removeprefix(PARENT), parent)
            return found
        return template


class Missing(StrictUndefined):
    """What a name stands for that does not exist: everything done with it is an error.

    Jinja's own is silent where an asynchronous template loops over it.
    """

    def __aiter__(self) -> Any:
        str(self)  # raises, and names what is missing


class ThemeEnvironment(ChainRules, Environment):
    """The environment of pages and screens.

    Attributes:
        helpers: Functions that its templates may call.
        chosen: The templates that pages use, by their candidates.
    """

    helpers: Mapping[str, Callable[..., Any]]
    chosen: dict[tuple[str, ...], Template]


def make_environment(
    folders: Sequence[Path],
    *,
    code: SharedCode,
    helpers: Mapping[str, Callable[..., Any]],
    reload: bool,
) -> ThemeEnvironment:
    """Return an environment over a chain of folders; the first that has a template wins.

    Args:
        folders: The chain.
        code: Where compiled templates are kept.
        helpers: Functions that templates may call.
        reload: Look for changed files (development).
    """
    environment = ThemeEnvironment(
        loader=Chain(folders, fixed=not reload),
        autoescape=True,  # for every name, not by its ending (control IO03)
        undefined=Missing,
        enable_async=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.loopcontrols"],
        bytecode_cache=code,
        auto_reload=reload,
        cache_size=800,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.helpers = helpers
    environment.chosen = {}
    # for `{% trans %}`; our own functions do what those of the extension would, with less work for each string
    environment.install_gettext_callables(phrases.gettext, phrases.ngettext, newstyle=True)  # type: ignore[attr-defined]  # the i18n extension adds it
    environment.globals.update(_=phrases.gettext, gettext=phrases.gettext, ngettext=phrases.ngettext)
    # `lipsum` burns time; `safe` has one name of ours, `html`, whose uses are reviewed
    environment.globals.pop("lipsum", None)
    environment.filters.pop("safe", None)
    environment.filters.update(filters.ALL)
    environment.globals.update(helpers)
    return environment
