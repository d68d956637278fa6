"""Menus, their entries, and the places of themes that they stand in."""

from core.db import Migration


def up(m: Migration) -> None:
    m.tenant_table(
        "navigation_menus",
        """
        number BIGINT NOT NULL,
        name VARCHAR(100) NOT NULL,
        slug VARCHAR(100) NOT NULL,
        import_key VARCHAR(700) NOT NULL DEFAULT '',
        created_at TIMESTAMPTZ NOT NULL,
        updated_at TIMESTAMPTZ NOT NULL,
        version INTEGER NOT NULL DEFAULT 1
        """,
    )
    m.index("navigation_menus_number_uq", "navigation_menus", "tenant_id, number", unique=True)
    m.index("navigation_menus_slug_uq", "navigation_menus", "tenant_id, slug", unique=True)
    m.index(
        "navigation_menus_import_uq",
        "navigation_menus",
        "tenant_id, import_key",
        unique=True,
        where="import_key <> ''",
    )
    menu_key = (
        "FOREIGN KEY (tenant_id, menu_id) REFERENCES navigation_menus (tenant_id, id) ON DELETE CASCADE"
    )
    # what an entry leads to has no foreign key: posts and terms may go while the plugin is off
    m.tenant_table(
        "navigation_items",
        f"""
        menu_id UUID NOT NULL,
        parent_id UUID,
        position INTEGER NOT NULL DEFAULT 0,
        kind VARCHAR(20) NOT NULL CHECK (kind IN ('post', 'term', 'archive', 'front', 'custom', 'heading')),
        target_id UUID,
        target VARCHAR(60) NOT NULL DEFAULT '',
        url VARCHAR(2000) NOT NULL DEFAULT '',
        label VARCHAR(255) NOT NULL DEFAULT '',
        hint VARCHAR(255) NOT NULL DEFAULT '',
        description VARCHAR(500) NOT NULL DEFAULT '',
        css VARCHAR(200) NOT NULL DEFAULT '',
        new_tab BOOLEAN NOT NULL DEFAULT FALSE,
        audience VARCHAR(20) NOT NULL DEFAULT 'all' CHECK (audience IN ('all', 'in', 'out', 'roles')),
        roles VARCHAR(1000) NOT NULL DEFAULT '',
        import_key VARCHAR(700) NOT NULL DEFAULT '',
        import_parent VARCHAR(700) NOT NULL DEFAULT '',
        {menu_key},
        FOREIGN KEY (tenant_id, parent_id) REFERENCES navigation_items (tenant_id, id)
        """,
    )
    m.index("navigation_items_menu", "navigation_items", "tenant_id, menu_id, position")
    m.index("navigation_items_parent", "navigation_items", "tenant_id, parent_id")
    m.index(
        "navigation_items_target", "navigation_items", "tenant_id, target_id", where="target_id IS NOT NULL"
    )
    m.index(
        "navigation_items_import_uq",
        "navigation_items",
        "tenant_id, import_key",
        unique=True,
        where="import_key <> ''",
    )
    m.index(
        "navigation_items_import_parent",
        "navigation_items",
        "tenant_id, import_parent",
        where="import_parent <> ''",
    )
    m.tenant_table(
        "navigation_places",
        f"""
        place VARCHAR(60) NOT NULL,
        menu_id UUID NOT NULL,
        {menu_key}
        """,
    )
    m.index("navigation_places_uq", "navigation_places", "tenant_id, place", unique=True)
    m.index("navigation_places_menu", "navigation_places", "tenant_id, menu_id")
