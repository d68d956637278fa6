"""Menus, their entries, and the places that they stand in."""

from piccolo.columns import UUID, BigInt, Boolean, Integer, Timestamptz, Varchar

from core.clock import now
from core.db import TenantTable

__all__ = ["MenuItemRow", "MenuPlace", "MenuRow"]


class MenuRow(TenantTable, tablename="navigation_menus"):
    """A menu."""

    number = BigInt()
    name = Varchar(100)
    slug = Varchar(100)
    import_key = Varchar(700, default="")
    created_at = Timestamptz(default=now)
    updated_at = Timestamptz(default=now)
    version = Integer(default=1)
    """Counts every change to the menu, its entries and its places."""


class MenuItemRow(TenantTable, tablename="navigation_items"):
    """An entry of a menu."""

    menu_id = UUID()
    parent_id = UUID(null=True, default=None)
    position = Integer(default=0)
    """Orders the entries of one parent."""
    kind = Varchar(20)
    target_id = UUID(null=True, default=None)
    """The post or term that it leads to; it may be gone."""
    target = Varchar(60, default="")
    """The content type or taxonomy of that, or the type whose archive it leads to."""
    url = Varchar(2000, default="")
    label = Varchar(255, default="")
    """"" follows what it leads to."""
    hint = Varchar(255, default="")
    description = Varchar(500, default="")
    css = Varchar(200, default="")
    new_tab = Boolean(default=False)
    audience = Varchar(20, default="all")
    roles = Varchar(1000, default="")
    """Names of roles with a space between them, where `audience` is "roles"."""
    import_key = Varchar(700, default="")
    import_parent = Varchar(700, default="")
    """Key of the parent, until it is here."""


class MenuPlace(TenantTable, tablename="navigation_places"):
    """Which menu stands in a place of themes. Kept by name, so a theme that has no such place loses nothing."""

    place = Varchar(60)
    menu_id = UUID()
