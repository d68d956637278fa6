"""The kinds of widgets that a site can place: the core's, and those of its plugins."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from core.contract.widgets import WidgetType
from core.errors import NotFound
from core.hooks import collect_owned
from core.i18n import gettext as _
from core.plugins import known_values
from hookspecs import site

__all__ = ["KnownType", "decoded", "known_types", "type_of"]

M = TypeVar("M", bound=msgspec.Struct)


class KnownType(msgspec.Struct, frozen=True):
    """A kind of widgets with the plugin that brings it, "core" for the core's."""

    owner: str
    type: WidgetType


def known_types() -> Mapping[str, KnownType]:
    """Return what the plugins that are on bring, by name."""
    return {found.name: KnownType(owner, found) for owner, found in collect_owned(site.register_widget_types)}


def type_of(name: str) -> KnownType:
    """Return a kind of widgets.

    Raises:
        NotFound: There is none of this name, or its plugin is off.
    """
    found = known_types().get(name)
    if found is None:
        raise NotFound(_("There is no such kind of widget here."))
    return found


def decoded(model: type[M], stored: Mapping[str, Any]) -> M:
    """Return stored values as a `model`. What no longer fits, since its plugin was upgraded, has its default."""
    values = known_values(model, stored)
    try:
        return msgspec.convert(values, model, strict=False)
    except msgspec.ValidationError:
        fitting = {name: value for name, value in values.items() if _fits(model, name, value)}
        return msgspec.convert(fitting, model, strict=False)


def _fits(model: type[msgspec.Struct], name: str, value: Any) -> bool:
    try:
        msgspec.convert({name: value}, model, strict=False)
    except msgspec.ValidationError:
        return False
    return True
