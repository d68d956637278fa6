"""The sidebar: entries that the core and plugins bring, as far as their reader may use them."""

import logging
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

import msgspec

from core.accounts import map_capability, type_capabilities
from core.admin.view import AdminView
from core.admin.views import views_of
from core.content import content_types
from core.context import current_actor, current_tenant
from core.contract.admin import AdminMenuItem
from core.contract.content import ContentType
from core.hooks import collect
from core.i18n import gettext as _
from core.plugins import current_registry
from hookspecs import admin

__all__ = ["NavItem", "NavSection", "build_menu", "holds", "menu_items", "plugin_views"]

log = logging.getLogger("vitral.admin")

_SECTIONS: Final = {
    "content": "Content",
    "people": "People",
    "look": "Appearance",
    "site": "Site",
    "tools": "Tools",
}


class NavItem(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as it is shown."""

    key: str
    title: str
    url: str
    icon: str
    current: bool = False
    count: int = 0
    children: tuple["NavItem", ...] = ()


class NavSection(msgspec.Struct, frozen=True, kw_only=True):
    """Entries that belong together; the first group has no title."""

    title: str
    items: tuple[NavItem, ...]


def holds(capability: str) -> bool:
    """Tell whether the current actor's roles list what `capability` takes.

    For showing and hiding only: access policies are not asked, routes and operations decide.
    """
    actor = current_actor()
    return map_capability(actor, capability) <= actor.capabilities


def plugin_views() -> tuple[AdminView[Any, Any], ...]:
    """Return the screens of the plugins that are on for the current site."""
    registry = current_registry()
    active = registry.active(current_tenant().enabled)
    return tuple(
        view for name, plugin in registry.plugins.items() if name in active for view in views_of(plugin)
    )


@lru_cache(maxsize=256)
def _item_of(kind: ContentType) -> AdminMenuItem:
    return AdminMenuItem(
        key=f"content.{kind.name}",
        title=kind.title,
        url=f"/admin/content/{kind.name}",
        capability=type_capabilities(kind.capability_type).edit,
        section="content",
        icon=kind.icon,
        position=kind.menu_position,
    )


def menu_items() -> list[AdminMenuItem]:
    """Return every entry of the current site that the current actor may use, in order."""
    found: list[AdminMenuItem] = list(collect(admin.register_menu_items))
    found += [_item_of(kind) for kind in content_types() if kind.name not in ("post", "page")]
    found += [item for view in plugin_views() if (item := view.menu_item()) is not None]
    return sorted(
        (item for item in found if holds(item.capability)), key=lambda item: (item.position, item.key)
    )


async def _count(item: AdminMenuItem) -> int:
    if item.badge is None:
        return 0
    try:
        return await item.badge()
    except Exception:  # a plugin's count must not take the whole admin down
        log.exception("The count beside the menu entry %s failed.", item.key)
        return 0


async def build_menu(key: str) -> tuple[NavSection, ...]:
    """Return the sidebar.

    Args:
        key: Key of the entry whose screen is shown.
    """
    items = menu_items()
    keys = {item.key for item in items}
    below: dict[str, list[AdminMenuItem]] = {}
    for item in items:
        if item.parent in keys:
            below.setdefault(item.parent, []).append(item)
    top = [item for item in items if item.parent not in keys]

    async def shown(item: AdminMenuItem) -> NavItem:
        return NavItem(
            key=item.key,
            title=_(item.title),
            url=item.url,
            icon=item.icon,
            current=item.key == key,
            count=await _count(item),
            children=tuple([await shown(child) for child in below.get(item.key, ())]),
        )

    sections = [NavSection(title="", items=tuple([await shown(item) for item in _first(top)]))]
    for name, title in _SECTIONS.items():
        members = [await shown(item) for item in top if item.section == name and item.key != "dashboard"]
        if members:
            sections.append(NavSection(title=_(title), items=tuple(members)))
    return tuple(section for section in sections if section.items)


def _first(items: Iterable[AdminMenuItem]) -> list[AdminMenuItem]:
    return [item for item in items if item.key == "dashboard"]
