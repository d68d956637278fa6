"""The catalogue of capabilities: the core's, plugins' and those that content types make."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from core.accounts.matrix import CORE_CAPABILITIES
from core.contract.accounts import Capability
from core.contract.content import ContentType
from core.hooks import collect
from hookspecs import accounts, content

__all__ = [
    "TypeCapabilities",
    "catalogue",
    "content_type_of",
    "extra_names",
    "granted",
    "type_capabilities",
]

EVERYBODY = "exist"

_BUILT_IN = {
    name: ContentType(name=name, title=f"{name}s", singular=name, capability_type=name)
    for name in ("post", "page")
}
"""Posts and pages, as far as rights go, also where no content is registered."""


class TypeCapabilities(NamedTuple):
    """The ten capabilities of a kind of content, as WordPress derives them from `capability_type`."""

    edit: str
    edit_others: str
    edit_published: str
    edit_private: str
    publish: str
    read_private: str
    delete: str
    delete_others: str
    delete_published: str
    delete_private: str


@lru_cache(maxsize=256)
def type_capabilities(capability_type: str) -> TypeCapabilities:
    """Return the capability names of a capability type: "book" makes `edit_books`, `publish_books` ..."""
    plural = f"{capability_type}s"
    return TypeCapabilities(
        edit=f"edit_{plural}",
        edit_others=f"edit_others_{plural}",
        edit_published=f"edit_published_{plural}",
        edit_private=f"edit_private_{plural}",
        publish=f"publish_{plural}",
        read_private=f"read_private_{plural}",
        delete=f"delete_{plural}",
        delete_others=f"delete_others_{plural}",
        delete_published=f"delete_published_{plural}",
        delete_private=f"delete_private_{plural}",
    )


_TITLES = TypeCapabilities(
    edit="Write and edit the own",
    edit_others="Edit those of others",
    edit_published="Edit the own published",
    edit_private="Edit private ones",
    publish="Publish",
    read_private="Read private ones",
    delete="Delete the own",
    delete_others="Delete those of others",
    delete_published="Delete the own published",
    delete_private="Delete private ones",
)


def content_type_of(name: str) -> ContentType | None:
    """Return the content type of this name that is registered on the site, or None."""
    for kind in collect(content.register_content_types):
        if kind.name == name:
            return kind
    return _BUILT_IN.get(name)


_CORE_NAMES = frozenset(capability.name for capability in CORE_CAPABILITIES)


def _of_types(types: Iterable[ContentType]) -> Iterable[Capability]:
    for kind in types:
        for name, title in zip(type_capabilities(kind.capability_type), _TITLES, strict=True):
            yield Capability(name=name, title=title, group=kind.title)


def catalogue() -> dict[str, Capability]:
    """Return every capability that somebody can hold on the site, by name, the core's first.

    A plugin that is off brings none: a role may keep its names, they mean nothing meanwhile.
    """
    found = {capability.name: capability for capability in CORE_CAPABILITIES}
    for capability in _of_types(collect(content.register_content_types)):
        found.setdefault(capability.name, capability)
    for capability in collect(accounts.register_capabilities):
        found.setdefault(capability.name, capability)
    return found


def extra_names() -> frozenset[str]:
    """Return the names of capabilities beyond the core's: plugins' and content types'."""
    names = {capability.name for capability in collect(accounts.register_capabilities)}
    for kind in collect(content.register_content_types):
        names.update(type_capabilities(kind.capability_type))
    return frozenset(names) - _CORE_NAMES


_FOLLOWS: dict[str, frozenset[str]] = {
    "install_languages": frozenset({"update_core", "install_plugins", "install_themes"}),
    "resume_plugins": frozenset({"activate_plugins"}),
    "resume_themes": frozenset({"switch_themes"}),
    "view_site_health_checks": frozenset({"install_plugins"}),
}
"""Capabilities that no role lists: they come with any of the ones named (wordpress.md, 4.1)."""


def granted(held: frozenset[str]) -> frozenset[str]:
    """Return `held` with what comes along: `exist` for everybody, and what follows from another right."""
    along = {name for name, sources in _FOLLOWS.items() if held & sources}
    return held | along | {EVERYBODY}
